"""One process for one box: pages, writer and background work, begun in order and ended in order."""

import asyncio
import contextlib
import errno
import logging
import signal
import socket
from collections.abc import Callable
from typing import Any, Final

from granian.constants import Interfaces
from granian.server.embed import Server

from chibox.app import application
from chibox.box import Box
from chibox.erasing.finishing import Finishing
from chibox.errors import Fatal, Refused
from chibox.observe.logs import configure
from chibox.office import Office
from chibox.work.backing_up import backup_task
from chibox.work.checking import whole_task
from chibox.work.closing import closing_task
from chibox.work.purging import purge_task
from chibox.work.queue import Work

log = logging.getLogger(__name__)
Ready = Callable[[str], object]
_AFTER: Final = 0.3  # s; granian lets its connections go a little after it says that it has stopped
_END: Final = 3.0  # s; answers that take longer are cut off
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def silent(address: str) -> None:
    """Nobody waits for the address."""


def serve(box: Box, host: str, port: int, ready: Ready = silent) -> None:
    """Serve an open box until SIGINT or SIGTERM, then end the server, background work and the writer, in this order.

    The box is closed when this returns. `ready` is told the address once it answers; port 0 takes a free one. Raises Refused
    when the port is taken, Fatal when the writer had to stop: the process then ends, and its next start recovers.
    """
    configure(box.settings.log)
    try:
        taken = _free(host, port)
        office = Office(box)
        try:
            finishing = Finishing(office)
            finishing.start()
            office.work = Work(box, [closing_task(office), purge_task(office), backup_task(office), whole_task(office)])
            office.work.start()
            try:
                asyncio.run(_until_told(office, host, taken, ready))
            finally:
                office.work.close()
                finishing.close()
        finally:
            office.close()
    finally:
        box.close()
    if box.writer.failed is not None:
        raise Fatal("The box has stopped recording: {error}. Start it again.", error=type(box.writer.failed).__name__)


async def _until_told(office: Office, host: str, port: int, ready: Ready) -> None:
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in _SIGNALS:
        loop.add_signal_handler(number, _told, loop, told)
    office.box.writer.on_failed = lambda _: loop.call_soon_threadsafe(told.set)
    server = _server(office, host, port)
    serving = asyncio.create_task(server.serve())
    try:
        await _answers(host, port, serving)
        ready(f"http://{_shown(host)}:{port}")
        await asyncio.wait({serving, asyncio.create_task(told.wait())}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.stop()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(serving, _END)
        await asyncio.sleep(_AFTER)


def _told(loop: asyncio.AbstractEventLoop, told: asyncio.Event) -> None:
    """The first signal ends cleanly; a second one ends at once, as it would without us."""
    told.set()
    for number in _SIGNALS:
        loop.remove_signal_handler(number)


def _server(office: Office, host: str, port: int) -> Any:
    return Server(
        application(office), address=host, port=port, interface=Interfaces.ASGI, log_enabled=False, websockets=False,
        runtime_threads=1,
    )  # fmt: skip


def _free(host: str, port: int) -> int:
    """The port, or a free one for 0. Raises Refused when it is taken: granian would share it in silence with another process."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refused("Port {port} of {host} is taken by another program.", port=str(port), host=host) from None
            raise Refused("The box cannot listen on {host}: {error}", host=host, error=error.strerror) from None
        return int(probe.getsockname()[1])


async def _answers(host: str, port: int, serving: "asyncio.Task[None]") -> None:
    """Returns when the server accepts connections. Raises what stopped it."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - where it listens is the caller's choice
    while True:
        if serving.done():
            await serving
            raise Fatal("The server has stopped before it began.")
        try:
            _, writer = await asyncio.open_connection(near, port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
