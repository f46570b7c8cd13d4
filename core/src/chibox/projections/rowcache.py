"""The rows that a run of entries touches: loaded once, folded in memory, written back in one statement a table."""

import sqlite3
from collections.abc import Iterable
from typing import Any

from chibox.projections.folds import Fold
from chibox.projections.history import History
from chibox.projections.index import Index, key_text
from chibox.projections.rows import Key, Row, Table


class RowCache:
    """Rows of one box, by table and key, with the last day folded onto each. Nothing is written before `flush`."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        box: int,
        index: Index,
        history: History,
        fresh: frozenset[str] | set[str] = frozenset(),
    ) -> None:
        self.connection, self.box, self.index, self.history, self.fresh = connection, box, index, history, fresh
        self._rows: dict[Table[Any], dict[Key, tuple[int, Row | None]]] = {}
        self._dirty: dict[Table[Any], set[Key]] = {}
        self.empty = False

    def get(self, fold: Fold, key: Key, position: int) -> tuple[int, Row | None]:
        """The last day folded and the row under `key`. A key without a row may still have had entries: the index knows."""
        rows = self._rows.get(fold.table)
        if rows is None:
            rows = self._rows[fold.table] = {}
        known = rows.get(key)
        if known is None:
            known = rows[key] = self._load(fold, key, position)
        return known

    def put(self, table: Table[Any], key: Key, day: int, row: Row | None) -> None:
        """Take the row that a fold returned."""
        self._rows.setdefault(table, {})[key] = (day, row)
        self._dirty.setdefault(table, set()).add(key)

    def prefetch(self, table: Table[Any], keys: Iterable[Key]) -> None:
        """Load the rows of many keys in a few queries."""
        rows = self._rows.setdefault(table, {})
        missing = [key for key in dict.fromkeys(keys) if key not in rows]
        if missing and not self.empty:
            rows.update(table.many(self.connection, self.box, missing))

    def __len__(self) -> int:
        return sum(map(len, self._rows.values()))

    def clear(self) -> None:
        """Let go of all rows; what was put must have been flushed."""
        self._rows.clear()

    def forget(self, tables: Iterable[Table[Any]]) -> None:
        """Let go of these tables' rows: their projection stopped."""
        for table in tables:
            self._rows.pop(table, None)
            self._dirty.pop(table, None)

    def flush(self) -> None:
        """Write every row that was put into the open transaction."""
        for table, keys in self._dirty.items():
            rows = self._rows[table]
            gone = [(self.box, *key) for key in keys if rows[key][1] is None]
            if gone:
                self.connection.executemany(table.delete, gone)
            kept = [(key, *rows[key]) for key in keys]
            self.connection.executemany(
                table.upsert,
                [table.values(self.box, day, table.keyed(row, key)) for key, day, row in kept if row is not None],
            )
        self._dirty.clear()

    def _load(self, fold: Fold, key: Key, position: int) -> tuple[int, Row | None]:
        if self.empty or not self.fresh.isdisjoint(key):
            return 0, None
        found = fold.table.get(self.connection, self.box, key)
        if found is not None:
            return found
        raw = map(key_text, self.history.raw(key))
        days = [day for day, at in self.index.about(fold.space, raw) if at < position]
        return max(days, default=0), None
