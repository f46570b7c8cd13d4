"""What stands before and behind every handler: same origin, the reader's choices, headers of security, size of a body."""

from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from litestar import Request
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from chibox.errors import Forbidden
from chibox.web.locale import LANGUAGES, VIETNAMESE, speaking
from chibox.web.render import TEXT_SIZES

SAFE: Final = {"GET", "HEAD", "OPTIONS", "TRACE"}
MACHINE: Final = "machine"  # @post(..., machine=True): called by boxes, which sign what they send, never by a browser
BODY_LIMIT: Final = 1 << 20  # an upload states its own on its handler: request_max_body_size=…
CHOICES: Final = {"lang": LANGUAGES, "text": TEXT_SIZES}
_YEAR: Final = 31_536_000
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class SameOrigin(ASGIMiddleware):
    """Refuses what another site makes a browser send. Needs no token in any form.

    A request that changes something must say `Sec-Fetch-Site: same-origin` (or `none`: typed by hand); an older browser
    must send an `Origin` that is this host; a program that sends neither is no browser and carries no cookie of one.
    """

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = MACHINE

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Lets the request through, or raises `Forbidden`."""
        request = Request[Any, Any, Any](scope)
        if request.method not in SAFE and not _from_here(request):
            raise Forbidden("This was sent from another site, so the box did nothing")
        await next_app(scope, receive, send)


def _from_here(request: Request[Any, Any, Any]) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower() != ""


class Choices(ASGIMiddleware):
    """The reader's language and size of text: `?lang=en` and `?text=125` set a cookie and come back without the name."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Runs the handler in the reader's language."""
        request = Request[Any, Any, Any](scope)
        query = request.query_params.items()
        chosen = {name: value for name, value in query if value in CHOICES.get(name, ())}
        if chosen and request.method == "GET":
            rest = urlencode([(name, value) for name, value in query if name not in CHOICES])
            # one slash only: two would send the reader to another host
            await _send_back(send, "/" + request.url.path.lstrip("/") + (f"?{rest}" if rest else ""), chosen)
            return
        with speaking(language_of(request)):
            await next_app(scope, receive, send)


def language_of(request: Request[Any, Any, Any]) -> str:
    """The language that the reader chose, Vietnamese unless they did."""
    return request.cookies.get("lang", VIETNAMESE)


async def _send_back(send: Send, address: str, chosen: dict[str, str]) -> None:
    cookies = [
        (b"set-cookie", f"{name}={value}; Path=/; Max-Age={_YEAR}; SameSite=Lax; HttpOnly".encode())
        for name, value in chosen.items()
    ]
    headers = [(b"location", address.encode()), (b"content-length", b"0"), *cookies]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def add_headers(message: Message, _scope: Scope) -> None:
    """Headers of security on every answer, errors too; what names no age of its own is not stored by anyone."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in _HEADERS.items():
            headers[name] = value
        headers.setdefault("Cache-Control", "no-store")
