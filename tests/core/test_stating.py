"""What may be stated, and how it stands in the log: open, or sealed and in random order."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.together import make
from tests.core.toys import Hidden, Hide, Made, Make, Paint, Toy, toy_plugins

from chibox.commands import Answer, Asked
from chibox.core_commands import RegisterPerson, Undo
from chibox.errors import ChiboxError, Invalid, Refused
from chibox.organisation.records import Founded, UnitCreated
from chibox.plugin import Record, Stated, kind, state
from chibox.records.envelope import HOUR, MAX_REFS, SEALED, decode
from chibox.records.parts import commitment
from chibox.testing.boxes import TODAY, Sandbox, act
from chibox.testing.contract import check_swap


def test_an_act_without_a_record_is_refused(made: Sandbox, clerk: str) -> None:
    """Nothing would change, and nothing is recorded."""
    toy = made.subject(made.ask(make(made, "a"), actor=clerk))
    with pytest.raises(Refused, match="Nothing would change"):
        made.ask(Paint(toy=toy, colour="white"), actor=clerk)


@pytest.mark.parametrize("name", ["e\u0301", "a\x00b", "a\x7f", "tab\rreturn", "\ud800"])
def test_text_that_would_not_read_back_is_refused(made: Sandbox, clerk: str, name: str) -> None:
    """Not NFC, control characters, half a character: refused before anything is written, whatever a plugin lets pass."""
    size = made.box.log.size
    with pytest.raises(Invalid):
        made.ask(make(made, "fine", name), actor=clerk)
    assert made.box.log.size == size
    assert made.box.writer.failed is None


@pytest.mark.parametrize("name", ["line\nbreak", "a\ttab", "back\\slash and \\u0000", "“Đảng” 'n' \"q\""])
def test_usual_text_reads_back_as_it_was(made: Sandbox, clerk: str, name: str) -> None:
    """Line breaks, tabs, backslashes and quotes are kept."""
    (stated,) = made.stated(made.ask(make(made, name), actor=clerk))
    assert stated.name == name


@pytest.mark.parametrize(
    "wrong", [{"name": 1}, {"name": None}, {"colour": 7}, {"weight": "1"}, {"weight": True}, {"day": "x"}]
)
def test_a_record_that_could_not_be_read_again_is_not_recorded(made: Sandbox, wrong: dict[str, Any]) -> None:
    """Values that are not of the kind's types, a plugin's mistake, are stopped before anything is written."""
    record = Made(**{"day": TODAY, "name": "a", **wrong})
    size = made.box.log.size
    with pytest.raises(ChiboxError, match=r"toys\.made\.1 was stated"):
        appended(made, [state(Made(day=TODAY, name="b"), act(), made.root), state(record, act(), made.root)])
    assert (made.box.log.size, made.box.writer.failed) == (size, None)


def test_a_number_beyond_what_json_holds_is_refused(made: Sandbox, clerk: str) -> None:
    """Integers are exact up to 2**53-1 in every reader; beyond, nothing is recorded."""
    assert made.stated(made.ask(make(made, "a", weight=2**53 - 1), actor=clerk))[0].weight == 2**53 - 1
    with pytest.raises(Invalid):
        made.ask(make(made, "b", weight=2**53), actor=clerk)


def test_five_thousand_records_are_one_act(made: Sandbox, clerk: str) -> None:
    """They stand together, in the order stated, and the answer names first and last."""
    size = made.box.log.size
    answer = made.ask(make(made, *(f"toy {n}" for n in range(5000))), actor=clerk)
    assert (answer.first, answer.last) == (size, size + 4999)
    with made.reading() as read:
        assert read.count(Toy) == 5000
        bodies: list[Any] = [read.entry(p).body for p in (size, size + 2500, size + 4999)]
        assert [body.name for body in bodies] == ["toy 0", "toy 2500", "toy 4999"]
        assert {read.entry(p).act for p in range(size, size + 5000, 97)} == {answer.act}
    made.reopen()
    assert made.box.log.size == size + 5000


def test_an_act_is_wholly_open_or_wholly_sealed(made: Sandbox) -> None:
    """One that is both is refused, whatever stands first."""
    some = [state(Hidden(place="a"), act(), made.root), state(Made(day=TODAY, name="a"), act(), made.root)]
    for stated in (some, some[::-1]):
        with pytest.raises(Refused, match="wholly"):
            appended(made, stated)


@kind("strange.made.1")
class Strange(Record, frozen=True):
    """A kind that no plugin here declares."""


@pytest.mark.parametrize(
    "stated",
    [
        state(Strange(), "0" * 32, "0" * 32),
        state(Made(day=TODAY, name="a"), "no id", "0" * 32),
        state(Made(day=TODAY, name="a"), "0" * 32, ""),
        state(Made(day=TODAY, name="a"), "0" * 32, "0" * 32, ("x" + "0" * 32,)),
        state(Made(day=TODAY, name="a"), "0" * 32, "0" * 32, ("r" + "0" * 32, "r" + "0" * 32)),
        state(Made(day=TODAY, name="a"), "0" * 32, "0" * 32, tuple(f"r{n:032x}" for n in range(MAX_REFS + 1))),
        state(Hidden(place="a"), "0" * 32, "0" * 32, (), "case"),
        state(
            Founded(
                name="a", key="", day=TODAY, committee="", committee_kind="cell", administrator="0" * 32, sign_in=""
            ),
            "0" * 32,
            "0" * 32,
        ),
    ],
    ids=["kind", "subject", "unit", "ref", "ref twice", "65 refs", "case", "founded again"],
)
def test_what_breaks_the_form_of_an_entry_is_refused(made: Sandbox, stated: Stated) -> None:
    """A foreign kind, things that are no ids, too many references, a second founding."""
    size = made.box.log.size
    with pytest.raises(Refused):
        appended(made, [stated])
    assert made.box.log.size == size


def appended(made: Sandbox, stated: list[Stated], plugin: str = "toys") -> Answer:
    """Have these records appended as a decision of the plugin would."""
    asked = Asked(actor=made.administrator, act=act())
    read = made.box.read_inside(made.administrator)
    job = lambda: made.box.turns.append(asked, stated, read, plugin, None, None)  # noqa: E731
    answer: Answer = made.box.writer.submit(job).result(10)
    return answer


def test_a_plugin_states_its_own_and_cores_kinds_only(made: Sandbox) -> None:
    """Another plugin's kind is that plugin's fact to state."""
    unit = state(UnitCreated(day=TODAY, name="Chi bộ 1", kind="cell", parent=made.root), act(), made.root)
    appended(made, [unit], "watching")
    with pytest.raises(Refused, match="may not state"):
        appended(made, [state(Made(day=TODAY, name="a"), act(), made.root)], "watching")


def test_the_context_says_post_and_paper(made: Sandbox, clerk: str) -> None:
    """Under which post it was done, for whom, and that it came from a paper."""
    person = made.subject(made.ask(RegisterPerson(sign_in="nam")))
    entry = made.entry(made.ask(make(made, "a"), actor=clerk, on_behalf=person, from_paper=True).first)
    with made.reading() as read:
        (post,) = read.picture.posts[clerk]
    assert entry.context == {"post": post.subject, "on_behalf": person, "from_paper": True}


def test_an_opaque_entry_says_nothing_in_clear(made: Sandbox, clerk: str) -> None:
    """Kind, subject, actor, unit, refs and the true time stand in the body; the envelope has a random case and the hour."""
    cell = made.unit("Chi bộ 1")
    toys = [made.subject(made.ask(Make(unit=cell, names=(name,)), actor=clerk)) for name in "abc"]
    made.clock.at += 12_345
    answer = made.ask(Hide(toys=tuple(toys), place="attic"), actor=clerk)
    positions = range(answer.first, answer.last + 1)
    envelopes = [decode(made.box.log.entry(p)) for p in positions]
    assert {(e.kind, e.by, e.unit, e.time, e.refs, e.act) for e in envelopes} == {
        (SEALED, made.box.id, made.root, made.clock.at // HOUR * HOUR, (), answer.act)
    }
    assert len({e.subject for e in envelopes} | set(toys)) == 6
    entries = [made.entry(p) for p in positions]
    assert {e.subject for e in entries} == set(toys)
    assert {(e.kind, e.by, e.unit, e.time) for e in entries} == {("toys.hidden.1", clerk, cell, made.clock.at)}


def test_every_part_answers_to_its_commitment(made: Sandbox, clerk: str) -> None:
    """Salts differ, equal contents have different commitments, each is bound to its record."""
    answer = made.ask(make(made, "a", "b", "c"), actor=clerk)
    toys = tuple(made.entry(p).subject for p in range(answer.first, answer.last + 1))
    made.ask(Hide(toys=toys, place="attic"), actor=clerk)
    seen = set()
    for position in range(made.box.log.size):
        envelope, parts = decode(made.box.log.entry(position)), made.box.log.parts(position)
        salt, body = parts["body"]
        assert envelope.parts == {"body": commitment(envelope.rid, "body", salt, body)}
        seen.add(salt)
    assert len(seen) == made.box.log.size


def test_the_entries_of_an_opaque_act_stand_in_random_order(made: Sandbox, clerk: str) -> None:
    """The place in the log tells nothing of the order in which they were stated."""
    answer = made.ask(make(made, *(f"toy {n:02}" for n in range(40))), actor=clerk)
    toys = tuple(made.entry(p).subject for p in range(answer.first, answer.last + 1))
    orders = []
    for place in ("attic", "cellar"):
        hidden = made.ask(Hide(toys=toys, place=place), actor=clerk)
        orders.append(tuple(made.entry(p).subject for p in range(hidden.first, hidden.last + 1)))
    assert set(orders[0]) == set(orders[1]) == set(toys)
    assert len({toys, *orders}) == 3


def test_hiding_and_taking_it_back_tell_no_toys_apart() -> None:
    """The swap test on the whole flow: acts about one, about some, about all; an undo, what it leaves, and its undo."""

    def script(made: Sandbox, people: Sequence[str]) -> None:
        clerk = made.someone("clerk")
        answer = made.ask(make(made, *(f"toy {n}" for n in range(len(people)))), actor=clerk)
        toys = [made.entry(p).subject for p in range(answer.first, answer.last + 1)]
        order = [toys[n] for n in sorted(range(len(people)), key=lambda n: people[n])]
        all_of_them = made.ask(Hide(toys=tuple(order), place="attic"), actor=clerk)
        for toy in order:
            made.ask(Hide(toys=(toy,), place="cellar"), actor=clerk)
        with pytest.raises(Refused, match="built on all of it"):
            made.ask(Undo(act=all_of_them.act), actor=clerk)
        some = made.ask(Hide(toys=tuple(order[:5]), place="shed"), actor=clerk)
        made.ask(Hide(toys=tuple(order[:1]), place="well"), actor=clerk)
        undone = made.ask(Undo(act=some.act), actor=clerk)
        made.ask(Undo(act=undone.act), actor=clerk)

    assert check_swap(toy_plugins(), script) == []


@given(names=st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=4, unique=True))
@settings(max_examples=40, deadline=None)
def test_whatever_text_comes_it_is_kept_exactly_or_refused(shared: Sandbox, names: list[str]) -> None:
    """There is no text that the log keeps as another text."""
    size = shared.box.log.size
    unit = shared.unit(f"Chi bộ {size}")
    clerk = shared.someone("clerk", unit)
    try:
        answer = shared.ask(Make(unit=unit, names=tuple(names)), actor=clerk)
    except Refused:
        assert shared.box.log.size == size + 3
    else:
        assert [stated.name for stated in shared.stated(answer)] == names
