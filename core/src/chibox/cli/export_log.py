"""`chibox export-log`: the log of a box as files that anyone can verify without the box."""

import argparse
from pathlib import Path

from chibox.beside import beside
from chibox.console import Parser, Terminal
from chibox.errors import words
from chibox.records.export import export_log


def arguments(parser: Parser) -> None:
    """Of which box, into which folder."""
    parser.takes("box", type=Path, metavar="BOX", help=words("The folder of the box"))
    parser.takes("folder", type=Path, metavar="DIR", help=words("Where to: an empty folder, or none yet"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Export one snapshot, also while the box runs; say how far it reaches and by which key it is verified."""
    with beside(asked.box) as box:
        head = box.publish()
        export_log(box.log, head, asked.folder)
        vkey = box.log.verifier(head).vkey
    terminal.say(words("{size} entries, with their content, stand in {folder}.", size=head.size, folder=asked.folder))
    terminal.say(words("Verify them: chibox verify {folder} --key {vkey}", folder=asked.folder, vkey=vkey))
    return 0
