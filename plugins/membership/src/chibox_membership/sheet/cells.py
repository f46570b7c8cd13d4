"""The cells of a guarded workbook, read by openpyxl and compared with what the survey counted."""

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final, Protocol

from openpyxl import load_workbook

from chibox_membership.sheet.places import letters
from chibox_membership.sheet.survey import Sheet, parted
from chibox_membership.sheet.wire import KEPT_COLUMNS, Cell, CellKind, Limits, Row, Table, Unreadable, Workbook, words

_HALVES: Final = re.compile("[\ud800-\udfff]")
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")  # how the format writes a control character


def read(data: bytes, surveyed: Sequence[Sheet], limits: Limits) -> Workbook:
    """Every visible sheet with its cells; raises `Unreadable` where openpyxl and the survey part, naming the cell."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # openpyxl warns of styles and extensions, which are not kept, and of days that are none
        book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        found: dict[str, Any] = {sheet.title: sheet for sheet in book.worksheets if sheet.sheet_state == "visible"}
        if set(found) != {sheet.name for sheet in surveyed} or len(found) != len(surveyed):
            raise Unreadable(words("The sheets of this workbook cannot be told apart. Save it again in Excel."))
        reader = _Reader(limits)
        return Workbook([reader.table(found[sheet.name], sheet) for sheet in surveyed])


class _Worksheet(Protocol):
    """What openpyxl gives for a sheet that is only read; its stubs know the other kind."""

    def reset_dimensions(self) -> None:
        """Forget what the file says of its own size."""

    def iter_rows(self, *, max_row: int, max_col: int) -> Iterator[tuple[Any, ...]]:
        """Rows from the first on, each of so many cells."""


class _Reader:
    """Reads sheets, and counts the text that the answer will hold."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._signs = limits, 0

    def table(self, sheet: _Worksheet, counted: Sheet) -> Table:
        """One sheet, compared row by row."""
        sheet.reset_dimensions()
        return Table(
            name=counted.name,
            rows=list(self._rows(sheet, counted)),
            hidden=[row for row in counted.hidden if row in counted.values],
            merged=counted.merged,
            beyond=counted.beyond,
        )

    def _rows(self, sheet: _Worksheet, counted: Sheet) -> Iterator[Row]:
        rows = counted.values.keys() | counted.formulas.keys()
        read = sheet.iter_rows(max_row=max(rows, default=1), max_col=KEPT_COLUMNS)
        number = 0
        for number, cells in enumerate(read, 1):
            row = {
                place: self._cell(number, place, cell, bool(counted.formulas.get(number, 0) >> place & 1))
                for place, cell in enumerate(cells, 1)
                if cell.value is not None
            }
            apart = counted.values.get(number, 0) ^ sum(1 << place for place in row)
            if apart:
                raise parted(counted.name, number, (apart & -apart).bit_length() - 1)
            for place in _places(counted.formulas.get(number, 0) & ~counted.values.get(number, 0)):
                row[place] = Cell("error", "", formula=True)  # a formula whose value was never calculated
            if row:
                yield Row(number, row)
        if number < max(rows, default=0):
            raise parted(counted.name, max(rows), 1)

    def _cell(self, row: int, column: int, cell: Any, formula: bool) -> Cell:
        kind, text = _plain(cell.value, cell.data_type)
        if len(text) > self._limits.cell:
            raise Unreadable(
                words(
                    "Row {row}, column {column}: the cell holds more than {most} characters. Shorten it.",
                    row=str(row),
                    column=letters(column),
                    most=self._limits.cell,
                )
            )
        self._signs += len(text)
        if self._signs > self._limits.answer:
            raise Unreadable(words("This workbook holds more text than a list does. Delete what is not of the list."))
        return Cell(kind, text, formula)


def _plain(value: object, data_type: str) -> tuple[CellKind, str]:
    """Kind and text of a value that openpyxl gives."""
    if isinstance(value, str):
        text = _unescaped(value) if "_x" in value else value
        return ("error" if data_type == "e" else "text"), text
    if isinstance(value, bool):
        return "truth", str(value).upper()
    if isinstance(value, int | float):
        return "number", str(int(value)) if float(value).is_integer() else repr(value)
    if isinstance(value, datetime) and value.time() != time():
        return "moment", value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return "date", value.isoformat()[:10]
    return "time", str(value)


def _unescaped(text: str) -> str:
    """The text with the characters that the format writes by their number; half of a pair is no character: U+FFFF."""
    found = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text)
    paired = found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _HALVES.sub("\uffff", paired)


def _places(mask: int) -> Iterator[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1
