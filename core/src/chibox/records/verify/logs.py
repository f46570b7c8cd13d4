"""Verifying a log: an exported folder with its generations, or any other source that answers like one."""

import contextlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chibox.errors import words
from chibox.records.verify.check import Check, Generation, Held
from chibox.records.verify.marks import Paper
from chibox.records.verify.remote import Remote
from chibox.records.verify.report import Report
from chibox.records.verify.sources import Folder, Source
from chibox.records.verify.walk import Progress

_is_generation: Final = re.compile(r"[1-9][0-9]{0,8}").fullmatch


def quiet(_read: int, _size: int) -> None:
    """No progress is shown."""


def verify_log(
    folder: Path,
    *,
    key: str | None = None,
    seen: Sequence[bytes] = (),
    papers: Sequence[Paper] = (),
    receipt: bytes | None = None,
    progress: Progress = quiet,
) -> Report:
    """Reads every byte of an exported folder, all generations, and reports each fault and its place. Never raises for it.

    `key` is the vkey of any generation; without it the founding entry is taken at its word, and the report says so.
    `seen`: older signed checkpoints that the log must have grown from, `papers`: printed receipts that it must agree with,
    `receipt`: one that it must bear out. Raises ValueError for a paper that is none.
    """
    report = Report()
    check = Check(report, key, Held(seen, papers, receipt))
    generations: list[Generation] = []
    try:
        inside = sorted(folder.iterdir(), key=lambda path: (len(path.name), path.name))
    except OSError as error:
        report.fault("log", str(folder), words("the folder cannot be read: {why}", why=error.strerror or ""))
        return report
    for path in inside:
        if _is_generation(path.name) and path.is_dir() and not path.is_symlink():
            generations.append(Generation(path.name, int(path.name), Folder(path)))
        else:
            report.fault("log", path.name, words("not a generation of a log: nothing vouches for it"))
    if not generations:
        report.fault("log", str(folder), words("there is no log in this folder"))
    return check.run(generations, progress, complete=True)


def verify_entries(
    *sources: Source,
    key: str | None = None,
    seen: Sequence[bytes] = (),
    papers: Sequence[Paper] = (),
    receipt: bytes | None = None,
    marked: Sequence[bytes] = (),
    progress: Progress = quiet,
) -> Report:
    """The same checks over generations from any sources, oldest first, as a box's own database.

    `marked`: the checkpoints that have left the box. Raises ValueError for a paper that is none.
    """
    several = len(sources) > 1
    generations = [
        Generation(f"log {number}" if several else "log", None, source) for number, source in enumerate(sources, 1)
    ]
    return Check(Report(), key, Held(seen, papers, receipt, marked)).run(generations, progress)


def verify_address(
    address: str,
    *,
    key: str | None = None,
    seen: Sequence[bytes] = (),
    papers: Sequence[Paper] = (),
    receipt: bytes | None = None,
    progress: Progress = quiet,
) -> Report:
    """The same checks over one generation that is served at `address`; contents are not served, so none is read.

    Raises ValueError for what is no address, and for a paper that is none. A server that cannot be read is a fault.
    """
    source = Remote(address)
    label = str(source.generation or "log")
    check = Check(Report(), key, Held(seen, papers, receipt))
    with contextlib.closing(source):
        return check.run([Generation(label, source.generation, source)], progress)
