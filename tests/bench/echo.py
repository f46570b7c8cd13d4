"""`python -m tests.bench.echo FOLDER [PROFILE]`: the box served as `chibox run` does, with an echo beside every command.

An echo is what the API does but for the record: the same session, guard, headers and typed body, an answer of the same shape.
"""

import sys
from pathlib import Path
from typing import Annotated, Any
from unittest import mock

from litestar import Litestar, Router, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.handlers import HTTPRouteHandler
from litestar.params import BodyKwarg
from tests.bench.seed import TODAY
from tests.bench.watch import Watch

from chibox import serving
from chibox.app import application
from chibox.box import Box
from chibox.clock import GivenClock
from chibox.commands import Command, Definition
from chibox.office import Office
from chibox.site import api
from chibox.site.visit import Visit

PATH = "/bench/echo"


def with_echo(office: Office) -> Litestar:
    """The application, with `/bench/echo/<plugin>/<command>` beside `/api/<plugin>/<command>`."""
    app = application(office)
    handlers = [_echo(shape, definition) for shape, definition in office.box.commands.items()]
    app.register(Router(PATH, route_handlers=handlers, request_max_body_size=api.LARGEST))
    return app


def _echo(shape: type[Command], definition: Definition) -> HTTPRouteHandler:
    async def handler(data: Any, visit: Any, key: Any, seen: Any = None) -> api.Done:
        assert isinstance(data, shape)
        return api.Done(key, seen, seen, visit.office.number(seen))

    handler.__annotations__ = {
        "data": Annotated[shape, BodyKwarg(media_type=RequestEncodingType.JSON)], "visit": NamedDependency[Visit],
        "key": api.Key, "seen": api.Seen, "return": api.Done,
    }  # fmt: skip
    return post(f"/{definition.plugin}/{definition.name}", status_code=200, opt={"area": definition.plugin})(handler)


def main(folder: Path, profile: str = "") -> None:
    """Serve until a signal comes; `profile`: a file that then tells where the time went in the event loop and the writer."""
    box = Box.open(folder, clock=GivenClock.on(TODAY))
    watch = Watch(profiling=bool(profile))

    def ready(address: str) -> None:
        print(address, flush=True)

    with mock.patch.object(serving, "application", with_echo):
        if not profile:
            serving.serve(box, "127.0.0.1", 0, ready)
            return
        with watch.timed("the event loop"):
            serving.serve(box, "127.0.0.1", 0, ready)
    Path(profile).write_text(watch.profiles["the event loop"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
