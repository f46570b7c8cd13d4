"""What a clerk may have before her in the evening: a sheet of the whole commune, right, or with fifteen mistakes."""

import random
from typing import Any, Final

from plugins.membership.tests.importing.faults import MISTAKES, right
from plugins.membership.tests.importing.files import Line, written
from plugins.membership.tests.importing.house import House

from chibox.testing.commune import commune
from chibox_membership.sheet.columns import COLUMNS, FIRST_ROW

Mends = dict[int, dict[str, str]]
NEW: Final = 9
_OTHERS: Final = 12
_KEYS: Final = frozenset(column.key for column in COLUMNS)


def evening(house: House, dice: random.Random) -> list[Line]:
    """Many as they were, some who changed or moved, some who are new; in any order."""
    lines, cells = house.lines(), house.cells()
    for line in dice.sample(lines, _OTHERS):
        line["residence_detail"] = f"thôn {dice.randrange(1000)}"
        if "left_on" not in line:
            line["cell"] = dice.choice(cells)
    lines += strangers(house, dice)
    dice.shuffle(lines)
    return lines


def strangers(house: House, dice: random.Random) -> list[Line]:
    """Some people of another commune, in cells of this one."""
    people = [p for p in commune("tiny", seed=77, today=house.today).members if p.status == "active"][:NEW]
    found = []
    for place, person in enumerate(people):
        told: dict[str, Any] = {key: getattr(person, key) for key in person.__slots__ if key in _KEYS - {"cell"}}
        number = f"98{place:010}"
        told |= {"personal_id": number, "card_number": told["card_number"] and number}
        line = {key: written(key, value, {}) for key, value in told.items() if value is not None}
        found.append({**line, "cell": dice.choice(house.cells())})
    return found


def planted(lines: list[Line], dice: random.Random) -> tuple[list[Line], Mends]:
    """The lines with one mistake of each kind, each in a row of its own; and what mends them, by row and column."""
    wrong, mends = [dict(line) for line in lines], Mends()
    known_twice = [place for place, line in enumerate(lines) if "card_number" in line or "national_id" in line]
    for mistake, place in zip(MISTAKES, dice.sample(known_twice, len(MISTAKES)), strict=True):
        wrong[place][mistake.key] = mistake.typed(lines[place])
        mends[FIRST_ROW + place] = {mistake.key: right(lines[place], mistake)}
    return wrong, mends
