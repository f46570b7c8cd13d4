"""The log for people: the last acts, one act with its entries, its receipt, and taking it back."""

import re
from typing import Any, Final

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.params import FromPath
from litestar.response import Redirect

from chibox.core_commands import Undo
from chibox.errors import NotFound, Refused, Words, words
from chibox.receipting import act_receipt, record_receipt
from chibox.records.log import LogReader
from chibox.records.stated import Entry
from chibox.site.asking import take
from chibox.site.cookies import reached
from chibox.site.listed import Line, listed
from chibox.site.looking import Looking
from chibox.site.routes import form, page
from chibox.site.visit import Visit
from chibox.undoing import DAYS, Undoing, needs, undo
from chibox.web.codes import check_address, drawn
from chibox.web.filling import Form
from chibox.web.forms import values_of
from chibox.web.page import Crumb

ACTS: Final = 25
_SCANNED: Final = 2_000  # acts that are looked through for one page
_LOOKED: Final = 40  # entries of an act that are looked at for one that the visitor may see
SHOWN: Final = 50  # entries of an act on its page
PRINTED: Final = 8  # entries of an act on its printed receipt
_NUMBER: Final = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+)(?:/\d+)?\Z", re.ASCII)
ZIP: Final = "application/zip"


class ActLine(msgspec.Struct, frozen=True):
    """An act in the list: its first entry that the visitor may see, and how many entries it has."""

    line: Line
    position: int  # its last: the receipt number
    number: str
    entries: int


@page("/log")
def log(visit: Visit) -> Response[Any]:
    """The last acts that the visitor may see; `number`: to the act with that receipt number; `before`: older ones."""
    asked = visit.request.query_params.get("number", "").strip()
    if asked:
        position = number_of(asked)
        with visit.reading("log") as look:
            if position is not None and _span(look, position) is not None:
                return Redirect(f"/log/{position}", status_code=303)
    with visit.reading("log") as look:
        before = number_of(visit.request.query_params.get("before", ""))
        acts, more = _acts(look, before)
        return visit.render("core/log.html", here=visit.say("Log and receipts"), acts=acts, more=more, asked=asked)


@page("/log/{position:int}")
def act_page(visit: Visit, position: FromPath[int]) -> Response[str]:
    """One act: who, when, in whose place, what it states, whether it may be taken back."""
    with visit.reading("act") as look:
        first, last = _seen(look, position)
        shown = listed(look, (look.entry(p) for p in range(first, min(last, first + SHOWN - 1) + 1)))
        entry, number, root = look.entry(last), visit.office.shown_number(last), look.end_at(last).root
        return visit.render(
            "core/act.html", here=visit.say("Receipt {number}", number=number), via=_via(visit), act=entry.act,
            first=first, last=last, number=number, lines=shown, entry=entry,
            who=look.names([entry.by]).get(entry.by, ""), around=_context(look, entry), left=_left(look, entry),
            form=visit.form(), check=root and check_address("", visit.office.number(last), root),
        )  # fmt: skip


@page("/log/{position:int}/print")
def print_receipt(visit: Visit, position: FromPath[int]) -> Response[str]:
    """The receipt of the act on one sheet: number, words, who, when, the root that the log had then, where to check."""
    with visit.reading("receipt") as look:
        first, last = _seen(look, position)
        entry, end = look.entry(last), look.end_at(last)
        base, number = reached(visit.office, visit.request), visit.office.number(last)
        return visit.render(
            "core/receipt_print.html", here=visit.say("Receipt {number}", number=end.number), via=_via(visit), end=end,
            entry=entry, around=_context(look, entry), who=look.names([entry.by]).get(entry.by, ""), last=last,
            lines=listed(look, (look.entry(p) for p in range(first, min(last, first + PRINTED - 1) + 1))),
            entries=last - first + 1, base=base, code=drawn(check_address(base, number, end.root)) if end.root else "",
        )  # fmt: skip


@page("/log/{position:int}/receipt")
def act_receipt_file(visit: Visit, position: FromPath[int]) -> Response[bytes]:
    """The receipt of the whole act, without parts."""
    head = visit.office.box.publish()
    with visit.reading("receipt") as look:
        first, last = _seen(look, position)
        return _file(act_receipt(look, head, first), f"{last}")


@page("/log/{position:int}/record")
def record_receipt_file(visit: Visit, position: FromPath[int]) -> Response[bytes]:
    """The receipt of one record, with its parts as far as the visitor may read all of them."""
    head = visit.office.box.publish()
    with visit.reading("receipt") as look:
        entry = look.entry(position)
        if not look.may_see(entry):
            raise NotFound("There is no such act.")
        look.told(entry)
        return _file(record_receipt(look, head, position), f"{position}")


@page("/log/{position:int}/undo")
def ask_undo(visit: Visit, position: FromPath[int]) -> Response[str]:
    """What would be taken back, and what rests on it."""
    return _undo_page(visit, position, visit.form())


@form("/log/{position:int}/undo")
async def take_back(visit: Visit, position: FromPath[int]) -> Response[Any]:
    """Takes the act back at once when nothing rests on it; else shows first what does."""
    sent = values_of(await visit.request.form())
    act = await to_thread.run_sync(_to_undo, visit, position, "listed" in sent)
    if act is None:
        refused = Form({}, next(iter(sent.get("_act", [])), None) or visit.new_act())
        return await to_thread.run_sync(_undo_page, visit, position, refused)
    return await take(
        visit, Undo, given={"act": act}, beside=("listed",), to=f"/log/{position}", said=words("It was taken back."),
        again=lambda form: _undo_page(visit, position, form),
    )  # fmt: skip


def number_of(text: str) -> int | None:
    """The position behind a receipt number as people write it: 4711, 4.711, 4711/2."""
    match = _NUMBER.match(text.strip())
    return int(re.sub(r"[.,]", "", match[1])) if match else None


def _acts(look: Looking, before: int | None) -> tuple[list[ActLine], int | None]:
    """Some acts, newest first, and before which position the older ones stand (None: there are none).

    The entries of an act are contiguous: the log is walked backwards, act by act.
    """
    size = LogReader(look.connection, look.box).head().size
    position = min(size if before is None else before, size) - 1
    found: list[tuple[int, int, Entry[Any]]] = []
    for _ in range(_SCANNED):
        if position < 0 or len(found) == ACTS:
            break
        first, last = look.act(look.entry(position).act) or (position, position)
        entry = _first_seen(look, first, last)
        if entry is not None:
            found.append((first, last, entry))
        position = first - 1
    number = look.visit.office.shown_number
    lines = listed(look, (entry for _, _, entry in found))
    acts = [
        ActLine(line, last, number(last), last - first + 1) for line, (first, last, _) in zip(lines, found, strict=True)
    ]
    return acts, position + 1 or None


def _first_seen(look: Looking, first: int, last: int) -> Entry[Any] | None:
    some = (look.entry(position) for position in range(first, min(last, first + _LOOKED - 1) + 1))
    return next((entry for entry in some if look.may_see(entry)), None)


def _span(look: Looking, position: int) -> tuple[int, int] | None:
    """First and last position of the act in which an entry stands, when the visitor may see any of it."""
    if not 0 <= position < LogReader(look.connection, look.box).head().size:
        return None
    entry = look.entry(position)
    span = look.act(entry.act)
    seen = span is not None and (look.may_see(entry) or _first_seen(look, *span) is not None)
    return span if seen else None


def _seen(look: Looking, position: int) -> tuple[int, int]:
    span = _span(look, position)
    if span is None:
        raise NotFound("There is no act with this receipt number, or it is not open to this account.")
    return span


def _context(look: Looking, entry: Entry[Any]) -> dict[str, Any]:
    """In whose place, from paper, under which post."""
    found: dict[str, Any] = {"from_paper": bool(entry.context.get("from_paper")), "on_behalf": "", "post": ""}
    on_behalf = entry.context.get("on_behalf")
    if on_behalf:
        found["on_behalf"] = look.names([on_behalf]).get(on_behalf, "")
    post = next(
        (p for some in look.picture.posts.values() for p in some if p.subject == entry.context.get("post")), None
    )
    if post is not None and post.role in look.picture.roles:
        found["post"] = look.visit.say(look.picture.roles[post.role].label)
    return found


def _left(look: Looking, entry: Entry[Any]) -> Words | None:
    """Why the visitor cannot take the act back; None when they can."""
    try:
        look.picture.check(look.actor, needs(look, undo(look, entry.act)), look.today)
    except Refused as refusal:
        return refusal.words
    return None


def _via(visit: Visit) -> tuple[Crumb, ...]:
    return (Crumb(visit.say("Log and receipts"), "/log"),)


def _to_undo(visit: Visit, position: int, listed_: bool) -> str | None:
    """The act, when it may be taken back without a further look. Raises NotFound."""
    with visit.reading("undo") as look:
        _, last = _seen(look, position)
        act = look.entry(last).act
        return act if listed_ or not undo(look, act).resting else None


def _undo_page(visit: Visit, position: int, form: Form) -> Response[str]:
    with visit.reading("undo") as look:
        _, last = _seen(look, position)
        entry = look.entry(last)
        working: Undoing | None = None
        reason: Words | None = None
        try:
            working = undo(look, entry.act)
        except Refused as refusal:
            reason = refusal.words
        acts = {} if working is None else {e.act: e for e in working.resting}
        return visit.render(
            "core/undo.html", here=visit.say("Take back"), via=_via(visit), form=form, position=last,
            number=visit.office.shown_number(last),
            working=working, reason=reason, taken=[] if working is None else listed(look, working.taken[:SHOWN]),
            kept=[] if working is None else listed(look, working.left[:SHOWN]),
            later=[(act, one) for act, some in acts.items() for one in listed(look, [some])], days=DAYS,
        )  # fmt: skip


def _file(content: bytes, name: str) -> Response[bytes]:
    headers = {"Content-Disposition": f'attachment; filename="bien-nhan-{name}.zip"'}
    return Response(content, media_type=ZIP, headers=headers)


PAGES: Final[list[Any]] = [log, act_page, print_receipt, act_receipt_file, record_receipt_file, ask_undo, take_back]
