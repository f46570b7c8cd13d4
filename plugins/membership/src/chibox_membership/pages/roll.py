"""The list of members: searched, narrowed, sorted, picked from, on a day; and its twin for programs, with .json."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec
from litestar import Response

from chibox.plugin import Form, Looking, Masked, Visit, Words, page, words
from chibox_membership import labels, listing
from chibox_membership.listing import SIZES, Found, Wanted
from chibox_membership.pages import saved, seeing
from chibox_membership.pages.lines import line
from chibox_membership.pages.sheets import sees_all
from chibox_membership.rules import due_until

BIRTH: Final = frozenset({"born", "-born"})
FILTERS: Final = ("q", "cell", "state")
"""What a list is narrowed by; the rest of its address is how it is shown."""
_MOST: Final = 500
"""So many rows a program gets at once."""
_GIVEN: Final = ("subject", "full_name", "other_name", "born_on", "personal_id", "admitted_on", "official_on", "cell", "status",
                 "note")  # fmt: skip
STATES: Final = ("official_member", "probationary_member", "due", "active", "exempt", "interrupted", "suspended",
                 "transferred", "left_party", "deceased", "noted", "no_card")  # fmt: skip
_OWN: Final[Mapping[str, Words]] = {
    "due": words("Probationary, recognition due"), "noted": words("With a note"), "no_card": words("No card number"),
}  # fmt: skip


class Listed(Wanted, frozen=True, kw_only=True):
    """The list, with all that it finds picked, on every page of it."""

    picked: Literal["all"] | None = None


@page("/")
def members(visit: Visit) -> Response[str]:
    """A page of the list."""
    listed, as_on, scope = seeing.asked(visit, Listed), visit.as_on(), seeing.scope(visit)
    size = listed.rows or listing.SIZE
    with visit.reading("list") as look:
        found = find(visit, look, scope, listed, size)
        name = seeing.short_names(visit)
        day = as_on.day or visit.today
        may = visit.may(seeing.CAPTURE)
        kept, short = saved.kept(visit), seeing.short_ids(visit)
        return visit.render(
            "membership/members.html", here=visit.say("Members"),
            lines=[line(look, row, found.cells[row.subject], day, name) for row in found.rows],
            found=found, size=size, sizes=SIZES, wanted=listed, as_on=as_on, births=bool(scope.identity), may_enter=may,
            acts=_acts(may) if as_on.day is None else [],
            form=Form.blank(q=listed.q, cell=short.get(listed.cell or ""), state=listed.state),
            cells=[(short[cell], label) for cell, label in seeing.cells(visit)],
            states=[(state, said(state)) for state in STATES if state != "no_card" or scope.identity],
            filters=filters_of(visit, listed), kept=kept, here_kept=saved.named(kept, listed),
            may_export=sees_all(visit, scope.units),
            year_end=dt.date(visit.today.year - 1, 12, 31),
        )  # fmt: skip


@page("/roll.json", media_type="application/json")
def members_json(visit: Visit) -> Response[Any]:
    """The same list for a program: `count`, `total`, rows of the fields that the visitor may see; 500 unless `rows` says less."""
    wanted, as_on = seeing.asked(visit, Wanted), visit.as_on()
    scope = seeing.scope(visit)
    with visit.reading("list") as look:
        found = find(visit, look, scope, wanted, wanted.rows or _MOST)
        rows = [_plain(look.shown(row, found.cells[row.subject], seeing.VIEW)) for row in found.rows]
        day = as_on.day or visit.today
        return Response(
            {"day": day, "known": as_on.known, "count": found.count, "total": found.total, "page": found.page,
             "rows": rows},
            media_type="application/json",
        )  # fmt: skip


HANDLERS: Final = (members, members_json)


def _acts(may: bool) -> list[tuple[str, Words]]:
    """What can be done with those who are picked."""
    recording = [("move", words("Move to another cell")), ("note", words("Write a note"))] if may else []
    return [*recording, ("print", words("Print a list"))]


def find(visit: Visit, look: Looking, scope: listing.Scope, wanted: Wanted, size: int = listing.SIZE) -> Found:
    """The page of the list that is asked for, as it stands or stood on the day of the address."""
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
    return _OWN.get(state) or labels.STANDINGS.get(state) or labels.STATES[state]


def filters_of(visit: Visit, wanted: Wanted) -> list[tuple[str, str]]:
    """What the list is narrowed by: each filter's name and how it reads."""
    found = []
    if wanted.q:
        found.append(("q", visit.say("Name or number: {q}", q=wanted.q)))
    if wanted.cell:
        found.append(("cell", seeing.unit_name(visit, wanted.cell)))
    if wanted.state:
        found.append(("state", visit.say(said(wanted.state).msgid)))
    return found


def _plain(shown: dict[str, Any]) -> dict[str, Any]:
    """The fields of the list that are not masked."""
    return {field: shown[field] for field in _GIVEN if not isinstance(shown[field], Masked)}
