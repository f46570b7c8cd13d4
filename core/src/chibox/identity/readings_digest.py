"""The digest of one day of the access log: what the log states of it, and what the verifier computes again."""

import datetime as dt
import hashlib
import sqlite3
from typing import Any, Final

import msgspec

from chibox.records.canonical import encode

SALT_SIZE: Final = 32
_PREFIX: Final = b"readings/v1\0"
COLUMNS: Final = ("no", "time", "person", "purpose", "page", "field", "subjects", "delay", "until")
"""What of a row is digested: everything but the day, which stands before the rows."""


class DayDigest(msgspec.Struct, frozen=True):
    """A day that is over: how many rows it has, and their digest (64 lower hex)."""

    day: dt.date
    count: int
    digest: str


def digest_of(connection: sqlite3.Connection, day: dt.date, salt: bytes) -> DayDigest:
    """SHA-256 over a prefix, the day's salt, the day, and each row in the order of `no`: the bytes are in `formats.md`.

    The salt is random and kept beside the rows: whoever has only the log cannot try out who may have read about whom.
    Raises CanonicalError for a row that this box never wrote.
    """
    found = hashlib.sha256(_PREFIX + salt + day.isoformat().encode() + b"\n")
    count = 0
    columns = ", ".join(f'"{column}"' for column in COLUMNS)
    for row in connection.execute(f"SELECT {columns} FROM reading WHERE day=? ORDER BY no", (day.isoformat(),)):
        found.update(_line(row))
        count += 1
    return DayDigest(day, count, found.hexdigest())


def _line(row: tuple[Any, ...]) -> bytes:
    values: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
    values["subjects"] = values["subjects"].hex()
    return encode(values) + b"\n"
