"""Dated facts: what was true on a day, and what this box knew of it at a time. One row a stated fact and stretch of knowledge."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec

from chibox.projections.history import History
from chibox.projections.index import REFERS, Index
from chibox.records.record import Kind, Kinds
from chibox.records.stated import Entry

SCHEMA: Final = (
    """CREATE TABLE fact(box INTEGER NOT NULL, field TEXT NOT NULL, subject TEXT NOT NULL, rid TEXT NOT NULL,
        position INTEGER NOT NULL, stretch INTEGER NOT NULL, value TEXT, since TEXT, until TEXT,
        known_from INTEGER NOT NULL, known_until INTEGER, PRIMARY KEY(box, field, subject, position, stretch))
        STRICT, WITHOUT ROWID""",
)
Statement = tuple[str, str | None, str | None, str | None]
_INSERT: Final = "INSERT INTO fact VALUES(?,?,?,?,?,?,?,?,?,?,?)"
_ONE: Final = "WHERE box=? AND field=? AND subject=? AND position=?"


class Facts:
    """Keeps the dated facts of one box in step with its log. Writes are held back until `flush`."""

    def __init__(self, connection: sqlite3.Connection, kinds: Kinds, index: Index, history: History) -> None:
        self.connection, self.kinds, self.index, self.history = connection, kinds, index, history
        self.clear()

    def clear(self) -> None:
        """Forget what was not flushed."""
        self._rows: list[tuple[Any, ...]] = []
        self._ended: list[tuple[Any, ...]] = []

    def add(self, entry: Entry[Any]) -> bool:
        """Take what an entry states. Returns whether it corrects records, whose stretches `restretch` must then set."""
        kind = self.kinds.get(entry.kind)
        if kind is None or entry.body is None:
            return False
        box, at = self.index.box, entry.position
        for field, value, since, until in stated(kind, entry.body):
            self._rows.append((box, field, entry.subject, entry.rid, at, 0, value, since, until, at, None))
        return kind.corrects and bool(entry.refs)

    def flush(self) -> None:
        """Write what was added into the open transaction; in the table's order, or an import jumps through all of it."""
        if self._rows:
            self._rows.sort()
            self.connection.executemany(_INSERT, self._rows)
            self._rows.clear()
        if self._ended:
            self._ended.sort()
            self.connection.executemany(f"UPDATE fact SET known_until=? {_ONE} AND known_until IS NULL", self._ended)
            self._ended.clear()

    def remove(self, entry: Entry[Any]) -> None:
        """Delete every row that an entry stated: only an erasure (or a rebuild) does."""
        self.connection.executemany(f"DELETE FROM fact {_ONE}", self._keys(entry))

    def end(self, entry: Entry[Any], at: int) -> None:
        """What an entry stated, of which nothing ended yet, is known no longer from `at` on."""
        self._ended += [(at, *key) for key in self._keys(entry)]

    def restretch(self, entry: Entry[Any], corrections: Iterable[Entry[Any]]) -> None:
        """Set the stretches of what an entry stated anew: in which spans of the log it was neither corrected nor retracted."""
        kind = self.kinds.get(entry.kind)
        if kind is None or entry.body is None or not kind.facts:
            return
        self.flush()
        self.remove(entry)
        retracted = self.history.is_retracted
        correcting = [(c, set(self._fields(c))) for c in corrections]
        turning = (self.history.turning_points(e) | {e.position} for e in (entry, *(c for c, _ in correcting)))
        points = [(at, not retracted(entry, at)) for at in sorted(set().union(*turning))]
        whole = _stretches(points)
        for field, *fact in stated(kind, entry.body):
            stretches = whole
            if by := [c for c, fields in correcting if field in fields]:
                stretches = _stretches(
                    (at, holds and not any(c.position <= at and not retracted(c, at) for c in by))
                    for at, holds in points
                )
            about = (self.index.box, field, entry.subject, entry.rid, entry.position)
            self._rows += [(*about, number, *fact, *stretch) for number, stretch in enumerate(stretches)]

    def _keys(self, entry: Entry[Any]) -> list[tuple[int, str, str, int]]:
        return [(self.index.box, field, entry.subject, entry.position) for field in self._fields(entry)]

    def _fields(self, entry: Entry[Any]) -> list[str]:
        """The fields that an entry states."""
        kind = self.kinds.get(entry.kind)
        if kind is None or entry.body is None:
            return []
        return [field for field, default, *_ in _plan(kind) if getattr(entry.body, field) != default]


def _stretches(points: Iterable[tuple[int, bool]]) -> list[tuple[int, int | None]]:
    """The spans of the log in which something holds: it begins or ends at one of the points."""
    found: list[tuple[int, int | None]] = []
    begin: int | None = None
    for at, holds in points:
        if holds and begin is None:
            begin = at
        elif not holds and begin is not None:
            found.append((begin, at))
            begin = None
    return found if begin is None else [*found, (begin, None)]


def stated(kind: Kind, body: Any) -> list[Statement]:
    """(field, value, since, until) of what a body states; a field left at its default states nothing, None may state "none"."""
    found: list[Statement] = []
    for field, default, since, until in _plan(kind):
        value = getattr(body, field)
        if value is not default and value != default:
            text = value if value is None or isinstance(value, str) else _text(value)
            found.append((field, text, since and _date(body, since), until and _date(body, until)))
    return found


def corrections_of(
    entry: Entry[Any], index: Index, kinds: Kinds, entry_at: Callable[[int], Entry[Any]]
) -> list[Entry[Any]]:
    """The entries that correct this record: of a correcting kind, with a body, referring to it."""
    found = []
    for position in index.links(f"r{entry.rid}", REFERS):
        if position > entry.position:
            other = entry_at(position)
            kind = kinds.get(other.kind)
            if kind is not None and kind.corrects and other.body is not None:
                found.append(other)
    return found


_plans: dict[str, tuple[type, list[tuple[str, Any, str | None, str | None]]]] = {}


def _plan(kind: Kind) -> list[tuple[str, Any, str | None, str | None]]:
    """Field, its default, since, until of each fact that a kind may state."""
    known = _plans.get(kind.name)
    if known is None or known[0] is not kind.record:
        defaults = {f.name: f.default for f in msgspec.structs.fields(kind.record)}
        plan = [(fact.field, defaults[fact.field], fact.since, fact.until) for fact in kind.facts]
        known = _plans[kind.name] = (kind.record, plan)
    return known[1]


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else msgspec.json.encode(value).decode()


def _date(body: Any, field: str) -> str | None:
    value = getattr(body, field)
    return value.isoformat() if isinstance(value, dt.date) else None
