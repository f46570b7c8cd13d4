"""The national entry sheet 4.0 going out: the roll of today as a file that can be imported, and an empty one."""

from collections.abc import Collection
from typing import Any, Final
from urllib.parse import quote

from litestar import Response

from chibox.plugin import Forbidden, Looking, Visit, page
from chibox_membership import listing
from chibox_membership.listing import Wanted
from chibox_membership.pages import seeing
from chibox_membership.rules import due_until
from chibox_membership.sheet.columns import COLUMNS, FIRST_ROW
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.sheet.writing import write
from chibox_membership.tables import Member

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALL: Final = frozenset({"contact", "ordinary", "identity", "sensitive"})
_EVERYBODY: Final = 10**6
_OWN: Final = tuple(c.key for c in COLUMNS if c.key in Member.__struct_fields__)


@page("/roll.xlsx", media_type=XLSX)
def export(visit: Visit) -> Response[bytes]:
    """The members of the list, today, as the national sheet. Only where every column may be seen: nothing is left out of it."""
    wanted = seeing.asked(visit, Wanted)
    scope = seeing.scope(visit)
    demand_all(visit, scope.units)
    with visit.reading("export") as look:
        found = listing.today(look, scope, wanted, due_until(look, visit.today), _EVERYBODY)
        members = [row for row in found.rows if isinstance(row, Member)]
        look.show(row.subject for row in members)
        return _file(visit, look, members, f"dang-vien-4.0-{visit.today.isoformat()}.xlsx")


@page("/template.xlsx", media_type=XLSX)
def template(visit: Visit) -> Response[bytes]:
    """The sheet without members: headings, and the lists of codes."""
    visit.demand(seeing.VIEW)
    with visit.reading("template") as look:
        return _file(visit, look, [], "dang-vien-4.0.xlsx")


@page("/cells.json", media_type="application/json")
def cells(visit: Visit) -> Response[Any]:
    """What a program has to know to read a sheet: cells by name, the box's day, the last position."""
    visit.demand(seeing.CAPTURE)
    with visit.reading("cells") as look:
        found = look.position_at(look.today)
        named = [{"name": name, "cell": cell} for cell, name in seeing.cells(visit, seeing.CAPTURE)]
        told = {"cells": named, "today": look.today, "as_of": -1 if found is None else found}
        return Response(told, media_type="application/json")


HANDLERS: Final = (export, template, cells)


def sees_all(visit: Visit, units: Collection[str]) -> bool:
    """Whether the visitor may see every class of field in all of these units."""
    return all(visit.classes(unit, seeing.VIEW) >= ALL for unit in units)


def demand_all(visit: Visit, units: Collection[str]) -> None:
    """Raises Forbidden unless the visitor may see every class of field in all of these units."""
    if not sees_all(visit, units):
        raise Forbidden("The sheet holds every column: it is exported by who may see all of them.")


def sheet_row(row: int, member: Member) -> SheetRow:
    """A member as a row of the sheet; the day of the state is given where it is not the usual one."""
    held: dict[str, Any] = {field: getattr(member, field) for field in _OWN}
    left_on = None if member.status == "active" else member.status_since
    return SheetRow(row=row, left_on=left_on, **held)


def _file(visit: Visit, look: Looking, members: list[Member], name: str) -> Response[bytes]:
    names = {unit: row.name for unit, row in visit.picture.units.items()}
    root = names.get(visit.picture.root, "")
    rows = [sheet_row(number, member) for number, member in enumerate(members, FIRST_ROW)]
    return as_file(write(rows, names, committee=root, day=look.today), name)


def as_file(data: bytes, name: str) -> Response[bytes]:
    """A workbook to be kept under that name."""
    return Response(data, media_type=XLSX, headers={"Content-Disposition": f"attachment; filename={quote(name)}"})
