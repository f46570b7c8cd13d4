"""The database of a restored box: the tables of its backup, the rows of its log, and nothing of what the log says is erased."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from chibox.backup.intake import Intake, Rows
from chibox.backup.manifest import PEPPER, Manifest
from chibox.erasing.applying import applied
from chibox.records.lineage import Lineage
from chibox.records.log import LogReader
from chibox.records.notes import Signer, Verifier

_PRIMARY: Final = 0xFF  # of an error's code: what kind it is
_DISK: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY})


def assemble(making: Path, manifest: Manifest, intake: Intake, rows: Rows) -> int:
    """Make `box.db` in the folder complete, end all sessions; returns how many erased records had come back and went again.

    Nothing is durable yet. Raises ValueError where tables and log are not of one box.
    """
    with closing(sqlite3.connect(making / "box.db", isolation_level=None)) as connection:
        try:
            _fill(connection, manifest, intake, rows)
            erased = applied(connection) if intake.erases else 0
            if not (making / "keys" / PEPPER).exists():  # digests of commands cannot be compared any more
                connection.execute("UPDATE act SET digest=NULL WHERE digest IS NOT NULL")
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            raise _told(error, "its tables") from None
    _end_sessions(making / "accounts.db")
    return erased


def signs(seed: bytes, vkey: str) -> bool:
    """Whether the seed is that of the key by which the log is signed."""
    verifier = Verifier.parse(vkey)
    return Signer(verifier.name, seed).verifier.public_key == verifier.public_key


def _fill(connection: sqlite3.Connection, manifest: Manifest, intake: Intake, rows: Rows) -> None:
    run = connection.execute
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "secure_delete=ON", "temp_store=MEMORY", "cache_size=-16000"):
        run(f"PRAGMA {pragma}")
    run("BEGIN")
    if run("PRAGMA user_version").fetchone()[0] != manifest.database:
        raise ValueError("the tables are not of the version that the manifest names")
    for table, values in rows:
        run(f"INSERT INTO {table} VALUES({','.join('?' * len(values))})", values)
    _hold(connection, manifest, intake)


def _hold(connection: sqlite3.Connection, manifest: Manifest, intake: Intake) -> None:
    """The tables say of the log what it turned out to be: of its box, its generations, its end."""
    ident, name, key = connection.execute("SELECT id, name, key FROM box WHERE no=1").fetchone() or ("", "", "")
    reader, lineage = LogReader(connection), Lineage.read(connection, 1)
    heads = [(head.size, head.root, head.note) for head in reader.generations()]
    shared = (0, *(one.shared for one in lineage.closed))
    if (
        (ident, name) != (manifest.box, manifest.name)
        or key not in intake.keys
        or heads != [(checkpoint.size, checkpoint.root, note) for checkpoint, note in intake.heads]
        or shared != manifest.shared
    ):
        raise ValueError("its tables are not those of its log")


def _end_sessions(path: Path) -> None:
    """Nobody is signed in any more: whoever holds a token of the lost machine has nothing."""
    if not path.exists():
        return
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA secure_delete=ON")
        try:
            connection.execute("DELETE FROM session")
        except sqlite3.Error as error:
            raise _told(error, path.name) from None


def _told(error: sqlite3.Error, what: str) -> OSError | ValueError:
    """Whether it was the disk or the file."""
    if error.sqlite_errorcode & _PRIMARY in _DISK:
        return OSError(errno.EIO, str(error))
    return ValueError(f"{what} cannot be read: {error}")
