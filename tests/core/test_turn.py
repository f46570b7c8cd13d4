"""One command's turn: what its actor had seen, on which clock, and what is said of both."""

import datetime as dt
from typing import Any

import pytest
from tests.core.together import make
from tests.core.toys import Hide, Paint

from chibox.clock import GivenClock
from chibox.commands import Asked
from chibox.core_commands import CreateUnit, RenameUnit
from chibox.errors import Away, Conflict, Forbidden, Invalid, Refused
from chibox.testing.boxes import TODAY, Sandbox, act

HOURS, DAYS = 3_600_000, 86_400_000


def test_a_command_on_an_existing_subject_carries_what_was_seen(made: Sandbox, clerk: str) -> None:
    """Without `seen` it is refused by its field; with an older position, or one that is not there yet, somebody was faster."""
    answer = made.ask(make(made, "a"), actor=clerk)
    toy, painting = made.subject(answer), Paint(toy=made.subject(answer), colour="red")
    with pytest.raises(Invalid) as caught:
        made.box.perform_now(Asked(actor=clerk, act=act()), painting)
    assert list(caught.value.fields) == ["seen"]
    for wrong in (answer.last - 1, made.box.log.size):
        with pytest.raises(Conflict) as conflict:
            made.ask(painting, actor=clerk, seen=wrong)
        assert conflict.value.words.params["last"] == answer.last
    made.ask(make(made, "b"), actor=clerk)
    made.ask(painting, actor=clerk, seen=made.box.log.size - 1)
    assert made.last(toy) == made.box.log.size - 1


def test_an_opaque_record_moves_what_was_seen(made: Sandbox, clerk: str) -> None:
    """Its true subject counts, though the envelope does not tell it."""
    answer = made.ask(make(made, "a"), actor=clerk)
    toy = made.subject(answer)
    hidden = made.ask(Hide(toys=(toy,), place="attic"), actor=clerk)
    assert made.last(toy) == hidden.last
    with pytest.raises(Conflict):
        made.ask(Paint(toy=toy, colour="red"), actor=clerk, seen=answer.last)


def test_the_time_never_goes_back(made: Sandbox, clerk: str) -> None:
    """A clock that is set back by less than an hour goes on at the last entry's time."""
    start = made.clock.at
    times = []
    for change in (0, 5 * 60_000, -50 * 60_000, -10, 60 * 60_000):
        made.clock.at += change
        times.append(made.entry(made.ask(make(made, f"at {made.clock.at}"), actor=clerk).first).time)
    assert times == [start, start + 300_000, start + 300_000, start + 300_000, start + 900_000 - 10]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda at: at - HOURS - 1,
        lambda at: at + 367 * DAYS,
        lambda at: GivenClock.on(dt.date(2000, 1, 1)).at,
        lambda at: 0,
    ],
)
def test_a_wrong_clock_dates_nothing(made: Sandbox, clerk: str, wrong: Any) -> None:
    """More than an hour behind the last entry, a year ahead, in 2000: nothing is recorded and it says so; reading works."""
    right, size = made.clock.at, made.box.log.size
    made.clock.at = wrong(right)
    with pytest.raises((Away, Forbidden)) as caught:
        made.ask(make(made, "a"), actor=clerk)
    assert isinstance(caught.value, Forbidden) or "clock" in str(caught.value)
    assert made.entry(0).kind == "core.founded.1"
    made.clock.at = right
    assert made.ask(make(made, "a"), actor=clerk).first == size


def test_the_last_time_outlives_a_restart(made: Sandbox, clerk: str) -> None:
    """A machine that comes back with an old clock is found out."""
    made.clock.at += 2 * HOURS
    made.ask(make(made, "a"), actor=clerk)
    made.reopen()
    made.clock.at -= 2 * HOURS
    with pytest.raises(Away, match="clock"):
        made.ask(make(made, "b"), actor=clerk)


def test_units_are_renamed_where_they_were_seen(made: Sandbox) -> None:
    """Core's commands carry `seen` too, and say when nothing would change."""
    unit = made.unit("Chi bộ 1")
    made.ask(RenameUnit(unit=unit, name="Chi bộ thôn Đông", day=TODAY))
    with pytest.raises(Refused, match="Nothing would change"):
        made.ask(RenameUnit(unit=unit, name=" Chi bộ  thôn Đông ", day=TODAY))
    with pytest.raises(Invalid):
        made.ask(RenameUnit(unit=unit, name=" ", day=TODAY))
    with pytest.raises(Invalid, match="day to come"):
        made.ask(CreateUnit(parent=unit, name="Tổ 1", kind="cell", day=TODAY + dt.timedelta(days=1)))
