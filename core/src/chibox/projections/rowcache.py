"""The rows that a run of entries touches: loaded once, folded in memory, written back in one statement a table."""

import sqlite3
from collections.abc import Collection, Sequence
from typing import Any, Final

from chibox.projections.folds import Fold
from chibox.projections.history import History
from chibox.projections.index import Index, key_text
from chibox.projections.rows import Key, Row, Table

Slot = tuple[Table[Any], Key]
UNBINDABLE: Final = (sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.DataError, OverflowError, ValueError)
"""What SQLite raises for a value that no column can hold, and for nothing that is wrong with the database."""
Rows = dict[Slot, tuple[int, Any]]  # the last day folded, and the row or None


class Unwritable(Exception):
    """A fold gave something for `table` that no row of it can be."""

    def __init__(self, table: Table[Any]) -> None:
        super().__init__(f"a row of {table.name} cannot be written")
        self.table = table


class RowCache:
    """Rows of one box, by table and key, with the last day folded onto each. Nothing is written before `flush`.

    `fresh`: ids that no earlier entry knows. `known`: rows that somebody has just read in this transaction.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        box: int,
        index: Index,
        history: History,
        fresh: frozenset[str] | set[str] = frozenset(),
        known: Rows | None = None,
    ) -> None:
        self.connection, self.box, self.index, self.history = connection, box, index, history
        self._fresh = fresh
        self._rows: Rows = dict(known or {})
        self._before: dict[Slot, Row | None] = {}  # of what was put: the row in the database
        self.empty = False

    def get(self, fold: Fold, key: Key, position: int) -> tuple[int, Any]:
        """The last day folded and the row under `key`. A key without a row may still have had entries: the index knows."""
        slot = (fold.table, key)
        known = self._rows.get(slot)
        if known is None:
            known = self._rows[slot] = self._load(fold, key, position)
        return known

    def put(self, table: Table[Any], key: Key, day: int, row: Row | None) -> None:
        """Take the row that a fold made of the one that `get` gave."""
        slot = (table, key)
        self._before.setdefault(slot, self._rows[slot][1])
        self._rows[slot] = (day, row)

    def __len__(self) -> int:
        return len(self._rows)

    def clear(self) -> None:
        """Let go of all rows; what was put must have been flushed."""
        self._rows.clear()

    def forget(self, tables: Collection[Table[Any]]) -> None:
        """Let go of these tables' rows: their projection stopped."""
        for slot in [slot for slot in self._rows if slot[0] in tables]:
            del self._rows[slot]
            self._before.pop(slot, None)

    def flush(self) -> None:
        """Write every row that was put into the open transaction.

        Raises Unwritable, with some rows written: `forget` the tables of that projection, and flush again.
        """
        writes: dict[tuple[Table[Any], str], list[Sequence[Any]]] = {}
        for (table, key), before in self._before.items():
            day, row = self._rows[table, key]
            if row is not None or before is not None:
                try:
                    row = None if row is None else table.keyed(row, key)
                    statement, arguments = table.write(self.box, key, day, before, row)
                except Exception as error:
                    raise Unwritable(table) from error
                writes.setdefault((table, statement), []).append(arguments)
        for (table, statement), rows in writes.items():
            try:
                self.connection.executemany(statement, rows)
            except UNBINDABLE as error:
                raise Unwritable(table) from error
        self._before.clear()

    def _load(self, fold: Fold, key: Key, position: int) -> tuple[int, Any]:
        if self.empty or not self._fresh.isdisjoint(key):
            return 0, None
        found = fold.table.get(self.connection, self.box, key)
        if found is not None:
            return found
        raw = map(key_text, self.history.raw(key))
        days = [day for day, at in self.index.about(fold.space, raw) if at < position]
        return max(days, default=0), None
