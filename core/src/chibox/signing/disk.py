"""The disk under a box: whether there is room and it can be written, and what an error of the database says about it."""

import os
import sqlite3
from pathlib import Path
from typing import Final, Literal

Trouble = Literal["full", "read_only", "broken"]
ROOM: Final = (
    64 * 2**20
)  # bytes that are left alone: a log of readings, a checkpoint of the WAL and a backup of keys fit
_PRIMARY: Final = 0xFF
_TROUBLES: Final[dict[int, Trouble]] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_IOERR: "broken",
    sqlite3.SQLITE_CORRUPT: "broken",
    sqlite3.SQLITE_NOTADB: "broken",
}


def trouble_at(folder: Path) -> Trouble | None:
    """Why nothing should be written there now, before anything is tried."""
    found = os.statvfs(folder)
    if found.f_flag & os.ST_RDONLY:
        return "read_only"
    return "full" if found.f_bavail * found.f_frsize < ROOM else None


def trouble_in(error: BaseException | None) -> Trouble | None:
    """What an error of the database, or what it was raised from, says about the disk; None when it is about something else."""
    while error is not None:
        if isinstance(error, sqlite3.Error):
            return _TROUBLES.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY)
        error = error.__cause__
    return None
