"""Importing a read sheet: one act, or one refusal that names rows and columns and changes nothing."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import structs

from chibox.errors import Conflict, Forbidden, Invalid, Refused
from chibox_membership.asking import Change, Leave, SetStatus
from chibox_membership.importing.command import ImportSheet
from chibox_membership.records import Changed, Entered, Left, Moved, StatusSet
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.tables import Member

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

TODAY = dt.date(2026, 11, 25)


def a_row(roll: "Roll", number: int, **other: Any) -> SheetRow:
    """A good row, whose numbers nobody else has."""
    usual: dict[str, Any] = {
        "row": 7 + number,
        "full_name": "Vừ A Dếnh",
        "sex": "male",
        "born_on": dt.date(1968, 12, 13),
        "ethnic_group": "01",
        "religion": "00",
        "personal_id": f"991068{number:06}",
        "card_number": f"991068{number:06}",
        "cell": roll.east,
        "admitted_on": dt.date(1987, 7, 30),
        "official_on": dt.date(1988, 8, 19),
        "status": "active",
    }
    return SheetRow(**{**usual, **other})


def sheet(roll: "Roll", *rows: SheetRow, as_of: int | None = None) -> ImportSheet:
    """The command for these rows, read as the roll stands now."""
    return ImportSheet(rows=rows, as_of=roll.box.log.size - 1 if as_of is None else as_of)


def refusal(roll: "Roll", *rows: SheetRow) -> dict[str, str]:
    """What the sheet is refused for, by cell; nothing was recorded."""
    size = roll.box.log.size
    with pytest.raises(Invalid) as refused:
        roll.ask(sheet(roll, *rows))
    assert roll.box.log.size == size
    return {cell: str(words) for cell, words in refused.value.fields.items()}


def people(roll: "Roll") -> list[str]:
    """The members of the roll by the number of their rows."""
    with roll.box.reading() as read:
        rows = read.rows(Member, read.select(Member))
    return [row.subject for row in sorted(rows, key=lambda row: row.personal_id)]


def test_new_rows_enter_as_one_act(roll: "Roll") -> None:
    """Who is not in the roll enters it; a state other than active stands beside the entry, from the day that the sheet gives."""
    day = dt.date(2026, 3, 1)
    answer = roll.ask(
        sheet(
            roll,
            a_row(roll, 1),
            a_row(roll, 2, status="exempt", left_on=day),
            a_row(roll, 3, status="deceased", left_on=day),
            a_row(roll, 4, status="suspended"),
        )
    )
    records = roll.stated(answer)
    assert [type(record) for record in records] == [Entered, Entered, StatusSet, Entered, Left, Entered, StatusSet]
    assert records[0] == Entered(
        cell=roll.east, status="active", **{f: getattr(a_row(roll, 1), f) for f in (
            "full_name", "sex", "born_on", "ethnic_group", "religion", "personal_id", "card_number", "admitted_on",
            "official_on",
        )},
    )  # fmt: skip
    assert records[2] == StatusSet(day=day, status="exempt")
    assert records[4] == Left(day=day, status="deceased")
    assert records[6] == StatusSet(day=TODAY, status="suspended")


def test_the_same_sheet_again_changes_nothing(roll: "Roll") -> None:
    """A row that says what stands says nothing; a sheet of such rows would change nothing. Empty cells take nothing away."""
    rows = [a_row(roll, 1, residence_detail="thôn Đông"), a_row(roll, 2, status="exempt")]
    roll.ask(sheet(roll, *rows))
    with pytest.raises(Refused, match="Nothing would change"):
        roll.ask(sheet(roll, structs.replace(rows[0], residence_detail=None), rows[1]))


def test_known_members_change_move_and_go(roll: "Roll") -> None:
    """What a sheet says otherwise holds from today, a leaving from the day that the sheet gives."""
    rows = [a_row(roll, 1), a_row(roll, 2), a_row(roll, 3)]
    roll.ask(sheet(roll, *rows))
    day = dt.date(2026, 11, 1)
    answer = roll.ask(
        sheet(
            roll,
            structs.replace(rows[0], residence_detail="thôn Đoài", national_id="0f8fad5b-d9cb-469f-a165-70867728950e"),
            structs.replace(rows[1], cell=roll.west),
            structs.replace(rows[2], status="transferred", left_on=day),
        )
    )
    assert roll.stated(answer) == [
        Changed(day=TODAY, residence_detail="thôn Đoài", national_id="0f8fad5b-d9cb-469f-a165-70867728950e"),
        Moved(day=TODAY, cell=roll.west),
        Left(day=day, status="transferred"),
    ]


def test_a_member_is_known_by_any_number(roll: "Roll") -> None:
    """The national id, the personal number or the card alone leads to the member."""
    uuid = "0f8fad5b-d9cb-469f-a165-70867728950e"
    roll.ask(sheet(roll, a_row(roll, 1, national_id=uuid)))
    answer = roll.ask(sheet(roll, SheetRow(row=8, national_id=uuid, other_name="Páo")))
    assert roll.stated(answer) == [Changed(day=TODAY, other_name="Páo")]
    answer = roll.ask(sheet(roll, SheetRow(row=8, card_number=a_row(roll, 1).card_number, other_name="Dơ")))
    assert roll.stated(answer) == [Changed(day=TODAY, other_name="Dơ")]


def test_numbers_of_two_members_are_a_fault(roll: "Roll") -> None:
    """A row whose personal number is one member's and whose card another's is about nobody."""
    roll.ask(sheet(roll, a_row(roll, 1, full_name="Lò Thị Ón"), a_row(roll, 2)))
    mixed = a_row(roll, 1, card_number=a_row(roll, 2).card_number)
    assert refusal(roll, mixed) == {
        "I8": "Row 8, column I: the numbers of this row belong to two members, Lò Thị Ón, Vừ A Dếnh."
    }


def test_two_rows_about_one_member_are_a_fault(roll: "Roll") -> None:
    """One row by the personal number and another by the card cannot both be taken."""
    roll.ask(sheet(roll, a_row(roll, 1)))
    again = SheetRow(row=9, card_number=a_row(roll, 1).card_number)
    assert refusal(roll, structs.replace(a_row(roll, 1), card_number=None), again) == {
        "C8": "Row 8, column C: row 9 is about the same member.",
        "C9": "Row 9, column C: row 8 is about the same member.",
    }


@pytest.mark.parametrize(
    ("field", "day", "cell"),
    [
        ("born_on", dt.date(1967, 1, 1), "F8"),
        ("admitted_on", dt.date(1988, 1, 1), "X8"),
        ("official_on", dt.date(1988, 1, 1), "Y8"),
    ],
)
def test_another_day_of_a_life_is_a_fault(roll: "Roll", field: str, day: dt.date, cell: str) -> None:
    """Birth, admission and recognition are corrected with their ground, never by a sheet."""
    roll.ask(sheet(roll, a_row(roll, 1)))
    found = refusal(roll, structs.replace(a_row(roll, 1), **{field: day}))
    assert list(found) == [cell]
    assert "stands differently in the box" in found[cell]


def test_who_is_gone_is_not_brought_back(roll: "Roll") -> None:
    """A sheet that lists a former member as present is refused at the state."""
    roll.ask(sheet(roll, a_row(roll, 1, status="transferred", left_on=dt.date(2026, 3, 1))))
    assert refusal(roll, a_row(roll, 1)) == {
        "AA8": "Row 8, column AA: This member left the committee on 2026-03-01. A sheet brings nobody back."
    }


def test_a_state_before_the_recorded_one_is_a_fault(roll: "Roll") -> None:
    """A day that lies before the state in the roll is refused: the roll says that it was otherwise then."""
    roll.ask(sheet(roll, a_row(roll, 1, status="exempt", left_on=dt.date(2026, 3, 1))))
    assert refusal(roll, a_row(roll, 1, status="deceased", left_on=dt.date(2026, 2, 1))) == {
        "AA8": "Row 8, column AA: The state in the box began on 2026-03-01, after the day in the file."
    }


def test_every_wrong_row_is_named_and_nothing_is_taken(roll: "Roll") -> None:
    """A sheet with wrong rows among good ones is refused whole, with a count of places and rows."""
    with pytest.raises(Invalid, match="2 places in 2 rows need a look") as refused:
        roll.ask(sheet(roll, a_row(roll, 1, cell=roll.root), a_row(roll, 2), a_row(roll, 3, cell=roll.root)))
    assert list(refused.value.fields) == ["N8", "N10"]
    assert people(roll) == []


def test_a_colleague_was_faster(roll: "Roll") -> None:
    """When something was recorded about a member since the sheet was read, it is sent again."""
    roll.ask(sheet(roll, a_row(roll, 1)))
    seen = roll.box.log.size - 1
    roll.ask(Change(member=people(roll)[0], day=TODAY, other_name="Páo"))
    with pytest.raises(Conflict, match="recorded something about Vừ A Dếnh"):
        roll.ask(sheet(roll, a_row(roll, 1, cell=roll.west), as_of=seen))


def test_every_cell_of_the_sheet_is_needed(roll: "Roll") -> None:
    """Who may not write in each cell that the sheet names, or that its members stand in, imports nothing."""
    with pytest.raises(Forbidden):
        roll.ask(sheet(roll, a_row(roll, 1)), actor=roll.administrator)


def test_an_import_is_undone_and_done_again(roll: "Roll") -> None:
    """Taken back whole, the roll is as it was; the same sheet then enters everybody once more."""
    rows = [a_row(roll, number) for number in range(1, 6)]
    answer = roll.ask(sheet(roll, *rows))
    roll.undo(answer)
    assert people(roll) == []
    again = roll.ask(sheet(roll, *rows))
    assert len(people(roll)) == 5
    assert {type(record) for record in roll.stated(again)} == {Entered}


def test_an_undone_import_leaves_those_with_later_work(roll: "Roll") -> None:
    """Who was changed or set since stays as they are, with the import's own records; the others go."""
    roll.ask(sheet(roll, *(a_row(roll, number) for number in (1, 2, 3))))
    moved = [a_row(roll, number, cell=roll.west, residence_detail="thôn Đoài") for number in (1, 2, 3)]
    moved.append(a_row(roll, 4, cell=roll.west, is_new=True))
    answer = roll.ask(sheet(roll, *moved))
    first, second, third, fourth = people(roll)
    later = roll.ask(SetStatus(member=first, day=TODAY, status="exempt"))
    roll.undo(answer)
    assert people(roll) == [first, second, third]
    assert [roll.member(who).cell for who in (first, second, third)] == [roll.west, roll.east, roll.east]
    assert (roll.member(first).residence_detail, roll.member(second).residence_detail) == ("thôn Đoài", None)
    assert roll.member(first).status == "exempt"
    assert fourth not in people(roll)
    roll.undo(later)


def test_an_undone_import_may_take_later_work_with_it(roll: "Roll") -> None:
    """Acts that are chosen by name go together with what they were built on."""
    answer = roll.ask(sheet(roll, a_row(roll, 1), a_row(roll, 2)))
    later = roll.ask(Leave(member=people(roll)[0], day=TODAY, status="transferred"))
    roll.undo(answer, later.act)
    assert people(roll) == []


@pytest.mark.parametrize(
    ("field", "value", "column"),
    [
        ("personal_id", "12", "I"),
        ("personal_id", "99106800001O", "I"),
        ("national_id", "0f8fad5b", "B"),
        ("full_name", "Vừ A\u200bDếnh", "C"),
        ("other_name", "Tuyệt mật", "D"),
        ("residence_detail", "x" * 501, "W"),
        ("ethnic_group", "99", "G"),
        ("born_on", dt.date(2031, 1, 1), "F"),
        ("admitted_on", dt.date(1967, 1, 1), "X"),
        ("left_on", dt.date(2031, 1, 1), "AB"),
        ("old_card_number", "88-00", "M"),
    ],
)
def test_what_no_cell_may_hold_no_command_may(roll: "Roll", field: str, value: Any, column: str) -> None:
    """Rows that another program sends are held to what is asked of a file: nothing of them is recorded."""
    row = a_row(roll, 1, status="exempt", left_on=dt.date(2026, 3, 1))
    assert list(refusal(roll, structs.replace(row, **{field: value}))) == [f"{column}8"]


def test_texts_of_a_command_are_cleaned(roll: "Roll") -> None:
    """A letter in two signs, double spaces, a number in groups, an empty text: kept as everywhere."""
    row = a_row(roll, 1, full_name="Vu\u031b\u0300  A Dếnh", personal_id="991068 000001", other_name="")
    roll.ask(sheet(roll, row))
    member = roll.member(people(roll)[0])
    assert (member.full_name, member.personal_id, member.other_name) == ("Vừ A Dếnh", "991068000001", None)


def test_rows_of_one_number_are_not_told_apart(roll: "Roll") -> None:
    """A command in which two rows bear the same number is refused: nobody could say which of them is wrong."""
    with pytest.raises(Invalid, match="the same number"):
        roll.ask(sheet(roll, a_row(roll, 1), a_row(roll, 1)))
    assert people(roll) == []
