"""What stands around a box's log: the database file itself, the row of its head, who it says it is, the high-water mark."""

from pathlib import Path
from typing import Final

from chibox.errors import Words, words
from chibox.projections.opening import open_entry
from chibox.records.checkpoints import Checkpoint, split_origin
from chibox.records.envelope import HOUR, SEALED, decode
from chibox.records.merkle import Frontier, leaf_hash
from chibox.records.notes import to_base64
from chibox.records.record import Kinds
from chibox.records.verify.checkpoints import key_for, signature_fault, unverified
from chibox.records.verify.keys import founding
from chibox.records.verify.report import Report
from chibox.records.verify.sources import UNREADABLE
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
    """The head's row says what its note says, and the box is the one that its founding entry states."""
    try:
        rows = stored.rows("SELECT generation, size, root, last_time FROM log_head WHERE box=1")
        note = stored.checkpoint()
        if not rows or note is None:
            return  # named already: there is no checkpoint
        mark = unverified(note)
        generation, size, root, last_time = rows[0]
        for column, found, signed in (
            ("generation", generation, split_origin(mark.origin)[1]),
            ("size", size, mark.size),
            ("root", root, mark.root),
        ):
            if found != signed:
                report.fault(
                    DATABASE, "log_head", words("{column} is not what the signed checkpoint says", column=column)
                )
        if what := _clock(stored, mark.size, last_time):
            report.fault(DATABASE, "log_head", what)
        if what := _founded(stored, mark.size):
            report.fault(DATABASE, "box", what)
    except UNREADABLE as error:
        report.fault(DATABASE, "log_head", words("this cannot be read: {why}", why=str(error)))


def check_mark(path: Path, stored: Stored, report: Report) -> None:
    """The log has grown from the largest checkpoint that ever left the box. A box that was just restored knows of none."""
    mark = HighWater(path)
    if mark.missing and path.with_name(RESTORED).exists():
        report.notes.append(
            words("Restored from a backup, which holds no mark: what left the box after it is not known.")
        )
        return
    if mark.missing or mark.damaged:
        report.fault("mark", "mark", words("this cannot be read: {why}", why=mark.damaged or "the file is missing"))
        return
    last = mark.last
    if last is None:
        report.notes.append(words("No checkpoint has left this box so far: there is no mark to hold it against."))
        return
    try:
        left = unverified(last.note)
        verifier = key_for(left.origin, founding(stored, stored.size))
        what = verifier if isinstance(verifier, Words) else signature_fault(last.note, verifier, alone=True)
        what = what or _against(stored, left)
    except UNREADABLE as error:
        what = words("this cannot be read: {why}", why=str(error))
    if what:
        report.fault("mark", "mark", what)


def _against(stored: Stored, mark: Checkpoint) -> Words | None:
    if mark.size > stored.size:
        return words("fork or truncation: it has {more} entries, the log here {size}", more=mark.size, size=stored.size)
    tree = Frontier()
    tree.extend(leaf_hash(stored.entry(position)) for position in range(mark.size))
    if tree.root() == mark.root:
        return None
    return words(
        "fork: at size {size} it has the root {seen}, the log here {found}",
        size=mark.size, seen=to_base64(mark.root), found=to_base64(tree.root()),
    )  # fmt: skip


def _clock(stored: Stored, size: int, last_time: int) -> Words | None:
    """The time below which the box dates no entry is that of the last one; of a sealed one without its body the hour."""
    entry = stored.entry(size - 1)
    body = stored.body(size - 1)
    time = open_entry(Kinds(()), size - 1, entry, body).time
    hidden = body is None and decode(entry).kind == SEALED
    if last_time == time or (hidden and last_time - last_time % HOUR == time):
        return None
    return words("{column} is not the time of the last entry", column="last_time")


def _founded(stored: Stored, size: int) -> Words | None:
    rows = stored.rows("SELECT no, id, name, key FROM box")
    if len(rows) != 1:
        return words("there are {count} boxes here, not one", count=len(rows))
    trusted = founding(stored, size)
    if trusted is None:
        return words("the founding entry cannot be read")
    wanted = (1, decode(stored.entry(0)).subject, trusted.name, to_base64(trusted.public_key))
    for column, found, stated in zip(("no", "id", "name", "key"), rows[0], wanted, strict=True):
        if found != stated:
            return words("{column} is not what the founding entry states", column=column)
    return None
