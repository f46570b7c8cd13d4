"""`chibox import`: a sheet from the command line into the running box, as one act of its service account."""

import argparse
import datetime as dt
from pathlib import Path

from chibox.plugin import CliCommand, Parser, Running, Terminal, words
from chibox_membership.importing.command import ImportSheet
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.whole import whole


def arguments(parser: Parser) -> None:
    """Which file, into which box."""
    parser.takes("file", type=Path, metavar="FILE", help=words("The sheet, a file .xlsx or .csv"))
    parser.takes_box()


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Read the file in a process of its own, then have the box import it, whole or not at all.

    A fault of the sheet is told by row and column, one line each. When the box stops meanwhile, it has taken all of the
    file or nothing of it: the same command again says which.
    """
    box = Running(asked.box, terminal.language)
    told = box.read("/membership/cells.json")
    units = Units((one["name"], one["cell"]) for one in told["cells"])
    rows = whole(asked.file.read_bytes(), units, dt.date.fromisoformat(told["today"]))
    answer = box.perform("membership", ImportSheet(rows=tuple(rows), as_of=told["as_of"]))
    terminal.say(words("{rows} rows imported. Receipt {number}.", rows=len(rows), number=answer.last))
    return 0


IMPORT = CliCommand("import", words("Import an entry sheet 4.0 into the running box"), arguments, run)
