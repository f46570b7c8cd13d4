"""A SQLite file without leftovers: written anew, and its journal cut to nothing."""

import contextlib
import sqlite3
from pathlib import Path
from typing import Final

from chibox.database import connect

_IN_MEMORY: Final = 256_000_000  # bytes; what a larger file holds is copied by way of a temporary file without a name
_PATIENCE: Final = 5.0  # s for a writer to end, before the file is written anew
_FIRST, _LONGEST = 0.1, 2.0  # s for which writers wait while short readers end
_SHARE: Final = 4  # so many times as long as that they go on before the next try
_PAUSE: Final = 0.25  # s; while an older reader is there, nobody is made to wait


class Journal:
    """The journal of one file. `emptied` is called until it gives 0.

    secure_delete overwrites what is deleted, but not what is left in a page when SQLite moves its rows together: so the file is
    first written anew (VACUUM: a second for about 200 MB, during which writers wait), in one transaction.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_new = False
        self._wait = _FIRST

    def emptied(self) -> float:
        """Try. 0 when nothing is left; else after so many seconds it makes sense to try again. Raises what the disk raises."""
        if not self._path.exists():
            return 0
        with contextlib.closing(connect(self._path, write=True)) as connection:
            try:
                return self._tried(connection)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise
                return _PAUSE

    def _tried(self, connection: sqlite3.Connection) -> float:
        if not self._is_new:
            connection.execute(f"PRAGMA busy_timeout={int(_PATIENCE * 1000)}")
            if self._path.stat().st_size > _IN_MEMORY:
                connection.execute("PRAGMA temp_store=FILE")
            connection.execute("VACUUM")
            self._is_new = True
        connection.execute("PRAGMA busy_timeout=0")
        _, pages, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        if moved < pages:  # somebody reads what was there before: whoever comes first would wait in vain
            return _PAUSE
        connection.execute(f"PRAGMA busy_timeout={int(self._wait * 1000)}")
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return 0
        wait, self._wait = self._wait, min(2 * self._wait, _LONGEST)
        return _SHARE * wait
