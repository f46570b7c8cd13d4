"""Cells of many sizes for tests of print: 38 members, 1, none, 150, and one where somebody's name takes three lines."""

import datetime as dt
import itertools
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from chibox.core_commands import Appoint, CreateUnit, RegisterPerson
from chibox.testing.commune import commune
from chibox_membership.importing.command import ImportSheet
from chibox_membership.sheet.rows import SheetRow

if TYPE_CHECKING:
    from plugins.membership.tests.pages.conftest import Desk

TODAY = dt.date(2026, 11, 25)
SIZES = {"usual": 38, "one": 1, "empty": 0, "many": 150, "long": 25}
LONG = ("H’Nhuôn Êban Niê Kdăm Byă Ayun Mlô Duôn Du Ẵng", "Nguyễn Phúc Hoàng Thị Thu Hương Giang Ễnh")
_SHORTEST, _LONGEST = 2, 4  # words of an ordinary name, which takes one line

_LETTERS = 20  # of a name that fits the column


def fill(desk: "Desk") -> dict[str, str]:
    """Makes the cells, each with its members and, but for one, a secretary who is one of them. Returns their ids by name."""
    people = commune("small", seed=3, today=TODAY).members
    ordinary = (p for p in people if p.status == "active" and _SHORTEST < len(p.full_name.split()) <= _LONGEST)
    one_line = (p for p in ordinary if len(p.full_name) <= _LETTERS)
    made = {}
    for name, size in SIZES.items():
        unit = desk.roll.subject(
            desk.roll.ask(CreateUnit(parent=desk.roll.root, name=f"Chi bộ {name}", kind="cell", day=TODAY))
        )
        made[name] = unit
        rows = [_row(place, unit, asdict(p)) for place, p in enumerate(itertools.islice(one_line, size))]
        if name == "long":
            rows[:2] = [SheetRow(**{**_dict(row), "full_name": long}) for row, long in zip(rows, LONG, strict=False)]
        if rows:
            _enter(desk, rows, unit, has_secretary=name != "one")
    return made


def _enter(desk: "Desk", rows: list[SheetRow], unit: str, *, has_secretary: bool) -> None:
    answer = desk.roll.ask(ImportSheet(rows=tuple(rows), as_of=desk.roll.box.log.size - 1))
    if has_secretary:
        who = desk.roll.subject(answer)
        desk.roll.ask(RegisterPerson(sign_in=f"b{answer.first}", person=who))
        desk.roll.ask(Appoint(person=who, role="cell_secretary", unit=unit, day=TODAY))


def _row(place: int, unit: str, person: dict[str, Any]) -> SheetRow:
    columns = {name: value for name, value in person.items() if name not in {"cell", "departure", "left_on"}}
    return SheetRow(row=8 + place, cell=unit, left_on=None, **columns)


def _dict(row: SheetRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}
