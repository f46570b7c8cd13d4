"""One synthetic party committee from one seed: its cells, its members, its staff, and what happened to them."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from chibox.testing.commune.cells import Cell, cells
from chibox.testing.commune.roll import Roll
from chibox.testing.commune.staff import Staff, staff
from chibox.testing.dice import Dice
from chibox.testing.names import listed, read
from chibox.testing.people import Person

__all__ = ["SIZES", "Cell", "Commune", "Person", "Size", "Staff", "commune"]

Size = Literal["tiny", "small", "usual", "large"]

SIZES: Final[dict[Size, tuple[int, int]]] = {
    "tiny": (4, 40),
    "small": (43, 900),
    "usual": (60, 2100),
    "large": (150, 6000),
}
"""Cells, and people on the roll, of each size."""
_LEFT: Final = 50  # of a thousand people on the roll, how many are members no longer


@dataclass(frozen=True, slots=True)
class Commune:
    """A committee as it stands on `today`. `members` are in the order of the cells; some of them have left."""

    seed: int
    today: date
    name: str
    province: str
    cells: tuple[Cell, ...]
    members: tuple[Person, ...]
    staff: tuple[Staff, ...]


def commune(size: Size = "usual", *, seed: int, today: date) -> Commune:
    """The committee of this size and seed on this day: the same one on every machine and every Python from 3.11 on.

    Cells are filled with those who are members; those who have left come on top of them, so that the roll has exactly
    the people that `SIZES` says.
    """
    number, people = SIZES[size]
    gone = people * _LEFT // 1000
    places = read("places")
    local = listed(places["committee"]["communes"])
    home = local[(seed - 1) % len(local)]
    its_cells = cells(Dice(seed, "cells"), number, people - gone)
    roll = Roll(seed, today, home, its_cells)
    former = [0] * number
    for place in Dice(seed, "former").several(number, gone):
        former[place] += 1
    members = tuple(
        roll.member(place, left=left)
        for place, cell in enumerate(its_cells)
        for left in (False,) * cell.members + (True,) * former[place]
    )
    return Commune(
        seed=seed,
        today=today,
        name=places["committee"]["commune"].format(commune=home),
        province=places["committee"]["province"],
        cells=its_cells,
        members=members,
        staff=staff(Dice(seed, "staff"), members, today),
    )
