"""How long requests take, by group of routes: never by address, which may hold an id."""

from time import perf_counter
from typing import Final

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from chibox.office import Office

_OTHER: Final = "core"


class Measure(ASGIMiddleware):
    """Notes the time of each request under its plugin's name, `api`, `static` or `core`."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, office: Office) -> None:
        self._office = office
        self._groups = {*office.box.plugins.names, "api", "static"}

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Passes the request on, and looks at the clock and the status."""
        began, status = perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await next_app(scope, receive, sending)
        finally:
            group = scope["path"].split("/", 2)[1]
            group = group if group in self._groups else _OTHER
            self._office.metrics.request(group, status, perf_counter() - began)
