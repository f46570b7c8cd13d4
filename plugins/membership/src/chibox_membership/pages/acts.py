"""What a clerk records of a member: a change from a day, a correction, a move, a state, a leaving. Each its own page and act."""

from collections.abc import Collection, Mapping
from typing import Any, Final

import msgspec
from litestar import Response
from litestar.params import FromPath
from litestar.response import Redirect

from chibox.plugin import Command, Form, Looking, Masked, NotFound, Visit, Words, form, page, take, words
from chibox_membership import labels
from chibox_membership.asking import Change, Correct, Leave, Move, Note, SetStatus
from chibox_membership.commands import IDENTIFYING
from chibox_membership.onday import member_on
from chibox_membership.pages import colliding, fields, seeing
from chibox_membership.tables import GONE, Member
from chibox_membership.views import COVERED, SEX, Shown, shown

FIXED: Final = frozenset({"born_on", "admitted_on"})
"""Days that do not change: they can only have been written down wrongly."""
_ASKED: Final = {"move": ("cell",), "state": ("status",), "leave": ("status",), "note": ("note",)}
"""What an act that is not about details asks and a colleague may have stated meanwhile."""
BIRTH_GROUNDS: Final = ("original_file",)


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of act: where its form stands, what it becomes, what is said when it is done."""

    path: str
    template: str
    title: Words
    shape: type[Command]
    said: Words


CHANGE: Final = Page(path="change", template="change", title=words("Change from a day"), shape=Change,
                     said=words("The change was recorded."))  # fmt: skip
CORRECT: Final = Page(path="correct", template="correct", title=words("Correct what was written wrongly"), shape=Correct,
                      said=words("The correction was recorded."))  # fmt: skip
MOVE: Final = Page(path="move", template="move", title=words("Move to another cell"), shape=Move,
                   said=words("The move was recorded."))  # fmt: skip
STATE: Final = Page(path="state", template="state", title=words("Set the state of activity"), shape=SetStatus,
                    said=words("The state was recorded."))  # fmt: skip
LEAVE: Final = Page(path="leave", template="leave", title=words("Leaves the committee"), shape=Leave,
                    said=words("The leaving was recorded."))  # fmt: skip
NOTE: Final = Page(path="note", template="note", title=words("Write a note"), shape=Note,
                   said=words("The note was recorded."))  # fmt: skip


@page("/{member:str}/change")
def choose_change(visit: Visit, member: FromPath[str]) -> Response[str]:
    """What may change: one group of details, the cell, the state, or the belonging itself."""
    with visit.reading("change") as look:
        row = seeing.member_of(visit, look, member, seeing.CAPTURE)
        held = look.shown(row, row.cell, seeing.VIEW)
        groups = [(name, labels.GROUPS[name][0]) for name in labels.GROUPS if _open(CHANGE, name, row, held)]
        return visit.render("membership/choose_change.html", frame=seeing.crumbs(visit, CHANGE.title, row),
                            member=row, groups=groups, present=row.status not in GONE)  # fmt: skip


@page("/{member:str}/correct")
def choose_correction(visit: Visit, member: FromPath[str]) -> Response[str]:
    """What may have been written down wrongly."""
    with visit.reading("correct") as look:
        row = seeing.member_of(visit, look, member, seeing.CAPTURE)
        held = look.shown(row, row.cell, seeing.VIEW)
        groups = [(name, labels.GROUPS[name][0]) for name in labels.GROUPS if _open(CORRECT, name, row, held)]
        return visit.render("membership/choose_correction.html", frame=seeing.crumbs(visit, CORRECT.title, row),
                            member=row, groups=groups)  # fmt: skip


@page("/{member:str}/change/{group:str}")
def ask_change(visit: Visit, member: FromPath[str], group: FromPath[str]) -> Response[str]:
    """The details of a group as they stand, to be overwritten, and the day from which they are different."""
    return _show_details(visit, CHANGE, member, group)


@form("/{member:str}/change/{group:str}")
async def change(visit: Visit, member: FromPath[str], group: FromPath[str]) -> Response[Any]:
    """A new fact."""
    return await _take_details(visit, CHANGE, member, group)


@page("/{member:str}/correct/{group:str}")
def ask_correction(visit: Visit, member: FromPath[str], group: FromPath[str]) -> Response[str]:
    """The details of a group as they stand, why they are wrong, and by which paper."""
    return _show_details(visit, CORRECT, member, group)


@form("/{member:str}/correct/{group:str}")
async def correct(visit: Visit, member: FromPath[str], group: FromPath[str]) -> Response[Any]:
    """A correction: the old value stays in the log."""
    return await _take_details(visit, CORRECT, member, group)


@page("/{member:str}/move")
def ask_move(visit: Visit, member: FromPath[str]) -> Response[str]:
    """To which cell, from which day."""
    return _show(visit, MOVE, member)


@form("/{member:str}/move")
async def move(visit: Visit, member: FromPath[str]) -> Response[Any]:
    """The member belongs to another cell."""
    return await _take(visit, MOVE, member)


@page("/{member:str}/state")
def ask_state(visit: Visit, member: FromPath[str]) -> Response[str]:
    """Which state, from which day."""
    return _show(visit, STATE, member)


@form("/{member:str}/state")
async def set_state(visit: Visit, member: FromPath[str]) -> Response[Any]:
    """The member is in another state."""
    return await _take(visit, STATE, member)


@page("/{member:str}/note")
def ask_note(visit: Visit, member: FromPath[str]) -> Response[str]:
    """The note as it stands, to be overwritten."""
    return _show(visit, NOTE, member)


@form("/{member:str}/note")
async def note(visit: Visit, member: FromPath[str]) -> Response[Any]:
    """The member bears another note, or none."""
    return await _take(visit, NOTE, member)


@page("/{member:str}/leave")
def ask_leaving(visit: Visit, member: FromPath[str]) -> Response[str]:
    """How the member leaves, from which day."""
    return _show(visit, LEAVE, member)


@form("/{member:str}/leave")
async def leave(visit: Visit, member: FromPath[str]) -> Response[Any]:
    """The member is one of this committee no longer; the state follows from the way."""
    sent = await visit.request.form()
    status = labels.STATUS_OF.get(str(sent.get("departure") or ""), "")
    return await _take(visit, LEAVE, member, {"status": status})


HANDLERS: Final = (
    choose_change, choose_correction, ask_change, change, ask_correction, correct, ask_move, move, ask_state, set_state,
    ask_leaving, leave, ask_note, note,
)  # fmt: skip


def names_of(act: Page, group: str) -> tuple[str, ...]:
    """The fields of a group that such an act may touch. Raises NotFound for a group that there is not."""
    if group not in labels.GROUPS:
        raise NotFound("There is no such page.")
    names = labels.GROUPS[group][1]
    return tuple(name for name in names if act is CORRECT or name not in FIXED)


def _open(act: Page, group: str, row: Member, held: Mapping[str, Any]) -> list[str]:
    """The fields of a group that the act may touch and the visitor may see; a recognition that stands does not change."""
    return [
        name
        for name in names_of(act, group)
        if not isinstance(held[name], Masked) and not (act is CHANGE and name == "official_on" and row.official_on)
    ]


async def _take_details(visit: Visit, act: Page, member: str, group: str) -> Response[Any]:
    names = names_of(act, group)
    sent = await visit.request.form()
    silent = fields.untouched(sent.items(), names)
    if theirs := colliding.given_up(sent.items(), names) - silent:
        silent |= theirs
        if silent >= {name for name in names if name in sent}:
            return Redirect(f"/membership/{member}", status_code=303)  # nothing of one's own is left: nothing to record
    return await take(
        visit,
        act.shape,
        given={"member": member},
        without=silent,
        beside=[f"{before}{name}" for name in names for before in (fields.WAS, colliding.KEEP)],
        again=lambda asked: _show_details(visit, act, member, group, asked),
        to=f"/membership/{member}",
        said=act.said,
    )


def _show_details(visit: Visit, act: Page, member: str, group: str, asked: Form | None = None) -> Response[str]:
    names_of(act, group)
    covered = None if group in {"name", "residence", "home_place", "birth_place"} else group
    with visit.reading(act.path, field=covered) as look:
        row = seeing.member_of(visit, look, member, seeing.CAPTURE)
        held = look.shown(row, row.cell, seeing.VIEW)
        names = _open(act, group, row, held)
        if not names:
            raise NotFound("There is no such page.")
        filled = asked or _filled(visit, look, member, names, held)
        met = colliding.met(filled, held, names, lambda field, value: _said(visit, field, value, covers=False))
        return _render(
            visit, act, row, filled, names=names, collisions=met, choices=True, group=group,
            group_label=labels.GROUPS[group][0], fields=[fields.field(name, short=True) for name in names],
            now=_now(visit, look, row, names), grounds=_grounds(names), needs_paper=bool(IDENTIFYING & set(names)),
            may_change=bool(_open(CHANGE, group, row, held)),
        )  # fmt: skip


def _filled(visit: Visit, look: Looking, member: str, names: Collection[str], held: Mapping[str, Any]) -> Form:
    values = {name: held[name] for name in names}
    was = {f"{fields.WAS}{name}": value for name, value in values.items()}
    ground = BIRTH_GROUNDS[0] if "born_on" in names else None  # there is no other: nobody has to choose it
    return visit.form(look, member, **values, **was, ground=ground)


def _now(visit: Visit, look: Looking, row: Member, names: Collection[str]) -> list[tuple[Words, Shown, int | None]]:
    """What the box says of these fields now, and when that was recorded (ms)."""
    held, facts = member_on(look, row.subject, look.today)

    def unit(cell: str) -> str:
        return seeing.unit_name(visit, cell)

    return [
        (
            labels.PARTS.get(name, labels.FIELDS[name]),
            shown(name, getattr(held, name), unit, uncovered=True),
            look.entry(facts[name].position).time if name in facts else None,
        )
        for name in names
    ]


def _grounds(names: Collection[str]) -> list[tuple[str, Words]]:
    some = BIRTH_GROUNDS if "born_on" in names else tuple(labels.GROUNDS)
    return [(ground, labels.GROUNDS[ground]) for ground in some]


async def _take(visit: Visit, act: Page, member: str, given: Mapping[str, Any] | None = None) -> Response[Any]:
    return await take(
        visit,
        act.shape,
        given={"member": member, **(given or {})},
        again=lambda asked: _show(visit, act, member, asked),
        to=f"/membership/{member}",
        said=act.said,
    )


def _show(visit: Visit, act: Page, member: str, asked: Form | None = None) -> Response[str]:
    if asked is not None and "status" in asked.errors and act is LEAVE:
        asked.errors = {"departure": words("Choose how the member leaves."), **asked.errors}
        del asked.errors["status"]
    with visit.reading(act.path) as look:
        row = seeing.member_of(visit, look, member, seeing.CAPTURE)
        held = look.shown(row, row.cell, seeing.VIEW)
        now = _now(visit, look, row, {"move": ("cell",), "note": ("note",)}.get(act.path, ("status",)))
        filled = asked or visit.form(
            look, member, **({"note": held["note"], "day": visit.today} if act is NOTE else {})
        )
        met = colliding.stated(filled, names := _ASKED.get(act.path, ()), lambda f, value: _said(visit, f, value))
        return _render(visit, act, row, filled, names=names, collisions=met, now=now)


def _said(visit: Visit, field: str, value: str, *, covers: bool = True) -> str:
    """A value in words; what pages cover stays covered, but on the page whose form shows it anyway."""
    if covers and field in COVERED:
        return "•••"
    if field == "cell":
        return seeing.unit_name(visit, value)
    if field == "sex":
        return visit.say(SEX[value].msgid)
    if field == "status":
        return visit.say(labels.STATES[value].msgid)
    return labels.named(field, value) if labels.is_listed(field) else value


def _render(
    visit: Visit, act: Page, row: Member, asked: Form, *, names: Collection[str], choices: bool = False, **more: Any
) -> Response[str]:
    cells = [cell for cell in seeing.cells(visit, seeing.CAPTURE) if cell[0] != row.cell]
    asked.meanwhile = [
        msgspec.structs.replace(
            one, values={f: _said(visit, f, v) for f, v in one.values.items() if f in labels.FIELDS and f not in names}
        )
        for one in asked.meanwhile
    ]
    return visit.render(
        f"membership/{act.template}.html",
        frame=seeing.crumbs(visit, act.title, row),
        form=asked,
        choices=choices,
        member=row,
        labels=labels.FIELDS,
        cell_name=seeing.unit_name(visit, row.cell),
        cells=cells,
        states=[(state, label) for state, label in labels.STATES.items() if state not in GONE and state != row.status],
        departures=list(labels.DEPARTURES.items()),
        state=labels.STATES[row.status],
        **more,
    )
