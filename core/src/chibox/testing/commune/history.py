"""What happened to a synthetic committee in the last years, told backwards from how it stands today."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal

from chibox.testing.commune import Commune
from chibox.testing.commune.roll import next_award_day
from chibox.testing.dice import Dice, Weighted, later
from chibox.testing.names import read
from chibox.testing.people import Person, Places
from chibox.text import TONES, nfc, split_name

What = Literal[
    "admitted", "made_official", "card_issued", "moved", "residence_changed", "exempted", "suspended", "interrupted",
    "departed", "birth_date_corrected", "name_corrected", "home_place_corrected",
]  # fmt: skip
Reason = Literal["marriage", "moved_house"]


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that was recorded: `values` are columns of the person from the day `true` on.

    `member` is the place in the commune's roll. A correction has no day of its own: `true` is the day on which it was
    recorded, and `ground` the paper that it rests on. For "admitted", values are all columns as they stood then.
    """

    recorded: date
    true: date
    member: int
    what: What
    values: Mapping[str, Any]
    reason: Reason | None = None
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """How a roll began and what was recorded since.

    `opening` gives, by place in the roll, who was on it `years` ago and how; whoever is missing there comes by a
    happening "admitted". `happenings` are in the order in which they were recorded. Whoever starts from the opening
    and, for each person, takes the happenings by their true day (then as recorded) arrives at the commune's roll.
    """

    opening: Mapping[int, Person]
    happenings: Sequence[Happening]


_LATE: Final = 150  # of a thousand facts, how many are recorded two to ten months after their day
_CARD = ("card_place", "card_date")
_MOVES, _HOMES = Weighted([(0, 74), (1, 21), (2, 5)]), Weighted([(0, 67), (1, 27), (2, 6)])
_CORRECTED = {
    "birth_date": 75,
    "name": 45,
    "home_place": 65,
}  # of a thousand people, on whom something was written wrongly
_SETTLED = timedelta(days=30)  # who came or leaves within so many days has no other happenings
_MARRYING_AGE: Final = 45


def history(commune: Commune, years: int = 3) -> Past:
    """The last years of the commune, up to its day; the same for the same commune, whatever machine tells it."""
    teller = _Teller(commune, years)
    opening: dict[int, Person] = {}
    happenings: list[Happening] = []
    for member, person in enumerate(commune.members):
        story = _Story(teller, member, person)
        happenings += story.happenings
        if story.opening:
            opening[member] = story.opening
    order = {"admitted": 0, "departed": 2}
    happenings.sort(key=lambda told: (told.recorded, order.get(told.what, 1), told.member, told.true))
    return Past(opening, happenings)


class _Teller:
    """What all stories of one committee share: its days, its chance, its places and papers."""

    def __init__(self, commune: Commune, years: int) -> None:
        self.today, self.start = commune.today, later(commune.today, -years)
        self.dice, self.places, self.cells = Dice(commune.seed, "history"), Places(), len(commune.cells)
        self.grounds: Mapping[str, str] = read("places")["grounds"]

    def recorded(self, true: date, first: date, last: date) -> date:
        """When a fact of a day was recorded: within three weeks, or late; from first to last."""
        delay = 60 + self.dice.below(240) if self.dice.chance(_LATE) else self.dice.below(21)
        first = max(first, true)
        day = max(first, true + timedelta(days=delay))
        return day if day <= last else self.dice.day(first, last)


class _Story:
    """One person told backwards: `then` goes from how they stand today to how they first stood on the roll."""

    def __init__(self, teller: _Teller, member: int, person: Person) -> None:
        self._teller, self._member, self.then = teller, member, person
        self.happenings: list[Happening] = []
        self.opening: Person | None = None
        comes, leaves = person.admitted_on > teller.start, person.departure is not None
        if leaves and person.left_on is not None and person.left_on <= teller.start:
            self.opening = person
            return
        self._begin = max(teller.start, person.admitted_on)
        self._end = person.left_on if leaves and person.left_on is not None else teller.today
        self._first = teller.recorded(self._begin, self._begin, teller.today) if comes else teller.start
        self._last = teller.recorded(self._end, self._first, teller.today) if leaves else teller.today
        self._states(person)
        self._card(person)
        if self._end - self._begin > _SETTLED:
            self._moves()
            self._homes(person)
            self._corrections(person)
        if comes:
            self._tell("admitted", person.admitted_on, asdict(self.then), recorded=self._first)
        else:
            self.opening = self.then

    def _tell(
        self, what: What, true: date, values: Mapping[str, Any], *, recorded: date | None = None, **more: Any
    ) -> None:
        day = recorded or self._teller.recorded(true, self._first, self._last)
        self.happenings.append(Happening(day, true, self._member, what, values, **more))

    def _change(self, what: What, true: date, before: Mapping[str, Any], **more: Any) -> None:
        """Tell that the values of today came on a day, and go back to those before."""
        self._tell(what, true, {column: getattr(self.then, column) for column in before}, **more)
        self.then = replace(self.then, **before)

    def _states(self, person: Person) -> None:
        start, present = self._teller.start, {"status": "active", "left_on": None}
        if person.departure and person.left_on:
            self._change("departed", person.left_on, present | {"departure": None}, recorded=self._last)
        elif person.status == "exempt" and person.left_on and person.left_on > start:
            self._change("exempted", person.left_on, present)
        elif (status := person.status) in {"suspended", "interrupted"}:
            first = max(self._begin, person.official_on or self._begin, self._end - timedelta(days=200))
            true = self._teller.dice.day(first, self._end)
            self._change("suspended" if status == "suspended" else "interrupted", true, {"status": "active"})
        if person.official_on and person.official_on > start:
            self._change("made_official", person.official_on, {"official_on": None, "card_number": None})

    def _card(self, person: Person) -> None:
        if not (person.card_date and person.official_on and person.card_date > self._teller.start):
            return
        first = next_award_day(person.official_on)
        had_one = first < person.card_date and first <= self._teller.start
        self._change("card_issued", person.card_date, {"card_date": first} if had_one else dict.fromkeys(_CARD))

    def _days(self, number: int) -> list[date]:
        """So many days between coming and leaving, the latest first."""
        first, last = self._begin + timedelta(days=1), self._end - timedelta(days=1)
        return sorted({self._teller.dice.day(first, last) for _ in range(number)}, reverse=True)

    def _moves(self) -> None:
        dice = self._teller.dice
        for day in self._days(dice.draw(_MOVES)):
            other = (self.then.cell + 1 + dice.below(self._teller.cells - 1)) % self._teller.cells
            self._change("moved", day, {"cell": other})

    def _homes(self, person: Person) -> None:
        dice = self._teller.dice
        for day in self._days(dice.draw(_HOMES)):
            young = later(person.born_on, _MARRYING_AGE) > day
            country, province, detail = self._teller.places.elsewhere(dice)
            before = {"residence_country": country, "residence_province": province, "residence_detail": detail}
            reason: Reason = "marriage" if young and dice.chance(600) else "moved_house"
            self._change("residence_changed", day, before, reason=reason)

    def _corrections(self, person: Person) -> None:
        dice, places = self._teller.dice, self._teller.places
        if dice.chance(_CORRECTED["birth_date"]):
            self._correct("birth_date_corrected", {"born_on": _misread(person.born_on)}, "birth_date")
        if dice.chance(_CORRECTED["name"]) and (wrong := _mistyped(person.full_name)) != person.full_name:
            self._correct("name_corrected", {"full_name": wrong}, "name")
        if dice.chance(_CORRECTED["home_place"]) and person.home_place_province:
            wrong = places.elsewhere(dice)[2]
            if wrong != person.home_place_detail:
                self._correct("home_place_corrected", {"home_place_detail": wrong}, "home_place")

    def _correct(self, what: What, wrong: Mapping[str, Any], ground: str) -> None:
        day = self._teller.dice.day(self._first, self._last)
        self._change(what, day, wrong, recorded=day, ground=self._teller.grounds[ground])


def _misread(day: date) -> date:
    """Another day of the same year: day and month exchanged where that gives one, else some days aside."""
    if day.day <= 12 and day.day != day.month:
        return day.replace(month=day.day, day=day.month)
    return day.replace(day=day.day - 10 if day.day > 10 else day.day + 10)


def _mistyped(name: str) -> str:
    """The name with the tone of its last word left out."""
    rest, given = split_name(name)
    bare = "".join(sign for sign in unicodedata.normalize("NFD", given) if sign not in TONES)
    return nfc(f"{rest} {bare}".strip())
