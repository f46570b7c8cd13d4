"""`chibox restore`: a box from its backup, into an empty folder; or the rehearsal of that."""

import argparse
import getpass
import sys
from pathlib import Path

from chibox.backup.lines import LOG_KEY, RECOVERY, Shape, WrongLine, typed
from chibox.backup.recovery import PREFIX, identity
from chibox.backup.rehearsing import rehearse
from chibox.backup.restoring import restore
from chibox.backup.sheet import Secrets, read_sheet
from chibox.backup.unpacking import is_encrypted
from chibox.clock import local
from chibox.console import Parser, Terminal
from chibox.errors import Refused, words

_MB = 1_000_000
_LONG = 20 * _MB  # of a file that is read in a second nobody wants to hear
_TRIES = 5


def arguments(parser: Parser) -> None:
    """Which backup, into which folder, by which sheet."""
    parser.takes("file", type=Path, metavar="FILE", help=words("The backup"))
    parser.takes("folder", type=Path, nargs="?", metavar="BOX", help=words("Where to: an empty folder, or none yet"))
    parser.takes(
        "--sheet", type=Path, metavar="FILE", help=words("The lines of the sealed sheet; they are asked for otherwise")
    )
    parser.takes("--rehearse", action="store_true", help=words("Restore into a scratch folder, verify it, remove it"))
    parser.takes(
        "--box", type=Path, metavar="BOX", help=words("With --rehearse: the box whose health shows the outcome")
    )


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Restore, say what stands there and what comes next; or rehearse, and say whether it would have worked."""
    if (asked.folder is None) != asked.rehearse:
        terminal.complain(words("Name the folder of the box, or --rehearse."))
        return 2
    opening = _secrets(asked.sheet, terminal) if is_encrypted(asked.file) else None

    def told(done: int, total: int) -> None:
        if total > _LONG and done * 10 // total != told.last:  # type: ignore[attr-defined]
            told.last = done * 10 // total  # type: ignore[attr-defined]
            terminal.complain(
                words("{done} of {total} MB read", done=round(done / _MB, 1), total=round(total / _MB, 1))
            )

    told.last = 0  # type: ignore[attr-defined]
    if asked.rehearse:
        return _rehearse(asked, opening, told, terminal)
    restored = restore(asked.file, asked.folder, opening, told=told)
    made = f"{local(restored.manifest.made):%d/%m/%Y %H:%M}"
    terminal.say(words("The box stands in {folder}: {size} entries, as of {made}.",
                       folder=asked.folder, size=restored.size, made=made))  # fmt: skip
    if restored.erased:
        terminal.say(
            words("{count} records that had been erased came back in it and were erased again.", count=restored.erased)
        )
    if not restored.signs:
        terminal.say(
            words("It has no log key, so it cannot sign: the sheet gave none, or another one than this log's.")
        )
    terminal.say(words("It records nothing until two people have opened the next generation of its log."))
    terminal.say(words("Everybody signs in anew. Serve it: chibox run {folder}", folder=asked.folder))
    return 0


def _rehearse(asked: argparse.Namespace, opening: Secrets | None, told: object, terminal: Terminal) -> int:
    found = rehearse(asked.file, opening, box=asked.box, told=told)  # type: ignore[arg-type]
    for finding in found.report.findings:
        terminal.say(words("{where}: {what}", where=finding.where, what=finding.what))
    if not found.heads_agree:
        terminal.say(words("The log in it does not end where the backup says."))
    seconds = round(found.seconds, 1)
    if not found.good:
        terminal.say(words("The rehearsal failed: this backup does not give back the box. Take another one today."))
        return 1
    terminal.say(words("The rehearsal succeeded: {size} entries restored and verified in {seconds} s, and removed again.",
                       size=found.size, seconds=seconds))  # fmt: skip
    return 0


def _secrets(file: Path | None, terminal: Terminal) -> Secrets:
    """From a file, from whoever sits at the terminal, or from the input. Raises Refused for lines that are wrong."""
    try:
        if file is not None:
            return read_sheet(file.read_text())
        if not sys.stdin.isatty():
            return read_sheet(sys.stdin.read())
    except WrongLine as wrong:
        raise Refused("Line {label} of the sheet: {why}.", label=wrong.label, why=wrong.words) from None
    except UnicodeDecodeError:
        raise Refused("{file} is not a sheet.", file=file) from None
    terminal.complain(words("Type the lines of the sealed sheet; nothing is shown while you type."))
    found = identity(PREFIX + _asked(RECOVERY, terminal))
    terminal.complain(words("Now the log key. Leave K1 empty if the box is to stand without it."))
    seed = _asked(LOG_KEY, terminal)
    return Secrets(found, bytes.fromhex(seed) if seed else None)


def _asked(shape: Shape, terminal: Terminal) -> str:
    """A secret, line by line, each asked for again until it is right; empty when the first line of a log key is left empty."""
    parts: list[str] = []
    for label in shape.labels:
        for _ in range(_TRIES):
            line = getpass.getpass(f"{label}: ")
            if shape is LOG_KEY and not parts and not line.strip():
                return ""
            try:
                parts.append(typed(shape, label, line))
                break
            except WrongLine as wrong:
                terminal.complain(words("Line {label}: {why}.", label=wrong.label, why=wrong.words))
        else:
            raise Refused("Line {label} was wrong {count} times.", label=label, count=_TRIES)
    return "".join(parts)
