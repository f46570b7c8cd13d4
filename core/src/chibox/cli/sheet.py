"""`chibox sheet`: the sealed sheet, made once, printed, read back; the only place of the recovery key."""

import argparse
import sys
from pathlib import Path

from chibox.backup.making import make, recognise
from chibox.backup.sheet import lines, read_sheet, wrong_lines
from chibox.console import Parser, Terminal
from chibox.errors import words


def arguments(parser: Parser) -> None:
    """Of which box, and what to do with its sheet."""
    parser.takes("box", type=Path, metavar="BOX", help=words("The folder of the box"))
    parser.takes("--out", type=Path, metavar="FILE", help=words("The page to print; sealed-sheet.html when not given"))
    parser.takes("--text", action="store_true", help=words("Show the lines on this terminal, write no page"))
    parser.takes(
        "--renew", action="store_true", help=words("Make a new recovery key; older backups need the old sheet")
    )
    parser.takes("--check", action="store_true", help=words("Read a sheet from the input as it is typed from paper"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Make the sheet and say what to do with it; or say which typed line is wrong."""
    if asked.check:
        return _check(asked, terminal)
    out = None if asked.text else asked.out or Path("sealed-sheet.html")
    sheet = make(asked.box, out, language=terminal.language, renew=asked.renew)
    if out is None:
        terminal.show("\n".join(lines(sheet)))
        terminal.say(words("Write these lines down now: they are not shown again."))
    else:
        terminal.say(words("The sealed sheet stands in {file}. Print it twice, then delete the file.", file=out))
        terminal.say(words("Check each print: chibox sheet {folder} --check", folder=asked.box))
    if asked.renew:
        terminal.say(words("Keep the old sheet as long as backups from before today are kept: only it opens them."))
    return 0


def _check(asked: argparse.Namespace, terminal: Terminal) -> int:
    """0 when what was typed is the sheet of this box; else each wrong line is named."""
    if sys.stdin.isatty():
        terminal.say(words("Type the lines R1 to R4 and K1 to K4, then Ctrl-D."))
    typed = sys.stdin.read()
    wrong = wrong_lines(typed)
    for each in wrong:
        terminal.say(words("Line {label}: {why}.", label=each.label, why=each.words))
    if wrong:
        return 1
    found = recognise(asked.box, read_sheet(typed))
    for sentence in found.told:
        terminal.say(sentence)
    return 0 if found.good else 1
