"""The other side of appending: the very same rows, by raw sqlite3, one prepared execute a row.

The rows are taken from a rehearsal: a box on the same seed does the same commands over a connection that notes every
statement that writes. So both sides write the same tables in the same order: act, record, about, fact, link, the roll's row,
entry and part in the tail, head, cursor; and, every 256 entries, bundles and tiles with the tail's deletion.
"""

import asyncio
import functools
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from typing import Any, Final
from unittest import mock

from tests.bench.asking import Asking, ask, askings
from tests.bench.seed import Seed
from tests.bench.watch import Watch

from chibox.box import Box
from chibox.database import connect

Statement = tuple[str, Sequence[Any]]
_WRITES: Final = ("INSERT", "UPDATE", "DELETE")


class Noting(sqlite3.Connection):
    """A connection that notes what it writes, transaction by transaction."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.transactions: list[list[Statement]] = [[]]

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Note a statement, and do it."""
        if sql.startswith(_WRITES):
            self.transactions[-1].append((sql, tuple(parameters)))
        elif sql == "COMMIT":
            self.transactions.append([])
        elif sql == "ROLLBACK":
            self.transactions[-1].clear()
        return super().execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        """Note a statement for each row, and do them."""
        rows = [tuple(row) for row in parameters]
        self.transactions[-1] += [(sql, row) for row in rows]
        return super().executemany(sql, rows)


class Rehearsal:
    """What a box wrote for `number` commands, `each` of them in one transaction, and the same again by hand."""

    def __init__(self, seed: Seed, each: int, number: int) -> None:
        self.seed, self.number = seed, number
        noting = functools.partial(sqlite3.connect, factory=Noting)
        with mock.patch("sqlite3.connect", noting), seed.opened() as box:
            connection = box.database.writer
            assert isinstance(connection, Noting)
            all_askings = askings(box, seed, each, number)
            connection.transactions = [[]]
            asyncio.run(_in_turns(box, seed.clerk, all_askings))
            self.transactions = [t for t in connection.transactions if t]
            self.left = _rows(connection)
        assert len(self.transactions) == number // each

    def again(self, watch: Watch) -> float:
        """Write all of it on a fresh copy of the seed; returns commands a second."""
        with self.seed.copied() as folder:
            connection = connect(folder / "box.db", write=True)
            execute = connection.execute
            with watch.timed("raw"):
                for transaction in self.transactions:
                    execute("BEGIN IMMEDIATE")
                    for statement, row in transaction:
                        execute(statement, row)
                    execute("COMMIT")
            assert _rows(connection) == self.left
            connection.close()
        return self.number / watch.seconds


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    """How many rows each table holds: both sides end with the same."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


async def _in_turns(box: Box, clerk: str, all_askings: Sequence[Asking]) -> None:
    """One command of every caller in each transaction: the writer is held at a gate until all have queued."""
    gate = threading.Barrier(2)

    def hold() -> None:
        gate.wait()
        gate.wait()

    for turn in range(len(all_askings[0])):
        box.writer.submit(hold)
        gate.wait()
        asked = [asyncio.create_task(ask(box, clerk, [asking[turn]])) for asking in all_askings]
        await asyncio.sleep(0)
        gate.wait()
        await asyncio.gather(*asked)
