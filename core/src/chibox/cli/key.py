"""`chibox key`: by what the signatures of a box are known, to be compared by two people."""

import argparse
from pathlib import Path

from chibox.beside import snapshot
from chibox.box import Box
from chibox.console import Parser, Terminal
from chibox.errors import words
from chibox.opening import announce_key, retire_key
from chibox.records.log import LogReader
from chibox.records.notes import fingerprint


def arguments(parser: Parser) -> None:
    """Of which box."""
    parser.takes("box", type=Path, metavar="BOX", help=words("The folder of the box"))
    announce = words("Make the next key; it signs beside the old one until that is retired (the box must not run)")
    parser.takes("--announce", action="store_true", help=announce)
    retire = words("The announced key signs alone from now on (the box must not run)")
    parser.takes("--retire", action="store_true", help=retire)
    parser.takes("--vkey", action="store_true", help=words("The key alone, for another command"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Print the vkey alone on a line, then its fingerprint in groups that can be read aloud; before that, change the key."""
    if asked.announce or asked.retire:
        _change(asked, terminal)
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


def _change(asked: argparse.Namespace, terminal: Terminal) -> None:
    """Announce or retire, in a process of its own: refused while the box runs, or does not sign."""
    box = Box.open(asked.box)
    try:
        answer = announce_key(box) if asked.announce else retire_key(box)
        box.publish()
    finally:
        box.close()
    if asked.announce:
        said = words("Announced, receipt {number}. Both keys sign from now on. Tell the new one to whoever checks this log.",
                     number=answer.last)  # fmt: skip
    else:
        said = words("Retired, receipt {number}. Print a new sealed sheet: chibox sheet {folder} --renew",
                     number=answer.last, folder=asked.box)  # fmt: skip
    terminal.say(said)
