"""`chibox reader`: addresses by which others read the log over the network: made, listed, ended."""

import argparse
from pathlib import Path
from typing import Final

from chibox.beside import beside
from chibox.calling import Running
from chibox.clock import SystemClock, local
from chibox.console import Parser, Terminal
from chibox.errors import Words, words
from chibox.identity.built_in import BuiltIn
from chibox.identity.readers import Reader, Readers

_DAY: Final = 86_400_000
_WHO: Final = ("parent", "witness", "committee", "other")


def arguments(parser: Parser) -> None:
    """Which box, and for whom."""
    parser.takes("box", type=Path, metavar="BOX", help=words("The folder of the box"))
    parser.takes("--label", metavar="TEXT", help=words("Make an address for this reader: name and contact"))
    parser.takes("--who", choices=_WHO, default="other", help=words("What the reader is"))
    parser.takes("--days", type=int, metavar="N", help=words("The address ends by itself after so many days"))
    parser.takes("--end", type=int, metavar="NO", help=words("End the address with this number"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Make an address, or end one; without either list them. The box may run meanwhile."""
    address, now = Running(asked.box).address, SystemClock().now()
    with beside(asked.box) as box:
        generation = box.head.generation
    accounts = BuiltIn.open(asked.box)
    try:
        readers = Readers(accounts.store)
        if asked.end is not None:
            readers.end(asked.end, now)
        if asked.label is not None:
            until = None if asked.days is None else now + asked.days * _DAY
            token = readers.make(asked.who, asked.label, now=now, until=until)
            terminal.say(words("The address stands here only: hand it over now."))
            terminal.show(f"{address}/log/{token}/{generation}/")
            return 0
        for reader in readers.all():
            terminal.say(_said(reader, now))
    finally:
        accounts.close()
    return 0


def _said(reader: Reader, now: int) -> Words:
    state = words("reads") if reader.reads(now) else words("ended")
    return words(
        "{no}. {label} ({who}): {state}; made {made}, last used {used}",
        no=str(reader.no), label=reader.label, who=reader.who, state=state, made=local(reader.made).date(),
        used=words("never") if reader.used is None else reader.used,
    )  # fmt: skip
