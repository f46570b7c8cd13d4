"""A receipt file held against this box's log: as the verifier does it, and against the root that the log had then."""

import datetime as dt
import sqlite3

import msgspec

from chibox.checking.ends import first_key, given_up
from chibox.errors import NotFound, Words, words
from chibox.records.checkpoints import Checkpoint, split_origin
from chibox.records.log import LogReader
from chibox.records.notes import Verifier, from_base64
from chibox.records.roots import root_at
from chibox.records.verify import Report, verify_receipt
from chibox.records.verify.receipts import read_receipt
from chibox.signing.tables import LogKey, keys


class Checked(msgspec.Struct, frozen=True):
    """What came of it: the last position that the receipt is for, the time of its first entry (ms), the size it was signed at.

    `faults` in the order of their weight; `given_up`: the day on which the end of the log was left that bears it out; `parts`:
    how many are enclosed.
    """

    faults: tuple[Words, ...]
    given_up: dt.date | None = None
    generation: int = 1
    last: int = 0
    size: int = 0
    time: int = 0
    parts: int = 0

    @property
    def ok(self) -> bool:
        """Whether the log bears it out."""
        return not self.faults


def check_file(connection: sqlite3.Connection, data: bytes) -> Checked:
    """What the log behind `connection` says to a receipt. Never raises for what it reads."""
    report = Report()
    receipt = read_receipt(data, report)
    if receipt is None:
        return Checked(_said(report))
    reader = _log_of(connection, receipt.checkpoint)
    if reader is None:
        return Checked((words("It is a receipt of another log: {origin}.", origin=receipt.checkpoint.origin),))
    found, on = _stands_here(reader, receipt.checkpoint)
    faults = (*found, *_said(_verified(data, reader)))
    parts = sum(map(len, receipt.parts.values()))
    (_, _, first), (last, _, _) = receipt.entries[0], receipt.entries[-1]
    return Checked(faults, on, reader.lineage.generation, last, receipt.checkpoint.size, first.time, parts)


def _log_of(connection: sqlite3.Connection, mark: Checkpoint) -> LogReader | None:
    """The generation of this log that a checkpoint names, None for another log's."""
    try:
        name, generation = split_origin(mark.origin)
        reader = LogReader(connection, generation=generation)
        return reader if split_origin(reader.verifier(reader.head()).name)[0] == name else None
    except (ValueError, NotFound):
        return None


def _verified(data: bytes, reader: LogReader) -> Report:
    """The receipt verified by a key of its generation: the one that signs, or one that did before it was retired."""
    verifier = reader.verifier(reader.head())
    announced = {row.key for _, row in keys.tables[LogKey].all(reader.connection, reader.box).values()}
    others = [from_base64(key) for key in sorted({first_key(reader), *announced})]
    reports = (verify_receipt(data, key=Verifier(verifier.name, key).vkey) for key in (verifier.public_key, *others))
    first = next(reports)
    return first if first.ok else next((report for report in reports if report.ok), first)


def _stands_here(reader: LogReader, mark: Checkpoint) -> tuple[tuple[Words, ...], dt.date | None]:
    """Why the log never had this checkpoint, if it did not; the day on which the end was given up that had it, if it was."""
    generation, size = reader.lineage.generation, reader.head().size
    ends = [end for end in given_up(reader.connection) if end.generation == generation]
    if mark.size > size:
        on = next((end.on for end in ends if (mark.size, mark.root) in {(o.size, o.root) for o in end.orphans}), None)
        if on is not None:
            return (), on
        return (
            words("It was given when the log had {more} entries; here are {size}.", more=mark.size, size=size),
        ), None
    if not mark.size or root_at(reader, mark.size) != mark.root:
        return (words("At {size} entries this log had another root than the receipt says.", size=mark.size),), None
    return (), next((end.on for end in ends if mark.size > end.shared), None)


def _said(report: Report) -> tuple[Words, ...]:
    return tuple(words("{where}: {what}", where=one.where, what=one.what) for one in report.findings)
