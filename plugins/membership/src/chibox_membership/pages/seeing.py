"""What a visitor may see of the roll, and one member found or not."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec

from chibox.plugin import Crumb, Erasure, Looking, NotFound, Visit, Words, erasure_of
from chibox_membership.checks import CELLS
from chibox_membership.listing import Scope, Wanted
from chibox_membership.tables import Member

W = TypeVar("W", bound=Wanted)
VIEW: Final = "membership.view"
CAPTURE: Final = "membership.capture"
_SHORT: Final = 8
_VIETNAM: Final = dt.timezone(dt.timedelta(hours=7))


def scope(visit: Visit) -> Scope:
    """Where the visitor sees members, and where their identity fields too. Raises NotFound for who sees none."""
    visit.demand(VIEW)
    units = visit.units(VIEW)
    identity = frozenset(unit for unit in units if "identity" in visit.classes(unit, VIEW))
    return Scope(frozenset(units), identity, tuple(unit for unit in visit.picture.units if unit in units))


def member_of(visit: Visit, look: Looking, subject: str, permission: str = VIEW) -> Member:
    """The row of a member whom the visitor may see (or enter). Raises NotFound: who is not theirs is not there for them."""
    row = look.row(Member, subject)
    if row is None and (erasure := gone(visit, look, subject)) is not None:
        raise NotFound("The content about this member was erased on {day}.", day=day_of(erasure))
    if row is None or not visit.may(VIEW, row.cell):
        raise NotFound("There is no such member in this roll.")
    visit.demand(permission, row.cell)
    return row


def gone(visit: Visit, look: Looking, subject: str) -> Erasure | None:
    """How a member whom the visitor might see was erased; None for one who stands in the roll or never did."""
    if look.row(Member, subject) is not None or not any(visit.may(VIEW, entry.unit) for entry in look.history(subject)):
        return None
    return erasure_of(look, subject)


def day_of(erasure: Erasure) -> dt.date:
    """On which day it was done, in Viet Nam."""
    return dt.datetime.fromtimestamp((erasure.closed_at or 0) / 1000, _VIETNAM).date()


def cells(visit: Visit, permission: str = VIEW) -> list[tuple[str, str]]:
    """Ids and names of the cells in which the visitor may, in the order of the tree's making."""
    units = visit.picture.units
    there = visit.units(permission)
    return [(unit, row.name) for unit, row in units.items() if unit in there and row.kind in CELLS]


def asked(visit: Visit, shape: type[W]) -> W:
    """What the address asks of the list; a cell may be named by the beginning of its id."""
    found = visit.query(shape)
    if not found.cell or found.cell in visit.picture.units:
        return found
    fitting = [unit for unit in visit.picture.units if unit.startswith(found.cell)]
    return msgspec.structs.replace(found, cell=fitting[0]) if len(fitting) == 1 else found


def short_ids(visit: Visit) -> dict[str, str]:
    """The beginning of each unit's id that is no other's: a field of a hundred and fifty cells weighs half as much."""
    begun = Counter(unit[:_SHORT] for unit in visit.picture.units)
    return {unit: unit[:_SHORT] if begun[unit[:_SHORT]] == 1 else unit for unit in visit.picture.units}


def crumbs(visit: Visit, here: Words, member: Member | None = None) -> dict[str, Any]:
    """The frame of a page below the roll, or below a member."""
    above = (
        (*visit.crumbs(), Crumb(visit.say("Members"), "/membership"))
        if member is None
        else (*visit.crumbs(member.cell), Crumb(member.full_name, f"/membership/{member.subject}"))
    )
    return {"crumbs": (*above, Crumb(visit.say(here.msgid)))}


def short_names(visit: Visit) -> Callable[[str], str]:
    """What cells are called in a column of cells: without the words with which the names of all begin."""
    named = {unit: row.name.split() for unit, row in visit.picture.units.items() if row.kind in CELLS}
    lines = list(named.values())
    shared = 0
    while len(lines) > 1 and all(len(line) > shared + 1 and line[shared] == lines[0][shared] for line in lines):
        shared += 1
    return lambda unit: " ".join(named[unit][shared:]) if unit in named else unit_name(visit, unit)


def unit_name(visit: Visit, unit: str) -> str:
    """The name that a unit bears today."""
    row = visit.picture.units.get(unit)
    return "" if row is None else row.name
