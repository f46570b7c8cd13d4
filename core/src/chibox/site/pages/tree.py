"""The tree of party organisations as it stood on a day, as it is known now or was known then."""

from typing import get_args

import msgspec

from chibox.errors import Words, words
from chibox.organisation.records import UnitKind
from chibox.organisation.tables import Unit
from chibox.site.looking import Looking
from chibox.site.visit import AsOn, Visit
from chibox.text import text_order

KINDS: dict[str, Words] = {
    "centre": words("Central committee"),
    "province": words("Provincial party organisation"),
    "above_grassroots_committee": words("Committee above the grass roots"),
    "grassroots_committee": words("Grass-roots party organisation"),
    "subordinate_committee": words("Party organisation of a committee"),
    "part_committee": words("Part of a party organisation"),
    "grassroots_cell": words("Grass-roots cell"),
    "cell": words("Cell"),
}
assert set(KINDS) == set(get_args(UnitKind))
_FIELDS = ("name", "kind", "parent")


class Branch(msgspec.Struct, frozen=True):
    """A unit in the tree: how deep it stands, and what was true of it."""

    subject: str
    name: str
    kind: Words
    parent: str
    depth: int
    cells: int  # below it, itself left out


def tree(visit: Visit, look: Looking, asked: AsOn) -> list[Branch]:
    """The visitor's part of the tree, from its top down, each unit's children by name."""
    root = visit.picture.units[visit.picture.root]
    found = {root.subject: (root.name, root.kind, "")} | _stood(look, asked)
    below: dict[str, list[str]] = {}
    for unit, (_, _, parent) in found.items():
        below.setdefault(parent, []).append(unit)
    branches: list[Branch] = []
    ahead = [(unit, 0) for unit in below.get("", [])]
    seen: set[str] = set()
    while ahead:
        unit, depth = ahead.pop()
        if unit in seen:
            continue
        seen.add(unit)
        name, kind, parent = found[unit]
        if unit in visit.own_units:
            branches.append(Branch(unit, name, KINDS[kind], parent, depth, len(below.get(unit, []))))
        children = sorted(below.get(unit, []), key=lambda child: text_order(found[child][0]), reverse=True)
        ahead += [(child, depth + (unit in visit.own_units)) for child in children]
    return branches


def _stood(look: Looking, asked: AsOn) -> dict[str, tuple[str, str, str]]:
    """Name, kind and parent of each unit that stood on the day; all facts of units are dated, so today is a day too."""
    day = asked.day or look.today
    known = look.position_at(day) if asked.known else None
    if asked.known and known is None:
        return {}
    units = look.facts(fields=("parent",), day=day, known=known)
    facts = look.facts(units.keys(), fields=_FIELDS, day=day, known=known)
    found = {
        unit: tuple((fact.value or "") if (fact := held.get(field)) else "" for field in _FIELDS)
        for unit, held in facts.items()
    }
    return {unit: (name, kind, parent) for unit, (name, kind, parent) in found.items() if kind in KINDS}


def as_it_stood(look: Looking, row: Unit, asked: AsOn) -> tuple[str, Words, str] | None:
    """Name, kind and parent of a unit on the day; None when it did not stand. The root has stood since the founding."""
    held = {row.subject: (row.name, row.kind, "")} if row.parent is None else _stood(look, asked)
    found = held.get(row.subject)
    return None if found is None else (found[0], KINDS[found[1]], found[2])
