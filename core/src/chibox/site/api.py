"""The JSON door: every command of every plugin at `/api/<plugin>/<command>`, its body typed, its act in a header."""

from typing import Annotated, Any, Final

import msgspec
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import BodyKwarg, HeaderParameter, QueryParameter

from chibox.commands import Command, Definition
from chibox.office import Office
from chibox.site.asking import ask
from chibox.site.visit import Visit

ACT: Final = "^[0-9a-f]{32}$"
LARGEST: Final = 32 << 20  # of a body: an import of thirty thousand rows is one command
Key = Annotated[
    str, HeaderParameter(name="Idempotency-Key", pattern=ACT, description="The act: an id made by the client.")
]
Seen = Annotated[
    int | None, HeaderParameter(name="X-Seen", description="The last position of the subject that the client knew.")
]
SeenInQuery = Annotated[int | None, QueryParameter(name="seen", description="The same, for who cannot set headers.")]
FromPaper = Annotated[bool, HeaderParameter(name="From-Paper", description="It is entered from a paper.")]
OnBehalf = Annotated[
    str | None, HeaderParameter(name="On-Behalf", pattern=ACT, description="The person for whom it is entered.")
]


class Done(msgspec.Struct, frozen=True):
    """What the log says of the act; sent again with the same key and body the answer is the same. `number`: as people see it."""

    act: str
    first: int
    last: int
    number: str


def routers(office: Office) -> list[Router]:
    """One router for each plugin that has commands."""
    by_plugin: dict[str, list[HTTPRouteHandler]] = {}
    for shape, definition in office.box.commands.items():
        by_plugin.setdefault(definition.plugin, []).append(_handler(shape, definition))
    return [
        Router(
            f"/api/{plugin}",
            route_handlers=handlers,
            tags=[plugin],
            opt={"area": plugin},
            request_max_body_size=LARGEST,
        )
        for plugin, handlers in sorted(by_plugin.items())
    ]


def _handler(shape: type[Command], definition: Definition) -> HTTPRouteHandler:
    async def handler(
        data: Any,
        visit: Any,
        key: Any,
        seen: Any = None,
        asked: Any = None,
        from_paper: Any = False,
        on_behalf: Any = None,
    ) -> Done:
        known = asked if seen is None else seen
        answer = await ask(visit, data, key, seen=known, from_paper=from_paper, on_behalf=on_behalf)
        return Done(answer.act, answer.first, answer.last, visit.office.number(answer.last))

    handler.__annotations__ = {
        "data": Annotated[shape, BodyKwarg(media_type=RequestEncodingType.JSON)],
        "visit": NamedDependency[Visit],
        "key": Key,
        "seen": Seen,
        "asked": SeenInQuery,
        "from_paper": FromPaper,
        "on_behalf": OnBehalf,
        "return": Done,
    }
    return post(
        f"/{definition.name}",
        operation_id=f"{definition.plugin}_{definition.name}",
        summary=definition.name.replace("_", " "),
        description=shape.__doc__,
        status_code=200,
        request_max_body_size=definition.largest,
    )(handler)
