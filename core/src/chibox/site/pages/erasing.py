"""Erasing what is held about a person: asked on one page, done by a second person on another, and the list of what was asked."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.params import FromPath
from litestar.response import Redirect

from chibox.commands import Command
from chibox.erasing import commands
from chibox.erasing.care import folder_of
from chibox.erasing.commands import AskErasure, Erase, WithdrawErasure, named, needs_of
from chibox.erasing.dues import REASONS, may
from chibox.erasing.finding import Holding, holding, needs
from chibox.erasing.tables import OPEN, Erasure
from chibox.erasing.unfinished import finished
from chibox.errors import Away, Forbidden, Invalid, NotFound, Refused, Words, words
from chibox.records.record import day_of
from chibox.records.stated import Entry
from chibox.site.asking import ask
from chibox.site.looking import Looking
from chibox.site.routes import form, page
from chibox.site.visit import Visit
from chibox.web import typed
from chibox.web.filling import Form
from chibox.web.forms import parse, values_of
from chibox.web.page import Crumb

_MOST: Final = 200  # requests in the list
_TYPED: Final = "typed"


class Some(msgspec.Struct, frozen=True):
    """So many records that read alike, from the first day to the last on which they hold."""

    said: str
    count: int
    first: Any
    last: Any


class Shown(msgspec.Struct, frozen=True):
    """A request as a page shows it; `number`: the receipt of what did it or withdrew it."""

    row: Erasure
    person: str
    by: str
    closed_by: str
    reason: Words | None
    number: str


@page("/erasing")
def listed(visit: Visit) -> Response[str]:
    """The requests that the visitor may see, those that wait first, then the newest."""
    visit.demand("core.view")
    with visit.reading("erasing") as look:
        rows = look.found(Erasure, "1 ORDER BY state<>?, position DESC LIMIT ?", (OPEN, _MOST))
        rows = [row for row in rows if _is_open_to(visit, look, row)]
        return visit.render("core/erasures.html", here=visit.say("Erasing"), erasures=_shown(visit, look, rows))


@page("/erasing/of/{subject:str}")
def ask_page(visit: Visit, subject: FromPath[str]) -> Response[str]:
    """What is held, what will be gone and what stays."""
    return _ask(visit, subject, None)


@form("/erasing/of/{subject:str}")
async def asking(visit: Visit, subject: FromPath[str]) -> Response[Any]:
    """Asks; the page of the request says what comes next."""
    sent = await visit.request.form()
    try:
        filled = parse(AskErasure, _With(sent, subject))
        if filled.act is None:
            raise Invalid("The number of this page cannot be read; open the page again")
        answer = await ask(visit, filled.value, filled.act, seen=filled.seen)
    except (Forbidden, NotFound):
        raise
    except (Refused, Away) as refusal:
        refused = Form.refused(sent, refusal)
        return await to_thread.run_sync(_ask, visit, subject, refused)
    return await to_thread.run_sync(_to, visit, answer.first)


@page("/erasing/{asked:str}")
def request_page(visit: Visit, asked: FromPath[str]) -> Response[str]:
    """One request: what it names, who may do it, what became of it."""
    return _request(visit, asked, visit.form())


@form("/erasing/{asked:str}/do")
async def doing(visit: Visit, asked: FromPath[str]) -> Response[Any]:
    """Erases, when the number of records was typed."""
    return await _act(visit, asked, Erase(asked=asked))


@form("/erasing/{asked:str}/withdraw")
async def withdrawing(visit: Visit, asked: FromPath[str]) -> Response[Any]:
    """Withdraws what was asked."""
    return await _act(visit, asked, WithdrawErasure(asked=asked))


class _With:
    """The form with the subject of the address."""

    def __init__(self, sent: Any, subject: str) -> None:
        self._sent, self._subject = sent, subject

    def items(self) -> Any:
        """Every name with its value."""
        return [*((name, value) for name, value in self._sent.items() if name != "subject"), ("subject", self._subject)]


async def _act(visit: Visit, asked: str, command: Command) -> Response[Any]:
    sent = await visit.request.form()
    values = values_of(sent)
    act = next((str(value) for value in values.get("_act", []) if value), "")
    try:
        if isinstance(command, Erase):
            await to_thread.run_sync(_check_typed, visit, asked, next(iter(values.get(_TYPED, [""])), ""))
        await ask(visit, command, act)
    except (Forbidden, NotFound):
        raise
    except (Refused, Away) as refusal:
        refused = Form.refused(sent, refusal)
        return await to_thread.run_sync(_request, visit, asked, refused)
    return Redirect(f"/erasing/{asked}", status_code=303)


def _check_typed(visit: Visit, asked: str, text: object) -> None:
    """Raises Invalid unless the number of records that goes was typed."""
    with visit.reading("erasing") as look:
        count = len(_entries(look, _row(visit, look, asked)))
    try:
        right = typed.whole(str(text)) == count
    except Invalid:
        right = False
    if not right:
        wrong = words("This is not the number of records; it is {count}.", count=count)
        raise Invalid(wrong.msgid, fields={_TYPED: wrong}, **wrong.params)


def _ask(visit: Visit, subject: str, asked: Form | None) -> Response[str]:
    with visit.reading("erasing") as look:
        held = holding(look, subject)
        if not held.records or not _may_ask(look, held):
            raise NotFound("There is nothing here that this account could ask to be erased.")
        name = _name(visit, look, subject)
        return visit.render(
            "core/erasing_ask.html", here=visit.say("Ask for an erasure"), via=_via(visit), subject=subject, name=name,
            form=asked or visit.form(look, subject), own=some_of(look, held.own), others=some_of(look, held.others),
            held=held, open=commands.is_open(look, subject), reasons=list(REASONS.items()), days=commands.DAYS,
        )  # fmt: skip


def _request(visit: Visit, asked: str, form: Form) -> Response[str]:
    with visit.reading("erasing") as look:
        row = _row(visit, look, asked)
        entries = _entries(look, row)
        reason: Words | None = None
        if row.state == OPEN:
            try:
                commands.check(look, row)
                look.picture.check(look.actor, needs_of(look, row, "approve"), look.today)
            except Refused as refusal:
                reason = refusal.words
        scope = "capture" if row.by == visit.person else "approve"
        return visit.render(
            "core/erasing.html", here=visit.say("Request to erase"), via=_via(visit), form=form,
            shown=_shown(visit, look, [row])[0], some=some_of(look, entries), count=len(entries), reason=reason,
            newer=some_of(look, commands.newer(look, row)) if row.state == OPEN else [],
            may_withdraw=row.state == OPEN and may(look, row, visit.person, scope), days=commands.DAYS,
            finished=row.subject in finished(folder_of(look)), closed=row.closed,
        )  # fmt: skip


def some_of(look: Looking, entries: Sequence[Entry[Any]]) -> list[Some]:
    """The entries by how they read, without what they say; the most numerous first."""
    found: dict[str, list[Any]] = {}
    for entry in entries:
        day = day_of(look.library.kinds.get(entry.kind), entry.body) or entry.day
        found.setdefault(look.visit.office.saying(entry, {}), []).append(day)
    some = [Some(said, len(days), min(days), max(days)) for said, days in found.items()]
    return sorted(some, key=lambda one: (-one.count, one.said))


def _entries(look: Looking, row: Erasure) -> list[Entry[Any]]:
    return named(look, row) if row.state == OPEN else []


def _row(visit: Visit, look: Looking, asked: str) -> Erasure:
    row = look.row(Erasure, asked)
    if row is None or not _is_open_to(visit, look, row):
        raise NotFound("There is no such request.")
    return row


def _is_open_to(visit: Visit, look: Looking, row: Erasure) -> bool:
    """For who asked, did or may do it; an open one that is over also for who may ask or approve where it was asked."""
    if visit.person in (row.by, row.closed_by) or may(look, row, visit.person):
        return True
    unit = look.entry(row.position).unit
    return not row.sealed and any(visit.may(f"core.{scope}", unit) for scope in ("capture", "approve"))


def _may_ask(look: Looking, held: Holding) -> bool:
    try:
        look.picture.check(look.actor, needs(look, held.entries, "capture"), look.today)
    except Forbidden:
        return False
    return True


def _shown(visit: Visit, look: Looking, rows: list[Erasure]) -> list[Shown]:
    names = look.names({who for row in rows for who in (row.person, row.by, row.closed_by or "") if who})
    if visit.sees_people:
        look.show(row.person for row in rows if names.get(row.person))
    number = visit.office.shown_number
    return [
        Shown(
            row, names.get(row.person, ""), names.get(row.by, ""), names.get(row.closed_by or "", ""),
            REASONS.get(row.reason), "" if row.closed is None else number(row.closed),
        )
        for row in rows
    ]  # fmt: skip


def _name(visit: Visit, look: Looking, subject: str) -> str:
    if visit.sees_people:
        look.show([subject])
    return look.names([subject]).get(subject, "")


def _to(visit: Visit, position: int) -> Redirect:
    with visit.office.box.reading() as read:
        return Redirect(f"/erasing/{read.entry(position).rid}", status_code=303)


def _via(visit: Visit) -> tuple[Crumb, ...]:
    return (Crumb(visit.say("Erasing"), "/erasing"),)


PAGES: Final[list[Any]] = [listed, ask_page, asking, request_page, doing, withdrawing]
