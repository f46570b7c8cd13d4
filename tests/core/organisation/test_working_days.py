"""The calendar of working days: weekends and days off are left out, each day off has its paper, what is not known is said."""

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibox.errors import Refused
from chibox.organisation.working_days import working_days

CALENDAR = working_days()
DAYS = st.dates(CALENDAR.first, CALENDAR.last)


@pytest.mark.parametrize(
    ("day", "end", "weekends", "off"),
    [
        (dt.date(2026, 10, 22), dt.date(2026, 12, 4), 12, [dt.date(2026, 11, 24)]),
        (dt.date(2026, 11, 7), dt.date(2026, 12, 21), 13, [dt.date(2026, 11, 24)]),
        (dt.date(2026, 11, 26), dt.date(2027, 1, 8), 12, [dt.date(2027, 1, 1)]),
    ],
)
def test_thirty_working_days_later(day: dt.date, end: dt.date, weekends: int, off: list[dt.date]) -> None:
    """Thirty working days end where a clerk's own counting ends; what was left out is named with its paper."""
    counted = CALENDAR.after(day, 30)
    assert (counted.end, counted.weekends, [one.day for one in counted.holidays]) == (end, weekends, off)
    assert all(one.document and one.issuer and one.issued < one.day for one in counted.holidays)


def test_the_days_off_of_a_year_are_those_of_the_law() -> None:
    """Twelve days a year, and one more for each that falls on a weekend."""
    for year in (2026, 2027):
        off = [one for one in CALENDAR.holidays if one.day.year == year]
        assert len([one for one in off if one.for_day is None]) == 12
        assert {one.for_day for one in off if one.for_day} == {one.day for one in off if one.day.weekday() >= 5}


def test_a_day_off_on_a_weekend_moves_to_the_next_working_day() -> None:
    """The Hùng Kings' Sunday of 2026 is made up for on Monday; two days of Tết on a weekend follow its last day."""
    moved = {one.for_day: one.day for one in CALENDAR.holidays if one.for_day}
    assert moved[dt.date(2026, 4, 26)] == dt.date(2026, 4, 27)
    assert [moved[dt.date(2027, 2, day)] for day in (6, 7)] == [dt.date(2027, 2, 10), dt.date(2027, 2, 11)]


def test_what_is_not_announced_is_not_sure() -> None:
    """Which five days are Tết is announced every year: those of 2027 were not at hand."""
    unsure = {one.day for one in CALENDAR.holidays if not one.sure}
    assert dt.date(2027, 2, 8) in unsure
    assert not {day for day in unsure if day.year == 2026}


@given(DAYS, DAYS)
def test_there_and_back(day: dt.date, end: dt.date) -> None:
    """Days between two days, counted back, are the same, negative; each working day adds one."""
    count = CALENDAR.between(day, end)
    assert count is not None
    assert CALENDAR.between(end, day) == -count
    if day <= end < CALENDAR.last:
        further = end + dt.timedelta(days=1)
        assert CALENDAR.between(day, further) == count + CALENDAR.is_working(further)


@given(DAYS, st.integers(0, 40))
def test_so_many_later_are_so_many_between(day: dt.date, count: int) -> None:
    """Where counting ends lies as many working days ahead as were counted, on a working day."""
    try:
        counted = CALENDAR.after(day, count)
    except Refused:
        assert CALENDAR.between(day, CALENDAR.last) or count > 0
        return
    assert CALENDAR.between(day, counted.end) == count
    assert (counted.end - day).days == count + counted.weekends + len(counted.holidays)
    assert count == 0 or CALENDAR.is_working(counted.end)


def test_beyond_the_calendar_nobody_counts() -> None:
    """A year whose days off are not known is neither counted through nor into."""
    assert CALENDAR.between(dt.date(2025, 12, 1), dt.date(2026, 3, 1)) is None
    assert CALENDAR.between(dt.date(2027, 12, 1), dt.date(2028, 1, 2)) is None
    with pytest.raises(Refused, match="2028"):
        CALENDAR.after(dt.date(2027, 12, 30), 5)


def new_moon(number: int) -> dt.date:
    """The day in Viet Nam of the new moon with this number, counted from 1900 (Meeus; the error is minutes)."""
    t, r = number / 1236.85, math.radians
    sun = r(359.2242 + 29.10535608 * number - 0.0000333 * t**2)
    moon = r(306.0253 + 385.81691806 * number + 0.0107306 * t**2)
    node = r(21.2964 + 390.67050646 * number - 0.0016528 * t**2)
    at = 2415020.75933 + 29.53058868 * number + 0.0001178 * t**2 + 0.00033 * math.sin(r(166.56 + 132.87 * t))
    at += 0.1734 * math.sin(sun) + 0.0021 * math.sin(2 * sun) - 0.4068 * math.sin(moon) + 0.0161 * math.sin(2 * moon)
    at += 0.0104 * math.sin(2 * node) - 0.0051 * math.sin(sun + moon) - 0.0074 * math.sin(sun - moon)
    return dt.date.fromordinal(math.floor(at + 0.5 + 7 / 24) - 1721425)


@pytest.mark.parametrize(("year", "first"), [(2026, 1560), (2027, 1572)])
def test_days_of_the_moon_fall_where_the_moon_is_new(year: int, first: int) -> None:
    """Tết is the new moon after the great cold; the Hùng Kings are remembered on the tenth of the third lunar month."""
    names = {one.day: one.name.msgid for one in CALENDAR.holidays if one.day.year == year and one.for_day is None}
    tet = new_moon(first)
    assert [names.get(tet + dt.timedelta(days=ahead)) for ahead in range(-1, 4)] == ["Lunar New Year"] * 5
    kings = new_moon(first + 2) + dt.timedelta(days=9)
    assert names[kings] == "Commemoration of the Hùng Kings"
