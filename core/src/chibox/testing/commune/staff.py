"""Who works for a synthetic committee: its leaders, its office, its clerks, some secretaries of cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from chibox.testing.dice import Dice, later
from chibox.testing.people import Names, Person

StaffRole = Literal["secretary", "deputy_secretary", "office", "clerk", "inspection", "cell_secretary"]

_POSTS: tuple[tuple[StaffRole, bool], ...] = (
    ("secretary", True),
    ("deputy_secretary", True),
    ("deputy_secretary", True),
    ("office", True),
    ("office", False),
    ("clerk", True),
    ("clerk", False),
    ("inspection", True),
    ("inspection", True),
    ("cell_secretary", True),
    ("cell_secretary", True),
    ("cell_secretary", True),
    ("cell_secretary", True),
    ("office", False),
    ("inspection", True),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """Someone with a post. `member` is the place in the roll of who is a member; `cell` that of a secretary's cell."""

    full_name: str
    role: StaffRole
    member: int | None
    cell: int | None


def staff(dice: Dice, members: Sequence[Person], today: date) -> tuple[Staff, ...]:
    """Fifteen posts in their order, fewer in a committee so small that nobody is left to hold one.

    Leaders are active and official members of working age; some of the office are no members. No cell has two
    secretaries.
    """
    names = Names()
    able = [place for place, member in enumerate(members) if _can_lead(member, today)]
    dice.shuffle(able)
    found, led = list[Staff](), set[int]()
    for role, is_member in _POSTS:
        if not is_member:
            found.append(Staff(names.full(dice, "female", today.year - 30, "01"), role, None, None))
            continue
        place = next((place for place in able if role != "cell_secretary" or members[place].cell not in led), None)
        if place is None:
            continue
        able.remove(place)
        cell = members[place].cell if role == "cell_secretary" else None
        if cell is not None:
            led.add(cell)
        found.append(Staff(members[place].full_name, role, place, cell))
    return tuple(found)


def _can_lead(member: Person, today: date) -> bool:
    return member.status == "active" and member.official_on is not None and later(member.born_on, 60) > today
