"""The list of members: searched, narrowed, sorted, on a day; and its twin for programs at the same address with .json."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import msgspec
from litestar import Response

from chibox.plugin import Form, Looking, Masked, Visit, Words, page, words
from chibox_membership import labels, listing
from chibox_membership.listing import Found, Wanted
from chibox_membership.onday import OnDay
from chibox_membership.pages import seeing
from chibox_membership.pages.sheets import sees_all
from chibox_membership.rules import AHEAD, due_until, ends_probation
from chibox_membership.tables import GONE, Member

BIRTH: Final = frozenset({"born", "-born"})
_MOST: Final = 500
"""So many rows a program gets at once."""
_GIVEN: Final = (
    "subject",
    "full_name",
    "other_name",
    "born_on",
    "personal_id",
    "admitted_on",
    "official_on",
    "cell",
    "status",
)
STATES: Final = ("official_member", "probationary_member", "due", "active", "exempt", "interrupted", "suspended",
                 "transferred", "left_party", "deceased")  # fmt: skip
_DUE: Final = words("Probationary, recognition due")


class Note(msgspec.Struct, frozen=True):
    """What is unusual about a member: a word with its state, or a plain one."""

    said: Words
    state: str = ""


class Line(msgspec.Struct, frozen=True):
    """A member in the list. What the reader may not see is `Masked`."""

    subject: str
    name: str
    born_on: dt.date | Masked | None
    cell: str
    standing: Words
    admitted_on: dt.date | None
    note: Note | None


@page("/")
def members(visit: Visit) -> Response[str]:
    """A page of the list."""
    wanted, as_on = visit.query(Wanted), visit.as_on()
    scope = seeing.scope(visit)
    with visit.reading("list") as look:
        found = _find(visit, look, scope, wanted)
        name = seeing.short_names(visit)
        day = as_on.day or visit.today
        return visit.render(
            "membership/members.html",
            here=visit.say("Members"),
            lines=[_line(look, row, found.cells[row.subject], day, name) for row in found.rows],
            found=found,
            size=listing.SIZE,
            wanted=wanted,
            as_on=as_on,
            form=_filter(wanted),
            cells=seeing.cells(visit),
            states=[(state, said(state)) for state in STATES],
            chosen=None if wanted.state is None else said(wanted.state),
            cell_name=seeing.unit_name(visit, wanted.cell or ""),
            births=bool(scope.identity),
            may_enter=visit.may(seeing.CAPTURE),
            may_export=sees_all(visit, scope.units),
            year_end=dt.date(visit.today.year - 1, 12, 31),
        )


@page("/roll.json", media_type="application/json")
def members_json(visit: Visit) -> Response[Any]:
    """The same page of the list for a program: `count` and `total`, and rows of the fields that the visitor may see."""
    wanted, as_on = visit.query(Wanted), visit.as_on()
    scope = seeing.scope(visit)
    with visit.reading("list") as look:
        found = _find(visit, look, scope, wanted, _MOST)
        rows = [_plain(look.shown(row, found.cells[row.subject], seeing.VIEW)) for row in found.rows]
        day = as_on.day or visit.today
        return Response(
            {"day": day, "known": as_on.known, "count": found.count, "total": found.total, "page": found.page,
             "rows": rows},
            media_type="application/json",
        )  # fmt: skip


HANDLERS: Final = (members, members_json)


def _find(visit: Visit, look: Looking, scope: listing.Scope, wanted: Wanted, size: int = listing.SIZE) -> Found:
    as_on = visit.as_on()
    if wanted.sort in BIRTH and not scope.units <= scope.identity:
        wanted = msgspec.structs.replace(wanted, sort=None)  # an order by birth would tell what is not shown
    if as_on.day is None:
        return listing.today(look, scope, wanted, due_until(look, visit.today), size)
    known = _position(look, as_on.day) if as_on.known else None
    return listing.on(look, scope, wanted, as_on.day, due_until(look, as_on.day), known, size)


def _position(look: Looking, day: dt.date) -> int:
    """The last position recorded by the end of the day; -1 when there is none."""
    found = look.position_at(day)
    return -1 if found is None else found


def said(state: str) -> Words:
    """What a choice of the filter is called."""
    if state == "due":
        return _DUE
    return labels.STANDINGS.get(state) or labels.STATES[state]


def _filter(wanted: Wanted) -> Form:
    return Form.blank(q=wanted.q, cell=wanted.cell, state=wanted.state)


def _line(look: Looking, row: Member | OnDay, unit: str, day: dt.date, name: Callable[[str], str]) -> Line:
    shown = look.shown(row, unit, seeing.VIEW)
    return Line(
        subject=row.subject,
        name=shown["full_name"],
        born_on=shown["born_on"],
        cell=name(row.cell),
        standing=labels.STANDINGS_SHORT[row.standing(day)],
        admitted_on=shown["admitted_on"],
        note=_note(look, row, day),
    )


def _note(look: Looking, row: Member | OnDay, day: dt.date) -> Note | None:
    """One thing at most: gone or not active, else a probation that ends."""
    if row.status != "active":
        return Note(labels.STATES[row.status], "none" if row.status in GONE else "")
    if row.standing(day) == "probationary_member" and row.admitted_on is not None:
        ends = ends_probation(look, row.admitted_on)
        if ends <= day:
            return Note(words("Probation over since {day}", day=ends), "bad")
        if ends <= day + AHEAD:
            return Note(words("Probation ends on {day}", day=ends), "wait")
    return None


def _plain(shown: dict[str, Any]) -> dict[str, Any]:
    """The fields of the list that are not masked."""
    return {field: shown[field] for field in _GIVEN if not isinstance(shown[field], Masked)}
