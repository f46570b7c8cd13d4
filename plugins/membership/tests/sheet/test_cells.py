"""Every sentence for cells that cannot be told safely, and what is kept of those that can."""

import datetime as dt
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook as OpenpyxlWorkbook

from chibox_membership.sheet import cells, survey
from chibox_membership.sheet.wire import Table

Parts = Mapping[str, bytes]
Zipped = Callable[..., bytes]
Refused = Callable[..., str]
Tables = Callable[..., list[Table]]
SHEET = "xl/worksheets/sheet1.xml"


def test_text_has_a_measure(parts: Parts, zipped: Zipped, sheet: bytes, refused: Refused) -> None:
    """Shared strings and the text of all cells together are bounded: a short file cannot become a long one."""
    sentence = "This workbook holds more text than a list does. Delete what is not of the list."
    many = b"<sst>" + b"<si><t>a</t></si>" * 50 + b"</sst>"
    assert refused(zipped({**parts, "xl/sharedStrings.xml": many}), strings=49) == sentence
    assert refused(zipped({**parts, "xl/sharedStrings.xml": many}), string_signs=49) == sentence
    assert refused(sheet, answer=100) == sentence


def test_sheets_and_rows_have_a_number(
    parts: Parts, zipped: Zipped, rows_part: Any, cell_xml: Any, refused: Refused
) -> None:
    """So many sheets are looked at, and so many rows with a value are read."""
    book = parts["xl/workbook.xml"].replace(b' state="hidden"', b"")
    assert refused(zipped({**parts, "xl/workbook.xml": book}), sheets=4) == (
        "This workbook has more than 4 sheets. Keep the sheet of the list."
    )
    rows = [(number, cell_xml(1, number, "x")) for number in range(1, 12)]
    assert refused(zipped({**parts, SHEET: rows_part(rows)}), rows=10) == (
        "This workbook holds more than 10 rows. Divide the list."
    )


def test_a_lone_value_far_below_is_named(
    parts: Parts, zipped: Zipped, rows_part: Any, cell_xml: Any, refused: Refused
) -> None:
    """A stray value at the bottom of the sheet is not padded with a million rows."""
    rows = [(1, cell_xml(1, 1, "x")), (1_048_576, cell_xml(1, 1_048_576, "x"))]
    assert refused(zipped({**parts, SHEET: rows_part(rows)})) == (
        "Sheet “DANH SÁCH ĐẢNG VIÊN”: a value stands alone in row 1048576, far below the list. Delete that row."
    )


def test_rows_and_cells_must_be_in_order(
    parts: Parts, zipped: Zipped, rows_part: Any, cell_xml: Any, refused: Refused
) -> None:
    """A library would lose what is out of order, doubled or in a row of another number: it is refused."""
    sentence = "Sheet “DANH SÁCH ĐẢNG VIÊN”: rows or cells are out of order after row {}. Save it again in Excel."
    for rows, after in (
        ([(2, cell_xml(1, 2, "x")), (1, cell_xml(1, 1, "y"))], 2),
        ([(2, cell_xml(1, 2, "x")), (2, cell_xml(2, 2, "y"))], 2),
        ([(1, cell_xml(2, 1, "x") + cell_xml(1, 1, "y"))], 1),
        ([(1, cell_xml(1, 1, "x") + cell_xml(1, 1, "y"))], 1),
        ([(1, cell_xml(1, 5, "x"))], 1),
    ):
        assert refused(zipped({**parts, SHEET: rows_part(rows)})) == sentence.format(after)


def test_a_missing_sheet_is_named(parts: Parts, zipped: Zipped, refused: Refused) -> None:
    """A visible sheet whose part is not there is not skipped."""
    without = {name: part for name, part in parts.items() if name != SHEET}
    assert refused(zipped(without)) == (
        "Sheet “DANH SÁCH ĐẢNG VIÊN” is named in this workbook and missing. Save it again in Excel."
    )


def test_sheets_that_openpyxl_sees_otherwise_are_refused(parts: Parts, zipped: Zipped, refused: Refused) -> None:
    """When the library finds other sheets than the survey did, nothing is read."""
    elsewhere = parts["[Content_Types].xml"].replace(b"/xl/workbook.xml", b"/xl/other.xml")
    other = parts["xl/workbook.xml"].replace("DANH SÁCH".encode(), b"KHAC")
    spoilt = {**parts, "[Content_Types].xml": elsewhere, "xl/other.xml": other}
    spoilt["xl/_rels/other.xml.rels"] = parts["xl/_rels/workbook.xml.rels"]
    assert refused(zipped(spoilt)) == "The sheets of this workbook cannot be told apart. Save it again in Excel."


def test_what_is_read_must_be_what_was_counted(sheet: bytes, monkeypatch: pytest.MonkeyPatch, refused: Refused) -> None:
    """A value that one of two readings misses is named: no cell is lost in silence."""
    surveyed = survey.surveyed

    def one_more(*given: Any) -> list[survey.Sheet]:
        found = surveyed(*given)
        found[0].values[8] |= 1 << 4
        return found

    monkeypatch.setattr(survey, "surveyed", one_more)
    assert refused(sheet) == (
        "Sheet “DANH SÁCH ĐẢNG VIÊN”: the cell D8 reads differently each time. Save the workbook again in Excel."
    )


def test_a_value_in_a_foreign_namespace_is_not_lost(parts: Parts, zipped: Zipped, refused: Refused) -> None:
    """A cell's value that Excel would not see is seen by neither reading; one that only one sees refuses the file."""
    hidden = parts[SHEET].replace(b'<c r="D6"', b'<c r="D6x"')
    assert "out of order" in refused(zipped({**parts, SHEET: hidden}))
    nested = parts[SHEET].replace(b"<is><t>STT</t></is>", b"<x><is><t>STT</t></is></x>")
    assert "the cell A6 reads differently each time" in refused(zipped({**parts, SHEET: nested}))


def test_a_long_cell_is_named(sheet: bytes, refused: Refused) -> None:
    """A cell has a length, and the one that is longer is named."""
    assert refused(sheet, cell=30) == "Row 1, column A: the cell holds more than 30 characters. Shorten it."


def test_time_is_bounded(sheet: bytes, refused: Refused) -> None:
    """When the time for the survey is over, reading ends."""
    assert refused(sheet, cpu=0) == "This workbook takes too long to read. Delete what is not of the list."


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (MemoryError(), "This workbook takes too much memory to read. Delete what is not of the list."),
        (KeyError("x"), "This workbook cannot be read to its end. Save it again in Excel."),
    ],
)
def test_what_a_library_raises_is_a_sentence(
    sheet: bytes, monkeypatch: pytest.MonkeyPatch, fault: Exception, sentence: str, refused: Refused
) -> None:
    """Whatever openpyxl is led to raise ends as a refusal, never as a traceback."""

    def fail(*_: Any, **__: Any) -> None:
        raise fault

    monkeypatch.setattr(cells, "load_workbook", fail)
    assert refused(sheet) == sentence


def test_a_cell_of_the_wrong_type_is_a_sentence(parts: Parts, zipped: Zipped, refused: Refused) -> None:
    """A number cell that holds letters, on which openpyxl raises, refuses the file."""
    spoilt = parts[SHEET].replace(b' t="inlineStr"><is><t>STT</t></is>', b"><v>STT</v>")
    assert refused(zipped({**parts, SHEET: spoilt})) == (
        "This workbook cannot be read to its end. Save it again in Excel."
    )


def test_kinds_of_cells_are_kept(tables: Tables) -> None:
    """Text, numbers, dates, times, truth, errors and formulas come with their kind, and formulas without a value too."""
    out = BytesIO()
    book = OpenpyxlWorkbook()
    page = book.active
    assert page is not None
    moment = dt.datetime.combine(dt.date(1968, 5, 7), dt.time(10, 30))
    page.append(["chữ", 12, 1.5, dt.date(1968, 5, 7), moment, dt.time(10, 30), True, "=A1"])
    page.append([36123456789012, "_x000D_", None, ""])
    page.merge_cells("A3:B4")
    page.row_dimensions[2].hidden = True
    book.save(out)
    table = tables(out.getvalue())[0]
    told = [(cell.kind, cell.text, cell.formula) for cell in table.rows[0].cells.values()]
    assert told == [
        ("text", "chữ", False), ("number", "12", False), ("number", "1.5", False), ("date", "1968-05-07", False),
        ("moment", "1968-05-07 10:30:00", False), ("time", "10:30:00", False), ("truth", "TRUE", False),
        ("error", "", True),
    ]  # fmt: skip
    assert table.rows[1].cells[1].text == "36123456789012"
    assert table.hidden == [2]
    assert table.merged == [(3, 4, "A3:B4")]


def test_a_value_to_the_far_right_is_told(
    parts: Parts, zipped: Zipped, rows_part: Any, cell_xml: Any, tables: Tables
) -> None:
    """What lies beyond the columns that are kept is not read, and told."""
    rows = [(1, cell_xml(1, 1, "x") + cell_xml(65, 1, "y")), (2, cell_xml(16384, 2, "z"))]
    table = tables(zipped({**parts, SHEET: rows_part(rows)}))[0]
    assert table.beyond == "BM1"
    assert [list(row.cells) for row in table.rows] == [[1]]


def test_only_visible_sheets_are_read(sheet: bytes, tables: Tables) -> None:
    """Hidden code sheets are left out; the visible one comes with every row that holds a value."""
    found = tables(sheet)
    assert [table.name for table in found] == ["DANH SÁCH ĐẢNG VIÊN"]
    assert [row.number for row in found[0].rows] == [1, 2, 3, 6, 7, 8]
