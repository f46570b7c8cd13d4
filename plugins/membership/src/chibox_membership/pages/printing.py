"""Printing a list: the members of a cell, of a filter or of a selection as a sheet of paper, on a day, in two sizes."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec
from litestar import Response

from chibox.plugin import Looking, Masked, Refused, Visit, Words, page, words
from chibox_membership import listing
from chibox_membership.listing import Wanted
from chibox_membership.onday import OnDay
from chibox_membership.pages import seeing
from chibox_membership.pages.issuing import Issuer, issuer
from chibox_membership.pages.roll import said
from chibox_membership.rules import due_until
from chibox_membership.tables import GONE, Member

Size = Literal["a4", "large"]
SELECTED: Final = 200
"""So many members a selection may name."""
MOST: Final = 2_000
"""So many members one print takes."""
LARGE_ROWS: Final = 15
_NOTES: Final = {
    "exempt": words("exempt"),
    "interrupted": words("interrupted"),
    "suspended": words("suspended"),
    "transferred": words("transferred"),
    "left_party": words("left"),
    "deceased": words("deceased"),
}
"""States as a narrow column has them."""


class Asked(Wanted, frozen=True, kw_only=True):
    """What is printed: the list's own filters, or the members that were selected; and in which size."""

    size: Size = "a4"
    ids: tuple[str, ...] = ()


class Line(msgspec.Struct, frozen=True):
    """A row of the sheet. `born_on` is Masked where the reader may not see it."""

    name: str
    born_on: dt.date | Masked | None
    admitted_on: dt.date | None
    official_on: dt.date | None
    note: Words | None


class Counted(msgspec.Struct, frozen=True):
    """How many stand on the sheet; `gone`: some of them are members no longer, so that no standing is counted."""

    all: int
    official: int
    gone: bool

    @property
    def probationary(self) -> int:
        """Those who are not official yet."""
        return self.all - self.official


@page("/print")
def print_list(visit: Visit) -> Response[str]:
    """The sheet, sorted by given name. Raises Refused for more people than one print takes."""
    asked, as_on = seeing.asked(visit, Asked), visit.as_on()
    scope = seeing.scope(visit)
    with visit.reading("print") as look:
        day = as_on.day or visit.today
        found = _found(visit, look, scope, asked)
        units = {cell for _, cell in found}
        rows = [(row, look.shown(row, cell, seeing.VIEW)) for row, cell in found]
        lines = [_line(row, shown, day) for row, shown in rows]
        by = _issuer(visit, look, asked, units)
        return visit.render(
            "membership/print.html", frame=seeing.crumbs(visit, words("Print the list")), asked=asked, as_on=as_on,
            day=day, lines=lines, counted=_counted([row for row, _ in found], day), by=by, end=look.end, now=visit.now,
            births=bool(units & scope.identity) or not lines, some_births=bool(units - scope.identity),
            chosen=_chosen(visit, asked), roomy=LARGE_ROWS, back=_filters(asked),
        )  # fmt: skip


HANDLERS: Final = (print_list,)


def _found(visit: Visit, look: Looking, scope: listing.Scope, asked: Asked) -> list[tuple[Member | OnDay, str]]:
    """The members to be printed, by given name, each with the cell by which it is decided what is seen of them."""
    as_on = visit.as_on()
    ids = {one for part in asked.ids for one in part.split(",") if one}
    if len(ids) > SELECTED:
        raise Refused("At most {most} members are printed by selection; {count} are selected. Print the list instead.",
                      most=SELECTED, count=len(ids))  # fmt: skip
    due, day = due_until(look, visit.today), as_on.day
    size = MOST + 1 if not ids else 10**6
    wanted = Wanted(**{**_filters(asked), "sort": "name"})
    if ids and day is None:
        found = _selected(look, scope, ids)
    elif day is None:
        page_ = listing.today(look, scope, wanted, due, size)
        found = [(row, page_.cells[row.subject]) for row in page_.rows]
    else:
        known = None
        if as_on.known:
            position = look.position_at(day)
            known = -1 if position is None else position
        page_ = listing.on(look, scope, wanted, day, due, known, size)
        found = [(row, page_.cells[row.subject]) for row in page_.rows if not ids or row.subject in ids]
    if len(found) > MOST:
        raise Refused("At most {most} members are printed at once. Narrow the list by a cell first.", most=MOST)
    return sorted(found, key=lambda one: (one[0].name_order, one[0].subject))


def _selected(look: Looking, scope: listing.Scope, ids: set[str]) -> list[tuple[Member | OnDay, str]]:
    t = look.table(Member)
    query = look.select(Member).where(t.subject.is_in(sorted(ids))).where(t.cell.is_in(sorted(scope.units) or [""]))
    return [(row, row.cell) for row in look.rows(Member, query)]


def _line(row: Member | OnDay, shown: dict[str, Any], day: dt.date) -> Line:
    official = row.official_on if row.standing(day) == "official_member" else None
    return Line(shown["full_name"], shown["born_on"], shown["admitted_on"], official, _NOTES.get(row.status))


def _counted(rows: Sequence[Member | OnDay], day: dt.date) -> Counted:
    official = sum(row.standing(day) == "official_member" for row in rows)
    return Counted(len(rows), official, any(row.status in GONE for row in rows))


def _issuer(visit: Visit, look: Looking, asked: Asked, units: set[str]) -> Issuer:
    """The cell when the sheet is one cell's, else the committee."""
    visible = visit.units(seeing.VIEW)
    cell = asked.cell if asked.cell in visible else None
    if cell is None and len(units) == 1 and (asked.ids or len(visible) == 1):
        (cell,) = units
    return issuer(visit, look, cell or visit.picture.root)


def _chosen(visit: Visit, asked: Asked) -> list[str]:
    """What the sheet is narrowed by besides its cell, in words."""
    found = []
    if asked.ids:
        found.append(visit.say("a selection of the list"))
    if asked.state is not None:
        found.append(visit.say(said(asked.state).msgid))
    if asked.q:
        found.append(visit.say("Name or number: {q}", q=asked.q))
    return found


def _filters(asked: Asked) -> dict[str, Any]:
    """Whatever the list is narrowed by; its order and its pages do not matter on paper."""
    fields = [field for field in Wanted.__struct_fields__ if field not in {"sort", "page", "rows"}]
    return {field: value for field in fields if (value := getattr(asked, field))}
