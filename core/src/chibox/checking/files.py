"""A receipt file held against this box's log: as the verifier does it, and against the root that the log had then."""

import sqlite3

import msgspec

from chibox.errors import NotFound, Words, words
from chibox.records.checkpoints import split_origin
from chibox.records.log import LogReader
from chibox.records.notes import to_base64
from chibox.records.roots import root_at
from chibox.records.verify import Report, verify_receipt
from chibox.records.verify.receipts import Receipt, read_receipt

_LABEL = "receipt"


class Checked(msgspec.Struct, frozen=True):
    """What came of it: first and last position that the receipt is for, the size and root it was signed at, the faults."""

    faults: tuple[Words, ...]
    first: int = 0
    last: int = 0
    size: int = 0
    root: str = ""
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
    foreign = _stands_here(connection, receipt)
    generation = split_origin(receipt.checkpoint.origin)[1] if foreign is None else 1
    if foreign is None:
        reader = LogReader(connection, generation=generation)
        report = verify_receipt(data, key=reader.verifier(reader.head()).vkey)
    faults = (*((foreign,) if foreign else ()), *_said(report))
    entries, mark = receipt.entries, receipt.checkpoint
    return Checked(
        faults,
        entries[0][0],
        entries[-1][0],
        mark.size,
        to_base64(mark.root),
        entries[0][2].time,
        sum(map(len, receipt.parts.values())),
    )


def _stands_here(connection: sqlite3.Connection, receipt: Receipt) -> Words | None:
    """Why the checkpoint of the receipt is none of this log; None when the log had its root at its size."""
    mark = receipt.checkpoint
    try:
        name, generation = split_origin(mark.origin)
        reader = LogReader(connection, generation=generation)
        head = reader.head()
        if split_origin(reader.verifier(head).name)[0] != name:
            return words("It is a receipt of another log: {origin}.", origin=mark.origin)
    except (ValueError, NotFound):
        return words("It is a receipt of another log: {origin}.", origin=mark.origin)
    if mark.size > head.size:
        return words("It was given when the log had {more} entries; here are {size}.", more=mark.size, size=head.size)
    if root_at(reader, mark.size) != mark.root:
        return words("At {size} entries this log had another root than the receipt says.", size=mark.size)
    return None


def _said(report: Report) -> tuple[Words, ...]:
    return tuple(words("{where}: {what}", where=one.where, what=one.what) for one in report.findings)
