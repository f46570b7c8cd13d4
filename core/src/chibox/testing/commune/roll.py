"""The members of a synthetic committee: people of every age whose columns agree with each other."""

from datetime import date
from typing import Any, Final

from chibox.testing.commune.cells import Cell, CellKind
from chibox.testing.dice import Dice, Weighted, later
from chibox.testing.names import read
from chibox.testing.people import OLD_BEFORE, Departure, Names, Numbers, Person, Places, Sex, Status

OF_AGE: Final = 18
CHIP_CARDS_FROM: Final = date(2025, 9, 2)
"""From here on cards are exchanged for those of the new kind, and nobody gets a number of the old kind."""

_LAST_OLD_IDENTITY: Final = 2002  # who was born from then on had a number of twelve digits from the start
_AWARD_DAYS: Final = ((2, 3), (5, 19), (9, 2), (11, 7))
_Ages = Weighted[tuple[int, int]]
_VILLAGE = _Ages([
    ((18, 29), 10), ((30, 39), 14), ((40, 49), 13), ((50, 59), 15), ((60, 69), 24), ((70, 79), 16), ((80, 94), 8),
])  # fmt: skip
_WORKING = _Ages([((22, 29), 16), ((30, 39), 34), ((40, 49), 30), ((50, 61), 20)])
_ARMED = _Ages([((20, 29), 35), ((30, 39), 40), ((40, 57), 25)])
_AGES: dict[CellKind, _Ages] = {
    "hamlet": _VILLAGE, "office": _WORKING, "school": _WORKING, "health": _WORKING, "police": _ARMED, "military": _ARMED,
}  # fmt: skip
_WOMEN: dict[CellKind, int] = {
    "hamlet": 340, "office": 380, "school": 760, "health": 600, "police": 120, "military": 80,
}  # fmt: skip
_DEPARTURES = Weighted[Departure]([("transferred", 45), ("deceased", 35), ("removed", 13), ("resigned", 7)])
_PRESENT = Weighted[Status]([("active", 988), ("suspended", 5), ("interrupted", 7)])
_STATUS_OF: dict[Departure, Status] = {
    "transferred": "transferred", "deceased": "deceased", "removed": "left_party", "resigned": "left_party",
}  # fmt: skip


def next_award_day(day: date) -> date:
    """The first of the four yearly days of awards after `day`."""
    days = [date(year, *award) for year in (day.year, day.year + 1) for award in _AWARD_DAYS]
    return next(award for award in days if award > day)


class Roll:
    """Makes one member after another; each draws from dice of its own purpose, so that one rule more moves little."""

    def __init__(self, seed: int, today: date, commune: str, cells: tuple[Cell, ...]) -> None:
        self._today, self._commune, self._cells = today, commune, cells
        self._names, self._numbers, self._places = Names(), Numbers(), Places()
        self._card_place: str = read("places")["committee"]["card_place"]
        self._who, self._where, self._when, self._what = (
            Dice(seed, purpose) for purpose in ("names", "places", "days", "states")
        )

    def member(self, cell: int, *, left: bool) -> Person:
        """One more member of the cell; with `left`, one who is no longer a member."""
        kind = self._cells[cell].kind
        sex: Sex = "female" if self._who.chance(_WOMEN[kind]) else "male"
        youngest, oldest = self._when.draw(_AGES[kind])
        born_on = self._when.day(
            later(self._today, -oldest - 1), later(self._today, -max(youngest, OF_AGE + 3 if left else 0))
        )
        days = self._days(born_on, left=left)
        places = self._homes(cell)
        personal_id = self._numbers.personal(
            self._who, self._places.place_code(places["birth_place_province"]), sex, born_on
        )
        return Person(
            **self._called(sex, born_on),
            sex=sex,
            born_on=born_on,
            personal_id=personal_id,
            cell=cell,
            **days,
            **places,
            **self._cards(personal_id, days["official_on"], (days["departure"] and days["left_on"]) or self._today),
            old_identity_number=self._old_identity(born_on),
        )

    def _called(self, sex: Sex, born_on: date) -> dict[str, Any]:
        group = self._who.draw(self._names.groups)
        return {
            "national_id": self._who.uuid() if self._who.chance(850) else None,
            "full_name": self._names.full(self._who, sex, born_on.year, group),
            "other_name": self._names.other(self._who)
            if self._who.chance(150 if born_on.year < OLD_BEFORE else 20)
            else None,
            "ethnic_group": group,
            "religion": self._names.religion(self._who, group),
        }

    def _days(self, born_on: date, *, left: bool) -> dict[str, Any]:
        """Admission at 18 or later, twelve months of probation, and how it stands today."""
        today, when = self._today, self._when
        first, last = later(born_on, OF_AGE), min(later(born_on, 45), later(today, -2) if left else today)
        admitted_on = when.day(first, last)
        if when.chance(600):
            admitted_on = min(admitted_on, when.day(first, last))
        official_on: date | None = later(admitted_on, 1)
        status, left_on, departure = self._state(born_on, admitted_on, left=left)
        if official_on and official_on > (left_on or today):
            official_on = None
        return {
            "admitted_on": admitted_on,
            "official_on": official_on,
            "status": status,
            "left_on": left_on,
            "departure": departure,
        }

    def _state(self, born_on: date, admitted_on: date, *, left: bool) -> tuple[Status, date | None, Departure | None]:
        today, what = self._today, self._what
        if left:
            departure = what.draw(_DEPARTURES)
            return _STATUS_OF[departure], what.day(max(later(admitted_on, 1), later(today, -5)), today), departure
        official_on = later(admitted_on, 1)
        if official_on > today:
            return "active", None, None
        old = later(born_on, 70) <= today
        if what.chance(450 if old else 8):
            first = max(later(born_on, 66), later(today, -10)) if old else later(today, -2)
            return "exempt", what.day(max(first, official_on), today), None
        return what.draw(_PRESENT), None, None

    def _homes(self, cell: int) -> dict[str, Any]:
        birth = self._places.somewhere(self._where)
        home = birth if self._where.chance(700) else self._places.somewhere(self._where)
        residence = self._places.near(self._where, self._commune, self._cells[cell].hamlet)
        return {
            f"{what}_{part}": value
            for what, place in (("birth_place", birth), ("home_place", home), ("residence", residence))
            for part, value in zip(("country", "province", "detail"), place, strict=True)
        }

    def _cards(self, personal_id: str, official_on: date | None, until: date) -> dict[str, Any]:
        """The card bears the personal number; it is handed over on the first award day after recognition."""
        if official_on is None:
            return dict.fromkeys(("card_number", "card_place", "card_date", "old_card_number"))
        handed_over: date | None = next_award_day(official_on)
        if handed_over and handed_over < CHIP_CARDS_FROM <= until and self._what.chance(350):
            handed_over = self._what.day(CHIP_CARDS_FROM, until)
        if handed_over and handed_over > until:
            handed_over = None
        return {
            "card_number": personal_id,
            "card_place": self._card_place if handed_over else None,
            "card_date": handed_over,
            "old_card_number": self._numbers.old_card(self._who) if official_on < CHIP_CARDS_FROM else None,
        }

    def _old_identity(self, born_on: date) -> str | None:
        return (
            self._numbers.old_identity(self._who)
            if born_on.year < _LAST_OLD_IDENTITY and self._who.chance(800)
            else None
        )
