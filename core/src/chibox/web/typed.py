"""What a person typed, read by the kind of its field. Each reader raises `Invalid` with the reason in words."""

import calendar
import datetime as dt
import re
from decimal import Decimal
from typing import Final

from chibox.errors import Invalid
from chibox.text import Unclean, clean
from chibox.web.locale import ENGLISH, current

FIRST_YEAR, LAST_YEAR = 1800, 2199
LONGEST: Final = 20_000  # characters; longer texts are files

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z")
_APART = re.compile(r"(\d{1,2}) ?[/.-] ?(\d{1,2}) ?[/.-] ?(\d{4}|\d\d)\Z")
_TOGETHER = re.compile(r"(\d\d)(\d\d)(\d{4}|\d\d)\Z")
_YEAR = re.compile(r"(?:\.\.[/.-])?(?:\.\.[/.-])?(\d{4})\Z")
_MONTH = re.compile(r"(?:\.\.[/.-])?(\d{1,2}) ?[/.-] ?(\d{4})\Z")
_LINE_END = re.compile(r"\r\n?|\n")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?\Z", re.ASCII)


def line(text: str) -> str:
    """A text of one line: composed, its blanks single. Refuses what cannot be seen, and a text of the size of a file."""
    if len(text) > LONGEST:
        raise Invalid("At most {most} letters; here there are {count}", most=LONGEST, count=len(text))
    try:
        return clean(text)
    except Unclean as unclean:
        raise Invalid(unclean.words.msgid, **unclean.words.params) from None


def lines(text: str) -> str:
    """A text of several lines, each as `line` reads it, without empty ones at its ends."""
    return "\n".join(line(one) for one in _LINE_END.split(text)).strip("\n")


def date(text: str) -> dt.date:
    """A whole date, as it is typed: 13/02/1968, 13-2-1968, 13.02.1968, 13022026, or 1968-02-13 when pasted."""
    typed = line(text)
    iso = _ISO.match(typed)
    if iso:
        return _day(int(iso[3]), int(iso[2]), int(iso[1]))
    parts = _APART.match(typed) or _TOGETHER.match(typed)
    if not parts:
        raise Invalid("Write day/month/year, such as 13/02/1968; here stands “{typed}”", typed=typed)
    day, month, year = parts.groups()
    if len(year) == 2:  # noqa: PLR2004 - two digits name two centuries
        first, second = (_day(int(day), int(month), century + int(year)) for century in (1900, 2000))
        raise Invalid("Write all four digits of the year: {first} or {second}", first=first, second=second)
    return _day(int(day), int(month), int(year))


def partial_date(text: str) -> str:
    """ISO, cut to what is known of day and month: "1968", "2/1968", "../../1968" are taken too."""
    typed = line(text)
    year = _YEAR.match(typed)
    if year:
        return f"{_year(int(year[1])):04}"
    month = _MONTH.match(typed)
    if month:
        return f"{_day(1, int(month[1]), int(month[2])):%Y-%m}"
    return date(typed).isoformat()


def _day(day: int, month: int, year: int) -> dt.date:
    _year(year)
    if not day or not month:
        raise Invalid("Days and months are counted from 1")
    if month > 12:  # noqa: PLR2004
        raise Invalid("There is no month {month}: a year has 12 months", month=str(month))
    last = calendar.monthrange(year, month)[1]
    if day > last:
        raise Invalid("Month {month} of {year} has only {days} days", month=str(month), year=str(year), days=last)
    return dt.date(year, month, day)


def _year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        first, last = str(FIRST_YEAR), str(LAST_YEAR)
        raise Invalid(
            "The year is from {first} to {last}; here stands {year}", first=first, last=last, year=f"{year:04}"
        )
    return year


def number(text: str) -> Decimal:
    """1.234,5 (1,234.5 to who reads English). Dots must stand at thousands: 1.5 could be either, so it is refused."""
    typed = line(text).replace("\u00a0", "").replace(" ", "").replace("−", "-")
    local = typed.translate(str.maketrans(",.", ".,")) if current() == ENGLISH else typed
    if not _NUMBER.match(local):
        example = "1,234.5" if current() == ENGLISH else "1.234,5"
        raise Invalid("Write a number such as {example}; here stands “{typed}”", example=example, typed=line(text))
    return Decimal(local.replace(".", "").replace(",", "."))


def whole(text: str) -> int:
    """A whole number, thousands apart or not."""
    value = number(text)
    if value != value.to_integral_value():
        raise Invalid("A whole number is wanted; here stands “{typed}”", typed=line(text))
    return int(value)
