"""The columns of the national entry sheet 4.0, and the words that stand for codes."""

import unicodedata
from pathlib import Path

import pytest
from msgspec import structs

from chibox.testing.people import Person
from chibox.testing.wording import check_catalogue
from chibox_membership import sheet
from chibox_membership.sheet.codes import CODES, folded
from chibox_membership.sheet.columns import BY_KEY, COLUMNS, NATIONAL, Kind
from chibox_membership.sheet.places import letters, number
from chibox_membership.sheet.rows import SheetRow

REQUIRED = {"C", "E", "F", "G", "H", "I", "N", "X", "AA"}


def test_there_are_31_columns_from_a_to_ae() -> None:
    """The sheet has exactly 31 columns; F is the birth date, I the personal number, N the organisation, X and Y dates."""
    assert [column.letter for column in COLUMNS] == [letters(place) for place in range(1, 32)]
    assert (COLUMNS[0].letter, COLUMNS[-1].letter) == ("A", "AE")
    known = {"F": "born_on", "G": "ethnic_group", "I": "personal_id", "N": "cell", "W": "residence_detail",
             "X": "admitted_on", "Y": "official_on", "AA": "status", "AB": "left_on", "AE": "check_detail"}  # fmt: skip
    assert {column.letter: column.key for column in COLUMNS if column.letter in known} == known
    assert len({column.key for column in COLUMNS}) == 31


def test_what_the_sheet_stars_is_required() -> None:
    """Every starred column is required, but for card and recognition, which a probationary member has not."""
    starred = {column.letter for column in COLUMNS if column.heading[0].endswith("*")}
    assert {column.letter for column in COLUMNS if column.required} == REQUIRED
    assert starred - REQUIRED == {"J", "Y"}


def test_a_row_has_a_field_for_every_column() -> None:
    """A typed row has the keys of the columns in their order; a synthetic person has those that are facts of a person."""
    keys = [column.key for column in COLUMNS if column.kind is not Kind.ORDER]
    assert [field.name for field in structs.fields(SheetRow)] == ["row", *keys, "member", "is_new"]
    assert set(keys) - set(Person.__slots__) == {"delete_requested", "check_result", "check_detail"}


def test_columns_are_counted_both_ways() -> None:
    """A is 1, AE is 31, XFD is the last column of a workbook."""
    assert [number(letters(place)) for place in range(1, 16385)] == list(range(1, 16385))
    assert (letters(1), letters(27), letters(31), letters(16384)) == ("A", "AA", "AE", "XFD")


def test_the_national_lists_are_whole() -> None:
    """55 ethnic groups, 8 religions, 7 states of activity, each with its code and no word for two codes."""
    assert [code for code, _ in CODES[Kind.ETHNIC_GROUP].pairs()] == [f"{code:02d}" for code in range(1, 56)]
    assert len(CODES[Kind.RELIGION].pairs()) == 8
    assert len(CODES[Kind.STATUS].pairs()) == 7
    for kind in CODES:
        spelt = [(folded(word), code) for code, words in NATIONAL[kind.value].items() for word in words]
        assert len(dict(spelt)) == len(set(spelt))


@pytest.mark.parametrize(
    ("kind", "word", "code"),
    [
        (Kind.SEX, "nam", "male"),
        (Kind.SEX, "NỮ", "female"),
        (Kind.ETHNIC_GROUP, "Mông", "08"),
        (Kind.ETHNIC_GROUP, "H’mông", "08"),
        (Kind.ETHNIC_GROUP, "Ê đê", "12"),
        (Kind.ETHNIC_GROUP, unicodedata.normalize("NFD", "Tày"), "02"),
        (Kind.RELIGION, "Phật giáo hoà hảo", "03"),
        (Kind.STATUS, "đang sinh hoạt", "active"),
        (Kind.STATUS, "Đang sinh hoạt Đảng", "active"),
        (Kind.STATUS, "Đã ra khỏi Đảng", "left_party"),
        (Kind.ANSWER, "KHÔNG", "no"),
        (Kind.ETHNIC_GROUP, "Mong Kinh", None),
        (Kind.STATUS, "nghỉ", None),
    ],
)
def test_a_word_is_known_in_any_spelling(kind: Kind, word: str, code: str | None) -> None:
    """Case, marks, dashes, apostrophes and composition make no difference; an unknown word has no code."""
    assert CODES[kind].code(word) == code


def test_every_written_word_is_read() -> None:
    """What is written for a code reads back as that code, in every list."""
    for listed in CODES.values():
        assert [listed.code(word) for word in listed.words()] == [code for code, _ in listed.pairs()]


def test_labels_are_plain_english() -> None:
    """Every column has its own label, in ASCII, which vi.po turns into Vietnamese."""
    assert len({column.label.msgid for column in COLUMNS}) == 31
    assert all(column.label.msgid.isascii() for column in COLUMNS)
    assert BY_KEY["admitted_on"].label.msgid.endswith("(column X)")


def test_every_sentence_has_its_vietnamese() -> None:
    """vi.po has every sentence of the sheet with the same parameters, in the words of a good office clerk."""
    package = Path(sheet.__file__).parents[1]
    assert not [fault for fault in check_catalogue(package) if "sheet/" in fault or "Row {row}" in fault]
