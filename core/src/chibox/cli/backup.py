"""`chibox backup`: one encrypted file with the whole box, while it serves or not."""

import argparse
from pathlib import Path

from chibox.backup.taking import take
from chibox.console import Parser, Terminal
from chibox.errors import words

_MB = 1_000_000


def arguments(parser: Parser) -> None:
    """Of which box, into which folder."""
    parser.takes("box", type=Path, metavar="BOX", help=words("The folder of the box"))
    parser.takes(
        "folder", type=Path, metavar="DIR", help=words("The folder of the backups, on another disk or a stick")
    )
    parser.takes(
        "--keep", type=_count, metavar="N", help=words("Keep the newest N backups of this box, drop older ones")
    )
    parser.takes("--plain", action="store_true", help=words("Do not encrypt: whoever has the file can read everything"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Take it; say where it is, how large, and what it does not hold."""
    taken = take(asked.box, asked.folder, keep=asked.keep, plain=asked.plain)
    megabytes = round(taken.bytes / _MB, 1)
    said = words(
        "{size} entries stand in {file} ({megabytes} MB).", size=taken.size, file=taken.path, megabytes=megabytes
    )
    terminal.say(said)
    if asked.plain:
        terminal.say(
            words("The file is not encrypted: whoever has it can read everything. It holds no key of the box.")
        )
    else:
        terminal.say(words("Only the recovery key on the sealed sheet opens it. The log key is not in it."))
    if asked.box.stat().st_dev == taken.path.stat().st_dev:
        terminal.say(
            words("It lies on the same disk as the box, and is lost together with it. Copy it to another one.")
        )
    for path in taken.dropped:
        terminal.say(words("Dropped: {file}", file=path))
    return 0


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
