"""A file beside the log: whole transactions, one version, readable by its owner only."""

import sqlite3
from pathlib import Path

import pytest

from chibox.errors import Fatal
from chibox.store import Store

SCHEMA = ("CREATE TABLE thing(name TEXT NOT NULL) STRICT",)


def names(store: Store) -> list[str]:
    """What stands in it."""
    with store.reading() as run:
        return [name for (name,) in run.execute("SELECT name FROM thing ORDER BY name")]


def test_a_transaction_is_whole_or_not_there(tmp_path: Path) -> None:
    """What a block wrote before it raised is undone; what a block wrote that ended is there after reopening."""
    store = Store(tmp_path / "s.db", SCHEMA)
    with store.writing() as run:
        run.execute("INSERT INTO thing VALUES('a')")

    def failing() -> None:
        with store.writing() as run:
            run.execute("INSERT INTO thing VALUES('b')")
            raise KeyError

    with pytest.raises(KeyError):
        failing()
    assert names(store) == ["a"]
    store.close()
    again = Store(tmp_path / "s.db", SCHEMA)
    assert names(again) == ["a"]
    again.close()


def test_two_processes_may_have_it_open(tmp_path: Path) -> None:
    """The command line may make a link while the box runs: each sees what the other committed."""
    one, two = Store(tmp_path / "s.db", SCHEMA), Store(tmp_path / "s.db", SCHEMA)
    for store, name in ((one, "a"), (two, "b"), (one, "c")):
        with store.writing() as run:
            run.execute("INSERT INTO thing VALUES(?)", (name,))
    assert names(one) == names(two) == ["a", "b", "c"]
    one.close()
    two.close()


def test_it_is_its_owners_only(tmp_path: Path) -> None:
    """Others on the machine cannot read it."""
    Store(tmp_path / "s.db", SCHEMA).close()
    assert (tmp_path / "s.db").stat().st_mode & 0o777 == 0o600


def test_another_version_is_refused(tmp_path: Path) -> None:
    """A file of a later chibox is not opened by guess."""
    Store(tmp_path / "s.db", SCHEMA).close()
    connection = sqlite3.connect(tmp_path / "s.db")
    connection.execute("PRAGMA user_version=7")
    connection.close()
    with pytest.raises(Fatal, match="version 7"):
        Store(tmp_path / "s.db", SCHEMA)
