"""One cell to one value, strictly: what is not plainly right is asked, never guessed."""

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Final

from chibox.plugin import Unclean, clean, words
from chibox_membership.sheet.codes import CODES, folded
from chibox_membership.sheet.columns import NATIONAL, Column, Kind
from chibox_membership.sheet.faults import Wrong
from chibox_membership.sheet.legacy import converted
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.wire import Cell

FIRST_YEAR: Final = 1900
_LONGEST: Final = 500
_RAW: Final = 4 * _LONGEST  # no letter and its marks are written as more signs than that
_SHOWN: Final = 40
_DAY: Final = re.compile(r"([0-9]{1,2})\s*[/.\-]\s*([0-9]{1,2})\s*[/.\-]\s*([0-9]+)")
_YEAR: Final = re.compile(r"(?:[0-9?.]{1,2}[/.\-])?(?:[0-9?.]{1,2}[/.\-])?[0-9]{4}")
_UUID: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DIGITS: Final = re.compile("[0-9]+")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TOGETHER: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})")
_WORDS: Final = re.compile(NATIONAL["dates"]["in_words"])
_YEAR_DIGITS, _MONTHS = 4, 12
_EPOCH, _FIRST_SERIAL, _LAST_SERIAL = date(1899, 12, 30), 366, 80_000  # of days as spreadsheets count them
_ZEROS: Final = 3  # so many in front may have been taken away: 001 is the first province
_LIKE: Final = 0.6
_SEPARATORS: Final = str.maketrans(dict.fromkeys(" .-–_,'’"))
_ALIKE: Final = str.maketrans("OoQlI|S", "0001115")
_LOST_ZEROS: Final = words(
    "Row {row}, column {column}: the cell is a number of {count} digits: zeros in front are lost. See the card."
)
_MAYBE_LOST: Final = words(
    "Row {row}, column {column}: the cell is a number, so zeros in front may be lost. Write it as text."
)
_UNSEEN: Final = {
    "control": words("Row {row}, column {column}: the cell holds the control character {sign}. Type it again."),
    "invisible": words("Row {row}, column {column}: the cell holds the invisible character {sign}. Type it again."),
    "script": words(
        "Row {row}, column {column}: the cell holds {sign}, which only looks like the right letter. Type it again."
    ),
    "mark": words("Row {row}, column {column}: the cell holds a mark without its letter, {sign}. Type it again."),
}
_LENGTHS: Final = {
    "personal_id": words(
        "Row {row}, column {column}: a personal number has 12 digits; this has {count}. No safe guess: see the card."
    ),
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
    if len(cell.text) > _RAW:
        raise _too_long(len(cell.text))
    if meant := converted(cell.text):
        raise Wrong(
            words("Row {row}, column {column}: this was typed for the fonts of TCVN3 or VNI; here it is “{text}”.",
                  text=cell.text[:_SHOWN]),
            guess=meant[0] if len(meant) == 1 else "", readings=meant if len(meant) > 1 else (),
        )  # fmt: skip
    try:
        cleaned = clean(cell.text)
    except Unclean as unclean:
        raise Wrong(_UNSEEN[unclean.reason], sign=unclean.code_point) from None
    if len(cleaned) > _LONGEST:
        raise _too_long(len(cleaned))
    return cleaned


def _too_long(count: int) -> Wrong:
    return Wrong(
        words("Row {row}, column {column}: the cell holds {count} characters; at most {most} are kept.",
              count=count, most=_LONGEST)
    )  # fmt: skip


def digits(cell: Cell, column: Column) -> str | None:
    """A number of people, whose zeros count: twelve digits, in groups if one likes."""
    found = text(cell).replace(" ", "")
    if found and not _DIGITS.fullmatch(found):
        raise _no_digits(found, column)
    if found and column.digits and len(found) not in column.digits:
        readings = _with_zeros(found, column)
        if cell.kind == "number":
            raise Wrong(_LOST_ZEROS, readings=readings, count=len(found))
        raise Wrong(_LENGTHS[column.key], readings=readings, count=len(found))
    if cell.kind == "number" and not column.digits:
        raise Wrong(_MAYBE_LOST, readings=[found])
    return found or None


def _no_digits(found: str, column: Column) -> Wrong:
    """A sign that is no digit. Separators are surely meant as such; an O or an l is only likely a digit."""
    sign = next(sign for sign in found if not _DIGITS.fullmatch(sign))
    sentence = words("Row {row}, column {column}: only digits stand here; “{sign}” is none.", sign=sign)
    joined, alike = found.translate(_SEPARATORS), found.translate(_SEPARATORS).translate(_ALIKE)
    if _fits(joined, column):
        return Wrong(sentence, guess=joined)
    return Wrong(sentence, readings=[alike] if _fits(alike, column) else [])


def _fits(found: str, column: Column) -> bool:
    return _DIGITS.fullmatch(found) is not None and (not column.digits or len(found) in column.digits)


def _with_zeros(found: str, column: Column) -> list[str]:
    """What it would be if a program took zeros in front away. Never filled in: a digit may as well be missing elsewhere."""
    longest = max(column.digits)
    return [found.zfill(longest)] if longest - _ZEROS <= len(found) < longest else []


def day(cell: Cell, today: date) -> date | None:
    """A day: a cell formatted as a date, or text with the day first; not before 1900, not after today."""
    if cell.kind == "date":
        found = date.fromisoformat(cell.text)
    elif cell.kind == "number":
        raise Wrong(
            words("Row {row}, column {column}: the cell is a number, not a date. Write day/month/year."),
            readings=_readings_of_number(cell.text, today),
        )
    elif cell.kind in {"moment", "time"}:
        raise Wrong(
            words("Row {row}, column {column}: the cell holds a time. Write day/month/year alone."),
            guess=typed(date.fromisoformat(cell.text[:10])) if cell.kind == "moment" else "",
        )
    elif written := text(cell):
        found = _day(written, today)
    else:
        return None
    if found.year < FIRST_YEAR:
        raise Wrong(
            words("Row {row}, column {column}: the year is {year}. The list begins with 1900.", year=str(found.year))
        )
    if found > today:
        raise Wrong(words("Row {row}, column {column}: {day} lies after today.", day=found))
    return found


def typed(day: date) -> str:
    """A day as it is typed."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def _readings_of_number(text: str, today: date) -> list[str]:
    """A day that lost its format, or one that was typed without separators."""
    found: list[date] = []
    if _DIGITS.fullmatch(text):
        if _FIRST_SERIAL < int(text) < _LAST_SERIAL:
            found.append(_EPOCH + timedelta(days=int(text)))
        if len(text) in {7, 8}:
            with suppress(ValueError):
                found.append(date(int(text[-4:]), int(text[-6:-4]), int(text[:-6])))
    return [typed(one) for one in found if one.year >= FIRST_YEAR and one <= today]


def _day(written: str, today: date) -> date:
    iso, match = _ISO.fullmatch(written), _DAY.fullmatch(written) or _WORDS.fullmatch(written.lower())
    match = match or _TOGETHER.fullmatch(written)
    shown = written[:_SHOWN]
    if not match and not iso and _YEAR.fullmatch(written):
        raise Wrong(
            words("Row {row}, column {column}: day, month and year are needed; here it is “{text}”.", text=shown)
        )
    number, month, year = map(int, iso.groups()[::-1] if iso else match.groups() if match else (0, 0, 0))
    if match and len(match[3]) != _YEAR_DIGITS:
        raise Wrong(
            words("Row {row}, column {column}: a year has four digits; here it is “{text}”.", text=shown),
            readings=_centuries(number, month, match[3], today),
        )
    if not (number and month and year):
        raise Wrong(words("Row {row}, column {column}: “{text}” is no date. Write day/month/year.", text=shown))
    if month > _MONTHS:
        raise Wrong(
            words("Row {row}, column {column}: there is no month {month}. Write day/month/year.", month=str(month)),
            readings=[typed(date(year, number, month))]
            if number <= _MONTHS and month <= monthrange(year, number)[1]
            else [],
        )
    if number > (most := monthrange(year, month)[1]):
        raise Wrong(
            words("Row {row}, column {column}: month {month} of {year} has only {days} days.",
                  month=str(month), year=str(year), days=most),
            readings=[typed(date(year, month, most)), typed(date(year, month, most) + timedelta(days=1))],
        )  # fmt: skip
    return date(year, month, number)


def _centuries(number: int, month: int, year: str, today: date) -> list[str]:
    """The days that two digits of a year may mean, of those that have been."""
    found = []
    for century in (1900, 2000) if len(year) == 2 else ():  # noqa: PLR2004 - two digits leave the century open
        with suppress(ValueError):
            found.append(date(century + int(year), month, number))
    return [typed(one) for one in found if one <= today]


def uuid(cell: Cell) -> str | None:
    """The national database's own key, in small letters."""
    found = text(cell).lower()
    if found and not _UUID.fullmatch(found):
        bare = found.strip("{}").replace("-", "").replace(" ", "")
        guess = "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]))
        raise Wrong(
            words("Row {row}, column {column}: an ID has 32 hexadecimal digits in five groups; this has not."),
            guess=guess if _UUID.fullmatch(guess) else "",
        )
    return found or None


def code(cell: Cell, kind: Kind) -> str | None:
    """The code of a word from a closed list."""
    found = text(cell)
    if not found:
        return None
    known = CODES[kind].code(found)
    if known is None:
        listed = {folded(word): word for word in CODES[kind].words()}
        near = get_close_matches(folded(found), listed, 3, _LIKE)
        raise Wrong(_UNKNOWN[kind], readings=[listed[key] for key in near], text=found[:_SHOWN],
                    known=", ".join(CODES[kind].words()))  # fmt: skip
    return known


def unit(cell: Cell, units: Units) -> str | None:
    """The id of the unit that bears the name."""
    found = text(cell)
    return units.id(found[:_LONGEST]) if found else None
