"""Thay đổi từ ngày: a new fact from a day on, also one that is recorded late."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from chibox.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from chibox_membership.asking import Change, Correct, Leave, Move, SetStatus
from chibox_membership.onday import held
from chibox_membership.records import Changed, Left, Moved, StatusSet

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

MARCH, JUNE, TODAY = dt.date(2026, 3, 1), dt.date(2026, 6, 1), dt.date(2026, 11, 25)


def test_a_change_holds_from_its_day(roll: "Roll") -> None:
    """What was before the day stays true for the time before it."""
    who = roll.enter(residence_detail="thôn Đông")
    answer = roll.ask(Change(member=who, day=MARCH, residence_detail="thôn Đoài", paper="Sổ hộ khẩu"))
    assert roll.stated(answer) == [Changed(day=MARCH, residence_detail="thôn Đoài", paper="Sổ hộ khẩu")]
    with roll.box.reading() as read:
        days = (MARCH - dt.timedelta(days=1), MARCH)
        found = [held(read, who, ("residence_detail",), day)["residence_detail"] for day in days]
    assert found == ["thôn Đông", "thôn Đoài"]
    assert roll.member(who).residence_detail == "thôn Đoài"


def test_only_what_differs_on_the_day_is_stated(roll: "Roll") -> None:
    """A field that is given as it was says nothing; when nothing differs, nothing would change."""
    who = roll.enter(residence_detail="thôn Đông", other_name="Páo")
    answer = roll.ask(Change(member=who, day=MARCH, residence_detail="thôn Đoài", other_name="Páo"))
    assert roll.stated(answer) == [Changed(day=MARCH, residence_detail="thôn Đoài")]
    with pytest.raises(Refused, match="Nothing would change"):
        roll.ask(Change(member=who, day=JUNE, residence_detail="thôn Đoài"))


def test_an_earlier_change_recorded_late_does_not_hide_the_later_one(roll: "Roll") -> None:
    """The row shows what holds today, the facts of each day what held on it, whatever came first into the log."""
    who = roll.enter(residence_detail="A")
    roll.ask(Change(member=who, day=JUNE, residence_detail="C"))
    roll.ask(Change(member=who, day=MARCH, residence_detail="B"))
    assert roll.member(who).residence_detail == "C"
    with roll.box.reading() as read:
        days = (dt.date(2026, 1, 1), MARCH, JUNE)
        found = [held(read, who, ("residence_detail",), day)["residence_detail"] for day in days]
    assert found == ["A", "B", "C"]


def test_what_came_back_may_be_recorded_late(roll: "Roll") -> None:
    """A late fact that equals today's value is taken when another value held on its day."""
    who = roll.enter(residence_detail="A")
    roll.ask(Change(member=who, day=MARCH, residence_detail="B"))
    answer = roll.ask(Change(member=who, day=JUNE, residence_detail="A"))
    assert roll.stated(answer) == [Changed(day=JUNE, residence_detail="A")]


def test_an_empty_field_says_that_there_is_none(roll: "Roll") -> None:
    """None takes a value away; a field that is not sent stays."""
    who = roll.enter(other_name="Páo", card_place="Tỉnh ủy")
    roll.ask(Change(member=who, day=MARCH, other_name=None))
    assert (roll.member(who).other_name, roll.member(who).card_place) == (None, "Tỉnh ủy")


@pytest.mark.parametrize("field", ["born_on", "admitted_on", "official_on"])
def test_days_of_a_life_do_not_change(roll: "Roll", field: str) -> None:
    """Birth, admission and recognition can only have been written down wrongly."""
    who = roll.enter()
    other: dict[str, Any] = {field: dt.date(1990, 1, 1)}
    with pytest.raises(Invalid) as refused:
        roll.ask(Change(member=who, day=MARCH, **other))
    assert str(refused.value.fields[field]) == "This day does not change. Correct it if it was written down wrongly."


def test_a_probationary_member_becomes_official(roll: "Roll") -> None:
    """The first day of recognition is a change, for there was none before."""
    who = roll.enter(official_on=None, admitted_on=dt.date(2025, 3, 1))
    roll.ask(Change(member=who, day=MARCH, official_on=MARCH, card_number="990068000001"))
    assert roll.member(who).standing(MARCH) == "official_member"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (dt.date(2026, 11, 26), "This day has not come yet."),
        (dt.date(1987, 7, 29), "The admission was later, on 1987-07-30."),
    ],
)
def test_a_day_lies_between_admission_and_today(roll: "Roll", day: dt.date, sentence: str) -> None:
    """Nothing of a member is recorded for a day to come, or for one before the admission."""
    who = roll.enter()
    for command in (
        Change(member=who, day=day, other_name="Páo"),
        Move(member=who, day=day, cell=roll.west),
        SetStatus(member=who, day=day, status="exempt"),
        Leave(member=who, day=day, status="transferred"),
    ):
        with pytest.raises(Invalid) as refused:
            roll.ask(command)
        assert str(refused.value.fields["day"]) == sentence


def test_a_change_before_the_entry_that_was_corrected_is_kept(roll: "Roll") -> None:
    """When the admission was earlier than entered, a change of the time between counts in row and facts alike."""
    who = roll.enter(admitted_on=dt.date(1990, 1, 1), official_on=dt.date(1991, 1, 1), residence_detail="A")
    roll.ask(Correct(member=who, admitted_on=dt.date(1987, 1, 1), ground="decision"))
    roll.ask(Change(member=who, day=dt.date(1988, 1, 1), residence_detail="B"))
    roll.ask(Move(member=who, day=dt.date(1989, 1, 1), cell=roll.west))
    row = roll.member(who)
    assert (row.residence_detail, row.cell, row.admitted_on) == ("B", roll.east, dt.date(1987, 1, 1))


def test_a_move_concerns_both_cells(roll: "Roll") -> None:
    """The member belongs to the new cell from the day on; whoever may not write in it does not move anybody there."""
    who = roll.enter()
    answer = roll.ask(Move(member=who, day=MARCH, cell=roll.west))
    assert roll.stated(answer) == [Moved(day=MARCH, cell=roll.west)]
    assert (roll.member(who).cell, roll.member(who).cell_since) == (roll.west, MARCH)
    with pytest.raises(Refused, match="Nothing would change"):
        roll.ask(Move(member=who, day=JUNE, cell=roll.west))
    with pytest.raises(Invalid):
        roll.ask(Move(member=who, day=JUNE, cell=roll.root))
    with pytest.raises(Forbidden):
        roll.ask(Move(member=who, day=JUNE, cell="0" * 32))


def test_a_state_is_set_from_a_day(roll: "Roll") -> None:
    """Exempt from a day on, and active again later; the same state again changes nothing."""
    who = roll.enter()
    answer = roll.ask(SetStatus(member=who, day=MARCH, status="exempt", paper="Quyết định số 14-QĐ/ĐU"))
    assert roll.stated(answer) == [StatusSet(day=MARCH, status="exempt", paper="Quyết định số 14-QĐ/ĐU")]
    with pytest.raises(Refused, match="Nothing would change"):
        roll.ask(SetStatus(member=who, day=JUNE, status="exempt"))
    roll.ask(SetStatus(member=who, day=JUNE, status="active"))
    assert (roll.member(who).status, roll.member(who).status_since) == ("active", JUNE)


def test_who_has_gone_stays_gone_but_may_have_a_late_fact(roll: "Roll") -> None:
    """After the leaving nothing new is recorded of the member; what happened before it still is."""
    who = roll.enter()
    answer = roll.ask(Leave(member=who, day=JUNE, status="transferred", departure="official_transfer"))
    assert roll.stated(answer) == [Left(day=JUNE, status="transferred", departure="official_transfer")]
    for command in (
        Leave(member=who, day=TODAY, status="deceased"),
        Move(member=who, day=JUNE, cell=roll.west),
        SetStatus(member=who, day=TODAY, status="active"),
    ):
        with pytest.raises(Refused, match="left the committee on 2026-06-01"):
            roll.ask(command)
    roll.ask(Move(member=who, day=MARCH, cell=roll.west))
    assert (roll.member(who).cell, roll.member(who).status) == (roll.west, "transferred")


def test_nobody_leaves_before_the_last_state(roll: "Roll") -> None:
    """A leaving that would stand before a recorded state is refused: the state says that the member was still there."""
    who = roll.enter()
    roll.ask(SetStatus(member=who, day=JUNE, status="exempt"))
    with pytest.raises(Invalid) as refused:
        roll.ask(Leave(member=who, day=MARCH, status="deceased"))
    assert str(refused.value.fields["day"]) == "A state is recorded from 2026-06-01 on: nobody leaves before it."


@pytest.mark.parametrize("paper", ["QĐ\u202e14", "Tối mật", "x" * 501])
def test_a_paper_is_one_clean_open_line(roll: "Roll", paper: str) -> None:
    """What cannot be seen, a mark of secrecy or a whole text does not get into the reference to a paper either."""
    who = roll.enter()
    with pytest.raises(Invalid) as refused:
        roll.ask(Move(member=who, day=MARCH, cell=roll.west, paper=paper))
    assert refused.value.fields.keys() == {"paper"}


def test_a_colleague_who_was_faster_is_heard(roll: "Roll") -> None:
    """Who acts on what stood before a colleague's act is refused; so is who does not say what they saw."""
    who = roll.enter()
    seen = roll.last(who)
    roll.ask(Change(member=who, day=MARCH, other_name="Páo"))
    with pytest.raises(Conflict):
        roll.ask(Move(member=who, day=MARCH, cell=roll.west), seen=seen)


def test_who_is_not_in_the_roll_is_not_found(roll: "Roll") -> None:
    """An id that no member has leads to a refusal that says so."""
    with pytest.raises(NotFound, match="no such member"):
        roll.ask(Move(member="0" * 32, day=MARCH, cell=roll.west), seen=0)
