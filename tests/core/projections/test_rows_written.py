"""Rows reach the database as they were folded, and nothing else of them is written."""

import datetime as dt
import sqlite3
from collections.abc import Iterator

import pytest

from chibox.projections.rows import Row, Table


class Thing(Row, frozen=True):
    """A row of every kind of column."""

    subject: str
    name: str | None
    since: dt.date | None
    count: int
    gone: bool


TABLE = Table(Thing, "toy_thing_1", ("subject",), ("name",))
FIRST = Thing("a" * 32, "one", dt.date(2026, 11, 25), 1, gone=False)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """A database with that table."""
    made = sqlite3.connect(":memory:", isolation_level=None)
    TABLE.create(made.execute)
    yield made
    made.close()


def written(connection: sqlite3.Connection, before: Thing | None, row: Thing | None, day: int = 7) -> str:
    """Write the change; the statement that did it."""
    statement, arguments = TABLE.write(1, (FIRST.subject,), day, before, row)
    connection.execute(statement, arguments)
    return statement


@pytest.mark.parametrize(
    "row",
    [
        Thing(FIRST.subject, None, None, 0, gone=True),
        Thing(FIRST.subject, "two", dt.date(2020, 1, 1), -5, gone=False),
        Thing(FIRST.subject, "one", dt.date(2026, 11, 25), 1, gone=True),
        FIRST,
    ],
)
def test_a_changed_row_reads_back_as_it_was_folded(connection: sqlite3.Connection, row: Thing) -> None:
    """Every kind of value survives an insert and a change, None and False among them, with the day of its last fold."""
    written(connection, None, FIRST)
    assert TABLE.get(connection, 1, (FIRST.subject,)) == (7, FIRST)
    written(connection, FIRST, row, day=9)
    assert TABLE.get(connection, 1, (FIRST.subject,)) == (9, row)


def test_only_columns_that_differ_are_written(connection: sqlite3.Connection) -> None:
    """A column that stays is not named: its index is left alone."""
    written(connection, None, FIRST)
    statement = written(connection, FIRST, Thing(FIRST.subject, "one", None, 1, gone=False))
    assert '"since"=?' in statement
    assert all(f'"{field}"=?' not in statement for field in ("name", "count", "gone"))


def test_a_row_that_ends_is_deleted(connection: sqlite3.Connection) -> None:
    """Nothing stands under its key, and others stay."""
    written(connection, None, FIRST)
    other = Thing("b" * 32, "other", None, 2, gone=False)
    connection.execute(TABLE.upsert, TABLE.values(1, 3, other))
    written(connection, FIRST, None)
    assert TABLE.all(connection, 1) == {(other.subject,): (3, other)}


@pytest.mark.parametrize(("column", "index"), [("subject", "toy_thing_1_key"), ("name", "toy_thing_1_name")])
def test_what_pages_search_by_has_an_index(connection: sqlite3.Connection, column: str, index: str) -> None:
    """The key, and each column that the table declares for reading, is looked up and not searched through."""
    plan = connection.execute(f"EXPLAIN QUERY PLAN SELECT * FROM toy_thing_1 WHERE box=1 AND {column}='x'").fetchall()
    assert f"USING INDEX {index} (box=? AND {column}=?)" in plan[0][3]
    assert TABLE.as_declared(connection)


def test_an_index_of_several_columns_answers_alone(connection: sqlite3.Connection) -> None:
    """Its columns stand behind the box, in their order; what asks for no others is read from it; unknown columns are refused."""
    wide = Table(Thing, "toy_wide_1", ("subject",), ("name", ("since", "subject", "count")))
    wide.create(connection.execute)
    wide.create(connection.execute)
    assert wide.as_declared(connection)
    plan = connection.execute(
        'EXPLAIN QUERY PLAN SELECT subject, sum("count") FROM toy_wide_1 WHERE box=1 AND since>"2026" GROUP BY since'
    ).fetchall()
    assert "COVERING INDEX toy_wide_1_since" in plan[0][3]
    with pytest.raises(TypeError, match="colour"):
        Table(Thing, "toy_wide_1", ("subject",), (("since", "colour"),))
