"""Consistent copies of a box's databases, for its backup: made in a hidden folder inside the box's own, and removed from it."""

import fcntl
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from chibox.errors import Refused

LOG_TABLES: Final = frozenset({"log_bundle", "log_tail", "log_tile", "part_bundle", "part_tail"})
SCHEMA: Final = "copy"
BACKUP, REHEARSAL = ".backup", ".rehearsal"  # scratch folders inside the box's
_created: Final = re.compile(r"CREATE (?:UNIQUE )?(?:TABLE|INDEX) ").match


@contextmanager
def scratch(folder: Path, name: str) -> Iterator[Path]:
    """An empty folder inside the box's, nobody else's while it lasts; what a crash left in it is cleared away first.

    Raises Refused while another process has it.
    """
    place = folder / name
    place.mkdir(mode=0o700, exist_ok=True)
    with _held(place) as mine:
        if not mine:
            raise Refused("Another backup or rehearsal of this box is running. Try again when it has ended.")
        _empty(place)
        try:
            yield place
        finally:
            _empty(place)


@contextmanager
def _held(place: Path) -> Iterator[bool]:
    """Whether the folder is nobody else's: an operating system's lock, gone with the process."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


@contextmanager
def hidden(parent: Path, prefix: str) -> Iterator[Path]:
    """A new folder of mode 700 in `parent`, removed at the end unless it was renamed.

    Those of the same prefix that a crash left are removed first, those of processes that live are not.
    """
    for path in parent.glob(f"{prefix}*"):
        with _held(path) as mine:
            if mine:
                shutil.rmtree(path)
    place = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    with _held(place):
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


def clear(folder: Path) -> bool:
    """Remove what a crash left in the scratch folders of the box: copies of its data. False while somebody works in one."""
    for name in (BACKUP, REHEARSAL):
        if (folder / name).is_dir():
            try:
                with scratch(folder, name):
                    pass
            except Refused:
                return False
    return True


def copy_tables(connection: sqlite3.Connection) -> None:
    """Every table of the main database into the attached `copy`, on the snapshot of the open transaction, which this ends.

    Of the log's own tables only the rows of other boxes: those of this one stand in the log itself.
    """
    run = connection.execute
    for name, sql in _schema(connection, "table"):
        run(_in_copy(sql))
        where = " WHERE box<>1" if name in LOG_TABLES else ""
        run(f'INSERT INTO {SCHEMA}."{name}" SELECT * FROM main."{name}"{where}')
    for _, sql in _schema(connection, "index"):
        run(_in_copy(sql))
    version = run("PRAGMA main.user_version").fetchone()[0]
    run(f"PRAGMA {SCHEMA}.user_version={version}")
    run("COMMIT")


def copy_store(source: Path, target: Path) -> None:
    """The SQLite file `source` as it is committed, without what was deleted from it, into a new file of mode 600."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(f"file:{quote(str(source.absolute()))}?mode=ro", uri=True, timeout=10)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def _schema(connection: sqlite3.Connection, kind: str) -> list[tuple[str, str]]:
    """Name and statement of what stands in the main database; what SQLite keeps for itself left out."""
    return connection.execute(
        "SELECT name, sql FROM main.sqlite_schema WHERE type=? AND sql IS NOT NULL AND name NOT LIKE 'sqlite#_%' ESCAPE '#'"
        " ORDER BY rowid",
        (kind,),
    ).fetchall()


def _in_copy(sql: str) -> str:
    """The statement for the attached database. SQLite keeps the beginning of each in one spelling."""
    begin = _created(sql)
    if begin is None:
        raise Refused("The database holds something that no box has: {what}", what=sql[:40])
    return f"{sql[: begin.end()]}{SCHEMA}.{sql[begin.end() :]}"


def _empty(place: Path) -> None:
    for path in place.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
