"""The cells of a synthetic committee: their kinds, names and sizes."""

from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

from chibox.testing.dice import Dice, Weighted
from chibox.testing.names import listed, read

CellKind = Literal["hamlet", "office", "school", "health", "police", "military"]

FEWEST, MOST, USUAL = 3, 80, 25
"""Members of the smallest and the largest cell, and of the most frequent size."""
_WIDTH: Final = 8
_SMALL, _HUMP, _LARGE = (
    range(FEWEST, USUAL - _WIDTH + 1), range(USUAL - _WIDTH + 1, USUAL + _WIDTH), range(USUAL + _WIDTH, MOST + 1),
)  # fmt: skip
_FEW_CELLS: Final = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `hamlet` is the hamlet that it is the cell of, if it is."""

    name: str
    kind: CellKind
    hamlet: str | None
    members: int


def _kinds(number: int) -> list[CellKind]:
    counts: dict[CellKind, int] = {"school": 1, "office": 1}
    if number > _FEW_CELLS:
        counts = {
            "police": 1,
            "military": 1,
            "health": 1,
            "school": min(15, number // 7),
            "office": min(10, number // 7),
        }
    counts["hamlet"] = number - sum(counts.values())
    return [kind for kind, count in counts.items() for _ in range(count)]


def _hamlets(number: int) -> list[tuple[str, str | None]]:
    """So many hamlets, in parts where there are not enough: a hamlet in parts stands in the list by its parts only."""
    cells = read("places")["cells"]
    whole, parts = listed(cells["hamlets"]), listed(cells["more"])
    divided = max(0, -(-(number - len(whole)) // (len(parts) - 1)))
    found: list[tuple[str, str | None]] = [(name, None) for name in whole[divided:]]
    return [*found, *product(whole[:divided], parts)][:number]


def _named(kinds: list[CellKind]) -> list[tuple[str, CellKind, str | None]]:
    cells = read("places")["cells"]
    patterns: dict[str, str] = cells["patterns"]
    names = {kind: iter(listed(line)) for kind, line in cells["names"].items()}
    hamlets = iter(_hamlets(kinds.count("hamlet")))
    found: list[tuple[str, CellKind, str | None]] = []
    for kind in kinds:
        if kind == "hamlet":
            name, part = next(hamlets)
            found.append((patterns["hamlet_part" if part else "hamlet"].format(name=name, part=part), kind, name))
        else:
            found.append((patterns[kind].format(name=next(names.get(kind, iter("")), "")), kind, None))
    return found


def _sizes(dice: Dice, number: int, members: int) -> list[int]:
    """Sizes that add up to `members`: a hump about the usual size, more small or more large cells as the mean asks."""
    mean = members / number
    small, large = max(20, int(1000 * (24 - mean) / 15)), max(20, int(1000 * (mean - 24) / 31))
    hump = Weighted((size, _WIDTH - abs(size - USUAL)) for size in _HUMP)
    sizes = []
    for _ in range(number):
        throw = dice.below(1000)
        if throw < small:
            sizes.append(dice.pick(_SMALL))
        elif throw < small + large:
            sizes.append(dice.pick(_LARGE))
        else:
            sizes.append(dice.draw(hump))
    while (missing := members - sum(sizes)) != 0:
        place, step = dice.below(number), 1 if missing > 0 else -1
        if FEWEST <= sizes[place] + step <= MOST:
            sizes[place] += step
    return sizes


def cells(dice: Dice, number: int, members: int) -> tuple[Cell, ...]:
    """So many cells that hold so many members together."""
    named = _named(_kinds(number))
    return tuple(
        Cell(name, kind, hamlet, size)
        for (name, kind, hamlet), size in zip(named, _sizes(dice, number, members), strict=True)
    )
