"""Finds the sheet that bears the headings of the entry sheet 4.0, and says where another's differ."""

import re
from typing import Final

from chibox.plugin import Invalid, nfc
from chibox_membership.sheet.codes import folded
from chibox_membership.sheet.columns import COLUMNS, HEADING_ROWS, Column
from chibox_membership.sheet.wire import Row, Table, Workbook

_NAME: Final = next(place for place, column in enumerate(COLUMNS, 1) if column.key == "full_name")
_SEARCHED: Final = 20
_SHOWN: Final = 60
_SIGNS: Final = re.compile(r"[^\w]+")  # stars, brackets, slashes and line breaks tell no heading apart


def entry_sheet(book: Workbook) -> Table:
    """The one visible sheet with the headings of the 4.0 sheet in rows 6 and 7; raises `Invalid` when there is none."""
    right = [table for table in book.tables if _differing(table) is None]
    if len(right) > 1:
        raise Invalid(
            "Sheets “{one}” and “{other}” both have the headings of the 4.0 sheet. Keep one and send it again.",
            one=right[0].name,
            other=right[1].name,
        )
    if right:
        return right[0]
    likely = next((table for table in book.tables if _heading_row(table)), None)
    if likely is None:
        raise Invalid("No sheet of this workbook has the headings of the 4.0 sheet in rows 6 and 7.")
    if (row := _heading_row(likely)) != HEADING_ROWS[0]:
        raise Invalid(
            "The headings stand in row {row}. The 4.0 sheet has them in rows 6 and 7, and its list from row 8.",
            row=str(row),
        )
    column, row, found = _differing(likely) or (COLUMNS[0], HEADING_ROWS[0], "")
    raise Invalid(
        "Row {row}, column {column}: the heading is “{found}”. The 4.0 sheet has “{expected}” there.",
        row=str(row),
        column=column.letter,
        found=found[:_SHOWN],
        expected=column.heading[HEADING_ROWS.index(row)],
    )


def _heading_row(table: Table) -> int | None:
    """The row in which the heading of the full name stands, if it stands near the top."""
    column = COLUMNS[_NAME - 1]
    for row in table.rows:
        if row.number <= _SEARCHED and _key(_text(row, _NAME)) in _accepted(column, 0):
            return row.number
    return None


def _differing(table: Table) -> tuple[Column, int, str] | None:
    """The first heading that is not the 4.0 sheet's: its column, its row, what stands there."""
    rows = {row.number: row for row in table.rows if row.number in HEADING_ROWS}
    for line, number in enumerate(HEADING_ROWS):
        for place, column in enumerate(COLUMNS, 1):
            found = _text(rows.get(number), place)
            if _key(found) not in _accepted(column, line):
                return column, number, found
    return None


def _accepted(column: Column, line: int) -> set[str]:
    written = column.heading[line]
    return {_key(heading) for heading in (written, *column.also)} if written else {""}


def _text(row: Row | None, place: int) -> str:
    cell = row.cells.get(place) if row else None
    return cell.text if cell else ""


def _key(heading: str) -> str:
    return folded(_SIGNS.sub(" ", nfc(heading)))
