"""Deleting leaves bytes in pages and journals, whatever SQLite promises; afterwards there are none."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from chibox.database import connect
from chibox.erasing.journal import Journal

ROWS = 1200


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """A file in which a third of the rows was deleted one by one; still open elsewhere."""
    path, rng = tmp_path / "some.db", random.Random(4)
    with closing(connect(path, write=True)) as connection:
        connection.execute("BEGIN")
        connection.execute("CREATE TABLE t(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
        going: list[str] = []
        for number in range(ROWS):
            key, gone = f"{rng.getrandbits(64):016x}", number % 3 == 0
            value = f"{'GONE' if gone else 'KEPT'}{number}" + "ă" * rng.choice((0, 5, 50, 400))
            connection.execute("INSERT INTO t VALUES(?,?)", (key, value))
            going += [key] * gone
            if number % 10 == 9:
                delete(connection, [going.pop(rng.randrange(len(going))) for _ in range(2)])
        rng.shuffle(going)
        delete(connection, going)
        connection.execute("COMMIT")
        yield path


def delete(connection: sqlite3.Connection, keys: list[str]) -> None:
    """One by one, as an erasure does."""
    connection.executemany("DELETE FROM t WHERE key=?", [(key,) for key in keys])


def held(path: Path) -> bool:
    """Whether anything of what was deleted stands in the file or its journal."""
    return any(b"GONE" in one.read_bytes() for one in path.parent.iterdir() if one.is_file())


def test_leftovers_in_pages_go(path: Path) -> None:
    """secure_delete and an empty journal are not enough; the file written anew is."""
    with closing(connect(path, write=True)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        assert b"GONE" in path.read_bytes()
        (kept,) = connection.execute("SELECT count(*) FROM t").fetchone()
    assert Journal(path).emptied() == 0
    assert not held(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (kept,)


def test_an_old_reader_is_waited_for_and_nobody_waits_for_it(path: Path) -> None:
    """As long as it reads, the journal keeps what it reads, and others write at once; then it is emptied."""
    journal = Journal(path)
    with closing(connect(path, write=False)) as old, closing(connect(path, write=True)) as writer:
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM t").fetchone()
        assert journal.emptied() > 0
        writer.execute("PRAGMA busy_timeout=0")
        writer.execute("INSERT INTO t VALUES('new','new')")
        assert journal.emptied() > 0
        old.execute("ROLLBACK")
        while journal.emptied():
            pass
    assert not held(path)


def test_a_writer_at_work_is_waited_for(path: Path) -> None:
    """It says when to try again instead of failing."""
    journal = Journal(path)
    with closing(connect(path, write=True)) as writer:
        assert journal.emptied() == 0
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO t VALUES('new','new')")
        assert journal.emptied() > 0
        writer.execute("COMMIT")
    assert journal.emptied() == 0


def test_a_file_that_is_not_there_has_nothing(tmp_path: Path) -> None:
    """Nothing is made."""
    assert Journal(tmp_path / "none.db").emptied() == 0
    assert not list(tmp_path.iterdir())
