"""What membership puts on the first page."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from chibox_membership import home

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

DECISION = dt.date(2025, 11, 30)


def due(roll: "Roll", person: str = "") -> list[Any]:
    """What is due to a person, to the clerk unless somebody else is meant."""
    with roll.reading() as read:
        return list(home.due(read, person or roll.clerk))


def test_each_whose_probation_ends_has_a_line(roll: "Roll") -> None:
    """Twelve months after the decision, from a month before on; whoever is official, has gone or has longer to go has none."""
    who = roll.enter(full_name="Lò Thị Mẩy", admitted_on=DECISION, official_on=None)
    roll.enter(admitted_on=DECISION, official_on=dt.date(2026, 11, 20))
    roll.enter(admitted_on=dt.date(2026, 3, 1), official_on=None)
    (line,) = due(roll)
    assert (line.by, line.about, line.address) == (dt.date(2026, 11, 30), (who,), f"/membership/{who}")
    assert line.what.params == {"name": "Lò Thị Mẩy"}
    assert line.sum.rule.document == "Điều lệ Đảng, Điều 5"
    assert line.sum.start.params == {"day": DECISION}
    roll.on(dt.date(2026, 10, 30))
    assert due(roll) == []


def test_a_secretary_is_told_of_the_own_cell(roll: "Roll") -> None:
    """Lines are of the cells where the person sees members; an operator has none."""
    roll.enter(admitted_on=DECISION, official_on=None, cell=roll.west)
    assert len(due(roll, roll.someone("cell_secretary", roll.west))) == 1
    assert due(roll, roll.someone("cell_secretary", roll.east)) == []
    assert due(roll, roll.someone("operator")) == []


def test_very_many_share_a_line(roll: "Roll", monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest overdue have lines of their own, the others one that counts them and leads to their list."""
    monkeypatch.setattr(home, "LINES", 2)
    for day in (3, 1, 2, 4):
        roll.enter(admitted_on=dt.date(2025, 11, day), official_on=None)
    first, second, rest = due(roll)
    assert [first.by, second.by] == [dt.date(2026, 11, 1), dt.date(2026, 11, 2)]
    assert (rest.by, rest.count, rest.address) == (None, 2, "/membership/?state=due")


def test_numbers_add_up(roll: "Roll") -> None:
    """Official and probationary members together are all members; each number opens its list."""
    roll.enter()
    roll.enter(admitted_on=DECISION, official_on=None)
    with roll.reading() as read:
        members, official, probationary, exempt = home.numbers(read, {roll.east})
        nobody = home.numbers(read, {roll.west})
    assert members.value == official.value + probationary.value == 2
    assert (official.value, exempt.value) == (1, 0)
    assert [number.value for number in nobody] == [0, 0, 0, 0]
    assert probationary.address == "/membership/?state=probationary_member"
