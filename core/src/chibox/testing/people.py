"""Synthetic people: names, numbers, places and days that agree with each other and belong to nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from chibox.testing.dice import Dice, Weighted
from chibox.testing.names import listed, read

Sex = Literal["male", "female"]
Status = Literal["active", "exempt", "interrupted", "suspended", "transferred", "left_party", "deceased"]
Departure = Literal["transferred", "deceased", "removed", "resigned"]

OLD_BEFORE, YOUNG_FROM = 1965, 1990  # years of birth that part the fashions of names


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One row of a committee's roll: the columns of the national entry sheet, codes for ethnic group and religion.

    `cell` is the place of the cell in the commune's list. `departure` says more than the sheet does: it knows
    removal from resignation. Personal numbers begin with 990 to 996, which no province or country has been given;
    old card numbers and old identity numbers with 99.
    """

    national_id: str | None
    full_name: str
    other_name: str | None
    sex: Sex
    born_on: date
    ethnic_group: str
    religion: str
    personal_id: str
    card_number: str | None
    card_place: str | None
    card_date: date | None
    old_card_number: str | None
    cell: int
    birth_place_country: str | None
    birth_place_province: str | None
    birth_place_detail: str | None
    home_place_country: str | None
    home_place_province: str | None
    home_place_detail: str | None
    residence_country: str | None
    residence_province: str | None
    residence_detail: str | None
    admitted_on: date
    official_on: date | None
    old_identity_number: str | None
    status: Status
    left_on: date | None
    departure: Departure | None


def _weighted(table: Mapping[str, str]) -> Weighted[str]:
    return Weighted((name, int(weight)) for weight, line in table.items() for name in listed(line))


def _even(line: str) -> Weighted[str]:
    return Weighted((name, 1) for name in listed(line))


class Names:
    """Full names by sex, year of birth and ethnic group, each group in its own form."""

    def __init__(self) -> None:
        people = read("people")
        self.groups: Weighted[str] = Weighted((code, group["weight"]) for code, group in people["groups"].items())
        self._religions = {code: self._codes(table) for code, table in people["religions_of"].items()}
        self._religion = self._codes(people["religions"])
        self._others = listed(people["other_names"]["1"])
        self._usual = {
            (sex, fashion): {
                "surname": _weighted(people["surnames"]),
                "middle": _weighted(people["middle"][sex][fashion]),
                "given": _weighted(people["given"][sex][fashion]),
            }
            for sex in ("male", "female")
            for fashion in ("old", "middle", "young")
        }
        self._own = {code: self._forms(group) for code, group in people["groups"].items()}

    @staticmethod
    def _codes(table: Mapping[str, int]) -> Weighted[str]:
        return Weighted(table.items())

    @staticmethod
    def _forms(group: Mapping[str, Any]) -> dict[str, tuple[list[str], dict[str, Weighted[str]]]]:
        surname = {"surname": _even(group["surnames"])} if "surnames" in group else {}
        forms = {}
        for sex in ("male", "female"):
            own = group.get(sex, {"form": "surname middle given"})
            parts = {part: _even(line) for part, line in own.items() if part != "form"}
            forms[sex] = (own["form"].split(), surname | parts)
        return forms

    def full(self, dice: Dice, sex: Sex, year: int, group: str) -> str:
        """A full name as its group writes it."""
        fashion = "old" if year < OLD_BEFORE else "middle" if year < YOUNG_FROM else "young"
        form, own = self._own[group][sex]
        usual = self._usual[sex, fashion]
        return " ".join([dice.draw(own.get(part) or usual[part]) for part in form])

    def other(self, dice: Dice) -> str:
        """What someone is called besides."""
        return dice.pick(self._others)

    def religion(self, dice: Dice, group: str) -> str:
        """A religion's code."""
        return dice.draw(self._religions.get(group, self._religion))


class Numbers:
    """Numbers that are given once: personal numbers, old card numbers, old identity numbers."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def _once(self, dice: Dice, start: str, digits: int) -> str:
        while (number := f"{start}{dice.below(10**digits):0{digits}d}") in self._given:
            pass
        self._given.add(number)
        return number

    def personal(self, dice: Dice, place: int, sex: Sex, born_on: date) -> str:
        """Twelve digits: the place (990 and on), sex and century, the year's last two digits, six of chance."""
        sign = 2 * (born_on.year // 100 - 19) + (sex == "female")
        return self._once(dice, f"{990 + place}{sign}{born_on.year % 100:02d}", 6)

    def old_card(self, dice: Dice) -> str:
        """Eight digits."""
        return self._once(dice, "99", 6)

    def old_identity(self, dice: Dice) -> str:
        """Nine digits."""
        return self._once(dice, "99", 7)


class Places:
    """Places of birth and home and where people live, in provinces that are on no map."""

    def __init__(self) -> None:
        places = read("places")
        self._country: str = places["country"]
        self._abroad, self._site = listed(places["abroad"]), places["abroad_detail"]
        self.provinces: list[str] = [places["provinces"]["own"], *listed(places["provinces"]["others"])]
        self._communes = listed(places["provinces"]["communes"])
        self._hamlets = listed(places["cells"]["hamlets"])
        self._texts: Mapping[str, str] = places["residence"]

    def somewhere(self, dice: Dice) -> tuple[str, str | None, str]:
        """Country, province and detail of a place to come from; now and then abroad, without a province."""
        if dice.chance(5):
            return dice.pick(self._abroad), None, self._site.format(number=1 + dice.below(9))
        province = self.provinces[0] if dice.chance(780) else dice.pick(self.provinces[1:])
        return self._country, province, self._detail(dice, dice.pick(self._hamlets), dice.pick(self._communes))

    def near(self, dice: Dice, commune: str, hamlet: str | None) -> tuple[str, str, str]:
        """Country, province and detail of a home in the commune, in the hamlet where one is given."""
        return self._country, self.provinces[0], self._detail(dice, hamlet or dice.pick(self._hamlets), commune)

    def elsewhere(self, dice: Dice) -> tuple[str, str, str]:
        """Country, province and detail of a home in any commune of the province."""
        return self.near(dice, dice.pick(self._communes), None)

    def _detail(self, dice: Dice, hamlet: str, commune: str) -> str:
        if dice.chance(300):
            return self._texts["house"].format(number=1 + dice.below(180), hamlet=hamlet, commune=commune)
        return self._texts["hamlet"].format(hamlet=hamlet, commune=commune)

    def place_code(self, province: str | None) -> int:
        """The last digit of a province's invented code; the own province's for a birth abroad."""
        return self.provinces.index(province) if province in self.provinces else 0
