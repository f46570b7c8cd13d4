"""A form that came after its session had ended: kept for whoever wrote it, who finds it again by signing in."""

from typing import Any, Final

from anyio import to_thread
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath
from litestar.response import Redirect

from chibox.drafts.drafts import Drafts
from chibox.errors import NotFound
from chibox.office import Office
from chibox.site.pages.sign_in import UNSENT
from chibox.site.routes import page
from chibox.site.visit import CORE, Visit
from chibox.site.who import COOKIE, OPEN, who_of
from chibox.web import sent
from chibox.web.errors import wants_json

KIND: Final = "unsent"
_DAYS: Final = 1
_MOST: Final = 10  # of one person; the oldest goes
_KEPT: Final = "unsent"
AnyRequest = Request[Any, Any, Any]


async def put_aside(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A guard before that of signing in: what nobody sends who is signed in is kept, or left alone; it refuses nothing."""
    if who_of(connection) is not None or handler.opt.get(OPEN) or not isinstance(connection, Request):
        return
    if not wants_json(connection):
        connection.state[_KEPT] = await keep(connection)


def address(request: AnyRequest) -> str:
    """Where what this request sent is found again; empty when nothing was put aside."""
    return str(request.state.get(_KEPT) or "")


async def keep(request: AnyRequest) -> str:
    """Keep what was sent, for the person whose session it was. Returns where it is found again; empty when nothing was kept.

    An ended session opens nothing: what it brings is only put aside for its own person.
    """
    token = request.cookies.get(COOKIE)
    found = await sent.read(request) if token else None
    if found is None or token is None:
        return ""
    return await to_thread.run_sync(_keep, request.app.state.office, token, found)


def _keep(office: Office, token: str, found: sent.Sent) -> str:
    person = office.sessions.whose(token)
    if not person:
        return ""
    drafts = Drafts(office.drafts, CORE, person, office.box.clock.now)
    for old in drafts.all(KIND)[_MOST - 1 :]:
        drafts.drop(old)
    return f"{UNSENT}{drafts.begin(KIND, found, days=_DAYS).id}"


@page("/unsent/{id:str}")
def unsent(visit: Visit, id: FromPath[str]) -> Response[Any]:  # noqa: A002 - the word for it
    """What was written, and the button that sends it again; the first page for whoever did not write it."""
    try:
        found = visit.drafts.get(id, KIND).state(sent.Sent)
    except NotFound:
        return Redirect("/", status_code=303)
    return visit.render("core/unsent.html", here=visit.say("Not sent yet"), sent=found)


PAGES: Final[list[Any]] = [unsent]
