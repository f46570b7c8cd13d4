"""`chibox demo`: a practice box with a commune in it, served at once; what `make run` does."""

import argparse
from pathlib import Path
from typing import get_args

from chibox import demo
from chibox.beside import beside
from chibox.cli.links import one_time_links
from chibox.cli.run import serve_box
from chibox.console import Parser, Terminal
from chibox.errors import Refused, Words, words
from chibox.filling import Step
from chibox.identity.tables import Person
from chibox.plugins import Plugins
from chibox.testing.commune import Size


def arguments(parser: Parser) -> None:
    """Where it stands, and whether it is served."""
    where = words("The folder of the practice box; made and filled when it is not there")
    parser.takes("folder", type=Path, nargs="?", metavar="DIR", default=Path("var/demo"), help=where)
    parser.takes("--no-serve", action="store_true", help=words("Make and fill it, and end"))
    parser.takes("--host", help=words("The address to listen on"))
    parser.takes("--port", type=int, help=words("The port to listen on; 0 takes a free one"))
    parser.takes("--size", choices=get_args(Size), default="usual", help=words("How large a commune is filled in"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Fill the box the first time, tell who can sign in, serve it until Ctrl-C."""
    new = not (asked.folder / "box.db").exists()
    if new:
        _fill(asked.folder, asked.size, terminal)
    elif not demo.is_practice(asked.folder):
        raise Refused("The box in {folder} is no practice box: serve it by `chibox run`.", folder=asked.folder)
    accounts = _Accounts(asked.folder, terminal, new=new)
    if asked.no_serve:
        accounts.tell()
    else:
        serve_box(asked.folder, terminal, host=asked.host, port=asked.port, ready=accounts.tell)
    return 0


def _fill(folder: Path, size: Size, terminal: Terminal) -> None:
    plugins = Plugins.discover()
    terminal.speak_for([plugins.package(name) for name in plugins.names])
    for broken in plugins.broken:
        terminal.complain(words("{name} does not work: {why}", name=broken.name, why=broken.why))
    terminal.say(words("Filling a practice box in {folder}; this is done once.", folder=folder))

    def told(step: Step) -> None:
        terminal.say(words("{what}: {done} of {total}", what=step.what, done=step.done, total=step.total))

    demo.fill(folder, told, size=size, plugins=plugins)


class _Accounts:
    """Who can sign in, by which password; of a new box also the links by which each may choose one of their own."""

    def __init__(self, folder: Path, terminal: Terminal, *, new: bool) -> None:
        self._folder, self._terminal, self._new = folder, terminal, new
        with beside(folder) as box:
            people = {row.sign_in: row.subject for row in box.read.rows(Person, box.read.select(Person))}
            found = [account for account in demo.ACCOUNTS if account.sign_in in people]
            labels = [terminal.said(Words(box.roles[account.role].label, {})) for account in found]
        self._people = [people[account.sign_in] for account in found]
        width = max(map(len, labels), default=0)
        self._lines = [f"  {account.sign_in:<12}{label:<{width}}" for account, label in zip(found, labels, strict=True)]

    def tell(self) -> None:
        """Print them; links are made now, when the address is known."""
        links = one_time_links(self._folder, self._people) if self._new else [""] * len(self._people)
        for line, link in zip(self._lines, links, strict=True):
            self._terminal.show(f"{line}  {link}".rstrip())
        password = demo.password(self._folder)
        self._terminal.say(words("Password of each, until another is chosen: {password}", password=password))
