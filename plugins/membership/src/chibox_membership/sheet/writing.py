"""Writes the entry sheet 4.0, every value as text, so that it reads back equal and no cell is ever a formula."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from chibox.plugin import search_key
from chibox_membership.sheet.codes import CODES
from chibox_membership.sheet.columns import COLUMNS, FIRST_ROW, HEADING_ROWS, NATIONAL, Column, Kind
from chibox_membership.sheet.rows import SheetRow

_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r")  # what other programs would take for the start of a formula
Typed = str | bool | float | time | datetime
"""What a cell can be made to hold: a text, or what is wrong in it by its kind."""
_LONGEST: Final = 32_767
_WIDTHS: Final = {Kind.ORDER: 6, Kind.DATE: 12, Kind.DIGITS: 15, Kind.UUID: 38, Kind.UNIT: 32}
_CODE_SHEETS: Final[Mapping[str, str]] = NATIONAL["code_sheets"]


def write(
    rows: Iterable[SheetRow], units: Mapping[str, str], *, committee: str, day: date, folder: Path | None = None
) -> bytes:
    """An .xlsx file with these rows from row 8 on, in their order; their `row` is not asked.

    `units` gives the name of each unit's id. The same rows and day give the same bytes. Raises `KeyError` for an id or
    a code that has no name and `ValueError` for a text longer than a cell, both before anything is written. Rows pass
    through a temporary folder, in `folder` where one is given, that only this process reads; it is gone on return, and
    a crash leaves it there.
    """
    listed = list(rows)
    lines = [[_word(row, column, place, units) for column in COLUMNS] for place, row in enumerate(listed, 1)]
    places = {part: _named(listed, part) for part in ("country", "province")}
    return _book(lines, places, committee, day, folder)


def write_cells(rows: Iterable[Mapping[str, Typed]], *, committee: str, day: date, folder: Path | None = None) -> bytes:
    """The same sheet of cells as they are, by key: rows that are wrong, to be mended and sent again. Longer texts are cut."""
    lines = [
        [str(place) if column.kind is Kind.ORDER else _cut(row.get(column.key, "")) for column in COLUMNS]
        for place, row in enumerate(rows, 1)
    ]
    return _book(lines, {"country": [], "province": []}, committee, day, folder)


def _cut(value: Typed) -> Typed:
    return value[:_LONGEST] if isinstance(value, str) else value


def _book(
    lines: Sequence[Sequence[Typed]],
    places: Mapping[str, list[tuple[str, str]]],
    committee: str,
    day: date,
    folder: Path | None,
) -> bytes:
    if any(isinstance(word, str) and len(word) > _LONGEST for line in lines for word in line):
        raise ValueError("a text is longer than a cell can hold")
    out = BytesIO()
    with TemporaryDirectory(prefix="chibox-sheet-", dir=folder) as temporary:
        book = Workbook(out, {"constant_memory": True, "tmpdir": temporary})
        book.set_properties({"created": datetime.combine(day, time())})
        sheet = _Sheet(book, book.add_worksheet(NATIONAL["sheet"]))
        sheet.headings(committee, day)
        for number, line in enumerate(lines, FIRST_ROW):
            sheet.cells(number, line)
        _write_codes(book, places)
        book.close()
    return out.getvalue()


def _word(row: SheetRow, column: Column, place: int, units: Mapping[str, str]) -> str:
    value: Any = place if column.kind is Kind.ORDER else getattr(row, column.key)
    if value is None:
        return ""
    if column.kind is Kind.DATE:
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    if column.kind is Kind.UNIT:
        return units[value]
    if column.kind is Kind.ANSWER:
        value = "yes" if value else "no"
    return CODES[column.kind].word(value) if column.kind in CODES else str(value)


class _Sheet:
    """One worksheet that is written from top to bottom, and its formats."""

    def __init__(self, book: Workbook, sheet: Worksheet) -> None:
        self._sheet = sheet
        self._text = book.add_format({"num_format": "@"})
        self._moment = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        self._quoted = book.add_format({"num_format": "@", "quote_prefix": True})
        self._heading = book.add_format(
            {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1}
        )

    def headings(self, committee: str, day: date) -> None:
        """Title, day, note, and the two rows of headings with their merges; widths as the columns need."""
        for place, column in enumerate(COLUMNS):
            self._sheet.set_column(place, place, _WIDTHS.get(column.kind, 20), self._text)
        self.line(1, [NATIONAL["title"].format(committee=committee)])
        self.line(2, [NATIONAL["day"].format(day=f"{day:%d/%m/%Y}")])
        self.line(3, [NATIONAL["note"]])
        for line, row in enumerate(HEADING_ROWS):
            self.line(row, [column.heading[line] for column in COLUMNS], self._heading)
        self._sheet.freeze_panes(FIRST_ROW - 1, 3)
        self._merge()

    def _merge(self) -> None:
        """Merges of the headings, noted where XlsxWriter keeps them: in constant memory `merge_range` takes no row back."""
        upper, lower = (row - 1 for row in HEADING_ROWS)
        begun = [place for place, column in enumerate(COLUMNS) if column.heading[0]]
        for place, following in zip(begun, [*begun[1:], len(COLUMNS)], strict=True):
            last = (upper, following - 1) if COLUMNS[place].heading[1] else (lower, place)
            self._sheet.merge.append([upper, place, *last])

    def line(self, row: int, words: Sequence[str], form: Format | None = None) -> None:
        """One row of texts; empty ones leave no cell."""
        for place, word in enumerate(words):
            if word:
                chosen = form or (self._quoted if word.startswith(_ACTIVE) else self._text)
                self._sheet.write_string(row - 1, place, word, chosen)

    def cells(self, row: int, values: Sequence[Typed]) -> None:
        """One row of cells, each of its kind."""
        self.line(row, [value if isinstance(value, str) else "" for value in values])
        for place, value in enumerate(values):
            if isinstance(value, bool):
                self._sheet.write_boolean(row - 1, place, value)
            elif isinstance(value, float):
                self._sheet.write_number(row - 1, place, value)
            elif isinstance(value, time | datetime):
                self._sheet.write_datetime(row - 1, place, value, self._moment)


def _write_codes(book: Workbook, places: Mapping[str, list[tuple[str, str]]]) -> None:
    """The hidden sheets: national lists of ethnic groups and religions; countries and provinces as the rows name them."""
    lists = {
        **places,
        "ethnic_group": CODES[Kind.ETHNIC_GROUP].pairs(),
        "religion": CODES[Kind.RELIGION].pairs(),
    }
    for key, name in _CODE_SHEETS.items():
        hidden = book.add_worksheet(name)
        hidden.hide()
        sheet = _Sheet(book, hidden)
        for line, pair in enumerate([NATIONAL["code_heading"], *lists[key]], 1):
            sheet.line(line, pair)


def _named(rows: Sequence[SheetRow], part: str) -> list[tuple[str, str]]:
    """Names without codes: their national codes are not ours to make up."""
    columns = [f"{place}_{part}" for place in ("birth_place", "home_place", "residence")]
    names = {name for row in rows for column in columns if (name := getattr(row, column))}
    return [("", name) for name in sorted(names, key=search_key)]
