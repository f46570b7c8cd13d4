"""`chibox run`: one process that serves one box until it is told to end."""

import argparse
from collections.abc import Callable
from pathlib import Path

from chibox.box import Box
from chibox.calling import announced
from chibox.console import Parser, Terminal
from chibox.errors import words
from chibox.observe.logs import configure
from chibox.serving import serve
from chibox.settings import load


def arguments(parser: Parser) -> None:
    """Which box, and where it is served if not where its settings say."""
    parser.takes("folder", type=Path, metavar="DIR", help=words("The folder of the box"))
    parser.takes("--host", help=words("The address to listen on"))
    parser.takes("--port", type=int, help=words("The port to listen on; 0 takes a free one"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Serve; print the address once pages answer there. Refused when another process has the box."""
    serve_box(asked.folder, terminal, host=asked.host, port=asked.port)
    return 0


def serve_box(
    folder: Path,
    terminal: Terminal,
    *,
    host: str | None = None,
    port: int | None = None,
    ready: Callable[[], object] | None = None,
) -> None:
    """Open the box, serve it where its settings say or as given, until a signal comes; returns when it is closed.

    `ready` is called once pages answer and the address has been told.
    """

    def folding(what: str, done: int, total: int) -> None:
        terminal.say(words("{what}: {done} of {total} entries folded", what=what, done=done, total=total))

    settings = load(folder)
    configure(settings.log)
    box = Box.open(folder, progress=folding)
    with announced(folder) as announcement:

        def answers(address: str) -> None:
            announcement.say(address)
            terminal.say(words("{name} is at {address} — Ctrl-C ends it.", name=box.name, address=address))
            if ready is not None:
                ready()

        given = settings.port if port is None else port
        serve(box, host or settings.host, given, answers)
    terminal.say(words("The box is closed."))
