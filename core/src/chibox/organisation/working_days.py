"""Working days: weeks of five days, without the days off that a law gives, each with its paper."""

import datetime as dt
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from chibox.errors import Refused, Words, words
from chibox.organisation.rules import Rule

WEEK: Final = "core.working_week"
_DAY: Final = dt.timedelta(days=1)
_NAMES: Final = {
    "new_year": words("New Year's Day"),
    "tet": words("Lunar New Year"),
    "hung_kings": words("Commemoration of the Hùng Kings"),
    "victory": words("Victory Day"),
    "labour_day": words("International Labour Day"),
    "national": words("National Day"),
    "culture": words("Vietnam Culture Day"),
}


class Holiday(msgspec.Struct, frozen=True):
    """A day off with its paper. `for_day`: it stands for a day off that fell on a weekend; not `sure`: not announced yet."""

    day: dt.date
    name: Words
    document: str
    issuer: str
    issued: dt.date
    sure: bool = True
    for_day: dt.date | None = None


class Counted(msgspec.Struct, frozen=True):
    """Where counting working days ended, and what was left out on the way: days of weekends, holidays."""

    days: int
    end: dt.date
    weekends: int
    holidays: tuple[Holiday, ...]


class WorkingDays:
    """The calendar of working days from `first` to `last`; beyond them nobody knows which days will be off."""

    def __init__(self, holidays: Iterable[Holiday], first: dt.date, last: dt.date, week: int) -> None:
        """`week`: how many days from Monday on are worked."""
        self.first, self.last, self._week = first, last, week
        self._off: dict[dt.date, Holiday] = {}
        for holiday in sorted(holidays, key=lambda one: one.day):
            self._off[holiday.day] = holiday
        for holiday in [one for one in self._off.values() if self._is_weekend(one.day)]:
            instead = next(day for day in _from(holiday.day) if self.is_working(day))
            self._off[instead] = msgspec.structs.replace(holiday, day=instead, for_day=holiday.day)

    @property
    def holidays(self) -> list[Holiday]:
        """Every day off, those that stand for another among them, by day."""
        return sorted(self._off.values(), key=lambda one: one.day)

    def is_working(self, day: dt.date) -> bool:
        """Whether work is done on `day`, as far as the calendar knows."""
        return not self._is_weekend(day) and day not in self._off

    def after(self, day: dt.date, count: int) -> Counted:
        """`count` working days after `day`, which is not counted itself. Raises Refused where the calendar ends on the way."""
        end, left, weekends, holidays = day, count, 0, list[Holiday]()
        while left:
            end += _DAY
            self._demand(end)
            if self._is_weekend(end):
                weekends += 1
            elif end in self._off:
                holidays.append(self._off[end])
            else:
                left -= 1
        return Counted(count, end, weekends, tuple(holidays))

    def between(self, day: dt.date, end: dt.date) -> int | None:
        """Working days after `day` up to `end`; negative when `end` lies before `day`. None where the calendar does not reach."""
        if end < day:
            back = self.between(end, day)
            return None if back is None else -back
        if day + _DAY < self.first or end > self.last:
            return None
        return sum(self.is_working(day + _DAY * ahead) for ahead in range(1, (end - day).days + 1))

    def _is_weekend(self, day: dt.date) -> bool:
        return day.weekday() >= self._week

    def _demand(self, day: dt.date) -> None:
        if not self.first <= day <= self.last:
            raise Refused("The calendar of working days does not know the holidays of {year}.", year=str(day.year))


@cache
def working_days() -> WorkingDays:
    """The calendar of this version."""
    read = _read()
    holidays = [
        Holiday(day, _NAMES[entry["name"]], sure=entry.get("sure", True), **read["papers"][entry["paper"]])
        for entry in read["days"]
        for day in entry["days"]
    ]
    week = next(rule.value for rule in rules() if rule.name == WEEK)
    return WorkingDays(holidays, read["calendar"]["first"], read["calendar"]["last"], week)


@cache
def rules() -> tuple[Rule, ...]:
    """The line of the rule book by which Saturday and Sunday are free."""
    return tuple(Rule(**rule) for rule in _read()["rules"])


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(files("chibox.organisation").joinpath("calendar.toml").read_text("utf-8"))


def _from(day: dt.date) -> Iterable[dt.date]:
    while True:
        day += _DAY
        yield day
