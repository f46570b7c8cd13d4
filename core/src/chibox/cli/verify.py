"""`chibox verify`: reads a log, a box or a receipt, and names what is wrong and where."""

import argparse
import sys
import time
from pathlib import Path
from typing import Final

import msgspec

from chibox.console import Parser, Terminal
from chibox.errors import words
from chibox.records.verify import Paper, Report, verify_address, verify_log, verify_receipt
from chibox.records.verify.keys import Trusted
from chibox.records.verify.logs import quiet
from chibox.verifying import verify_box

FAULTS: Final = 1
USAGE: Final = 2
UNREAD: Final = 3
_PATIENCE: Final = 2.0  # seconds before progress is shown
_BETWEEN: Final = 0.5


def arguments(parser: Parser) -> None:
    """What to read, and what to hold it against."""
    what = words("The folder of an exported log, or of a box, or the address of a served log; none for a receipt alone")
    parser.takes("folder", nargs="?", metavar="DIR|BOX|URL", help=what)
    parser.takes("--key", metavar="VKEY", help=words("The key of the log, as the committee has made it public"))
    what = words("An older checkpoint: the log must have grown from it. May be given several times")
    parser.takes("--seen", type=Path, metavar="FILE", action="append", default=[], help=what)
    what = words("A printed receipt: the last receipt number and the root beside it. May be given several times")
    parser.takes("--paper", nargs=2, metavar=("NUMBER", "ROOT"), action="append", default=[], help=what)
    parser.takes("--receipt", type=Path, metavar="FILE", help=words("A receipt: the log must bear it out"))
    parser.takes("--values", action="store_true", help=words("Show differing values also where they are about people"))
    parser.takes("--json", action="store_true", help=words("Print the report as JSON"))
    parser.takes("--progress", action="store_true", help=words("Tell on the way how far it is, also to a file"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Print the report. 0: whole; 1: faults; 2: the command line was not understood; 3: nothing could be read."""
    if asked.folder is None and asked.receipt is None:
        terminal.complain(words("Name a folder, or a receipt by --receipt."))
        return USAGE
    try:
        report = _report(asked, terminal)
    except ValueError as error:
        terminal.complain(words("The command line was not understood: {why}", why=str(error)))
        return USAGE
    except OSError as error:
        terminal.complain(words("{what}: {why}", what=error.filename or "", why=error.strerror or str(error)))
        return USAGE
    if asked.json:
        terminal.show(msgspec.json.encode(report.as_json(terminal.said)).decode())
    else:
        for line in report.lines(terminal.said):
            terminal.show(line)
    if not report.figures:
        return UNREAD
    return 0 if report.ok else FAULTS


def _report(asked: argparse.Namespace, terminal: Terminal) -> Report:
    """Raises ValueError for a key, a paper or an address that is none, OSError for a file that cannot be read."""
    if asked.key is not None:
        Trusted.parse(asked.key)
    papers = [Paper(number, root) for number, root in asked.paper]
    for paper in papers:
        paper.mark()
    receipt = None if asked.receipt is None else asked.receipt.read_bytes()
    seen = [path.read_bytes() for path in asked.seen]
    if asked.folder is None:
        return verify_receipt(receipt or b"", key=asked.key)
    bar = _Bar(terminal, forced=asked.progress)
    progress = bar.show if asked.progress or sys.stderr.isatty() else quiet
    folder = Path(asked.folder)
    try:
        if "://" in asked.folder:
            return verify_address(
                asked.folder, key=asked.key, seen=seen, papers=papers, receipt=receipt, progress=progress
            )
        if (folder / "box.db").exists():
            return verify_box(
                folder, key=asked.key, seen=seen, papers=papers, receipt=receipt, values=asked.values, progress=progress
            )
        return verify_log(folder, key=asked.key, seen=seen, papers=papers, receipt=receipt, progress=progress)
    finally:
        bar.end()


class _Bar:
    """How far a long run is, beside the results: on a terminal a line that is written over, elsewhere a line now and then."""

    def __init__(self, terminal: Terminal, *, forced: bool) -> None:
        self._terminal, self._forced = terminal, forced
        self._is_terminal = sys.stderr.isatty()
        self._next = time.monotonic() + (0 if forced else _PATIENCE)
        self._shown = False

    def show(self, read: int, size: int) -> None:
        """So many of so many entries are read."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + (_BETWEEN if self._is_terminal else 10 * _BETWEEN)
        sentence = words(
            "{percent} %, {read} of {size} entries",
            percent=min(100, read * 100 // size),
            read=min(read, size),
            size=size,
        )
        said = self._terminal.said(sentence)
        sys.stderr.write(f"\r\x1b[K{said}" if self._is_terminal else f"{said}\n")
        sys.stderr.flush()
        self._shown = True

    def end(self) -> None:
        """Nothing of it is left on a terminal."""
        if self._shown and self._is_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
