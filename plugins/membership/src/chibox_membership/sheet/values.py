"""One cell to one value, strictly: what is not plainly right is asked, never guessed."""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from chibox.plugin import Unclean, clean, search_key, words
from chibox_membership.sheet.codes import CODES
from chibox_membership.sheet.columns import Column, Kind
from chibox_membership.sheet.faults import Wrong
from chibox_membership.sheet.wire import Cell

Units = Mapping[str, Sequence[str]]
"""Ids of the units by `search_key` of their names; a name that several units bear has several ids."""

FIRST_YEAR: Final = 1900
_LONGEST: Final = 500
_SHOWN: Final = 40
_DAY: Final = re.compile(r"([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,2})\s*[/.\-]\s*([0-9]+)")
_YEAR: Final = re.compile(r"(?:[0-9?.]{1,2}[/.\-])?(?:[0-9?.]{1,2}[/.\-])?[0-9]{4}")
_UUID: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGITS: Final = re.compile("[0-9]+")
_YEAR_DIGITS, _MONTHS = 4, 12
_UNSEEN: Final = {
    "control": words("Row {row}, column {column}: the cell holds the control character {sign}. Type it again."),
    "invisible": words("Row {row}, column {column}: the cell holds the invisible character {sign}. Type it again."),
    "script": words(
        "Row {row}, column {column}: the cell holds {sign}, which only looks like the right letter. Type it again."
    ),
    "mark": words("Row {row}, column {column}: the cell holds a mark without its letter, {sign}. Type it again."),
}
_LENGTHS: Final = {
    "personal_id": words("Row {row}, column {column}: a personal number has 12 digits; this has {count}."),
    "card_number": words("Row {row}, column {column}: a party card number has 12 digits; this has {count}."),
    "old_identity_number": words(
        "Row {row}, column {column}: an old identity number has 9 or 12 digits; this has {count}."
    ),
}
_UNKNOWN: Final = {
    Kind.SEX: words("Row {row}, column {column}: the sex is {known}; here it is “{text}”."),
    Kind.ETHNIC_GROUP: words("Row {row}, column {column}: no ethnic group of the national list is called “{text}”."),
    Kind.RELIGION: words(
        "Row {row}, column {column}: no religion of the list is called “{text}”. The list has: {known}."
    ),
    Kind.STATUS: words("Row {row}, column {column}: no state of activity is called “{text}”. There are: {known}."),
    Kind.ANSWER: words("Row {row}, column {column}: the answer is {known}; here it is “{text}”."),
}


def text(cell: Cell) -> str:
    """The cell's text, cleaned; a number as it is written. Empty stays empty."""
    if cell.kind not in {"text", "number"}:
        raise Wrong(
            words("Row {row}, column {column}: the cell holds a date, a time or TRUE, FALSE. Text belongs here.")
        )
    try:
        cleaned = clean(cell.text)
    except Unclean as unclean:
        raise Wrong(_UNSEEN[unclean.reason], sign=unclean.code_point) from None
    if len(cleaned) > _LONGEST:
        raise Wrong(
            words(
                "Row {row}, column {column}: the cell holds {count} characters; at most {most} are kept.",
                count=len(cleaned),
                most=_LONGEST,
            )
        )
    return cleaned


def digits(cell: Cell, column: Column) -> str | None:
    """A number of people, whose zeros count: twelve digits of text."""
    found = text(cell)
    if cell.kind == "number":
        raise Wrong(
            words("Row {row}, column {column}: the cell is a number, so zeros in front may be lost. Write it as text.")
        )
    if found and not _DIGITS.fullmatch(found):
        sign = next(sign for sign in found if not _DIGITS.fullmatch(sign))
        raise Wrong(words("Row {row}, column {column}: only digits stand here; “{sign}” is none.", sign=sign))
    if found and column.digits and len(found) not in column.digits:
        raise Wrong(_LENGTHS[column.key], count=len(found))
    return found or None


def day(cell: Cell, today: date) -> date | None:
    """A day: a cell formatted as a date, or text with the day first; not before 1900, not after today."""
    if cell.kind == "date":
        found = date.fromisoformat(cell.text)
    elif cell.kind == "number":
        raise Wrong(words("Row {row}, column {column}: the cell is a number, not a date. Write day/month/year."))
    elif cell.kind in {"moment", "time"}:
        raise Wrong(words("Row {row}, column {column}: the cell holds a time. Write day/month/year alone."))
    elif written := text(cell):
        found = _day(written)
    else:
        return None
    if found.year < FIRST_YEAR:
        raise Wrong(
            words("Row {row}, column {column}: the year is {year}. The list begins with 1900.", year=str(found.year))
        )
    if found > today:
        raise Wrong(words("Row {row}, column {column}: {day} lies after today.", day=found))
    return found


def _day(written: str) -> date:
    match = _DAY.fullmatch(written)
    shown = written[:_SHOWN]
    if not match and _YEAR.fullmatch(written):
        raise Wrong(
            words("Row {row}, column {column}: day, month and year are needed; here it is “{text}”.", text=shown)
        )
    number, month, year = map(int, match.groups()) if match else (0, 0, 0)
    if match and len(match[3]) != _YEAR_DIGITS:
        raise Wrong(words("Row {row}, column {column}: a year has four digits; here it is “{text}”.", text=shown))
    if not (number and month and year):
        raise Wrong(words("Row {row}, column {column}: “{text}” is no date. Write day/month/year.", text=shown))
    if month > _MONTHS:
        raise Wrong(
            words("Row {row}, column {column}: there is no month {month}. Write day/month/year.", month=str(month))
        )
    if number > (most := monthrange(year, month)[1]):
        raise Wrong(
            words(
                "Row {row}, column {column}: month {month} of {year} has only {days} days.",
                month=str(month),
                year=str(year),
                days=most,
            )
        )
    return date(year, month, number)


def uuid(cell: Cell) -> str | None:
    """The national database's own key, in small letters."""
    found = text(cell).lower()
    if found and not _UUID.fullmatch(found):
        raise Wrong(words("Row {row}, column {column}: an ID has 32 hexadecimal digits in five groups; this has not."))
    return found or None


def code(cell: Cell, kind: Kind) -> str | None:
    """The code of a word from a closed list."""
    found = text(cell)
    if not found:
        return None
    known = CODES[kind].code(found)
    if known is None:
        raise Wrong(_UNKNOWN[kind], text=found[:_SHOWN], known=", ".join(CODES[kind].words()))
    return known


def unit(cell: Cell, units: Units) -> str | None:
    """The id of the unit that bears the name."""
    found = text(cell)
    if not found:
        return None
    ids = units.get(search_key(found), ())
    if not ids:
        raise Wrong(words("Row {row}, column {column}: this box has no party organisation “{text}”.", text=found))
    if len(ids) > 1:
        raise Wrong(
            words(
                "Row {row}, column {column}: {count} party organisations are called “{text}”.",
                count=len(ids),
                text=found,
            )
        )
    return ids[0]
