"""The engine's index over a log: where each record stands, on which day it is folded, whom it is about, what it refers to.

Disposable like every projection: it is built again from the log when the kinds that a box knows have changed.
"""

import datetime as dt
import sqlite3
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from chibox.clock import ordinal
from chibox.projections.rows import Key
from chibox.records.record import Kinds, day_of
from chibox.records.stated import Entry

SCHEMA: Final = (
    """CREATE TABLE act(box INTEGER NOT NULL, act TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, by TEXT NOT NULL,
        digest BLOB, PRIMARY KEY(box, act)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE record(box INTEGER NOT NULL, position INTEGER NOT NULL, rid TEXT NOT NULL, day INTEGER NOT NULL,
        erased INTEGER, PRIMARY KEY(box, position)) STRICT, WITHOUT ROWID""",
    """CREATE UNIQUE INDEX record_rid ON record(box, rid)""",
    """CREATE TABLE about(box INTEGER NOT NULL, space TEXT NOT NULL, key TEXT NOT NULL, day INTEGER NOT NULL,
        position INTEGER NOT NULL, PRIMARY KEY(box, space, key, day, position)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE link(box INTEGER NOT NULL, target TEXT NOT NULL, position INTEGER NOT NULL, role TEXT NOT NULL,
        PRIMARY KEY(box, target, role, position)) STRICT, WITHOUT ROWID""",
)
REFERS, RETRACTS, JOINS = "refers", "retracts", "joins"
_SEPARATOR = "\x1f"


class Place(NamedTuple):
    """Where a record stands, the day on which it is folded (ordinal), and since which position its body is erased."""

    position: int
    day: int
    erased: int | None


def key_text(key: Key) -> str:
    """A key as the index holds it."""
    return _SEPARATOR.join(key)


class Index:
    """Reads and writes the index of one box. Writes are held back until `flush`; reads see what was flushed."""

    def __init__(self, connection: sqlite3.Connection, kinds: Kinds, box: int) -> None:
        self.connection, self.kinds, self.box = connection, kinds, box
        self.clear()

    def clear(self) -> None:
        """Forget what was not flushed: the transaction is rolled back."""
        self._records: list[tuple[Any, ...]] = []
        self._about: list[tuple[Any, ...]] = []
        self._links: list[tuple[Any, ...]] = []

    def add(self, entry: Entry[Any], about: Iterable[tuple[str, str]], links: Iterable[tuple[str, str]]) -> int:
        """Take an entry at the end of the log: the keys it is about, what it links to. Returns the day on which it is folded."""
        day = self._day(entry)
        box, position = self.box, entry.position
        self._records.append((box, position, entry.rid, day, None))
        for space, key in about:
            self._about.append((box, space, key, day, position))
        for role, target in links:
            self._links.append((box, target, position, role))
        return day

    def flush(self) -> None:
        """Write what was added into the open transaction."""
        run = self.connection
        if self._records:
            run.executemany("INSERT INTO record VALUES(?,?,?,?,?)", self._records)
            run.executemany("INSERT OR IGNORE INTO about VALUES(?,?,?,?,?)", self._about)
            if self._links:
                run.executemany("INSERT OR IGNORE INTO link VALUES(?,?,?,?)", self._links)
            self.clear()

    def place(self, rid: str) -> Place | None:
        """Where the record stands, or None when this log has no such record."""
        row = self.connection.execute(
            "SELECT position, day, erased FROM record WHERE box=? AND rid=?", (self.box, rid)
        ).fetchone()
        return None if row is None else Place(*row)

    def days(self, first: int, end: int) -> dict[int, int]:
        """The day on which each entry from `first` to before `end` is folded."""
        rows = self.connection.execute(
            "SELECT position, day FROM record WHERE box=? AND position>=? AND position<?", (self.box, first, end)
        )
        return dict(rows.fetchall())

    def erased_at(self, position: int) -> bool:
        """Whether the body at `position` was erased."""
        row = self.connection.execute(
            "SELECT erased FROM record WHERE box=? AND position=?", (self.box, position)
        ).fetchone()
        return row is not None and row[0] is not None

    def act(self, act: str) -> tuple[int, int] | None:
        """First and last position of an act, or None."""
        row = self.connection.execute("SELECT first, last FROM act WHERE box=? AND act=?", (self.box, act)).fetchone()
        return None if row is None else (row[0], row[1])

    def about(self, space: str, keys: Iterable[str]) -> list[tuple[int, int]]:
        """(day, position) of the entries about any of these keys, in the order of folding."""
        found: set[tuple[int, int]] = set()
        for key in keys:
            rows = self.connection.execute(
                "SELECT day, position FROM about WHERE box=? AND space=? AND key=?", (self.box, space, key)
            )
            found.update(rows.fetchall())
        return sorted(found)

    def keys_with(self, space: str, word: str) -> list[Key]:
        """Every key of a space that holds `word` as one of its members."""
        rows = self.connection.execute(
            "SELECT DISTINCT key FROM about WHERE box=? AND space=? AND instr(key, ?)", (self.box, space, word)
        )
        keys = [tuple(key.split(_SEPARATOR)) for (key,) in rows]
        return [key for key in keys if word in key]

    def links(self, target: str, role: str) -> list[int]:
        """The positions of the entries that link to `target` in this role."""
        rows = self.connection.execute(
            "SELECT position FROM link WHERE box=? AND target=? AND role=? ORDER BY position", (self.box, target, role)
        )
        return [position for (position,) in rows]

    def dependents(self, entry: Entry[Any]) -> list[int]:
        """The entries that refer to this one or to its act."""
        both = {*self.links(f"r{entry.rid}", REFERS), *self.links(f"a{entry.act}", REFERS)}
        return sorted(p for p in both if p > entry.position)

    def erase(self, position: int, by: int) -> None:
        """Note that the body at `position` is erased by the entry at `by`; the first erasure in the log counts."""
        self.connection.execute(
            "UPDATE record SET erased=min(coalesce(erased, ?), ?) WHERE box=? AND position=?",
            (by, by, self.box, position),
        )

    def move(self, entry: Entry[Any], old: set[tuple[str, str]], new: set[tuple[str, str]]) -> bool:
        """Put an entry whose body came or went under its new day and keys. Returns whether its day changed."""
        run, box, position = self.connection, self.box, entry.position
        day = self._day(entry)
        before = run.execute("SELECT day FROM record WHERE box=? AND position=?", (box, position)).fetchone()[0]
        for space, key in old:
            run.execute(
                "DELETE FROM about WHERE box=? AND space=? AND key=? AND position=?", (box, space, key, position)
            )
        run.executemany("INSERT OR IGNORE INTO about VALUES(?,?,?,?,?)", [(box, *k, day, position) for k in new])
        run.execute("UPDATE record SET day=? WHERE box=? AND position=?", (day, box, position))
        return bool(day != before)

    def relink(self, entry: Entry[Any], links: Iterable[tuple[str, str]]) -> None:
        """Set what an entry links to, after its body came or went."""
        self.connection.execute("DELETE FROM link WHERE box=? AND position=?", (self.box, entry.position))
        self.connection.executemany(
            "INSERT OR IGNORE INTO link VALUES(?,?,?,?)", [(self.box, t, entry.position, role) for role, t in links]
        )

    def _day(self, entry: Entry[Any]) -> int:
        """The latest of its own day and those of what it refers to: a correction comes after what it corrects."""
        own: dt.date | None = day_of(self.kinds.get(entry.kind), entry.body)
        day = ordinal(entry.time) if own is None else own.toordinal()
        if not entry.refs:
            return day
        self.flush()
        for ref in entry.refs:
            day = max(day, self._day_of_ref(ref, entry.position))
        return day

    def _day_of_ref(self, ref: str, before: int) -> int:
        if ref[0] == "r":
            place = self.place(ref[1:])
            return place.day if place is not None and place.position < before else 0
        span = self.act(ref[1:])
        if span is None:
            return 0
        row = self.connection.execute(
            "SELECT max(day) FROM record WHERE box=? AND position>=? AND position<=? AND position<?",
            (self.box, *span, before),
        ).fetchone()
        return int(row[0] or 0)
