"""The rows of erasures: each as it was asked, withdrawn or done."""

from typing import Final

import msgspec

from chibox.erasing.records import ErasureAsked, ErasureWithdrawn, SealedErasureAsked, SealedErasureWithdrawn
from chibox.identity.classes import Plain
from chibox.projections.folds import Projection
from chibox.projections.rows import Key, Row
from chibox.records.core import Erased, SealedErased
from chibox.records.stated import Entry

erasing = Projection("core.erasing")
OPEN, WITHDRAWN, DONE = "open", "withdrawn", "done"
SEALED: Final = (SealedErasureAsked, SealedErased)


@erasing.table("erasure", index=("state", "person"))
class Erasure(Row, frozen=True):
    """An erasure. `subject`: the record by which it was asked, or, where nobody asked, by which it was done.

    `time`: when it was asked (ms); `count`: of how many records; `closed`: the position of what withdrew it or did it.
    """

    subject: str
    person: Plain[str]
    by: Plain[str]
    time: Plain[int]
    position: Plain[int]
    reason: Plain[str]
    count: Plain[int]
    sealed: Plain[bool]
    state: Plain[str]
    closed: Plain[int | None] = None
    closed_by: Plain[str | None] = None
    closed_at: Plain[int | None] = None


def _own(entry: Entry[ErasureAsked]) -> list[Key]:
    return [(entry.rid,)]


def _answered(entry: Entry[Erased]) -> list[Key]:
    """The record that it answers; where it answers none, its own."""
    return [(next((ref[1:] for ref in entry.refs if ref[0] == "r"), entry.rid),)]


@erasing.fold(Erasure, keys=_own)
def asked(_: Erasure | None, entry: Entry[ErasureAsked]) -> Erasure | None:
    """An erasure is asked for; without the body nobody knows of what."""
    return _asked(entry)


@erasing.fold(Erasure, keys=_own)
def sealed_asked(_: Erasure | None, entry: Entry[SealedErasureAsked]) -> Erasure | None:
    """The same of opaque records."""
    return _asked(entry)


@erasing.fold(Erasure, keys=_answered)
def withdrawn(row: Erasure | None, entry: Entry[ErasureWithdrawn]) -> Erasure | None:
    """It is not wanted any more, unless it was done."""
    return _closed(row, entry, WITHDRAWN)


@erasing.fold(Erasure, keys=_answered)
def sealed_withdrawn(row: Erasure | None, entry: Entry[SealedErasureWithdrawn]) -> Erasure | None:
    """The same of opaque records."""
    return _closed(row, entry, WITHDRAWN)


@erasing.fold(Erasure, keys=_answered)
def done(row: Erasure | None, entry: Entry[Erased]) -> Erasure | None:
    """It is done; without the body nobody knows of what, and nothing is gone by it."""
    return _done(row, entry)


@erasing.fold(Erasure, keys=_answered)
def sealed_done(row: Erasure | None, entry: Entry[SealedErased]) -> Erasure | None:
    """The same of opaque records."""
    return _done(row, entry)


def _asked(entry: Entry[ErasureAsked]) -> Erasure:
    reason, count = ("", 0) if entry.body is None else (entry.body.reason, len(entry.body.records))
    sealed = isinstance(entry.body, SEALED)
    return Erasure(entry.rid, entry.subject, entry.by, entry.time, entry.position, reason, count, sealed, OPEN)


def _done(row: Erasure | None, entry: Entry[Erased]) -> Erasure | None:
    if row is None and entry.body is not None:
        at, sealed = entry.position, isinstance(entry.body, SEALED)
        row = Erasure(
            _answered(entry)[0][0], entry.subject, entry.by, entry.time, at, entry.body.reason,
            len(entry.body.records), sealed, OPEN,
        )  # fmt: skip
    return row if entry.body is None else _closed(row, entry, DONE)


def _closed(row: Erasure | None, entry: Entry[ErasureWithdrawn] | Entry[Erased], state: str) -> Erasure | None:
    if row is None or row.state == DONE:
        return row
    return msgspec.structs.replace(row, state=state, closed=entry.position, closed_by=entry.by, closed_at=entry.time)
