"""What is left of a file as a sheet: the rows as they were typed and mended, why each was left, and the same questions again."""

import datetime as dt
import random
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import pytest
from openpyxl import load_workbook
from plugins.membership.tests.importing.conftest import Opened
from plugins.membership.tests.importing.evenings import evening, planted
from plugins.membership.tests.importing.files import lines_in
from plugins.membership.tests.importing.house import Clerk, House

from chibox.drafts.draft import Draft
from chibox_membership.importing.desk import leftover_sheet
from chibox_membership.importing.held import Kept
from chibox_membership.sheet.columns import BY_KEY, FIRST_ROW

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

_TYPED: Final[dict[str, tuple[str, Any]]] = {
    "a truth for a name": ("other_name", True),
    "a day for a place": ("residence_detail", dt.date(1961, 2, 28)),
    "a moment for a day": ("card_date", dt.datetime(2020, 2, 3, 10, 30)),  # noqa: DTZ001 - as a sheet has it
    "a number for a day": ("card_date", 24897),
    "a number whose zeros nobody knows": ("old_card_number", 880123),
    "a number that lost zeros": ("old_identity_number", 12345678),
    "an error": ("residence_detail", "#REF!"),
}
"""Cells that are wrong by their kind: as mere text some of them would be right."""


def left(clerk: Clerk, draft: Draft) -> bytes:
    """The sheet of what is left."""
    return leftover_sheet(clerk.drafts, draft, "Đảng bộ xã Sao Mai", clerk.house.today, str)


def why(rows: dict[int, Kept]) -> list[tuple[str, frozenset[str], frozenset[str]]]:
    """Of whom, in which columns and by which questions rows are left, in the order of the file."""
    trials = [kept.trial for _, kept in sorted(rows.items()) if kept.trial is not None]
    return [(t.name, frozenset(f.key for f in t.faults), frozenset(q.key for q in t.questions)) for t in trials]


@pytest.mark.parametrize("seed", [1, 2])
def test_what_is_left_asks_the_same_again(commune_house: Opened, at_desk: Callable[[House], Clerk], seed: int) -> None:
    """The rows that were not recorded, sent again, are wrong in the same columns; mended there, they are all recorded."""
    house = commune_house("tiny", seed)
    clerk = at_desk(house)
    lines = evening(house, random.Random(seed))
    wrong, mends = planted(lines, random.Random(seed))
    draft = clerk.tried(wrong)
    clerk.record(draft)
    before = clerk.rows(draft, "wrong")
    again = clerk.tried(left(clerk, draft))
    assert why(clerk.rows(again, "wrong")) == why(before)
    assert clerk.counts(again) == {"wrong": len(before)}
    places = dict(zip(sorted(before), sorted(clerk.rows(again, "wrong")), strict=True))
    mended = clerk.mend(again, {places[row]: some for row, some in mends.items()})
    assert clerk.counts(mended).keys() <= {"new", "changed", "same"}
    if clerk.counts(mended).keys() & {"new", "changed"}:
        clerk.record(mended)
    assert clerk.counts(clerk.tried(lines)) == {"same": len(lines)}


@pytest.mark.parametrize(("key", "value"), _TYPED.values(), ids=_TYPED)
def test_a_cell_of_the_wrong_kind_stays_wrong(
    roll: "Roll", house: House, clerk: Clerk, key: str, value: object
) -> None:
    """What was wrong by its kind is not made right by being written down again: nobody has looked at it yet."""
    roll.enter()
    draft = clerk.tried([{**house.lines()[0], key: value}])
    before = clerk.rows(draft, "wrong")
    assert [faults for _, faults, _ in why(before)] == [{key}]
    again = clerk.tried(left(clerk, draft))
    assert why(clerk.rows(again, "wrong")) == why(before)


def test_doubtful_rows_are_left_too(roll: "Roll", house: House, clerk: Clerk) -> None:
    """A row that only a person can decide goes out with its question, and comes back with it."""
    roll.enter(full_name="Nguyễn Thị Hường")
    draft = clerk.tried([{**house.lines()[0], "born_on": "14/12/1968", "full_name": "Nguyễn Thị Lụa"}])
    before = clerk.rows(draft, "doubtful")
    assert why(clerk.rows(clerk.tried(left(clerk, draft)), "doubtful")) == why(before)


def test_it_says_why_in_its_last_columns_and_has_what_was_mended(roll: "Roll", house: House, clerk: Clerk) -> None:
    """AD says what the row is, AE why, naming row and column of this very sheet; what was mended stands in its cell."""
    for _ in range(3):
        roll.enter()
    lines = house.lines()
    lines[2] = {**lines[2], "sex": "Nam/Nữ", "personal_id": "12", "card_number": "990068000123"}
    draft = clerk.mend(clerk.tried(lines), {FIRST_ROW + 2: {"personal_id": "34"}})
    (line,) = lines_in(left(clerk, draft))
    assert (line["check_result"], line["personal_id"], line["sex"]) == ("Wrong", "34", "Nam/Nữ")
    for key in ("sex", "personal_id"):
        assert f"Row {FIRST_ROW}, column {BY_KEY[key].letter}: " in line["check_detail"]


def test_rows_that_stand_twice_name_each_other_where_they_are_now(roll: "Roll", house: House, clerk: Clerk) -> None:
    """Two rows with one number say of each other in which row of this sheet the other one is."""
    for place in range(4):
        roll.enter(born_on=dt.date(1968, 1, 1 + place))
    lines = house.lines()
    lines[3] = {**lines[3], "personal_id": lines[1]["personal_id"]}
    first, second = lines_in(left(clerk, clerk.tried(lines)))
    assert f"row {FIRST_ROW + 1} has the same" in first["check_detail"]
    assert f"row {FIRST_ROW} has the same" in second["check_detail"]


def test_nothing_in_it_is_calculated(roll: "Roll", house: House, clerk: Clerk) -> None:
    """What begins like a formula is a text, in cells and in sentences."""
    roll.enter()
    draft = clerk.tried([{**house.lines()[0], "sex": "=1+1", "other_name": '=HYPERLINK("http://x")'}])
    sheet = load_workbook(BytesIO(left(clerk, draft))).worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=FIRST_ROW) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b", "d"}
    assert any(cell.value == "=1+1" and cell.data_type == "s" for cell in cells)
