"""`chibox key`: by what the signatures of a box are known, to be compared by two people."""

import argparse
from pathlib import Path

from chibox.beside import snapshot
from chibox.console import Parser, Terminal
from chibox.errors import words
from chibox.records.log import LogReader
from chibox.records.notes import fingerprint


def arguments(parser: Parser) -> None:
    """Of which box."""
    parser.takes("box", type=Path, metavar="BOX", help=words("The folder of the box"))
    parser.takes("--vkey", action="store_true", help=words("The key alone, for another command"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Print the vkey alone on a line, then its fingerprint in groups that can be read aloud."""
    with snapshot(asked.box) as connection:
        log = LogReader(connection)
        vkey = log.verifier(log.head()).vkey
    terminal.show(vkey)
    if asked.vkey:
        return 0
    digits = fingerprint(vkey)
    groups = " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))
    terminal.say(words("Fingerprint (SHA-256): {groups}", groups=groups))
    return 0
