"""A SQLite file beside the log, for what is true outside it: accounts and sessions, who read what, drafts."""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from chibox.database import connect
from chibox.errors import Fatal


class Store:
    """One file, one connection, one thread at a time. Other processes may have it open too: they wait for each other.

    What `writing` did is durable when it ends; a crash inside it leaves the file as it was.
    """

    def __init__(
        self,
        path: Path,
        schema: tuple[str, ...],
        version: int = 1,
        *,
        upgrades: Mapping[int, tuple[str, ...]] | None = None,
    ) -> None:
        """Opens the file, makes it (mode 600) when it is not there. Raises Fatal when another version wrote it.

        `upgrades`: the statements that make `version` of an older one; all of them are done, or none.
        """
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        self.path = path
        self._lock = threading.RLock()
        self._connection = connect(path, write=True)
        self._connection.execute("PRAGMA cache_size=-2000")
        with self.writing() as run:
            found = run.execute("PRAGMA user_version").fetchone()[0]
            if found == 0:
                for statement in schema:
                    run.execute(statement)
                run.execute(f"PRAGMA user_version={version}")
            elif found in (upgrades or {}):
                for statement in (upgrades or {})[found]:
                    run.execute(statement)
                run.execute(f"PRAGMA user_version={version}")
            elif found != version:
                raise Fatal("{path} has version {found}, this chibox knows version {version}", path=path, found=found,
                            version=version)  # fmt: skip

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that takes the file at once; committed when the block ends, undone when it raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one statement or a few; each sees what is committed."""
        with self._lock:
            yield self._connection

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
