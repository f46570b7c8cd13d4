"""A member's pages: what is recorded, what happened, which receipts there are; on any day, as true then or as known then."""

import datetime as dt
from collections.abc import Collection
from typing import Any, Final

import msgspec
from litestar import Response
from litestar.params import FromPath

from chibox.plugin import AsOn, Crumb, Erasure, Looking, NotFound, Visit, Words, form, page
from chibox_membership import labels
from chibox_membership.forecast import ahead
from chibox_membership.onday import Held, member_on
from chibox_membership.pages import seeing
from chibox_membership.rules import years_between
from chibox_membership.story import Event, receipts, story
from chibox_membership.tables import GONE, Member
from chibox_membership.views import COVERED, Shown, shown

MAIN: Final = (
    *(
        (labels.FIELDS[name], (name,))
        for name in ("born_on", "ethnic_group", "personal_id", "admitted_on", "official_on")
    ),
    (labels.GROUPS["residence"][0], ("residence_detail", "residence_province")),
)


class Head(msgspec.Struct, frozen=True):
    """What stands above every tab. `party_age`: whole years since the admission, None before it."""

    subject: str
    name: str
    standing: Words
    status: str
    state: Words
    cell: str
    party_age: int | None
    present: bool


class Seen(msgspec.Struct, frozen=True):
    """A member on a day, for a template."""

    row: Member
    head: Head
    held: dict[str, Any]
    on_day: Held
    as_on: AsOn
    position: int | None


@page("/{member:str}")
def facts(visit: Visit, member: FromPath[str]) -> Response[str]:
    """Every detail, by groups."""
    return _facts(visit, member)


@form("/{member:str}/show/{field:str}")
def uncover(visit: Visit, member: FromPath[str], field: FromPath[str]) -> Response[str]:
    """The same page with one covered value shown: the access log has which one."""
    if field not in COVERED:
        raise NotFound("There is no such page.")
    return _facts(visit, member, field)


@page("/{member:str}/history")
def history(visit: Visit, member: FromPath[str]) -> Response[str]:
    """What happened, newest day first."""
    with visit.reading("history") as look:
        seen = see(visit, look, member)
        events, names = events_of(look, seen)
        return show(
            visit, look, seen, "history", events=[told(visit, event) for event in events], names=names,
            number=visit.office.shown_number, main=_main(visit, seen),
            ahead=ahead(look, seen.on_day, seen.as_on.day or visit.today),
        )  # fmt: skip


@page("/{member:str}/receipts")
def receipt_list(visit: Visit, member: FromPath[str]) -> Response[str]:
    """Every act about the member, with its receipt."""
    with visit.reading("receipts") as look:
        seen = see(visit, look, member)
        entries = receipts(look, member)
        spans = {entry.act: look.act(entry.act) or (entry.position, entry.position) for entry in entries}
        return show(
            visit, look, seen, "receipts", entries=entries, names=look.names({entry.by for entry in entries}),
            last={act: last for act, (_, last) in spans.items()}, number=visit.office.shown_number,
            back={entry.act: look.past.is_retracted(entry) for entry in entries},
            said={entry.act: visit.office.saying(entry, {}) for entry in entries},
        )  # fmt: skip


HANDLERS: Final = (facts, uncover, history, receipt_list)


def _facts(visit: Visit, member: str, field: str | None = None) -> Response[str]:
    with visit.reading("member", field=field) as look:
        if (erasure := seeing.gone(visit, look, member)) is not None:
            return _erased(visit, look, member, erasure)
        seen = see(visit, look, member)
        return show(
            visit, look, seen, "", groups=group_values(visit, seen, {field} if field else ()), stacks=labels.STACKS
        )


def _erased(visit: Visit, look: Looking, member: str, erasure: Erasure) -> Response[str]:
    """Where a member stood of whom nothing is known any more."""
    look.show([member])
    count = sum(not look.is_here(entry.position) for entry in look.history(member))
    return visit.render(
        "membership/erased.html", here=visit.say("Content erased"), via=(Crumb(visit.say("Members"), "/membership"),),
        member=member, erasure=erasure, day=seeing.day_of(erasure), count=count,
        number=visit.office.shown_number(erasure.closed or 0), rest=bool(look.facts([member])),
    )  # fmt: skip


def events_of(look: Looking, seen: Seen) -> tuple[list[Event], dict[str, str]]:
    """What happened to a member up to the day, and what those who recorded it are called."""
    events = story(look, seen.row.subject, seen.row.cell, day=seen.as_on.day, known=seen.position)
    acts = [event.recorded for event in events] + [event.back for event in events if event.back]
    return events, look.names({act.by for act in acts} | {event.on_behalf for event in events if event.on_behalf})


def see(visit: Visit, look: Looking, member: str) -> Seen:
    """A member on the day that the address asks for, as the visitor may see them. Raises NotFound."""
    row = seeing.member_of(visit, look, member)
    as_on = visit.as_on()
    day = as_on.day or visit.today
    position = None
    if as_on.known:
        found = look.position_at(day)
        position = -1 if found is None else found
    held, _ = member_on(look, member, day, position)
    values = look.shown(held, row.cell, seeing.VIEW)
    return Seen(row, _head(visit, held, values, row, day), values, held, as_on, position)


def _head(visit: Visit, held: Held, values: dict[str, Any], row: Member, day: dt.date) -> Head:
    admitted, official = held.admitted_on, held.official_on
    standing = "official_member" if official is not None and official <= day else "probationary_member"
    status = held.status or "active"
    name = values["full_name"]
    return Head(
        subject=row.subject,
        name=name if isinstance(name, str) else row.subject,
        standing=labels.STANDINGS[standing],
        status=status,
        state=labels.STATES[status],
        cell=seeing.unit_name(visit, held.cell or row.cell),
        party_age=None if admitted is None or admitted > day else years_between(admitted, day),
        present=admitted is not None and admitted <= day and status not in GONE,
    )


def group_values(
    visit: Visit, seen: Seen, uncovered: Collection[str]
) -> list[tuple[str, Words, list[tuple[str, Words, Shown]]]]:
    """Groups of details: name, label, and each field with its label and value; covered but for those in `uncovered`."""
    found = []
    for name, (label, names) in labels.GROUPS.items():
        lines = [
            (field, labels.PARTS.get(field, labels.FIELDS[field]),
             shown(field, seen.held[field], lambda unit: seeing.unit_name(visit, unit), uncovered=field in uncovered))
            for field in names
        ]  # fmt: skip
        found.append((name, label, lines))
    return found


def _main(visit: Visit, seen: Seen) -> list[tuple[Words, list[Shown]]]:
    """The details that stand beside the history: label, and what is recorded of them."""
    found = []
    for label, names in MAIN:
        values = [shown(name, seen.held[name], lambda unit: seeing.unit_name(visit, unit)) for name in names]
        if some := [value for value in values if value.form != "none"]:
            found.append((label, some))
    return found


def told(visit: Visit, event: Event) -> tuple[Event, list[tuple[Words, Shown, Shown]]]:
    """An event with its lines: label, before, after."""

    def name(unit: str) -> str:
        return seeing.unit_name(visit, unit)

    return event, [
        (labels.FIELDS[line.field], shown(line.field, line.old, name), shown(line.field, line.new, name))
        for line in event.lines
    ]


def show(visit: Visit, look: Looking, seen: Seen, tab: str, **more: Any) -> Response[str]:
    """A tab of a member's page: its head, the day, the tabs and what the tab has."""
    member, as_on = seen.row.subject, seen.as_on
    may = visit.may(seeing.CAPTURE, seen.row.cell) and as_on.day is None
    count = len({entry.act for entry in look.history(member)})
    address = f"/membership/{member}"
    return visit.render(
        "membership/member.html" if not tab else f"membership/{tab}.html",
        frame={"crumbs": (*visit.crumbs(seen.row.cell), Crumb(seen.head.name))},
        head=seen.head, as_on=as_on, address=address, tab=tab, may=may, acts=count,
        year_end=dt.date(visit.today.year - 1, 12, 31), admitted=seen.held["admitted_on"],
        labels=labels, note=seen.held["note"], **more,
    )  # fmt: skip
