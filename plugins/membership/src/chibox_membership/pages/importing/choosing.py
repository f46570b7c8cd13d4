"""Choosing a file: what may be sent, what happens to it, and what still lies on the clerk's desk."""

from typing import Any, Final

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.response import Redirect

from chibox.plugin import Draft, Form, Invalid, Visit, Words, form, page, words
from chibox_membership.importing import desk as desks
from chibox_membership.importing.held import DAYS, Desk, Purpose, What
from chibox_membership.pages import seeing
from chibox_membership.pages.importing import places
from chibox_membership.sheet.wire import Limits

LIMITS: Final = Limits()
_ROOM: Final = 1 << 16
"""Bytes that a form needs around its file."""
_TEMPLATES: Final = {"import": "membership/import.html", "compare": "membership/compare.html"}


class OnDesk(msgspec.Struct, frozen=True):
    """A file that lies on the desk, as the list shows it."""

    draft: Draft
    desk: Desk
    counts: dict[What, int]
    going: int
    left: int
    until: object


@page("/import")
def ask_sheet(visit: Visit) -> Response[str]:
    """What may be sent, and what lies on the desk."""
    return _show(visit, visit.form(), "import")


@form("/import", request_max_body_size=LIMITS.file + _ROOM)
async def take_sheet(visit: Visit) -> Response[Any]:
    """Lay the file on the desk; reading and trying it is the background's work. Nothing of it is in the box yet."""
    return await _take(visit, "import")


@page("/compare")
def ask_comparison(visit: Visit) -> Response[str]:
    """The same for a file that is only compared."""
    return _show(visit, visit.form(), "compare")


@form("/compare", request_max_body_size=LIMITS.file + _ROOM)
async def take_comparison(visit: Visit) -> Response[Any]:
    """Lay the file on the desk to be compared."""
    return await _take(visit, "compare")


HANDLERS: Final = (ask_sheet, take_sheet, ask_comparison, take_comparison)


async def _take(visit: Visit, purpose: Purpose) -> Response[Any]:
    visit.demand(seeing.CAPTURE)
    try:
        file = await visit.file("file")
        if file is None:
            raise _not_taken(words("Choose the file first."))
        if len(file.data) > LIMITS.file:
            raise _not_taken(words("This file is larger than {most} MB.", most=LIMITS.file // 1_000_000))
    except Invalid as refusal:
        again = Form.refused(await visit.request.form(), refusal)
        return await to_thread.run_sync(_show, visit, again, purpose)
    draft = await to_thread.run_sync(desks.open_desk, visit.drafts, purpose, file)
    await places.set_to_work(visit)
    return Redirect(places.address(purpose, draft.id), status_code=303)


def _not_taken(why: Words) -> Invalid:
    return Invalid("What was sent cannot be taken yet", fields={"file": why})


def _show(visit: Visit, asked: Form, purpose: Purpose) -> Response[str]:
    visit.demand(seeing.CAPTURE)
    return visit.render(
        _TEMPLATES[purpose],
        frame=seeing.crumbs(visit, places.NAMES[purpose]),
        form=asked,
        files=[_on_desk(visit, draft, desk) for draft, desk in desks.desks(visit.drafts, purpose)],
        most=LIMITS.file // 1_000_000,
        days=DAYS,
        names=places.STEPS,
        dropped="dropped" in visit.request.query_params,
    )


def _on_desk(visit: Visit, draft: Draft, desk: Desk) -> OnDesk:
    found = places.counts(visit, draft)
    return OnDesk(draft, desk, found, places.going(found), places.left_aside(found), places.until(draft))
