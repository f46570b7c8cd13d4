"""The access log of a box against the days of it that the log has closed."""

import contextlib
import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from chibox.errors import Words, words
from chibox.identity.access import FILE, VERSION
from chibox.identity.closing import ClosedDay, closing
from chibox.identity.readings_digest import SALT_SIZE, digest_of
from chibox.records.verify.report import Report
from chibox.verifying.stored import Stored

READINGS: Final = "readings"
_TABLE: Final = closing.tables[ClosedDay].name
Closed = dict[dt.date, tuple[int, str, bool]]
_ONE: Final = dt.timedelta(days=1)
_DIFFERS: Final = words(
    "rows of this day were changed, added or removed after it was closed: {found} are here, {closed} were"
)
_GONE: Final = words(
    "this day was closed with {count} rows, and is not here: it was deleted, or an older file was put back"
)


def check_readings(folder: Path, stored: Stored, report: Report) -> None:
    """Each day that the log closed has the rows that it had then, or the log says that it was dropped by age.

    A day that is not closed yet is not covered; the note says from which day on.
    """
    try:
        closed = {
            dt.date.fromisoformat(day): (count, digest, bool(dropped))
            for day, count, digest, dropped in stored.rows(
                f'SELECT day, count, digest, dropped FROM "{_TABLE}" WHERE box=1 ORDER BY day'
            )
        }
    except (ValueError, TypeError):
        report.notes.append(
            words("The tables do not tell which days of the access log were closed: start the box once.")
        )
        return
    for day in _never_closed(closed):
        report.fault(READINGS, day.isoformat(), words("this day of the access log was never closed"))
    if not (folder / FILE).is_file():
        if closed:
            report.fault(
                READINGS, FILE, words("the access log is not here; {count} of its days were closed", count=len(closed))
            )
        return
    try:
        with _reading(folder / FILE) as connection:
            _Days(connection, closed, report).check()
    except (sqlite3.Error, ValueError, TypeError) as error:
        report.fault(READINGS, FILE, words("this cannot be read: {why}", why=type(error).__name__))


class _Days:
    """The days of an access log, and what the log says of them."""

    def __init__(self, connection: sqlite3.Connection, closed: Closed, report: Report) -> None:
        self._connection, self._closed, self._report = connection, closed, report
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        if found != VERSION:
            raise ValueError("another version wrote it")
        self._salts: dict[str, Any] = dict(connection.execute("SELECT day, salt FROM day"))
        self._counts: dict[str, int] = dict(connection.execute("SELECT day, count(*) FROM reading GROUP BY day"))

    def check(self) -> None:
        """Names each day that is not as it was closed."""
        kept = gone = 0
        for day, (count, digest, dropped) in self._closed.items():
            salt = self._salts.get(day.isoformat())
            if isinstance(salt, bytes) and len(salt) == SALT_SIZE:
                kept += 1
                self._compare(day, count, digest, salt)
            elif not dropped:
                self._fault(day, words(_GONE.msgid, count=count))
            elif self._counts.get(day.isoformat()):
                self._fault(day, words("this day was dropped by age, and has rows again"))
            else:
                gone += 1
        self._strangers()
        last = max(self._closed, default=None)
        self._report.notes.append(
            words("access log: {kept} closed days compared, {gone} dropped by age", kept=kept, gone=gone)
        )
        if last is not None:
            self._report.notes.append(words("Of the access log, readings after {day} are not covered.", day=last))

    def _compare(self, day: dt.date, count: int, digest: str, salt: bytes) -> None:
        try:
            found = digest_of(self._connection, day, salt)
        except (ValueError, AttributeError):
            self._fault(day, words("a row of this day cannot be one that the box wrote"))
            return
        if (found.count, found.digest) != (count, digest):
            self._fault(day, words(_DIFFERS.msgid, found=found.count, closed=count))

    def _strangers(self) -> None:
        """Rows on days that were over and that no entry closed: nobody vouches for them."""
        last = max(self._closed, default=dt.date.min).isoformat()
        for day, count in sorted(self._counts.items()):
            if day <= last and day not in {one.isoformat() for one in self._closed}:
                where = day if _is_day(day) else FILE
                self._report.fault(
                    READINGS, where, words("{count} rows stand on a day that no entry closed", count=count)
                )

    def _fault(self, day: dt.date, what: Words) -> None:
        self._report.fault(READINGS, day.isoformat(), what)


def _never_closed(closed: Closed) -> Iterator[dt.date]:
    """The days between the first closed and the last that were left out."""
    day, last = min(closed, default=dt.date.max), max(closed, default=dt.date.min)
    while day < last:
        if day not in closed:
            yield day
        day += _ONE


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that cannot write, on one snapshot; also to a file that stands on a medium without a writer."""
    frozen = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    address = f"file:{quote(str(path.absolute()))}?mode=ro{'&immutable=1' if frozen else ''}"
    with contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None, timeout=10)) as connection:
        connection.execute("BEGIN")
        yield connection
