"""The numbers that regulations set for members, dated, with their documents; and what is counted by them."""

import calendar
import datetime as dt
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from chibox.plugin import Read, Rule

PROBATION: Final = "membership.probation_months"
AHEAD: Final = dt.timedelta(days=30)
"""So long before its end a probation is named."""
_MONTHS: Final = 12


def rules() -> Sequence[Rule]:
    """The lines that this plugin brings to the rule book."""
    read = tomllib.loads(files(__package__).joinpath("rules.toml").read_text("utf-8"))
    return [Rule(**rule) for rule in read["rules"]]


def ends_probation(read: Read, admitted: dt.date) -> dt.date:
    """The day on which the months of probation are over, counted from `admitted`. Raises Refused without a rule."""
    return months_later(admitted, read.rule(PROBATION).value)


def due_until(read: Read, day: dt.date) -> dt.date:
    """Who was admitted up to this day completes the probation within a month of `day`, or has."""
    return months_later(day + AHEAD, -read.rule(PROBATION).value)


def months_later(day: dt.date, months: int) -> dt.date:
    """So many months later; the last of its month where that has no such day."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def years_between(first: dt.date, day: dt.date) -> int:
    """Whole years: the party age on `day` of who was admitted on `first`."""
    return day.year - first.year - ((day.month, day.day) < (first.month, first.day))
