"""Sửa ghi sai: a correction refers to what it corrects, stands on its day, and rests on a ground."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from chibox.errors import Invalid, Refused
from chibox_membership.asking import Change, Correct, Leave
from chibox_membership.onday import held
from chibox_membership.records import Corrected

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

ADMITTED, MARCH, JUNE = dt.date(1987, 7, 30), dt.date(2026, 3, 1), dt.date(2026, 6, 1)
RIGHT, PAPER = dt.date(1968, 12, 12), "Lý lịch đảng viên số 14, ngày 30/7/1987"


def test_a_birth_date_is_corrected_from_the_original_file(roll: "Roll") -> None:
    """The correction refers to the entry, stands on its day, and the birth date was never another."""
    who = roll.enter()
    entered = roll.entry(roll.last(who) or 0)
    answer = roll.ask(Correct(member=who, born_on=RIGHT, ground="original_file", paper=PAPER))
    correction = roll.entry(answer.first)
    assert correction.body == Corrected(day=ADMITTED, born_on=RIGHT, ground="original_file", paper=PAPER)
    assert (correction.refs, answer.first) == ((f"r{entered.rid}",), answer.last)
    with roll.box.reading() as read:
        assert held(read, who, ("born_on",), dt.date(2000, 1, 1)) == {"born_on": RIGHT}
        assert read.facts([who], fields=("born_on",), known=entered.position)[who]["born_on"].value == "1968-12-13"
    assert roll.member(who).born_on == RIGHT


def test_a_correction_of_several_records_is_one_act_with_one_record_each(roll: "Roll") -> None:
    """Fields are grouped by who stated them: the entry, a change, and what nobody stated before."""
    who = roll.enter(residence_detail="A")
    changed = roll.ask(Change(member=who, day=MARCH, residence_detail="B", card_place="Tỉnh ủy"))
    answer = roll.ask(
        Correct(
            member=who, full_name="Vừ A Dính", residence_detail="C", card_place="Huyện ủy", other_name="Páo",
            ground="typing_error", paper=PAPER,
        )
    )  # fmt: skip
    entries = [roll.entry(position) for position in range(answer.first, answer.last + 1)]
    common: dict[str, Any] = {"ground": "typing_error", "paper": PAPER}
    assert {entry.refs: entry.body for entry in entries} == {
        (f"r{roll.entry(changed.first - 1).rid}",): Corrected(day=ADMITTED, full_name="Vừ A Dính", **common),
        (f"r{roll.entry(changed.first).rid}",): Corrected(
            day=MARCH, since=MARCH, residence_detail="C", card_place="Huyện ủy", **common
        ),
        (): Corrected(day=ADMITTED, other_name="Páo", **common),
    }
    row = roll.member(who)
    assert (row.full_name, row.name_key, row.residence_detail, row.other_name) == (
        "Vừ A Dính", "vu a dinh / pao", "C", "Páo",
    )  # fmt: skip


def test_a_change_goes_on_after_a_correction_of_what_was_before(roll: "Roll") -> None:
    """The correction of the entry, recorded after a change, does not hide the change: it stands on the entry's day."""
    who = roll.enter(full_name="Vừ A Dếnh")
    roll.ask(Correct(member=who, full_name="Vừ A Dính", ground="decision", paper=PAPER))
    roll.ask(Change(member=who, day=MARCH, full_name="Vừ Văn Dính"))
    with roll.box.reading() as read:
        days = (ADMITTED, MARCH)
        assert [held(read, who, ("full_name",), day)["full_name"] for day in days] == ["Vừ A Dính", "Vừ Văn Dính"]
    assert roll.member(who).full_name == "Vừ Văn Dính"


def test_a_change_from_before_the_correction_stays_behind_it(roll: "Roll") -> None:
    """A correction of a change holds from the day of the change; a still earlier change recorded later does not hide it."""
    who = roll.enter(residence_detail="A")
    roll.ask(Change(member=who, day=JUNE, residence_detail="B"))
    roll.ask(Correct(member=who, residence_detail="C", ground="statement"))
    roll.ask(Change(member=who, day=MARCH, residence_detail="D"))
    with roll.box.reading() as read:
        days = (ADMITTED, MARCH, JUNE)
        found = [held(read, who, ("residence_detail",), day)["residence_detail"] for day in days]
    assert found == ["A", "D", "C"]
    assert roll.member(who).residence_detail == "C"


def test_a_correction_is_corrected_again(roll: "Roll") -> None:
    """The second one refers to the first and stands where that stood."""
    who = roll.enter()
    first = roll.ask(Correct(member=who, born_on=RIGHT, ground="original_file", paper=PAPER))
    again = roll.ask(Correct(member=who, born_on=dt.date(1968, 11, 12), ground="original_file", paper=PAPER))
    assert roll.entry(again.first).refs == (f"r{roll.entry(first.first).rid}",)
    (record,) = roll.stated(again)
    assert (record.day, record.since) == (ADMITTED, None)
    assert roll.member(who).born_on == dt.date(1968, 11, 12)


def test_undoing_a_correction_brings_the_old_value_back(roll: "Roll") -> None:
    """Row and facts are as before; the log keeps both."""
    who = roll.enter()
    answer = roll.ask(Correct(member=who, born_on=RIGHT, ground="original_file", paper=PAPER))
    roll.undo(answer)
    assert roll.member(who).born_on == dt.date(1968, 12, 13)
    with roll.box.reading() as read:
        assert read.facts([who], fields=("born_on",))[who]["born_on"].value == "1968-12-13"


@pytest.mark.parametrize(
    ("command", "field", "sentence"),
    [
        (
            {"born_on": RIGHT, "ground": "identity_card", "paper": PAPER},
            "ground",
            "A birth date is corrected from the original file only (notice 13-TB/TW of 17/8/2016).",
        ),
        (
            {"personal_id": "990068999999", "ground": "identity_card", "paper": " "},
            "paper",
            "State the paper: what it is, its number and date.",
        ),
        (
            {"full_name": "Vừ A Dính", "ground": "decision"},
            "paper",
            "State the paper: what it is, its number and date.",
        ),
        ({"official_on": dt.date(1987, 1, 1), "ground": "decision"}, "official_on", "Nobody is official before the"),
        ({"admitted_on": dt.date(1989, 1, 1), "ground": "decision"}, "admitted_on", "The member is official since"),
        (
            {"born_on": ADMITTED, "ground": "original_file", "paper": PAPER},
            "born_on",
            "The admission was on 1987-07-30",
        ),
    ],
)
def test_what_has_no_ground_is_refused(roll: "Roll", command: dict[str, Any], field: str, sentence: str) -> None:
    """Identity fields need a paper, a birth date the original file, and days stay in their order."""
    who = roll.enter()
    with pytest.raises(Invalid) as refused:
        roll.ask(Correct(member=who, **command))
    assert refused.value.fields.keys() == {field}
    assert str(refused.value.fields[field]).startswith(sentence)


def test_an_ordinary_field_needs_no_paper(roll: "Roll") -> None:
    """A home place is corrected by its ground alone; the same value again changes nothing."""
    who = roll.enter(home_place_detail="xã Sao Mai")
    roll.ask(Correct(member=who, home_place_detail="xã Sao Hôm", ground="statement"))
    with pytest.raises(Refused, match="Nothing would change"):
        roll.ask(Correct(member=who, home_place_detail="xã Sao Hôm", ground="statement"))


def test_who_has_left_is_still_corrected(roll: "Roll") -> None:
    """What was written down wrongly of a former member is put right."""
    who = roll.enter()
    roll.ask(Leave(member=who, day=MARCH, status="deceased", departure="death"))
    roll.ask(Correct(member=who, born_on=RIGHT, ground="original_file", paper=PAPER))
    assert roll.member(who).born_on == RIGHT


def test_a_number_of_another_member_is_refused(roll: "Roll") -> None:
    """A correction cannot give somebody the number of a colleague; their own number again is no fault."""
    one, other = roll.enter(), roll.enter()
    number = roll.member(other).personal_id
    with pytest.raises(Invalid) as refused:
        roll.ask(Correct(member=one, personal_id=number, ground="identity_card", paper=PAPER))
    assert str(refused.value.fields["personal_id"]) == "This number stands with another member already."
    roll.ask(Correct(member=one, card_number=roll.member(one).personal_id, ground="party_card", paper=PAPER))
