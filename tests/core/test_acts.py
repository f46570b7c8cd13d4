"""The same act: done once, answered the same, and never taken for another."""

import datetime as dt

import pytest
from tests.core.together import make
from tests.core.toys import Hide, Make, Paint

from chibox.commands import Answer, Asked
from chibox.errors import Forbidden, Invalid, NotFound, Refused
from chibox.plugin import Command
from chibox.testing.boxes import TODAY, Sandbox, act

DAYS = 86_400_000


def test_an_act_sent_twice_is_done_once(made: Sandbox, clerk: str) -> None:
    """The second time, after a restart too, the same actor gets the same answer, and nothing is recorded."""
    name = act()
    first = made.ask(make(made, "a", "b"), actor=clerk, act=name)
    assert first == Answer(name, made.box.log.size - 2, made.box.log.size - 1)
    assert made.ask(make(made, "a", "b"), actor=clerk, act=name) == first
    size = made.box.log.size
    made.reopen()
    assert made.ask(make(made, "a", "b"), actor=clerk, act=name) == first
    assert made.box.log.size == size


def test_an_act_with_other_content_is_not_the_same(made: Sandbox, clerk: str) -> None:
    """Another body, another command, another person for whom, or another actor under the same act: 422."""
    name, other = act(), made.someone("clerk")
    answer = made.ask(make(made, "a"), actor=clerk, act=name)
    toy = made.subject(answer)
    for actor, command, more in (
        (clerk, make(made, "b"), {}),
        (clerk, Paint(toy=toy, colour="red"), {}),
        (clerk, make(made, "a"), {"on_behalf": other}),
        (clerk, make(made, "a"), {"from_paper": True}),
        (other, make(made, "a"), {}),
    ):
        with pytest.raises(Invalid, match="done before"):
            made.ask(command, actor=actor, act=name, **more)
    assert made.ask(make(made, "a"), actor=clerk, act=name, seen=3) == answer


def test_an_act_is_known_from_the_log_alone(made: Sandbox, clerk: str) -> None:
    """After a restore, when only the log tells of it, the same actor still gets the same answer."""
    name = act()
    answer = made.ask(make(made, "a"), actor=clerk, act=name)
    hidden = made.ask(Hide(toys=(made.subject(answer),), place="attic"), actor=clerk)
    made.box.database.writer.execute("DELETE FROM act")
    made.box.database.writer.execute("DELETE FROM cursor")
    made.reopen()
    assert made.ask(make(made, "a"), actor=clerk, act=name) == answer
    again = Hide(toys=(made.subject(answer),), place="attic")
    assert made.ask(again, actor=clerk, act=hidden.act) == hidden
    with pytest.raises(Invalid):
        made.ask(make(made, "a"), actor=made.someone("clerk"), act=name)


def test_a_refusal_is_not_remembered(made: Sandbox, clerk: str) -> None:
    """The same act is decided again once the rule lets it."""
    name, other = act(), made.unit("Chi bộ 1")
    made.ask(make(made, "a"), actor=clerk)
    with pytest.raises(Refused, match="already"):
        made.ask(make(made, "a"), actor=clerk, act=name)
    assert made.ask(Make(unit=other, names=("a",)), actor=clerk, act=name).act == name


def test_someone_whose_post_has_ended_still_gets_the_answer(made: Sandbox) -> None:
    """What was done was done: the answer to a known act asks for no post."""
    clerk, name = made.someone("clerk", until=TODAY + dt.timedelta(days=1)), act()
    answer = made.ask(make(made, "a"), actor=clerk, act=name)
    made.clock.at += DAYS
    assert made.ask(make(made, "a"), actor=clerk, act=name) == answer
    with pytest.raises(Forbidden):
        made.ask(make(made, "b"), actor=clerk)


@pytest.mark.parametrize(
    "wrong",
    [
        {"act": "1" * 31},
        {"act": "A" * 32},
        {"actor": "clerk"},
        {"on_behalf": "Nguyễn Văn A"},
        {"act": "1" * 32 + "\n"},
    ],
)
def test_acts_and_people_are_ids(made: Sandbox, clerk: str, wrong: dict[str, str]) -> None:
    """Nothing else gets into an envelope or a context."""
    asked = {"actor": clerk, "act": act()} | wrong
    with pytest.raises(Invalid):
        made.box.perform_now(Asked(**asked), make(made, "a"))  # type: ignore[arg-type]


def test_a_command_of_no_plugin_is_not_found(made: Sandbox) -> None:
    """A plugin that was removed, or never was."""

    class Unheard(Command, frozen=True):
        pass

    with pytest.raises(NotFound):
        made.box.perform_now(Asked(actor=made.administrator, act=act()), Unheard())
