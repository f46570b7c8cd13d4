"""Who read what about whom, when and for what purpose: one row an act of reading, in a file of its own."""

import datetime as dt
import os
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, Self

import msgspec

from chibox.clock import day as day_at
from chibox.identity.readings_digest import SALT_SIZE, DayDigest, digest_of
from chibox.store import Store

FILE: Final = "access.db"
VERSION: Final = 2
_DAYS: Final = (
    """CREATE TABLE day(day TEXT PRIMARY KEY, salt BLOB, purged INTEGER, months INTEGER) STRICT""",
    """CREATE TABLE begun(day TEXT NOT NULL) STRICT""",
    """CREATE INDEX reading_day ON reading(day)""",
)
SCHEMA: Final = (
    """CREATE TABLE reading(no INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, person TEXT NOT NULL,
        purpose TEXT NOT NULL, page TEXT NOT NULL, field TEXT, subjects BLOB NOT NULL, day TEXT NOT NULL, delay TEXT,
        until TEXT) STRICT""",
    """CREATE INDEX reading_time ON reading(time)""",
    *_DAYS,
)
_SECOND: Final = (
    """ALTER TABLE reading ADD COLUMN day TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE reading ADD COLUMN delay TEXT""",
    """ALTER TABLE reading ADD COLUMN until TEXT""",
    """UPDATE reading SET day=date((time + 25200000) / 1000, 'unixepoch')""",  # days of Viet Nam
    *_DAYS,
)
_ID: Final = 16
_ONE: Final = dt.timedelta(days=1)
SHOWN_DAYS: Final = 30
"""So long after its delay a reading stays to be seen, whatever the box keeps else."""


class Later(msgspec.Struct, frozen=True):
    """A reading that is told after the day `until`, by the delay of that id (None: it led to no delay)."""

    delay: str | None
    until: dt.date


class Reading(msgspec.Struct, frozen=True):
    """An act of reading. `field`: the masked value that was shown by request; `subjects`: about whom, once for a list.

    `later`: when the persons read may be told, None: at once.
    """

    no: int
    time: int
    person: str
    purpose: str
    page: str
    field: str | None
    subjects: tuple[str, ...]
    later: Later | None = None


class AccessLog:
    """The rows of `access.db`. Never changed; dropped by whole days when they are older than the box keeps them.

    A row belongs to the day of its time, or, when that day is closed, to the first day that is not: a closed day never
    takes one more. A day is closed here first, then in the log: whoever copies a running box copies this file last.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The access log of the box in `folder`."""
        return cls(Store(folder / FILE, SCHEMA, VERSION, upgrades={1: _SECOND}))

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def write(
        self,
        *,
        time: int,
        person: str,
        purpose: str,
        page: str,
        subjects: Collection[str],
        field: str | None = None,
        later: Later | None = None,
    ) -> None:
        """Write one act of reading; durable on return. Nothing for an act that read about nobody."""
        if not subjects:
            return
        packed = b"".join(bytes.fromhex(subject) for subject in sorted(subjects))
        delay, until = (None, None) if later is None else (later.delay, later.until.isoformat())
        with self._store.writing() as run:
            last = _last(run)
            day = day_at(time) if last is None else max(day_at(time), last + _ONE)
            run.execute(
                "INSERT INTO reading(time, person, purpose, page, field, subjects, day, delay, until)"
                " VALUES(?,?,?,?,?,?,?,?,?)",
                (time, person, purpose, page, field, packed, day.isoformat(), delay, until),
            )

    def about(self, subject: str, since: int = 0, until: int | None = None) -> list[Reading]:
        """Every act of reading about somebody from `since` to before `until` (ms), newest first, told or not told yet.

        Whoever shows them to a person asks `Looking.readings`, which leaves out what is told later.
        """
        wanted, end = bytes.fromhex(subject), until if until is not None else 1 << 62
        rows = self._rows("WHERE time>=? AND time<? AND instr(subjects, ?)>0", (since, end, wanted))
        return [row for row in rows if subject in row.subjects]

    def by(self, person: str, since: int = 0) -> list[Reading]:
        """Every act of reading of somebody, newest first."""
        return list(self._rows("WHERE time>=? AND person=?", (since, person)))

    def begin(self, today: dt.date) -> dt.date:
        """The first day that this access log is to close: of its first row, else `today`; from then on the same."""
        with self._store.writing() as run:
            found = run.execute("SELECT day FROM begun").fetchone()
            if found is None:
                first = run.execute("SELECT min(day) FROM reading").fetchone()[0] or today.isoformat()
                found = (min(first, today.isoformat()),)
                run.execute("INSERT INTO begun VALUES(?)", found)
        return dt.date.fromisoformat(found[0])

    def close_day(self, day: dt.date) -> DayDigest | None:
        """Close a day that is over: from now on it takes no row. Its count and digest; closed again, the same.

        None for a day whose rows were purged.
        """
        with self._store.writing() as run:
            run.execute("INSERT OR IGNORE INTO day(day, salt) VALUES(?,?)", (day.isoformat(), os.urandom(SALT_SIZE)))
            (salt,) = run.execute("SELECT salt FROM day WHERE day=?", (day.isoformat(),)).fetchone()
            return None if salt is None else digest_of(run, day, salt)

    def old_days(self, now: int, months: int, closed: dt.date | None) -> list[dt.date]:
        """The days that may be dropped: those before the first of the month `months` back, up to the day `closed`.

        `closed`: the last day whose digest the log has. A day with a delayed reading stays until 30 days after that may be
        seen.
        """
        if closed is None:
            return []
        today = day_at(now)
        arguments = [kept_from(today, months), closed, today - dt.timedelta(days=SHOWN_DAYS)]
        with self._store.reading() as run:
            found = run.execute(
                "SELECT day FROM day WHERE salt IS NOT NULL AND day<? AND day<=? AND NOT EXISTS"
                " (SELECT 1 FROM reading WHERE reading.day=day.day AND until>=?) ORDER BY day",
                [day.isoformat() for day in arguments],
            ).fetchall()
        return [dt.date.fromisoformat(day) for (day,) in found]

    def dropped(self) -> list[dt.date]:
        """The days whose rows were dropped."""
        with self._store.reading() as run:
            found = run.execute("SELECT day FROM day WHERE purged IS NOT NULL ORDER BY day").fetchall()
        return [dt.date.fromisoformat(day) for (day,) in found]

    def drop(self, days: Collection[dt.date], now: int, months: int) -> int:
        """Drop the rows of these days, and the salts of their digests; when, and after how many months, stays noted.

        Returns how many rows. A crash leaves all of them or none.
        """
        names = [(day.isoformat(),) for day in days]
        with self._store.writing() as run:
            count = sum(run.execute("DELETE FROM reading WHERE day=?", name).rowcount for name in names)
            run.executemany(
                "UPDATE day SET salt=NULL, purged=?, months=? WHERE day=?", [(now, months, *name) for name in names]
            )
        with self._store.reading() as run:
            run.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return count

    def _rows(self, where: str, arguments: tuple[object, ...]) -> Iterator[Reading]:
        with self._store.reading() as run:
            found = run.execute(
                "SELECT no, time, person, purpose, page, field, subjects, delay, until"
                f" FROM reading {where} ORDER BY no DESC",
                arguments,
            ).fetchall()
        for no, time, person, purpose, page, field, packed, delay, until in found:
            ids = tuple(packed[at : at + _ID].hex() for at in range(0, len(packed), _ID))
            later = None if until is None else Later(delay, dt.date.fromisoformat(until))
            yield Reading(no, time, person, purpose, page, field, ids, later)


def kept_from(today: dt.date, months: int) -> dt.date:
    """The first day that is kept: the first of the month so many months before this one."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return dt.date(year, month + 1, 1)


def _last(run: sqlite3.Connection) -> dt.date | None:
    found = run.execute("SELECT max(day) FROM day").fetchone()[0]
    return None if found is None else dt.date.fromisoformat(found)
