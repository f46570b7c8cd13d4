"""Who asks: the session of a browser or the token of the same machine, found before any handler runs."""

import hmac
from typing import Any, Final

import msgspec
from anyio import to_thread
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from chibox.identity.accounts import NotSignedIn
from chibox.identity.service import service_of
from chibox.identity.sessions import Session
from chibox.identity.tables import Person
from chibox.office import Office
from chibox.web.guard import CHOICES

COOKIE: Final = "chibox"
OPEN: Final = "exclude_from_auth"  # the name by which litestar's own handlers say it
_BEARER: Final = "Bearer "


class Who(msgspec.Struct, frozen=True):
    """A signed-in person; `session` is None for the service, which shows the token of the box's own machine."""

    person: str
    sign_in: str
    session: Session | None = None


class Identify(ASGIMiddleware):
    """Puts `who` (or None) into the state of each request."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, office: Office) -> None:
        self._office = office

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Looks the session up away from the event loop: it may have to note that it was used."""
        request = Request[Any, Any, Any](scope)
        bearer, cookie = request.headers.get("authorization", ""), request.cookies.get(COOKIE)
        who = None
        if bearer.startswith(_BEARER) or cookie:
            who = await to_thread.run_sync(self._find, bearer, cookie, _choices(request))
        scope["state"]["who"] = who
        await next_app(scope, receive, send)

    def _find(self, bearer: str, cookie: str | None, choices: dict[str, str]) -> Who | None:
        office = self._office
        if bearer.startswith(_BEARER):
            token = bearer.removeprefix(_BEARER).strip()
            if not hmac.compare_digest(token.encode(), office.token.encode()):
                return None
            return self._known(service_of(office.box.picture), None)
        session = office.sessions.find(cookie or "", office.box.clock.now())
        if session is None:
            return None
        self._keep(session, choices)
        return self._known(session.person, session)

    def _keep(self, session: Session, choices: dict[str, str]) -> None:
        """What was chosen on this device since it was last looked at is the person's choice, on every device to come."""
        language, text = choices.get("lang", session.language), choices.get("text", session.text)
        if (language, text) != (session.language, session.text):
            self._office.accounts.choose(session.person, language, text)
            self._office.sessions.note(session, language=language, text=text)

    def _known(self, person: str, session: Session | None) -> Who | None:
        """A person whom the box no longer knows (the registration was taken back) is nobody."""
        with self._office.box.reading() as read:
            row = read.row(Person, person)
        return None if row is None else Who(person, row.sign_in, session)


def _choices(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The reader's choices as this device has them."""
    return {name: value for name, known in CHOICES.items() if (value := request.cookies.get(name)) in known}


def who_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Who | None:
    """Who asks, None for nobody."""
    return connection.scope["state"].get("who")


def signed_in(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of every handler that does not say that it is open. Raises NotSignedIn."""
    if not handler.opt.get(OPEN) and who_of(connection) is None:
        raise NotSignedIn("Not signed in")
