"""The database of a box: one connection that writes, some that read, and the pragmas that a signed log needs."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from chibox.errors import Away, Fatal

VERSION: Final = 2
_READERS: Final = 8


def connect(path: Path, *, write: bool) -> sqlite3.Connection:
    """A connection with the pragmas set once. WAL and synchronous=FULL: NORMAL could fork a signed log on power loss.

    secure_delete leaves no deleted byte in the file. A reader's connection cannot write.
    """
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10, cached_statements=512)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute("PRAGMA cache_size=-16000")
    if not write:
        connection.execute("PRAGMA query_only=ON")
    return connection


class Database:
    """A SQLite file: `writer` belongs to the writer's thread, `reading` hands out snapshots."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = connect(path, write=True)
        self._readers: list[sqlite3.Connection] = []
        self._free = threading.Semaphore(_READERS)
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection on one snapshot of what is committed; at most eight at once, others wait. Raises Away once closed."""
        with self._free:
            connection = self._take()
            try:
                connection.execute("BEGIN")
                yield connection
            finally:
                self._give_back(connection)

    @contextmanager
    def still(self, patience: float) -> Iterator[None]:
        """Nobody begins to read meanwhile; whoever reads has ended, or `patience` (s) has passed. Keep it short: pages wait."""
        taken, until = 0, time.monotonic() + patience
        try:
            while taken < _READERS and self._free.acquire(timeout=max(0.0, until - time.monotonic())):
                taken += 1
            yield
        finally:
            if taken:
                self._free.release(taken)

    def let_go(self) -> None:
        """Close the connections that nobody reads from: what they keep in memory goes with them."""
        with self._lock:
            for connection in self._readers:
                connection.close()
            self._readers.clear()

    def close(self) -> None:
        """Close every connection, one that is read from now when it comes back; the last one out checkpoints the WAL."""
        with self._lock:
            self._closed = True
            for connection in self._readers:
                connection.close()
            self._readers.clear()
        self.writer.close()

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise Away("The box is stopping. Open the page again in a minute.")
            return self._readers.pop() if self._readers else connect(self.path, write=False)

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        with self._lock:
            if self._closed:
                connection.close()
            else:
                self._readers.append(connection)


def create(connection: sqlite3.Connection, statements: tuple[str, ...]) -> None:
    """Create core's tables in an empty database."""
    for statement in statements:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version={VERSION}")


def check_version(connection: sqlite3.Connection) -> None:
    """Raises Fatal when the database was written by another version of core's tables."""
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found != VERSION:
        raise Fatal("this database has version {found}, this chibox knows version {known}", found=found, known=VERSION)
