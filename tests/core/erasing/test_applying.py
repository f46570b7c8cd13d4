"""A log that was put back from an older backup: what it says is erased goes again, before anything is served."""

import shutil
import sqlite3
from pathlib import Path

from tests.core.together import make
from tests.core.toys import Hide, Toy

from chibox.database import connect
from chibox.erasing.applying import applied
from chibox.erasing.commands import AskErasure, Erase
from chibox.records.log import LogReader
from chibox.testing.boxes import Sandbox


def erase(made: Sandbox, subject: str) -> None:
    """By two people."""
    answer = made.ask(AskErasure(subject=subject, reason="request"), actor=made.someone("clerk"))
    made.ask(Erase(asked=made.entry(answer.first).rid), actor=made.someone("committee_secretary"))


def put_back(made: Sandbox, older: Path) -> sqlite3.Connection:
    """The parts of an older copy of the database stand in the closed box again."""
    connection = connect(made.folder / "box.db", write=True)
    connection.execute("ATTACH ? AS older", (str(older),))
    for table in ("part_bundle", "part_tail"):
        connection.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM older.{table}")
    connection.execute("DETACH older")
    return connection


def test_erased_parts_of_a_backup_are_dropped(made: Sandbox, clerk: str, tmp_path: Path) -> None:
    """From full bundles and from the tail, open ones and opaque ones; all else stays; the tables are folded from nothing."""
    first = made.subject(made.ask(make(made, "early"), actor=clerk))
    made.ask(make(made, *(f"toy {n}" for n in range(300))), actor=clerk)
    late = made.subject(made.ask(make(made, "late"), actor=clerk))
    kept = made.subject(made.ask(make(made, "kept"), actor=clerk))
    made.ask(Hide(toys=(first,), place="under the bed"), actor=clerk)
    made.box.close()
    shutil.copy(made.folder / "box.db", tmp_path / "older.db")
    made.reopen()
    erase(made, first)
    erase(made, late)
    made.box.close()
    connection = put_back(made, tmp_path / "older.db")
    names = (b'"early"', b'"late"', b"under the bed", b'"kept"')
    assert seen(connection, names) == set(names)
    connection.execute("BEGIN")
    assert applied(connection) == 3
    connection.execute("COMMIT")
    assert seen(connection, names) == {b'"kept"'}
    assert applied(connection) == 0
    assert connection.execute("SELECT count(*) FROM cursor").fetchone() == (0,)
    connection.close()
    made.reopen()
    with made.reading() as read:
        assert read.facts([first, late]) == {}
        assert {read.row(Toy, one).name for one in (first, late, kept)} == {None, "kept"}  # type: ignore[union-attr]


def test_a_log_without_erasures_is_left_alone(made: Sandbox, clerk: str) -> None:
    """Nothing is dropped, and nothing is folded again."""
    made.ask(make(made, "a"), actor=clerk)
    made.box.close()
    with sqlite3.connect(made.folder / "box.db") as connection:
        before = connection.execute("SELECT count(*) FROM cursor").fetchone()
        assert applied(connection) == 0
        assert connection.execute("SELECT count(*) FROM cursor").fetchone() == before


def seen(connection: sqlite3.Connection, words: tuple[bytes, ...]) -> set[bytes]:
    """Which of these words stand in any part."""
    reader = LogReader(connection)
    parts = [part.data for _, _, some in reader.entries(0, reader.head().size) for part in some.values()]
    return {word for word in words if any(word in data for data in parts)}
