"""Sentences that need both a format and a translation: a date in words, a pair with its share, a weekday."""

import datetime as dt

from markupsafe import Markup

from chibox.errors import words
from chibox.web import formats
from chibox.web.locale import current, gettext, translate

_WEEKDAYS = (
    words("Monday"),
    words("Tuesday"),
    words("Wednesday"),
    words("Thursday"),
    words("Friday"),
    words("Saturday"),
    words("Sunday"),
)

_PLAIN_MONTH = 3  # the first that is written without a nought: nobody makes 3 out of 13


def number(value: float, digits: int | None = None) -> str:
    """1.234,5, or 1,234.5 to who reads English."""
    return formats.number(value, current(), digits)


def pair(part: int, whole: int) -> str:
    """18 of 21 (85.7%): the two counts first, then the share."""
    share = formats.share(part, whole, current())
    return gettext("{part} of {whole} ({share})", part=part, whole=whole, share=share) if share else number(part)


def weekday(day: dt.date) -> str:
    """Thursday, as it stands before a date."""
    return translate(_WEEKDAYS[day.weekday()])


def dated(day: dt.date) -> str:
    """Thursday, 03/12/2026."""
    return f"{weekday(day)}, {formats.date(day)}"


def date_in_words(day: dt.date) -> str:
    """3 December 2026, as it is read aloud."""
    return gettext("day {day} month {month} year {year}", day=str(day.day), month=str(day.month), year=str(day.year))


def lawful_date(day: dt.date) -> str:
    """Day 03 month 12 year 2026, as lawful papers have it: days below 10 and the months 1 and 2 with a nought."""
    month = f"{day.month:02}" if day.month < _PLAIN_MONTH else str(day.month)
    return gettext("day {day} month {month} year {year}", day=f"{day.day:02}", month=month, year=str(day.year))


def time_in_words(at: dt.datetime | int) -> str:
    """19 giờ 30, as it is read aloud."""
    hour, minute = formats.time(at).split(":")
    return gettext("{hour}:{minute} o'clock", hour=str(int(hour)), minute=minute)


def person_name(name: str) -> Markup:
    """A name with the given name, its last word, in bold: that is how Vietnamese look for a person."""
    rest, _, given = name.rpartition(" ")
    return Markup("{}{}<b>{}</b>").format(rest, " " if rest else "", given)
