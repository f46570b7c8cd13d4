"""What stands around a box's log: the database file itself, the row of its head, who it says it is, the high-water mark."""

from collections.abc import Sequence
from typing import Final

from chibox.errors import Words, words
from chibox.projections.opening import open_entry
from chibox.records.checkpoints import split_origin
from chibox.records.envelope import HOUR, SEALED, decode
from chibox.records.notes import Verifier, to_base64
from chibox.records.record import Kinds
from chibox.records.verify.checkpoints import unverified
from chibox.records.verify.keys import founding
from chibox.records.verify.report import Report
from chibox.records.verify.sources import UNREADABLE
from chibox.records.verify.telling import OPENED
from chibox.signing.mark import HighWater
from chibox.signing.state import RESTORED
from chibox.verifying.stored import Stored

DATABASE: Final = "database"
_SOUND: Final = [("ok",)]


def check_database(stored: Stored, report: Report) -> None:
    """The file is whole, and holds nothing that acts by itself: a trigger could change rows behind everyone's back."""
    try:
        found = stored.rows("PRAGMA integrity_check(20)")
        acting = stored.rows("SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view')")
    except ValueError as error:
        report.fault(DATABASE, "box.db", words("the database file cannot be read: {why}", why=str(error)))
        return
    if found != _SOUND:
        for (line,) in found:
            report.fault(DATABASE, "box.db", words("the database file is damaged: {why}", why=line))
    for kind, name in acting:
        report.fault(DATABASE, name, words("a {kind} stands in the database; no box has one", kind=kind))


def check_head(stored: Stored, report: Report) -> None:
    """The rows of the heads say what their notes say, and the box is the one that its founding entry states."""
    try:
        rows = stored.rows("SELECT generation, size, root, last_time, note FROM log_head WHERE box=1")
        for table, row in (
            *(("log_head", row) for row in rows),
            *(("log_old", row) for row in stored.rows("SELECT generation, size, root, last_time, note FROM log_old")),
        ):
            if what := _unlike(*row):
                report.fault(DATABASE, table, what)
        if not rows:
            return  # named already: there is no checkpoint
        if what := _clock(stored, stored.size, rows[0][3]):
            report.fault(DATABASE, "log_head", what)
        signing = [figures.vkey for figures in report.figures if figures.log != "receipt"]
        if what := _founded(stored, stored.size, signing[-1] if signing else ""):
            report.fault(DATABASE, "box", what)
        _check_closed(stored, signing, report)
    except UNREADABLE as error:
        report.fault(DATABASE, "log_head", words("this cannot be read: {why}", why=str(error)))


def _unlike(generation: object, size: object, root: object, _time: object, note: object) -> Words | None:
    """Which column says something else than the signed checkpoint beside it."""
    mark = unverified(note if isinstance(note, bytes) else b"")
    for column, found, signed in (
        ("generation", generation, split_origin(mark.origin)[1]),
        ("size", size, mark.size),
        ("root", root, mark.root),
    ):
        if found != signed:
            return words("{column} is not what the signed checkpoint says", column=column)
    return None


def _check_closed(stored: Stored, signing: Sequence[str], report: Report) -> None:
    """The row of each ended generation has the key (of `signing`, a vkey each) that signs it, and where the next one begins."""
    rows = stored.rows("SELECT generation, key, shared FROM log_old WHERE box=1 ORDER BY generation")
    later = [*(generation for generation, _, _ in rows[1:]), stored.generation]
    for (_, key, shared), after, vkey in zip(rows, later, signing, strict=False):
        if vkey and key != to_base64(Verifier.parse(vkey).public_key):
            report.fault(DATABASE, "log_old", words("{column} is not the key that signs the log", column="key"))
        opening = decode(stored.of(after).entry(shared)).kind
        if opening != OPENED:
            what = words("{column} is not where the next generation begins", column="shared")
            report.fault(DATABASE, "log_old", what)


def check_mark(mark: HighWater, report: Report) -> None:
    """The file of the checkpoints that left the box can be read. The log is held against each of them where it is verified.

    A box that was just restored knows of none.
    """
    if mark.missing and mark.path.with_name(RESTORED).exists():
        report.notes.append(
            words("Restored from a backup, which holds no mark: what left the box after it is not known.")
        )
        return
    if mark.missing or mark.damaged:
        report.fault("mark", "mark", words("this cannot be read: {why}", why=mark.damaged or "the file is missing"))
    elif mark.last is None:
        report.notes.append(words("No checkpoint has left this box so far: there is no mark to hold it against."))


def _clock(stored: Stored, size: int, last_time: int) -> Words | None:
    """The time below which the box dates no entry is that of the last one; of a sealed one without its body the hour."""
    entry = stored.entry(size - 1)
    body = stored.body(size - 1)
    time = open_entry(Kinds(()), size - 1, entry, body).time
    hidden = body is None and decode(entry).kind == SEALED
    if last_time == time or (hidden and last_time - last_time % HOUR == time):
        return None
    return words("{column} is not the time of the last entry", column="last_time")


def _founded(stored: Stored, size: int, signing: str) -> Words | None:
    """Which column of the box's row is not what the log tells; `signing` is the key (a vkey) that signs it now, if any does."""
    rows = stored.rows("SELECT no, id, name, key FROM box")
    if len(rows) != 1:
        return words("there are {count} boxes here, not one", count=len(rows))
    trusted = founding(stored, size)
    if trusted is None:
        return words("the founding entry cannot be read")
    wanted = (1, decode(stored.entry(0)).subject, trusted.name)
    for column, found, stated in zip(("no", "id", "name"), rows[0], wanted, strict=False):
        if found != stated:
            return words("{column} is not what the founding entry states", column=column)
    if signing and rows[0][3] != to_base64(Verifier.parse(signing).public_key):
        return words("{column} is not the key that signs the log", column="key")
    return None
