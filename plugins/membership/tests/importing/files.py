"""Files of the entry sheet for tests, made cell by cell: what somebody typed, whether it is right or not."""

import datetime as dt
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final

from openpyxl import load_workbook
from xlsxwriter import Workbook

from chibox_membership.sheet.codes import CODES
from chibox_membership.sheet.columns import COLUMNS, FIRST_ROW, HEADING_ROWS, Kind
from chibox_membership.sheet.places import number
from chibox_membership.tables import Member

Line = dict[str, Any]
"""A row by the keys of its columns: texts; an int for a cell that is a number, a date for one that is a day, …"""
NOT_KEPT: Final = frozenset({"number", "left_on", "check_result", "check_detail"})


def line_of(member: Member, names: Mapping[str, str]) -> Line:
    """A member of the roll as the sheet writes it: what is not known is not there."""
    held = {column.key: getattr(member, column.key) for column in COLUMNS if column.key not in NOT_KEPT}
    if member.status != "active":
        held["left_on"] = member.status_since
    return {key: written(key, value, names) for key, value in held.items() if value is not None}


def written(key: str, value: Any, names: Mapping[str, str]) -> str:
    """A value as the sheet writes it."""
    kind = next(column.kind for column in COLUMNS if column.key == key)
    if kind is Kind.UNIT:
        return names[value]
    if kind is Kind.ANSWER:
        value = "yes" if value else "no"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    return CODES[kind].word(value) if kind in CODES else str(value)


def workbook(lines: Sequence[Line]) -> bytes:
    """The lines as a file of the national sheet, from row 8 on."""
    out = BytesIO()
    book = Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("DS")
    day, moment = (book.add_format({"num_format": f"dd/mm/yyyy{time}"}) for time in ("", " hh:mm:ss"))
    for row, line in zip(HEADING_ROWS, zip(*(column.heading for column in COLUMNS), strict=True), strict=True):
        for place, heading in enumerate(line):
            sheet.write_string(row - 1, place, heading)
    for row, typed in enumerate(lines, FIRST_ROW - 1):
        for place, column in enumerate(COLUMNS):
            value = typed.get(column.key)
            if isinstance(value, dt.datetime):
                sheet.write_datetime(row, place, value, moment)
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, place, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, bool):
                sheet.write_boolean(row, place, value)
            elif isinstance(value, int):
                sheet.write_number(row, place, value)
            elif value:
                sheet.write_string(row, place, value)
    book.close()
    return out.getvalue()


def lines_in(data: bytes) -> list[Line]:
    """The lines of a file of the national sheet, with what stands in its cells."""
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    found = []
    for row in sheet.iter_rows(min_row=FIRST_ROW):
        cells = {cell.column_letter: cell.value for cell in row if cell.value is not None}
        found.append({COLUMNS[number(letter) - 1].key: value for letter, value in cells.items()})
    return found
