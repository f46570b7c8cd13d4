"""Mending rows in the page, checking them again, recording those that are right, putting the file away."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from typing import Any, Final

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.params import FromPath
from litestar.response import Redirect

from chibox.plugin import Answer, Conflict, Draft, Invalid, Read, Taken, Visit, form, page, tell, words
from chibox_membership.importing import desk as desks
from chibox_membership.importing.held import Desk, Kept, Recorded
from chibox_membership.pages.importing import places
from chibox_membership.pages.importing.typed import Typed, taken, typed

_LEFT: Final = ("wrong", "doubtful")
_LONGEST: Final = 8
"""Digits of the number of a page."""


class _Row(msgspec.Struct, frozen=True):
    """As much of a row as says whether the trial has seen all of it."""

    unchecked: bool = False
    mends: dict[str, str] = {}
    answers: dict[str, str] = {}


@form("/import/{draft:str}")
async def mend(visit: Visit, draft: FromPath[str]) -> Response[Any]:
    """Keep what was written and answered; check it, or take a reading, or go to another page with nothing lost."""
    fields = list((await visit.request.form()).multi_items())
    return Redirect(await to_thread.run_sync(_mended, visit, draft, fields), status_code=303)


@form("/import/{draft:str}/record")
async def record(visit: Visit, draft: FromPath[str]) -> Response[Any]:
    """Record the rows that are right, as one act.

    What was written and not checked is checked first. When that, or a colleague, changes what would be recorded, nothing
    is: the page is shown again and says so.
    """
    fields = list((await visit.request.form()).multi_items())
    ready = await to_thread.run_sync(_ready, visit, draft, fields)
    if isinstance(ready, str):
        return Redirect(ready, status_code=303)
    found, desk, number = ready
    try:
        told = await desks.record(visit, visit.drafts, found, _reading(visit))
    except Conflict:
        return Redirect(places.address("import", draft, again=number, late=desk.as_of), status_code=303)
    except Invalid:  # what stands in the box has changed so that a row is no longer right
        await to_thread.run_sync(_check, visit, found)
        return Redirect(places.address("import", draft, again=number), status_code=303)
    answer = await to_thread.run_sync(_answer, visit, told)
    said = words(
        "{n} rows are imported: {new} new members, {changed} members with changes.",
        n=told.new + told.changed, new=told.new, changed=told.changed,
    )  # fmt: skip
    return await tell(visit, Taken(None, answer), places.address("import", draft), said)


@page("/import/{draft:str}/drop")
def ask_drop(visit: Visit, draft: FromPath[str]) -> Response[str]:
    """What is given up when the file is put away."""
    return drop_page(visit, *places.open_file(visit, draft, "import"))


@form("/import/{draft:str}/drop")
def drop(visit: Visit, draft: FromPath[str]) -> Response[Any]:
    """Put the file away, with what was mended in it; what was recorded out of it stays recorded."""
    found, _ = places.open_file(visit, draft, "import")
    visit.drafts.drop(found)
    return Redirect("/membership/import?dropped=1", status_code=303)


HANDLERS: Final = (mend, record, ask_drop, drop)


def drop_page(visit: Visit, draft: Draft, desk: Desk) -> Response[str]:
    """The sentence that reads it back, and the way back."""
    found = places.counts(visit, draft)
    return visit.render(
        "membership/import_drop.html", frame=places.crumbs(visit, desk.purpose, words("Put away")), draft=draft, desk=desk,
        address=places.address(desk.purpose, draft.id), left=places.going(found) + places.left_aside(found),
        mended=0 if desk.purpose == "compare" else _mended_rows(visit, draft),
    )  # fmt: skip


def _mended_rows(visit: Visit, draft: Draft) -> int:
    return sum(bool(row.mends or row.answers) for _, tag, row in visit.drafts.items(draft, _Row) if tag != "recorded")


def _mended(visit: Visit, id: str, fields: list[tuple[str, Any]]) -> str:  # noqa: A002 - the word for it
    """Does what the button says; returns the address of the next page."""
    draft, desk = places.open_file(visit, id, "import")
    query = visit.request.query_params
    tab = query.get("tab", "") if query.get("tab") in _LEFT else ""
    at = _digits(query.get("page", ""))
    if desk.phase != "checked":
        return places.address("import", id)
    buttons = {name: str(value) for name, value in fields if name in {"take", "ask", "go"}}
    told = _typed(visit, draft, fields, guesses=not buttons)
    where = ""
    if (found := taken(buttons.get("take", ""))) is not None:
        row, key, reading = found
        told.mends.setdefault(row, {})[key] = reading
        where = f"#m-{row}-{key}"
    if (found := taken(buttons.get("ask", ""))) is not None:
        told.answers.setdefault(found[0], {})[found[1]] = ""
        _write(visit, draft, told)
        _check(visit, draft)
        return places.address("import", id, tab="doubtful")
    _write(visit, draft, told)
    if "take" in buttons:
        return places.address("import", id, tab=tab, page=at) + where
    if "go" in buttons:
        return places.address("import", id, tab=tab, page=_digits(buttons["go"]) or at)
    before = places.counts(visit, draft)["doubtful" if tab == "doubtful" else "wrong"]
    _check(visit, draft)
    return places.address("import", id, tab=tab, page=at, checked=before)


def _digits(text: str) -> str:
    """A number as it was sent; nothing for what is none: it goes into an address."""
    return text if text.isascii() and text.isdecimal() and len(text) <= _LONGEST else ""


def _ready(visit: Visit, id: str, fields: list[tuple[str, Any]]) -> tuple[Draft, Desk, int] | str:  # noqa: A002
    """The file with what would be recorded of it as the page said; else the address of the page that says it anew."""
    draft, desk = places.open_file(visit, id, "import")
    if desk.phase != "checked":
        return places.address("import", id)
    shown = next((str(value) for name, value in fields if name == "shown"), "")
    told = _typed(visit, draft, fields, guesses=False)
    _write(visit, draft, told)
    if told or _any_unchecked(visit, draft):
        _check(visit, draft)
        draft, desk = places.open_file(visit, id, "import")
    found = places.counts(visit, draft)
    number = places.going(found)
    if shown != said_of(found):
        before = sum(int(part) for part in shown.split(".") if part.isdecimal())
        return places.address("import", id, again=before)
    return (draft, desk, number) if number else places.address("import", id)


def said_of(found: Mapping[Any, int]) -> str:
    """What the page said that would be recorded: how many new, how many changed."""
    return f"{found['new']}.{found['changed']}"


def _typed(visit: Visit, draft: Draft, fields: list[tuple[str, Any]], *, guesses: bool) -> Typed:
    rows: dict[int, Kept | None] = {}

    def row(number: int) -> Kept | None:
        if number not in rows:
            item = visit.drafts.item(draft, number, Kept)
            rows[number] = None if item is None else item[1]
        return rows[number]

    return typed(fields, row, guesses=guesses)


def _write(visit: Visit, draft: Draft, told: Typed) -> None:
    if told:
        desks.write(visit.drafts, draft, told.mends, told.answers)


def _any_unchecked(visit: Visit, draft: Draft) -> bool:
    return any(row.unchecked for _, _, row in visit.drafts.items(draft, _Row))


def _check(visit: Visit, draft: Draft) -> None:
    """The trial again. Where the background, or another page, is at it, that one says what comes of it."""
    with suppress(Conflict):
        desks.check(visit.drafts, draft, _reading(visit), visit.office.box.clock.now)


def _reading(visit: Visit) -> Any:
    def reading() -> AbstractContextManager[Read]:
        return visit.reading("import")

    return reading


def _answer(visit: Visit, told: Recorded) -> Answer:
    with visit.reading("import") as look:
        first, last = look.act(told.act) or (told.position, told.position)
        return Answer(told.act, first, last)
