"""A box seen from beside: another process that reads what is committed, whether the box runs or not, and changes nothing."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from chibox.clock import Clock, SystemClock
from chibox.database import check_version
from chibox.errors import Away, Fatal, NotFound, words
from chibox.identity.permissions import Picture
from chibox.library import declared
from chibox.plugins import Plugins
from chibox.reading import Read
from chibox.records.lineage import Head
from chibox.records.log import LogReader
from chibox.settings import load
from chibox.signing.mark import HighWater
from chibox.signing.state import RESTORED
from chibox.signing.survey import survey


class Beside:
    """One snapshot of a box. Keep it as short as the work allows: an erasure waits for it with its last step."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, plugins: Plugins, clock: Clock) -> None:
        self.folder, self.connection, self.plugins = folder, connection, plugins
        self._library, _, self.roles = declared(plugins)
        self._clock = clock
        self.log = LogReader(connection)
        self.head = self.log.head()

    @cached_property
    def read(self) -> Read:
        """Rows, facts and entries, for nobody in particular. Raises Away where the box has not folded for these plugins yet."""
        try:
            picture = Picture.load(self.connection, self.roles)
        except sqlite3.Error as error:
            raise Away(
                "The tables of this box are not those of this version: start it once. ({why})", why=str(error)
            ) from None
        return Read(self.connection, self._library, picture, self._clock.now())

    def publish(self) -> Head:
        """The head of this snapshot, whose checkpoint may leave the box: the mark is durable when this returns.

        Raises Away where another checkpoint left before, or nobody knows what did: a mark that was lost is not made anew here.
        """
        mark = HighWater(self.folder / "mark")
        if (mark.missing or mark.damaged) and not (self.folder / RESTORED).exists():
            why = words("The box no longer knows what it has given out.")
            raise Away("{why} It gives out no checkpoint until that has ended.", why=why)
        if survey(self.log, mark).forked is not None:
            raise Away("The records in the box are not those that it gave out before.")
        mark.raise_to(self.head)
        return self.head


@contextmanager
def beside(
    folder: Path,
    *,
    plugins: Plugins | None = None,
    clock: Clock | None = None,
    attached: tuple[str, Path] | None = None,
) -> Iterator[Beside]:
    """The box in `folder` on one snapshot; `attached` see `snapshot`.

    Raises NotFound when there is none, Fatal for a version that is not ours.
    """
    with snapshot(folder, attached) as connection:
        check_version(connection)
        yield Beside(folder, connection, plugins or Plugins.discover(load(folder).allowed), clock or SystemClock())


@contextmanager
def snapshot(folder: Path, attached: tuple[str, Path] | None = None) -> Iterator[sqlite3.Connection]:
    """A connection to the box's database that cannot write, on one snapshot.

    `attached`: a name, and the path of a new database that can be written beside it: what is copied there is not synced.
    Raises NotFound when there is no box, Fatal for a broken file.
    """
    path = folder / "box.db"
    if not path.is_file():
        raise NotFound("There is no box in {folder}. `chibox init` makes one.", folder=folder)
    # On a medium that cannot be written SQLite could make no file to share with a writer; there is none, either.
    frozen = not os.access(folder, os.W_OK) and not path.with_name("box.db-wal").exists()
    address = f"file:{quote(str(path.absolute()))}?mode=ro{'&immutable=1' if frozen else ''}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=10)
    try:
        try:
            connection.execute("PRAGMA temp_store=MEMORY")
            if attached is not None:
                _attach(connection, *attached)
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except (sqlite3.Error, UnicodeDecodeError) as error:  # its message may quote what is broken
            raise Fatal("the database file cannot be read: {why}", why=str(error)) from None
        yield connection
    finally:
        connection.close()


def _attach(connection: sqlite3.Connection, name: str, path: Path) -> None:
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection.execute(f"ATTACH ? AS {name}", (str(path),))
    connection.execute(f"PRAGMA {name}.journal_mode=OFF")
    connection.execute(f"PRAGMA {name}.synchronous=OFF")
