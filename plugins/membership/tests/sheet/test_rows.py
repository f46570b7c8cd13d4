"""Every fault of a row, in its own sentence, with its row and its column."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

import pytest
from plugins.membership.tests.sheet.listed import checked

from chibox.errors import Invalid
from chibox_membership.sheet.headings import layout
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.wire import Cell, Table, Workbook

Tables = Callable[..., Table]
Good = Mapping[str, str]

SAME = ""
NUMBER = Cell("number", "990168001217")
DATE = Cell("date", "1968-05-07")


def test_a_good_row_has_typed_values(table: Tables, good: Good, units: Units, today: date) -> None:
    """Words become codes, dates dates, the organisation the id of its unit; what is empty is None."""
    found = checked(table(good), units, today)
    assert found.faults == []
    assert found.rows == [
        SheetRow(
            row=8, full_name="Nguyễn Thị Hường", sex="female", born_on=date(1968, 5, 7), ethnic_group="01",
            religion="00", personal_id="990168001217", card_number="990168001217", cell="a" * 32,
            admitted_on=date(1990, 2, 3), official_on=date(1991, 2, 3), status="active",
        )
    ]  # fmt: skip


FAULTS: list[tuple[str, str | Cell, str]] = [
    ("B", "abc", "Row 8, column B: an ID has 32 hexadecimal digits in five groups; this has not."),
    ("C", "Nguyễn\u200b Hường", "Row 8, column C: the cell holds the invisible character U+200B. Type it again."),
    ("C", "Nguyễn\x07", "Row 8, column C: the cell holds the control character U+0007. Type it again."),
    ("C", "Nguyễn Thị Аn", "Row 8, column C: the cell holds U+0410, which only looks like the right letter. Type it again."),
    ("D", "\u0301a", "Row 8, column D: the cell holds a mark without its letter, U+0301. Type it again."),
    ("C", Cell("text", "=A1", formula=True), "Row 8, column C: the cell is a formula. Copy it and paste its value."),
    ("I", Cell("error", "", formula=True), "Row 8, column I: the cell is a formula. Copy it and paste its value."),
    ("C", Cell("error", "#N/A"), "Row 8, column C: the cell shows the error #N/A."),
    ("C", DATE, "Row 8, column C: the cell holds a date, a time or TRUE, FALSE. Text belongs here."),
    ("Q", Cell("truth", "TRUE"), "Row 8, column Q: the cell holds a date, a time or TRUE, FALSE. Text belongs here."),
    ("Q", "x" * 501, "Row 8, column Q: the cell holds 501 characters; at most 500 are kept."),
    ("E", "trai", "Row 8, column E: the sex is Nam, Nữ; here it is “trai”."),
    ("G", "Mán", "Row 8, column G: no ethnic group of the national list is called “Mán”."),
    ("H", "Bà La Môn", ("Row 8, column H: no religion of the list is called “Bà La Môn”. The list has: Không, Phật giáo, "
                       "Công giáo, Phật giáo Hòa Hảo, Cao Đài, Tin Lành, Hồi giáo, Tôn giáo khác.")),
    ("AA", "nghỉ", ("Row 8, column AA: no state of activity is called “nghỉ”. There are: Đang sinh hoạt, Miễn sinh hoạt, "
                   "Gián đoạn sinh hoạt, Đình chỉ sinh hoạt, Đã chuyển sinh hoạt, Đã ra khỏi Đảng, Từ trần.")),
    ("AC", "x", "Row 8, column AC: the answer is Có, Không; here it is “x”."),
    ("I", "9901680012", "Row 8, column I: a personal number has 12 digits; this has 10. No safe guess: see the card."),
    ("I", "99016800121o", "Row 8, column I: only digits stand here; “o” is none."),
    ("I", "99016800121\u0665", "Row 8, column I: only digits stand here; “\u0665” is none."),
    ("I", Cell("number", "1068001217"),
     "Row 8, column I: the cell is a number of 10 digits: zeros in front are lost. See the card."),
    ("J", "123", "Row 8, column J: a party card number has 12 digits; this has 3."),
    ("M", Cell("number", "99000001"), "Row 8, column M: the cell is a number, so zeros in front may be lost. Write it as text."),
    ("Z", "12345678", "Row 8, column Z: an old identity number has 9 or 12 digits; this has 8."),
    ("N", "Chi bộ thôn Mới", "Row 8, column N: this box has no party organisation “Chi bộ thôn Mới”."),
    ("N", "Chi bộ hợp tác xã", "Row 8, column N: 2 party organisations are called “Chi bộ hợp tác xã”."),
    ("F", "7/5/68", "Row 8, column F: a year has four digits; here it is “7/5/68”."),
    ("F", "7/5/19680", "Row 8, column F: a year has four digits; here it is “7/5/19680”."),
    ("F", "30/02/1968", "Row 8, column F: month 2 of 1968 has only 29 days."),
    ("F", "31-4-1968", "Row 8, column F: month 4 of 1968 has only 30 days."),
    ("F", "7/13/1968", "Row 8, column F: there is no month 13. Write day/month/year."),
    ("F", "0/5/1968", "Row 8, column F: “0/5/1968” is no date. Write day/month/year."),
    ("F", "7/5/0000", "Row 8, column F: “7/5/0000” is no date. Write day/month/year."),
    ("F", "tháng 5", "Row 8, column F: “tháng 5” is no date. Write day/month/year."),
    ("F", "1968", "Row 8, column F: day, month and year are needed; here it is “1968”."),
    ("F", "../../1968", "Row 8, column F: day, month and year are needed; here it is “../../1968”."),
    ("F", "5/1968", "Row 8, column F: day, month and year are needed; here it is “5/1968”."),
    ("F", "7/5/1868", "Row 8, column F: the year is 1868. The list begins with 1900."),
    ("F", Cell("number", "24965"), "Row 8, column F: the cell is a number, not a date. Write day/month/year."),
    ("F", Cell("moment", "1968-05-07 10:00:00"), "Row 8, column F: the cell holds a time. Write day/month/year alone."),
    ("F", Cell("time", "10:00:00"), "Row 8, column F: the cell holds a time. Write day/month/year alone."),
    ("L", Cell("truth", "TRUE"), "Row 8, column L: the cell holds a date, a time or TRUE, FALSE. Text belongs here."),
    ("AB", "26/11/2026", "Row 8, column AB: 2026-11-26 lies after today."),
    ("X", "06/05/1968", "Row 8, column X: 1968-05-06 lies before the birth, 1968-05-07."),
    ("Y", "02/02/1990", "Row 8, column Y: 1990-02-02 lies before joining the Party, 1990-02-03."),
    ("AB", "01/01/1990", "Row 8, column AB: 1990-01-01 lies before joining the Party, 1990-02-03."),
]  # fmt: skip


@pytest.mark.parametrize(("letter", "cell", "sentence"), FAULTS)
def test_a_fault_is_said_in_a_sentence(
    table: Tables, good: Good, units: Units, today: date, letter: str, cell: str | Cell, sentence: str
) -> None:
    """One spoilt cell is one fault, which names its row, its column and the fact; the row is not taken."""
    found = checked(table({**good, letter: cell}), units, today)
    assert [str(fault.words) for fault in found.faults] == [sentence]
    assert [(fault.row, fault.column) for fault in found.faults] == [(8, letter)]
    assert found.rows == []


@pytest.mark.parametrize(
    ("letter", "cell", "field", "value"),
    [
        ("F", "7/5/1968", "born_on", date(1968, 5, 7)),
        ("F", "07-05-1968", "born_on", date(1968, 5, 7)),
        ("F", "7.5.1968", "born_on", date(1968, 5, 7)),
        ("F", " 07 / 05 / 1968 ", "born_on", date(1968, 5, 7)),
        ("F", DATE, "born_on", date(1968, 5, 7)),
        ("F", "1968-05-07", "born_on", date(1968, 5, 7)),
        ("F", "07051968", "born_on", date(1968, 5, 7)),
        ("F", "ngày 7 tháng 5 năm 1968", "born_on", date(1968, 5, 7)),
        ("I", NUMBER, "personal_id", "990168001217"),
        ("I", "990 168 001 217", "personal_id", "990168001217"),
        ("F", "29/02/1968", "born_on", date(1968, 2, 29)),
        ("X", "01/05/1970", "admitted_on", date(1970, 5, 1)),
        ("C", unicodedata.normalize("NFD", "  Nguyễn  Thị\nHường "), "full_name", "Nguyễn Thị Hường"),
        ("C", "H’Nhuôn Êban Niê", "full_name", "H’Nhuôn Êban Niê"),
        ("N", "CHI BỘ  thôn đông", "cell", "a" * 32),
        ("G", "Mông", "ethnic_group", "08"),
        ("Q", Cell("number", "12"), "birth_place_detail", "12"),
        ("B", "EBC991CE-610A-455C-ACBC-C1A2179D4D7E", "national_id", "ebc991ce-610a-455c-acbc-c1a2179d4d7e"),
        ("M", "0012345", "old_card_number", "0012345"),
        ("Z", "012345678", "old_identity_number", "012345678"),
        ("AC", "có", "delete_requested", True),
        ("AC", "Không", "delete_requested", False),
        ("AC", "", "delete_requested", None),
        ("AB", "25/11/2026", "left_on", date(2026, 11, 25)),
        ("AE", "Cột I: sai", "check_detail", "Cột I: sai"),
        ("A", Cell("error", "", formula=True), "row", 8),
    ],
)
def test_what_is_plainly_right_is_taken(
    table: Tables, good: Good, units: Units, today: date, letter: str, cell: str | Cell, field: str, value: object
) -> None:
    """Spaces, separators, case and composition are no faults; who joined before 18 long ago is none either."""
    found = checked(table({**good, letter: cell}), units, today)
    assert found.faults == []
    assert getattr(found.rows[0], field) == value


def test_a_probationary_member_has_neither_card_nor_recognition(
    table: Tables, good: Good, units: Units, today: date
) -> None:
    """Columns J and Y may be empty together."""
    found = checked(table({**good, "J": "", "Y": ""}), units, today)
    assert found.faults == []
    assert found.rows[0].official_on is None


def test_faults_come_in_the_order_of_the_sheet(table: Tables, good: Good, units: Units, today: date) -> None:
    """All faults of all rows are found, by row, then by column as the sheet has them."""
    found = checked(table({**good, "AA": "x", "Z": "1", "C": "\u200b"}, {**good, "I": "1", "J": "2"}), units, today)
    assert [(fault.row, fault.column) for fault in found.faults] == [(8, "C"), (8, "Z"), (8, "AA"), (9, "I"), (9, "J")]
    assert [fault.field for fault in found.faults][:2] == ["full_name", "old_identity_number"]


def test_empty_rows_are_left_out(table: Tables, good: Good, units: Units, today: date) -> None:
    """A row that holds only its number, or nothing, is no member, in the middle or at the end."""
    second = {**good, "I": "990168001218", "J": "990168001218"}
    found = checked(table({"A": "1"}, good, {"A": "3"}, {}, second, {"A": "6"}), units, today)
    assert found.faults == []
    assert [row.row for row in found.rows] == [9, 12]


def test_an_empty_list_is_refused(table: Tables, units: Units, today: date) -> None:
    """A sheet without a single member is not taken in silence."""
    with pytest.raises(Invalid) as refused:
        checked(table({"A": "1"}), units, today)
    assert str(refused.value) == "The list is empty: no row below the headings holds anything."


def test_cells_outside_the_list_are_faults(table: Tables, good: Good, units: Units, today: date) -> None:
    """A value far to the right, and cells merged in the list, are named: nothing is dropped in silence."""
    spoilt = table(good, merged=[(1, 1, "A1:AE1"), (6, 7, "A6:A7"), (8, 9, "N8:N9")], beyond="BZ12")
    assert [str(fault.words) for fault in checked(spoilt, units, today).faults] == [
        "Row 8, column N: the cells N8:N9 are merged. Unmerge them."
    ]
    assert layout(Workbook([spoilt])).unread == ("BZ",)


@pytest.mark.parametrize(
    "mark", ["MẬT", "Tối mật", " (TUYỆT MẬT) ", "Đảng bộ xã\nMẬT", unicodedata.normalize("NFD", "mật")]
)
def test_a_mark_of_secrecy_keeps_the_file_out(table: Tables, good: Good, units: Units, today: date, mark: str) -> None:
    """A line that is a mark of secrecy and nothing else refuses the file, wherever it stands."""
    with pytest.raises(Invalid) as refused:
        checked(table(good, {"AH": mark}), units, today)
    assert str(refused.value) == (
        "Row 9, column AH bears a mark of secrecy. State secrets do not belong in this box: "
        "take the file off this network."
    )


def test_the_word_inside_a_sentence_is_no_mark(table: Tables, good: Good, units: Units, today: date) -> None:
    """Only the mark alone counts: a name or a sentence with the same word is taken."""
    found = checked(table({**good, "C": "Nguyễn Văn Mật", "Q": "xóm Mật, xã Sao Mai"}), units, today)
    assert found.faults == []
