"""What is written reads back equal, whoever is in it."""

import string
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from openpyxl import load_workbook
from plugins.membership.tests.sheet.listed import Checked, checked

from chibox.testing.commune import Commune, Size
from chibox.text import clean, search_key
from chibox_membership.sheet.child import answer
from chibox_membership.sheet.columns import COLUMNS
from chibox_membership.sheet.legacy import converted
from chibox_membership.sheet.rows import _ERRORS, SheetRow
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.whole import whole
from chibox_membership.sheet.wire import Limits, Workbook
from chibox_membership.sheet.writing import write

People = Callable[[Size, int], tuple[Commune, list[SheetRow], dict[str, str]]]
TODAY = date(2026, 11, 25)
UNITS = {"a" * 32: "Chi bộ thôn Đông", "b" * 32: "=Chi bộ @ Quân sự"}


def written(rows: list[SheetRow], units: dict[str, str]) -> bytes:
    """The rows as a file."""
    return write(rows, units, committee="Đảng bộ xã Sao Mai", day=TODAY)


def read_back(data: bytes, units: dict[str, str]) -> Checked:
    """The rows of a file, read in this process for speed."""
    book = answer(data, Limits())
    assert isinstance(book, Workbook)
    return checked(book.tables[0], Units((name, identity) for identity, name in units.items()), TODAY)


@pytest.mark.parametrize(("size", "seed"), [("tiny", 1), ("tiny", 2), ("small", 3), ("usual", 1)])
def test_a_commune_reads_back_equal(people: People, size: Size, seed: int) -> None:
    """Every member of a generated commune, of every status, is the same after writing and reading."""
    _, rows, names = people(size, seed)
    back = read_back(written(rows, names), names)
    assert back.faults == []
    assert back.rows == rows


def test_a_commune_reads_back_equal_through_the_process(people: People) -> None:
    """The whole way, with the reading process, gives the same rows."""
    its, rows, names = people("small", 5)
    assert {row.status for row in rows} >= {"active", "exempt", "transferred", "deceased"}
    units = Units((name, identity) for identity, name in names.items())
    assert whole(written(rows, names), units, its.today) == rows


signs = st.characters(codec="utf-8", categories=["L", "N", "P", "S"], max_codepoint=0x1EFF)
texts = st.text(st.one_of(st.sampled_from("=+-@'\"<>&_x0041 Đặỹơ̆’"), signs), min_size=1, max_size=30).map(
    lambda text: f"{text} ạ" if converted(text) else text
)


def kept(text: str) -> bool:
    """Whether the door takes the text as it is; no mark of secrecy and no error of a spreadsheet."""
    try:
        return clean(text) == text and text not in _ERRORS and search_key(text) not in {"mat", "toi mat", "tuyet mat"}
    except ValueError:
        return False


texts = texts.filter(kept)
digits = st.text(string.digits, min_size=12, max_size=12)
days = st.dates(date(1900, 1, 1), TODAY)


@st.composite
def members(draw: st.DrawFn) -> SheetRow:
    """One row with anything that the sheet can hold in each column."""
    maybe = st.none() | texts
    born, joined, official = sorted(draw(st.tuples(days, days, days)))
    number = draw(digits)
    recognised = draw(st.booleans())
    columns: dict[str, Any] = {
        column.key: draw(maybe)
        for column in COLUMNS
        if column.key.endswith(("_country", "_province", "_detail", "_result", "_place")) or column.key == "other_name"
    }
    return SheetRow(
        **columns,
        row=8,
        national_id=draw(st.none() | st.uuids().map(str)),
        full_name=draw(texts),
        sex=draw(st.sampled_from(["male", "female"])),
        born_on=born,
        ethnic_group=draw(st.integers(1, 55).map("{:02d}".format)),
        religion=draw(st.sampled_from(["00", "01", "02", "03", "04", "05", "06", "99"])),
        personal_id=number,
        card_number=number if recognised else None,
        card_date=draw(st.none() | days),
        old_card_number=draw(st.none() | digits.map(lambda text: text[:8])),
        cell=draw(st.sampled_from(list(UNITS))),
        admitted_on=joined,
        official_on=official if recognised else None,
        old_identity_number=draw(st.none() | digits | digits.map(lambda text: text[:9])),
        status=draw(st.sampled_from(
            ["active", "exempt", "interrupted", "suspended", "transferred", "left_party", "deceased"]
        )),
        left_on=draw(st.none() | st.dates(joined, TODAY)),
        delete_requested=draw(st.none() | st.booleans()),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(members())
def test_any_row_reads_back_equal(row: SheetRow) -> None:
    """Whatever texts and dates a row holds, also such as begin like a formula, it reads back equal."""
    back = read_back(written([row], UNITS), UNITS)
    assert back.faults == []
    assert back.rows == [row]


def test_a_sheet_as_excel_saves_it_gives_the_same_rows(people: People) -> None:
    """Shared strings, dates as dates and order numbers as numbers, formatted rows below: the rows are the same."""
    _, rows, names = people("tiny", 3)
    book = load_workbook(BytesIO(written(rows, names)))
    page = book.worksheets[0]
    for row in page.iter_rows(min_row=8):
        row[0].value = int(str(row[0].value))
        for cell in row:
            if "/" in str(cell.value) and cell.coordinate.rstrip("0123456789") in {"F", "L", "X", "Y", "AB"}:
                day, month, year = map(int, str(cell.value).split("/"))
                cell.value, cell.number_format = date(year, month, day), "dd/mm/yyyy"
    page.row_dimensions[200].height = 20
    out = BytesIO()
    book.save(out)
    back = read_back(out.getvalue(), names)
    assert back.faults == []
    assert back.rows == rows


def test_text_that_looks_like_an_escape_reads_back_equal(people: People) -> None:
    """The format writes control characters as _x000D_; text that only looks like that stays as it is."""
    _, rows, names = people("tiny", 3)
    row = structs.replace(rows[0], other_name="_x0041_ _x000D_", check_detail="'=1")
    assert read_back(written([row], names), names).rows == [row]


def test_the_file_is_the_national_sheet(people: People) -> None:
    """Headings stand merged in rows 6 and 7, the list begins in row 8, four code sheets are hidden."""
    _, rows, names = people("tiny", 1)
    book = load_workbook(BytesIO(written(rows, names)))
    sheet = book.worksheets[0]
    assert [sheet.cell(6, place).value or "" for place in range(1, 32)] == [column.heading[0] for column in COLUMNS]
    assert [sheet.cell(7, place).value or "" for place in range(1, 32)] == [column.heading[1] for column in COLUMNS]
    assert {"A6:A7", "O6:Q6", "R6:T6", "U6:W6", "AE6:AE7"} <= {str(merged) for merged in sheet.merged_cells.ranges}
    assert sheet.cell(8, 3).value == rows[0].full_name
    assert sheet.max_row == 7 + len(rows)
    assert [(page.title, page.sheet_state) for page in book.worksheets[1:]] == [
        ("QUOCGIA", "hidden"), ("TINH", "hidden"), ("DANTOC", "hidden"), ("TONGIAO", "hidden"),
    ]  # fmt: skip
    assert [page.max_row for page in book.worksheets[3:]] == [56, 9]


def test_nothing_in_the_file_is_a_formula_or_a_number(people: People) -> None:
    """Every cell is text, also one that begins like a formula, and that one is quoted for other programs."""
    _, rows, names = people("tiny", 1)
    data = written([structs.replace(rows[0], other_name="=1+1")], names)
    book = load_workbook(BytesIO(data))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells if cell.value == "=1+1"] == [True]
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_the_same_rows_give_the_same_bytes(people: People) -> None:
    """A file depends on its rows, names and day, and on nothing else."""
    _, rows, names = people("tiny", 2)
    assert written(rows, names) == written(rows, names)


def test_nothing_is_left_of_the_writing(people: People, tmp_path: Path) -> None:
    """The temporary folder is gone when the file is there."""
    _, rows, names = people("tiny", 2)
    write(rows, names, committee="Đảng bộ xã Sao Mai", day=TODAY, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_code_or_unit_without_a_name_is_not_written(people: People) -> None:
    """An id without a name, a code that is on no list, or a text too long for a cell raises: no cell is left empty."""
    _, rows, names = people("tiny", 2)
    with pytest.raises(KeyError):
        written(rows, {})
    with pytest.raises(KeyError):
        written([structs.replace(rows[0], religion="77")], names)
    with pytest.raises(ValueError, match="longer than a cell"):
        written([structs.replace(rows[0], other_name="x" * 40_000)], names)
