"""Entering somebody into the roll: what is stated, what is refused, and in which words."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from chibox.errors import Forbidden, Invalid

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

WHOLE: dict[str, Any] = {
    "full_name": "H’Nhuôn Êban Niê",
    "other_name": "Mí Lý",
    "sex": "female",
    "born_on": dt.date(1988, 7, 24),
    "ethnic_group": "03",
    "religion": "05",
    "personal_id": "990188000001",
    "admitted_on": dt.date(2016, 9, 30),
    "official_on": dt.date(2017, 9, 30),
    "national_id": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "card_number": "990188000001",
    "card_place": "Tỉnh ủy Lam Sơn",
    "card_date": dt.date(2017, 11, 7),
    "old_card_number": "99000001",
    "birth_place_country": "Việt Nam",
    "birth_place_province": "tỉnh Lam Sơn",
    "birth_place_detail": "xã Sao Mai",
    "home_place_country": "Việt Nam",
    "home_place_province": "tỉnh Lam Sơn",
    "home_place_detail": "xã Sao Mai",
    "residence_country": "Việt Nam",
    "residence_province": "tỉnh Lam Sơn",
    "residence_detail": "bản Pá Khoang",
    "old_identity_number": "990000001",
    "delete_requested": False,
}


def test_everything_that_is_given_stands_in_the_row(roll: "Roll") -> None:
    """Each column of the national sheet is kept, the cell and the state hold from the admission on."""
    member = roll.member(roll.enter(cell=roll.west, **WHOLE))
    assert {field: getattr(member, field) for field in WHOLE} == WHOLE
    assert (member.cell, member.cell_since, member.status) == (roll.west, WHOLE["admitted_on"], "active")
    assert (member.name_key, member.standing(dt.date(2017, 9, 29))) == (
        "h'nhuon eban nie / mi ly",
        "probationary_member",
    )
    assert member.standing(dt.date(2017, 9, 30)) == "official_member"


def test_texts_are_cleaned_and_numbers_lose_their_groups(roll: "Roll") -> None:
    """Spaces around and inside a name, groups of a number and an empty text are not kept as typed."""
    row = roll.member(
        roll.enter(full_name="  Vừ  A Dếnh ", personal_id="990 068 001 217", other_name=" ", card_place="")
    )
    assert (row.full_name, row.personal_id, row.other_name, row.card_place) == (
        "Vừ A Dếnh", "990068001217", None, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("personal_id", "9900680012", "12 digits are needed here; this has 10."),
        ("personal_id", "99006800121x", "Only digits stand here."),
        ("card_number", "1" * 13, "12 digits are needed here; this has 13."),
        ("old_identity_number", "12345678", "9 or 12 digits are needed here; this has 8."),
        ("old_card_number", "A1", "Only digits stand here."),
        ("national_id", "not one", "An ID has 32 hexadecimal digits in five groups; this has not."),
        ("full_name", " ", "This cannot be empty."),
        ("ethnic_group", "Kinh", "Choose one from the list."),
        ("religion", "77", "Choose one from the list."),
        ("born_on", dt.date(2026, 11, 26), "This day has not come yet."),
        ("card_date", dt.date(1899, 12, 31), "The year is 1899; the roll begins with 1900."),
        ("official_on", dt.date(1987, 7, 29), "Nobody is official before the admission, 1987-07-30."),
        ("admitted_on", dt.date(1968, 12, 13), "Nobody is admitted before birth, 1968-12-13."),
        ("residence_detail", "x" * 501, "At most 500 characters are kept; this has 501."),
        ("other_name", "MẬT", "This is a mark of secrecy. State secrets do not belong in this box."),
        ("full_name", "Vừ\u200bA", "This text holds the invisible character U+200B. Type the text again."),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(roll: "Roll", field: str, value: Any, sentence: str) -> None:
    """Every fault of a field is named there in a sentence that says the fact, and nothing is recorded."""
    size = roll.box.log.size
    with pytest.raises(Invalid) as refused:
        roll.enter(**{field: value} | ({"official_on": None} if field == "admitted_on" else {}))
    assert {name: str(words) for name, words in refused.value.fields.items()} == {field: sentence}
    assert roll.box.log.size == size


def test_the_committee_itself_is_no_cell(roll: "Roll") -> None:
    """Members belong to cells: nobody enters the committee that stands over them."""
    with pytest.raises(Invalid) as refused:
        roll.enter(cell=roll.root)
    assert str(refused.value.fields["cell"]) == "Choose a cell of this committee."


@pytest.mark.parametrize("field", ["personal_id", "national_id", "card_number"])
def test_a_number_belongs_to_one_member(roll: "Roll", field: str) -> None:
    """A second member with the same personal number, national id or card is refused at that field."""
    roll.enter(**WHOLE)
    other = {"personal_id": "990188000002", "national_id": None, "card_number": None, field: WHOLE[field]}
    with pytest.raises(Invalid) as refused:
        roll.enter(**other)
    assert {field: "This number stands with another member already."} == {
        name: str(words) for name, words in refused.value.fields.items()
    }


def test_every_fault_is_told_at_once(roll: "Roll") -> None:
    """Two wrong fields are named in one refusal, which says how many there are."""
    with pytest.raises(Invalid, match="2 places need a look") as refused:
        roll.enter(personal_id="1", religion="x")
    assert refused.value.fields.keys() == {"personal_id", "religion"}


def test_who_holds_no_post_enters_nobody(roll: "Roll") -> None:
    """An administrator's post gives no right to the roll."""
    with pytest.raises(Forbidden):
        roll.ask(roll.entering(), actor=roll.administrator)
