"""Reads a text file of separated values, .csv: decoded strictly, its separator told by its headings, its fields counted."""

import codecs
import csv
from collections.abc import Iterator
from io import StringIO
from typing import Final

from chibox_membership.sheet.places import letters
from chibox_membership.sheet.wire import KEPT_COLUMNS, Cell, Limits, Row, Table, Unreadable, Workbook, words

SEPARATORS: Final = ",;\t|"
_BINARY: Final = (b"PK", bytes.fromhex("d0cf11e0a1b11ae1"), b"%PDF", b"{\\rtf")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LOOKED: Final = 4096
_HEADED: Final = 20
NAME: Final = "CSV"


def is_text(data: bytes) -> bool:
    """Whether the bytes may be a text file; whatever has the first bytes of another kind is left to those who name it."""
    start = data[:_LOOKED]
    if not start or start.startswith(_BINARY) or start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return False
    return any(start.startswith(mark) for mark, _ in _MARKS) or not any(sign in start for sign in b"\x00\x01\x02\x03")


def read(data: bytes, limits: Limits) -> Workbook:
    """One table of texts; raises `Unreadable`. A record's place is its row, whatever lines its fields have."""
    if len(data) > limits.file:
        raise Unreadable(words("This file is larger than {most} MB.", most=limits.file // 1_000_000))
    text = _decoded(data)
    if "\x00" in text:
        raise Unreadable(words("This file is no text: it holds the sign NUL. Save it as .xlsx in Excel and send that."))
    csv.field_size_limit(limits.cell)
    separator = _separator(text)
    rows = list(_rows(text, separator, limits))
    beyond = next(
        (f"{letters(KEPT_COLUMNS + 1)}{number}" for number, fields in rows if len(fields) > KEPT_COLUMNS), None
    )
    table = [
        Row(
            number,
            {place: Cell("text", field) for place, field in enumerate(fields[:KEPT_COLUMNS], 1) if field.strip()},
        )
        for number, fields in rows
    ]
    return Workbook([Table(NAME, [row for row in table if row.cells], [], [], beyond)])


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding, errors="strict")
    except UnicodeDecodeError:
        raise Unreadable(
            words("This text file is not in UTF-8. In Excel choose “CSV UTF-8”, or save it as .xlsx, and send that.")
        ) from None


def _separator(text: str) -> str:
    """The sign that parts the most fields of the headings: the widest of the first records."""
    counts = {
        sign: max((len(record) for _, record in zip(range(_HEADED), _records(text, sign), strict=False)), default=0)
        for sign in SEPARATORS
    }
    best = max(counts, key=lambda sign: counts[sign])
    if counts[best] < 2:  # noqa: PLR2004 - one field a record is not parted
        raise Unreadable(words("This text file has no columns: no comma, semicolon or tab parts its first lines."))
    return best


def _records(text: str, separator: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error:
        return


def _rows(text: str, separator: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Records that are not empty, by number. One wider than the headings shows that a quote or a separator went astray."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    widest, number, held, signs = 0, 0, 0, 0
    try:
        for number, fields in enumerate(reader, 1):
            while fields and not fields[-1].strip():
                fields.pop()
            if number <= _HEADED:
                widest = max(widest, len(fields))
            elif len(fields) > widest:
                raise Unreadable(
                    words("Row {row} has {count} fields, the headings have {headings}. Look for a stray separator or quote.",
                          row=str(number), count=len(fields), headings=widest)
                )  # fmt: skip
            held += bool(fields)
            signs += sum(map(len, fields))
            if held > limits.rows:
                raise Unreadable(words("This workbook holds more than {most} rows. Divide the list.", most=limits.rows))
            if signs > limits.answer:
                raise Unreadable(
                    words("This workbook holds more text than a list does. Delete what is not of the list.")
                )
            if fields:
                yield number, fields
    except csv.Error:
        raise Unreadable(
            words("After row {row} this text file is broken: a quote is not closed, or a field is too long. Save it again.",
                  row=str(number))
        ) from None  # fmt: skip
