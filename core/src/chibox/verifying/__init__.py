"""Verifying a box: its log as any stranger would verify it, and its tables against that log folded again from nothing."""

from collections.abc import Sequence
from pathlib import Path

from chibox.beside import snapshot
from chibox.errors import Fatal, words
from chibox.plugins import Plugins
from chibox.records.verify import Paper, Report, verify_entries
from chibox.records.verify.logs import quiet
from chibox.records.verify.walk import Progress
from chibox.settings import load
from chibox.signing.mark import HighWater
from chibox.verifying.frame import DATABASE, check_database, check_head, check_mark
from chibox.verifying.readings import check_readings
from chibox.verifying.stored import Stored
from chibox.verifying.tables import check_tables

__all__ = ["verify_box"]


def verify_box(
    folder: Path,
    *,
    key: str | None = None,
    seen: Sequence[bytes] = (),
    papers: Sequence[Paper] = (),
    receipt: bytes | None = None,
    plugins: Plugins | None = None,
    values: bool = False,
    progress: Progress = quiet,
) -> Report:
    """Reads one snapshot of the box in `folder`, also while it runs, and changes nothing; names each fault and its place.

    The log as `verify_log` does it: entries, parts, tiles, signature, against `key`, `seen`, `papers`,
    `receipt` and the checkpoints that left the box. Then whatever the box computed from it (rows, dated facts, index, acts),
    row by row. Differences name table, key and column; with `values` also both values of fields that say something about a
    person. Raises NotFound when there is no box.
    """
    report = Report()
    try:
        mark = HighWater(folder / "mark")  # before the snapshot: while a box runs it may rise after that
        with snapshot(folder) as connection:
            connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
            generations = Stored.all(connection)
            report = verify_entries(
                *generations, key=key, seen=seen, papers=papers, receipt=receipt, marked=mark.notes, progress=progress
            )
            if report.figures:
                found = plugins or Plugins.discover(load(folder).allowed)
                _check(folder, generations[-1], found, report, values=values)
            check_mark(mark, report)
    except Fatal as error:
        report.fault(DATABASE, "box.db", error.words)
    except ValueError as error:
        report.fault(DATABASE, "box.db", words("this cannot be read: {why}", why=str(error)))
    return report


def _check(folder: Path, stored: Stored, plugins: Plugins, report: Report, *, values: bool) -> None:
    sound = report.ok
    check_database(stored, report)
    check_head(stored, report)
    check_tables(stored, plugins, report, values=values)
    check_readings(folder, stored, report)
    if not sound:
        report.notes.append(
            words("The log has faults: where a table differs from it, it may be the log that was changed.")
        )
    report.notes.append(words("Not covered: accounts and sessions, drafts, settings, background tasks."))
