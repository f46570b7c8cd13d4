"""Verifying a log: an exported folder with its generations, or any other source that answers like one."""

import re
from pathlib import Path
from typing import Final

from chibox.errors import words
from chibox.records.verify.check import Check, Generation
from chibox.records.verify.report import Report
from chibox.records.verify.sources import Folder, Source

_is_generation: Final = re.compile(r"[1-9][0-9]{0,8}").fullmatch


def verify_log(
    folder: Path, *, key: str | None = None, seen: bytes | None = None, receipt: bytes | None = None
) -> Report:
    """Reads every byte of an exported folder, all generations, and reports each fault and its place. Never raises for it.

    `key` is the vkey of any generation; without it the founding entry is taken at its word, and the report says so.
    `seen` is an older signed checkpoint that the log must have grown from, `receipt` one that it must bear out.
    """
    report = Report()
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
    return Check(report, key, seen, receipt).run(generations)


def verify_entries(
    source: Source, *, key: str | None = None, seen: bytes | None = None, receipt: bytes | None = None
) -> Report:
    """The same checks over one generation from any source, as a box's own database."""
    return Check(Report(), key, seen, receipt).run([Generation("log", None, source)])
