"""The roll on a day, by both meanings: true on that day, and known by that day."""

import datetime as dt
from typing import TYPE_CHECKING

from chibox_membership.asking import Change, Correct, Leave, Move, SetStatus
from chibox_membership.onday import member_on, roll_on

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

NEW_YEAR = dt.date(2025, 12, 31)
BEFORE, AFTER = dt.date(2025, 12, 10), dt.date(2026, 3, 1)


def names(roll: "Roll", day: dt.date, *, known: bool = False) -> list[tuple[str, str, str]]:
    """(name, cell, state) of everybody on the roll of that day, late entries included or only what was known by then."""
    with roll.box.reading() as read:
        position = read.position_at(day) if known else None
        return [(m.full_name, m.cell, m.status) for m in roll_on(read, day, position)]


def test_the_roll_of_last_new_year(roll: "Roll") -> None:
    """Who was in, in which cell and state, on 31/12: with what was recorded late, and with what was known then."""
    roll.on(BEFORE)
    stays = roll.enter(full_name="Lò Thị Ón")
    goes = roll.enter(full_name="Bùi Hữu Ngữ", cell=roll.west)
    roll.enter(full_name="Giàng Thị Sềnh", admitted_on=dt.date(2025, 12, 1), official_on=None)
    roll.on(AFTER)
    roll.ask(Move(member=stays, day=dt.date(2025, 12, 20), cell=roll.west))
    roll.ask(SetStatus(member=stays, day=dt.date(2025, 12, 24), status="exempt"))
    roll.ask(Leave(member=goes, day=dt.date(2025, 12, 31), status="transferred"))
    roll.enter(full_name="Vừ A Dếnh", admitted_on=dt.date(2025, 12, 31), official_on=None)
    roll.enter(full_name="Lê Đình Vẵng", admitted_on=dt.date(2026, 1, 1), official_on=None)
    assert names(roll, NEW_YEAR) == [
        ("Vừ A Dếnh", roll.east, "active"),
        ("Lò Thị Ón", roll.west, "exempt"),
        ("Giàng Thị Sềnh", roll.east, "active"),
    ]
    assert names(roll, NEW_YEAR, known=True) == [
        ("Bùi Hữu Ngữ", roll.west, "active"),
        ("Lò Thị Ón", roll.east, "active"),
        ("Giàng Thị Sềnh", roll.east, "active"),
    ]


def test_before_the_first_entry_nothing_is_known(roll: "Roll") -> None:
    """A day before anything was recorded has members as known now and none as known then."""
    roll.on(BEFORE)
    roll.enter()
    with roll.box.reading() as read:
        day = dt.date(2025, 12, 9)
        assert len(roll_on(read, day)) == 1
        assert roll_on(read, day, read.position_at(day)) == []


def test_a_correction_of_the_admission_moves_the_beginning(roll: "Roll") -> None:
    """Between the right admission and the entered one the member stands in the first cell, whatever came later."""
    who = roll.enter(admitted_on=dt.date(2024, 5, 1), official_on=None)
    roll.ask(Move(member=who, day=AFTER, cell=roll.west))
    assert names(roll, dt.date(2023, 5, 1)) == []
    roll.ask(Correct(member=who, admitted_on=dt.date(2023, 2, 1), ground="decision"))
    assert names(roll, dt.date(2023, 5, 1)) == [("Vừ A Dếnh", roll.east, "active")]
    assert names(roll, dt.date(2023, 1, 31)) == []
    assert names(roll, AFTER) == [("Vừ A Dếnh", roll.west, "active")]


def test_a_later_admission_ends_what_was_before(roll: "Roll") -> None:
    """An admission corrected to a later day takes the member out of the roll of the days before it."""
    who = roll.enter(admitted_on=dt.date(2023, 2, 1), official_on=None)
    roll.ask(Correct(member=who, admitted_on=dt.date(2024, 5, 1), ground="decision"))
    assert names(roll, dt.date(2024, 4, 30)) == []
    assert names(roll, dt.date(2024, 5, 1)) == [("Vừ A Dếnh", roll.east, "active")]


def test_who_was_recognised_when(roll: "Roll") -> None:
    """Official or probationary goes by the day that is asked for."""
    roll.enter(admitted_on=dt.date(2024, 5, 1), official_on=dt.date(2025, 5, 1))
    with roll.box.reading() as read:
        days = (dt.date(2025, 4, 30), dt.date(2025, 5, 1))
        assert [roll_on(read, day)[0].standing(day) for day in days] == ["probationary_member", "official_member"]


def test_one_member_on_a_day_with_the_fact_behind_each_field(roll: "Roll") -> None:
    """Values are typed, and each fact names the record and the position that it stands on."""
    roll.on(BEFORE)
    who = roll.enter(delete_requested=True, residence_detail="A")
    roll.on(AFTER)
    late = roll.ask(Change(member=who, day=dt.date(2025, 12, 15), residence_detail="B"))
    with roll.box.reading() as read:
        now, facts = member_on(read, who, NEW_YEAR)
        then, _ = member_on(read, who, NEW_YEAR, read.position_at(NEW_YEAR))
    assert (now.born_on, now.delete_requested, now.other_name) == (dt.date(1968, 12, 13), True, None)
    assert (now.residence_detail, then.residence_detail) == ("B", "A")
    assert (facts["residence_detail"].position, facts["residence_detail"].since) == (late.first, "2025-12-15")
