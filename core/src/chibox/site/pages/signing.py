"""Whether the box signs: why not, what still works, and the way out by two people; the generations of the log so far."""

from typing import Any, Final

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.response import Redirect

from chibox.errors import Away, Invalid, Refused, Words, words
from chibox.opening import ask_opening, open_generation
from chibox.projections.opening import open_entry
from chibox.records.log import LogReader
from chibox.signing.asked import Ask
from chibox.signing.records import GenerationOpened
from chibox.signing.succession import PATIENCE
from chibox.site.looking import Looking
from chibox.site.routes import form, page
from chibox.site.visit import Visit

REASONS: Final[dict[str, Words]] = {
    "restored": words("The box was restored from a backup"),
    "behind": words("Records had been lost"),
    "forked": words("The records were not those that had been given out"),
    "copied": words("The box was a copy"),
    "mark_lost": words("What had been given out was no longer known"),
    "key_lost": words("The key had been lost"),
    "key_stolen": words("The key was in foreign hands"),
}
_DONE: Final[dict[str, Words]] = {
    "asked": words("Asked. A second person has to agree."),
    "opened": words("The box records again."),
    "withdrawn": words("What was asked is withdrawn."),
}


class Opened(msgspec.Struct, frozen=True):
    """A generation as the page lists it: its number, from which receipt number on, when and why, by which two people."""

    number: int
    first: str
    time: int
    why: Words
    asked_by: str
    opened_by: str


@page("/signing")
def signing(visit: Visit) -> Response[str]:
    """For everyone who is signed in."""
    return _show(visit, None)


@form("/signing/ask")
async def asking(visit: Visit) -> Response[Any]:
    """The first of two people."""
    sent = await visit.request.form()
    typed = str(sent.get("generation", "")).strip()

    def ask(stolen: bool) -> None:
        if typed and not (typed.isascii() and typed.isdecimal()):
            raise Invalid(
                "The number of the next generation is at least {least}.", least=visit.office.box.succession.next
            )
        ask_opening(visit.office.box, visit.person, stolen=stolen, generation=int(typed) if typed else None)

    return await _do(visit, "asked", ask)


@form("/signing/open")
async def opening(visit: Visit) -> Response[Any]:
    """The second of two people."""
    return await _do(visit, "opened", lambda _: open_generation(visit.office.box, visit.person))


@form("/signing/withdraw")
async def withdrawing(visit: Visit) -> Response[Any]:
    """Either of those who may."""

    def withdraw(_: bool) -> None:
        with visit.office.box.reading(visit.person) as read:
            visit.office.box.succession.withdraw(read, visit.person)

    return await _do(visit, "withdrawn", withdraw)


async def _do(visit: Visit, done: str, act: Any) -> Response[Any]:
    sent = await visit.request.form()
    try:
        await to_thread.run_sync(act, sent.get("reason") == "key_stolen")
    except (Refused, Away) as refusal:
        said = refusal.words
        return await to_thread.run_sync(lambda: _show(visit, said))
    return Redirect("/signing", query_params={"done": done}, status_code=303)


def _show(visit: Visit, refused: Words | None) -> Response[str]:
    box = visit.office.box
    with visit.reading("signing") as look:
        ask, found = box.succession.ask, box.signing.found
        may = box.succession.may(visit.picture, visit.person, look) is not None
        return visit.render(
            "core/signing.html", here=visit.say("Signing the log"), status=409 if refused else 0, refused=refused,
            stopped=box.stopped, ask=ask, asked_by=_name(look, ask), may=may, mine=ask is not None and ask.by == visit.person,
            until=None if ask is None else ask.at + PATIENCE, technique=visit.may("core.operate"),
            done=_DONE.get(visit.request.query_params.get("done", "")),
            generation=box.succession.next if ask is None else ask.generation,
            last="" if found is None or not found.size else visit.office.shown_number(found.size - 1),
            lost=0 if found is None else box.log.size - found.size, opened=_opened(look), reasons=REASONS,
        )  # fmt: skip


def _name(look: Looking, ask: Ask | None) -> str:
    return "" if ask is None else look.names([ask.by]).get(ask.by, "")


def _opened(look: Looking) -> list[Opened]:
    """The generations after the first, newest first, each by the record that opened it."""
    lineage = LogReader(look.connection, look.box).lineage
    found = []
    numbers = [*(one.head.generation for one in lineage.closed), lineage.generation]
    for number in reversed(numbers[1:]):
        log, first = LogReader(look.connection, look.box, number), lineage.first_of(number)
        entry = open_entry(look.library.kinds, first, log.entry(first), log.body(first))
        if isinstance(entry.body, GenerationOpened):
            names = look.names([entry.by, entry.body.asked_by])
            people = (names.get(entry.body.asked_by, ""), names.get(entry.by, ""))
            found.append(Opened(number, f"{first}/{number}", entry.time, REASONS[entry.body.reason], *people))
    return found


PAGES: Final[list[Any]] = [signing, asking, opening, withdrawing]
