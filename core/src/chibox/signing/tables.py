"""The keys that were announced to sign, and whether the key before them was retired."""

import sqlite3
from collections.abc import Sequence

import msgspec

from chibox.identity.classes import Plain
from chibox.projections.folds import Projection
from chibox.projections.rows import Key, Row
from chibox.records.stated import Entry
from chibox.signing.records import KeyAnnounced, KeyRetired

keys = Projection("core.keys")


@keys.table("log_key")
class LogKey(Row, frozen=True):
    """A key by the record that announced it at `position`; `alone`: the key before it was retired."""

    subject: str  # the record
    key: Plain[str]
    position: Plain[int]
    alone: Plain[bool]


@keys.fold(LogKey, keys=lambda entry: [(entry.rid,)])
def announced(row: LogKey | None, entry: Entry[KeyAnnounced]) -> LogKey | None:
    """It signs beside the other one."""
    return row if entry.body is None else LogKey(entry.rid, entry.body.key, entry.position, alone=False)


def _successor(entry: Entry[KeyRetired]) -> list[Key]:
    return [(ref[1:],) for ref in entry.refs if ref.startswith("r")]


@keys.fold(LogKey, keys=_successor)
def retired(row: LogKey | None, entry: Entry[KeyRetired]) -> LogKey | None:
    """It signs alone. Without the body nobody knows that the other was retired."""
    return row if row is None or entry.body is None else msgspec.structs.replace(row, alone=True)


def announced_since(connection: sqlite3.Connection, first: int) -> Sequence[LogKey]:
    """The keys announced at `first` or later that do not sign alone yet: those of the generation that begins there."""
    rows = (row for _, row in keys.tables[LogKey].all(connection, 1).values())
    return sorted((row for row in rows if row.position >= first and not row.alone), key=lambda row: row.position)
