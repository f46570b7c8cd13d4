"""Readers of the log: who may read it over the network, by an address that is shown once and can be ended."""

import datetime as dt
from typing import Annotated, Any, Final

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.response import Redirect

from chibox.clock import VIETNAM
from chibox.errors import Refused, Words, words
from chibox.identity.readers import LONGEST, WhoReads
from chibox.site.cookies import reached
from chibox.site.routes import form, page
from chibox.site.visit import Visit
from chibox.web import codes
from chibox.web.filling import Form
from chibox.web.forms import NEEDED, parse
from chibox.web.page import Crumb

ADMINISTER: Final = "core.administer"
WHO: Final[dict[str, Words]] = {
    "parent": words("The committee above"),
    "witness": words("A witness of the log"),
    "committee": words("Another committee"),
    "other": words("Somebody else"),
}


class Make(msgspec.Struct, frozen=True, kw_only=True):
    """The form of a new reader."""

    who: WhoReads
    label: Annotated[
        str,
        msgspec.Meta(
            max_length=LONGEST, extra={NEEDED: words("Write who it is, so that the address can be ended later")}
        ),
    ]
    until: dt.date | None = None


class End(msgspec.Struct, frozen=True, kw_only=True):
    """Which reader ends."""

    no: int


@page("/readers")
def readers(visit: Visit) -> Response[str]:
    """Who reads, who did, and the form for one more."""
    return _show(visit, Form.blank())


@form("/readers")
async def make(visit: Visit) -> Response[Any]:
    """A new address, shown on this page only."""
    _demand(visit)
    sent = await visit.request.form()
    try:
        asked = parse(Make, sent).value
        return await to_thread.run_sync(_made, visit, asked)
    except Refused as refusal:
        refused = Form.refused(sent, refusal)
        return await to_thread.run_sync(_show, visit, refused)


@form("/readers/end")
async def end(visit: Visit) -> Response[Any]:
    """The address opens nothing from now on."""
    _demand(visit)
    asked = parse(End, await visit.request.form()).value
    await to_thread.run_sync(visit.office.readers.end, asked.no, visit.now)
    return Redirect("/readers", status_code=303)


def _demand(visit: Visit) -> None:
    """An address opens the log of the whole box: for who administers the whole box."""
    visit.demand(ADMINISTER, visit.picture.root)


def _made(visit: Visit, asked: Make) -> Response[str]:
    until = None if asked.until is None else end_of(asked.until)
    token = visit.office.readers.make(asked.who, asked.label, made_by=visit.person, now=visit.now, until=until)
    address = f"{reached(visit.office, visit.request)}/log/{token}/{visit.office.box.log.generation}/"
    return visit.render(
        "core/reader_made.html", here=visit.say("New reader"), via=(Crumb(visit.say("Readers of the log"), "/readers"),),
        label=asked.label, who=WHO[asked.who], address=address, code=codes.drawn(address),
    )  # fmt: skip


def end_of(day: dt.date) -> int:
    """The end of a day in Viet Nam, in ms."""
    return int(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), VIETNAM).timestamp() * 1000)


def _show(visit: Visit, form: Form) -> Response[str]:
    _demand(visit)
    with visit.reading("readers") as look:
        found = visit.office.readers.all()
        names = look.names({one.made_by for one in found if one.made_by})
        return visit.render(
            "core/readers.html", here=visit.say("Readers of the log"), readers=found, names=names, who=WHO, form=form,
        )  # fmt: skip


PAGES: Final[list[Any]] = [readers, make, end]
