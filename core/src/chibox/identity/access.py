"""Who read what about whom, when and for what purpose: one row an act of reading, in a file of its own."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, Self

import msgspec

from chibox.store import Store

SCHEMA: Final = (
    """CREATE TABLE reading(no INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, person TEXT NOT NULL,
        purpose TEXT NOT NULL, page TEXT NOT NULL, field TEXT, subjects BLOB NOT NULL) STRICT""",
    """CREATE INDEX reading_time ON reading(time)""",
)
_ID: Final = 16
_MONTH: Final = 31 * 86_400_000


class Reading(msgspec.Struct, frozen=True):
    """An act of reading. `field`: the masked value that was shown by request; `subjects`: about whom, once for a list."""

    no: int
    time: int
    person: str
    purpose: str
    page: str
    field: str | None
    subjects: tuple[str, ...]


class AccessLog:
    """The rows of `access.db`. Never changed; dropped when they are older than the box keeps them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The access log of the box in `folder`."""
        return cls(Store(folder / "access.db", SCHEMA))

    def close(self) -> None:
        """Close the file."""
        self._store.close()

    def write(
        self, *, time: int, person: str, purpose: str, page: str, subjects: Collection[str], field: str | None = None
    ) -> None:
        """Write one act of reading; durable on return. Nothing for an act that read about nobody."""
        if not subjects:
            return
        packed = b"".join(bytes.fromhex(subject) for subject in sorted(subjects))
        with self._store.writing() as run:
            run.execute(
                "INSERT INTO reading(time, person, purpose, page, field, subjects) VALUES(?,?,?,?,?,?)",
                (time, person, purpose, page, field, packed),
            )

    def about(self, subject: str, since: int = 0) -> list[Reading]:
        """Every act of reading about somebody, newest first."""
        wanted = bytes.fromhex(subject)
        rows = self._rows("WHERE time>=? AND instr(subjects, ?)>0", (since, wanted))
        return [row for row in rows if subject in row.subjects]

    def by(self, person: str, since: int = 0) -> list[Reading]:
        """Every act of reading of somebody, newest first."""
        return list(self._rows("WHERE time>=? AND person=?", (since, person)))

    def purge(self, now: int, months: int) -> int:
        """Drop what is older than `months`. Returns how many."""
        with self._store.writing() as run:
            return run.execute("DELETE FROM reading WHERE time<?", (now - months * _MONTH,)).rowcount

    def _rows(self, where: str, arguments: tuple[object, ...]) -> Iterator[Reading]:
        with self._store.reading() as run:
            found = run.execute(
                f"SELECT no, time, person, purpose, page, field, subjects FROM reading {where} ORDER BY no DESC",
                arguments,
            ).fetchall()
        for no, time, person, purpose, page, field, packed in found:
            ids = tuple(packed[at : at + _ID].hex() for at in range(0, len(packed), _ID))
            yield Reading(no, time, person, purpose, page, field, ids)
