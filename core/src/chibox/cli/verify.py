"""`chibox verify`: reads a log, a box or a receipt, and names what is wrong and where."""

import argparse
from pathlib import Path

import msgspec

from chibox.console import Parser, Terminal
from chibox.errors import words
from chibox.records.verify import Report, verify_log, verify_receipt
from chibox.verifying import verify_box


def arguments(parser: Parser) -> None:
    """What to read, and what to hold it against."""
    what = words("The folder of an exported log, or of a box; none for a receipt alone")
    parser.takes("folder", type=Path, nargs="?", metavar="DIR|BOX", help=what)
    parser.takes("--key", metavar="VKEY", help=words("The key of the log, as the committee has made it public"))
    parser.takes(
        "--seen", type=Path, metavar="FILE", help=words("An older checkpoint: the log must have grown from it")
    )
    parser.takes("--receipt", type=Path, metavar="FILE", help=words("A receipt: the log must bear it out"))
    parser.takes("--values", action="store_true", help=words("Show differing values also where they are about people"))
    parser.takes("--json", action="store_true", help=words("Print the report as JSON"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Print the report; 0 only when something was read and no fault was found."""
    if asked.folder is None and asked.receipt is None:
        terminal.complain(words("Name a folder, or a receipt by --receipt."))
        return 2
    report = _report(asked)
    if asked.json:
        terminal.show(msgspec.json.encode(report.as_json()).decode())
    else:
        for line in report.lines(terminal.said):
            terminal.show(line)
    return 0 if report.ok else 1


def _report(asked: argparse.Namespace) -> Report:
    receipt = None if asked.receipt is None else asked.receipt.read_bytes()
    seen = None if asked.seen is None else asked.seen.read_bytes()
    if asked.folder is None:
        return verify_receipt(receipt or b"", key=asked.key)
    if (asked.folder / "box.db").exists():
        return verify_box(asked.folder, key=asked.key, seen=seen, receipt=receipt, values=asked.values)
    return verify_log(asked.folder, key=asked.key, seen=seen, receipt=receipt)
