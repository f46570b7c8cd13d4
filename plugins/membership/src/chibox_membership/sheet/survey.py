"""What a workbook says of itself, and which of its cells hold a value: counted before, to compare with what is read."""

import posixpath
import re
import time
import zipfile
from collections.abc import Mapping
from functools import partial
from typing import Final

from chibox_membership.sheet import places
from chibox_membership.sheet.guard import is_xml
from chibox_membership.sheet.markup import Handler, fed
from chibox_membership.sheet.wire import KEPT_COLUMNS, Limits, Unreadable, words

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PLACE: Final = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_EMPTY_ROWS: Final = 1_000
_NUMBER: Final = "0123456789 \t\r\n"


class Sheet(Handler):
    """The cells of one sheet: by row a mask of the columns that hold a value, and one of those that hold a formula."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.values: dict[int, int] = {}
        self.formulas: dict[int, int] = {}
        self.hidden: list[int] = []
        self.merged: list[tuple[int, int, str]] = []
        self.beyond: str | None = None
        self._limits, self._row, self._column, self._empty = limits, 0, 0, 0
        self._in_row, self._kind, self._in_value = False, "", False

    def start(self, space: str, name: str, attributes: Mapping[str, str], /) -> None:
        """Rows and cells must ascend: a reader that goes on counting would lose what does not."""
        if space != MAIN:
            return
        if name == "c":
            self._cell(attributes)
        elif name == "row":
            self._begin_row(attributes)
        elif name == "v":
            self._in_value = True
        elif name == "is" and self._kind == "inlineStr":
            self._mark(self.values)
        elif name == "f":
            self._mark(self.formulas)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def text(self, data: str) -> None:
        """A cell holds a value when its v has text."""
        if not self._in_value or not data or self._kind == "inlineStr":
            return
        if self._kind == "s" and data.strip(_NUMBER):  # -1 would be the last string
            raise parted(self.name, self._row, self._column)
        self._mark(self.values)

    def end(self, name: str) -> None:
        """A row without a value counts towards sleep."""
        if name == "v":
            self._in_value = False
        elif name == "row":
            self._in_row = False
            self._empty = 0 if self._row in self.values or self._row in self.formulas else self._empty + 1
            self.asleep = self._empty >= _EMPTY_ROWS

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        number = attributes.get("r", str(self._row + 1))
        if self._in_row or not number.isascii() or not number.isdecimal() or int(number) <= self._row:
            raise _out_of_order(self.name, self._row)
        self._row, self._column, self._in_row = int(number), 0, True
        if attributes.get("hidden") in {"1", "true"}:
            self.hidden.append(self._row)

    def _cell(self, attributes: Mapping[str, str]) -> None:
        self._kind = attributes.get("t", "n")
        column, place = self._column + 1, attributes.get("r")
        if place is not None:
            match = _PLACE.fullmatch(place)
            column = places.number(match[1]) if match and int(match[2]) == self._row else 0
        if not self._in_row or column <= self._column:
            raise _out_of_order(self.name, self._row)
        self._column = column

    def _mark(self, masks: dict[int, int]) -> None:
        if not self._in_row or not self._column:
            raise _out_of_order(self.name, self._row)
        if self._column > KEPT_COLUMNS:
            self.beyond = self.beyond or f"{places.letters(self._column)}{self._row}"
            return
        masks[self._row] = masks.get(self._row, 0) | 1 << self._column
        if len(masks) > self._limits.rows:
            raise Unreadable(
                words("This workbook holds more than {most} rows. Divide the list.", most=self._limits.rows)
            )
        if self._row > self._limits.last_row:
            raise Unreadable(
                words(
                    "Sheet “{sheet}”: a value stands alone in row {row}, far below the list. Delete that row.",
                    sheet=self.name,
                    row=str(self._row),
                )
            )

    def _merge(self, ref: str) -> None:
        ends = [_PLACE.fullmatch(end) for end in ref.split(":")]
        if len(self.merged) < self._limits.rows and len(ends) > 1 and ends[0] and ends[-1]:
            self.merged.append((int(ends[0][2]), int(ends[-1][2]), ref))


class Strings(Handler):
    """Any other part: how many shared strings it holds, and how much text."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._strings, self._signs = limits, 0, 0

    def start(self, _space: str, name: str, _attributes: Mapping[str, str], /) -> None:
        """One more shared string."""
        self._strings += name == "si"
        self._check()

    def text(self, data: str) -> None:
        """More text."""
        self._signs += len(data)
        self._check()

    def _check(self) -> None:
        if self._strings > self._limits.strings or self._signs > self._limits.string_signs:
            raise Unreadable(words("This workbook holds more text than a list does. Delete what is not of the list."))


class _Contents(Handler):
    """[Content_Types].xml: the file is a workbook, and what a reader would parse has the name of what is parsed here."""

    def start(self, _space: str, name: str, attributes: Mapping[str, str], /) -> None:
        kind, path = attributes.get("ContentType", ""), attributes.get("PartName", "").lower()
        if name != "Override":
            return
        if kind.endswith("main+xml") and "spreadsheetml" not in kind:
            raise Unreadable(words("This file is a document of another kind, not a workbook. Send the .xlsx file."))
        if "spreadsheetml" in kind and not path.endswith((".xml", ".bin", ".vml")):
            raise _unusual()


class _Relations(Handler):
    """Worksheets of the workbook by id; charts are no sheets of cells."""

    def __init__(self) -> None:
        self.targets: dict[str, str] = {}
        self.others: set[str] = set()

    def start(self, _space: str, name: str, attributes: Mapping[str, str], /) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            self.targets[attributes.get("Id", "")] = attributes.get("Target", "")
        else:
            self.others.add(attributes.get("Id", ""))


class _Book(Handler):
    """xl/workbook.xml: names of the visible sheets and the ids of their parts."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []

    def start(self, space: str, name: str, attributes: Mapping[str, str], /) -> None:
        if name == "workbook" and space == _STRICT:
            raise Unreadable(words("This workbook is saved as Strict Open XML. Save it as Excel Workbook, .xlsx."))
        if name == "sheet" and space == MAIN and attributes.get("state", "visible") == "visible":
            self.sheets.append((attributes.get("name", ""), attributes.get(f"{_RELATION} id", "")))


def surveyed(archive: zipfile.ZipFile, limits: Limits) -> list[Sheet]:
    """The visible sheets of a workbook, counted; every other part has been through the parser once.

    Raises `Unreadable`. Nothing that a later reader parses is left unseen.
    """
    deadline = time.monotonic() + limits.cpu
    entries = {entry.filename: entry for entry in archive.infolist() if is_xml(entry)}

    def look(path: str, handler: Handler) -> None:
        if path not in entries:
            raise _unusual()
        fed(archive, entries.pop(path), lambda: handler, limits, deadline)

    contents, book, relations = _Contents(), _Book(), _Relations()
    look("[Content_Types].xml", contents)
    look("xl/workbook.xml", book)
    look("xl/_rels/workbook.xml.rels", relations)
    if len(book.sheets) > limits.sheets:
        raise Unreadable(
            words("This workbook has more than {most} sheets. Keep the sheet of the list.", most=limits.sheets)
        )
    sheets: list[Sheet] = []
    for name, identity in book.sheets:
        if identity in relations.others:
            continue
        path = posixpath.normpath(posixpath.join("/xl", relations.targets.get(identity, "")))[1:]
        if path not in entries:
            raise Unreadable(
                words("Sheet “{sheet}” is named in this workbook and missing. Save it again in Excel.", sheet=name)
            )
        sheets.append(fed(archive, entries.pop(path), partial(Sheet, name, limits), limits, deadline))
    for entry in entries.values():
        fed(archive, entry, partial(Strings, limits), limits, deadline)
    return sheets


def parted(sheet: str, row: int, column: int) -> Unreadable:
    """The sentence for a cell that two readers read as two values."""
    return Unreadable(
        words(
            "Sheet “{sheet}”: the cell {cell} reads differently each time. Save the workbook again in Excel.",
            sheet=sheet,
            cell=f"{places.letters(column)}{row}",
        )
    )


def _unusual() -> Unreadable:
    return Unreadable(words("This workbook is put together as Excel never does it. Save it again in Excel."))


def _out_of_order(sheet: str, row: int) -> Unreadable:
    return Unreadable(
        words(
            "Sheet “{sheet}”: rows or cells are out of order after row {row}. Save it again in Excel.",
            sheet=sheet,
            row=str(row),
        )
    )
