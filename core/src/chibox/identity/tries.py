"""Wrong tries to sign in: they lock a name for minutes, whether anybody bears it or not, so a lock tells nothing."""

from typing import Final

from chibox.store import Store

SCHEMA: Final = (
    """CREATE TABLE try(name BLOB PRIMARY KEY, wrong INTEGER NOT NULL, last INTEGER NOT NULL, until INTEGER NOT NULL)
        STRICT, WITHOUT ROWID""",
)
FREE: Final = 5
_MINUTE: Final = 60_000
_FIRST: Final = 5 * _MINUTE
_LONGEST: Final = 60 * _MINUTE
_FORGOTTEN: Final = 24 * 60 * _MINUTE
_MANY: Final = 100  # in a row; then each lock lasts a day, so that a PIN cannot be tried out


class Tries:
    """Counts wrong tries by a digest of the name as typed.

    Every fifth one locks: for 5 minutes, then 10, 20 … at most 60; from the hundredth on for a day.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def locked_until(self, name: bytes, now: int) -> int | None:
        """Until when the name is locked (ms), or None."""
        with self._store.reading() as run:
            row = run.execute("SELECT until FROM try WHERE name=? AND until>?", (name, now)).fetchone()
        return None if row is None else int(row[0])

    def begin(self, name: bytes, now: int) -> int:
        """Count a try as wrong before it is looked at, so that many at once gain nothing. Returns how many in a row there are."""
        with self._store.writing() as run:
            row = run.execute("SELECT wrong, last FROM try WHERE name=?", (name,)).fetchone()
            wrong = 1 if row is None or row[1] < now - 2 * _FORGOTTEN else int(row[0]) + 1
            run.execute("INSERT OR REPLACE INTO try VALUES(?,?,?,?)", (name, wrong, now, _until(wrong, now)))
        return wrong

    def forget(self, name: bytes) -> None:
        """The try was right: the next one begins from nothing."""
        with self._store.writing() as run:
            run.execute("DELETE FROM try WHERE name=?", (name,))

    def purge(self, now: int) -> None:
        """Drop what is two days old."""
        with self._store.writing() as run:
            run.execute("DELETE FROM try WHERE last<? AND until<?", (now - 2 * _FORGOTTEN, now))


def _until(wrong: int, now: int) -> int:
    if wrong % FREE:
        return 0
    return now + (_FORGOTTEN if wrong >= _MANY else min(_FIRST * 2 ** (wrong // FREE - 1), _LONGEST))
