"""The file of drafts, `drafts.db`: which tables it has, and what it throws away by itself."""

import sqlite3
from pathlib import Path
from typing import Final, Self

from chibox.erasing.journal import Journal
from chibox.store import Store

NAME: Final = "drafts.db"
SCHEMA: Final = (
    """CREATE TABLE draft(no INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, area TEXT NOT NULL,
        owner TEXT NOT NULL, kind TEXT NOT NULL, state BLOB NOT NULL, revision INTEGER NOT NULL, made INTEGER NOT NULL,
        changed INTEGER NOT NULL, until INTEGER) STRICT""",
    """CREATE INDEX draft_kind ON draft(area, kind, owner)""",
    """CREATE INDEX draft_until ON draft(until) WHERE until IS NOT NULL""",
    """CREATE TABLE item(draft INTEGER NOT NULL, number INTEGER NOT NULL, tag TEXT NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY(draft, number)) STRICT""",
    """CREATE INDEX item_tag ON item(draft, tag, number)""",
    """CREATE TABLE piece(draft INTEGER NOT NULL, start INTEGER NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY(draft, start)) STRICT""",
)


class DraftFile:
    """The drafts of all areas and people. Nothing of it is in the log; whoever deletes the file loses begun work only."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The drafts of the box in `folder`; the file is made (mode 600) when it is not there."""
        return cls(Store(folder / NAME, SCHEMA))

    def close(self) -> None:
        """Close the file."""
        self.store.close()

    def purge(self, now: int) -> int:
        """Drop what is over, without a trace in the file. Returns how many drafts went."""
        with self.store.writing() as run:
            over = run.execute("SELECT no FROM draft WHERE until<=?", (now,)).fetchall()
            for (no,) in over:
                forget(run, no)
        if (
            over
        ):  # deleting leaves bytes in pages and in the journal; who reads at this moment keeps those of the journal
            Journal(self.store.path).emptied()
        return len(over)


def forget(run: sqlite3.Connection, no: int) -> None:
    """Delete a draft with all that belongs to it, inside a transaction."""
    for statement in (
        "DELETE FROM piece WHERE draft=?",
        "DELETE FROM item WHERE draft=?",
        "DELETE FROM draft WHERE no=?",
    ):
        run.execute(statement, (no,))
