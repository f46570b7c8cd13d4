"""The engine: folds entries into rows in the order of folding, and folds keys again when the past has changed."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from chibox.projections.again import Again, Touched
from chibox.projections.facts import Facts
from chibox.projections.folds import Fold, Projection
from chibox.projections.history import History, is_special, links
from chibox.projections.index import Index, key_text
from chibox.projections.opening import open_entry
from chibox.projections.rowcache import RowCache, Rows, Unwritable
from chibox.projections.rows import Key
from chibox.records.record import Kinds
from chibox.records.stated import Entry


class Source(Protocol):
    """Where stored entries are read, and where an erased body goes from."""

    def entry(self, position: int) -> bytes:
        """The envelope's bytes."""
        ...

    def body(self, position: int) -> bytes | None:
        """The body's bytes, or None."""
        ...

    def drop(self, position: int) -> None:
        """Delete every part of an entry."""
        ...


class FoldError(Exception):
    """A fold of `projection` raised on the entry at `position`; the caller rolls back."""

    def __init__(self, projection: Projection, position: int) -> None:
        super().__init__(f"a fold of {projection.name} raised on the entry at {position}")
        self.projection, self.position = projection, position


class Engine:
    """Keeps the index, the dated facts and the rows of one box's log, inside the caller's transaction.

    Guarantees, and `chibox.testing` tests it for every plugin: the same entries and bodies give the same rows, in batches
    of any size, whatever was retracted, joined, erased or came late in between.
    """

    def __init__(
        self, connection: sqlite3.Connection, kinds: Kinds, projections: Iterable[Projection], source: Source, box: int
    ) -> None:
        self.connection, self.kinds, self.source, self.box = connection, kinds, source, box
        self.projections = tuple(projections)
        self.stopped: dict[Projection, int] = {}
        self.own: str | None = None  # the plugin whose command is folded now
        self.index = Index(connection, kinds, box)
        self.history = History(self.index, self.entry_at)
        self.facts = Facts(connection, kinds, self.index, self.history)
        self.again = Again(self)
        self._folds: dict[str, list[tuple[Projection, Fold]]] = {}
        for projection in self.projections:
            for kind, folds in projection.folds.items():
                self._folds.setdefault(kind, []).extend((projection, fold) for fold in folds)
        self._keyed = {
            kind: [pair for pair in pairs if pair[1].keys is not None] for kind, pairs in self._folds.items()
        }

    def entry_at(self, position: int) -> Entry[Any]:
        """The entry at `position` with the body that is still here."""
        return open_entry(self.kinds, position, self.source.entry(position), self.source.body(position))

    def rolled_back(self) -> None:
        """Everything in memory returns to what the database says."""
        self.index.clear()
        self.facts.clear()
        self.history.forget()

    def apply(
        self,
        entries: Sequence[Entry[Any]],
        fresh: frozenset[str] | set[str] = frozenset(),
        own: str | None = None,
        known: Rows | None = None,
    ) -> None:
        """Index and fold entries that were just appended, in order. `fresh` and `known`: see `RowCache`.

        Raises FoldError when a fold of core or of the plugin `own` raises; the caller rolls back. When another plugin's
        does, that projection stops (`stopped`) and the rest goes on.
        """
        self.own = own
        days: dict[int, int] = {}
        special = False
        for entry in entries:
            special = special or is_special(entry)
            days[entry.position] = self.index.add(entry, self.about(entry), links(entry))
            if self.facts.add(entry):
                self.again.restretch_corrected(entry)
        touched = self.again.effects_of(entries) if special else set()
        rows = RowCache(self.connection, self.box, self.index, self.history, fresh, known)
        self.fold(entries, days, rows, touched)
        self.index.flush()
        self.facts.flush()
        self.write(rows, entries[0].position)
        if touched:
            self.again.fold(touched)

    def late(self, old: Entry[Any], own: str | None = None) -> None:
        """The body of an entry came after the entry (`old`: as it was without): everything is as if it had been there."""
        self.own = own
        entry = self.entry_at(old.position)
        touched = self.again.moved(entry, old)
        self.again.restretch(entry)
        self.again.restretch_corrected(entry)
        if is_special(entry):
            touched |= self.again.effects_of([entry])
        self.facts.flush()
        self.again.fold(touched)

    def fold(
        self,
        entries: Iterable[Entry[Any]],
        days: dict[int, int],
        rows: RowCache,
        touched: Touched,
        only: Projection | None = None,
    ) -> None:
        """Fold entries onto the rows as they stand; a key for which one comes before its last goes into `touched`."""
        canonical = self.history.canonical
        for entry in entries:
            for projection, fold in self._folds.get(entry.kind, ()):
                if projection in self.stopped or only not in (None, projection):
                    continue
                day = days[entry.position]
                try:
                    for key in dict.fromkeys(map(canonical, fold.raw_keys(entry))):
                        if (fold.table, key) in touched:
                            continue
                        last, row = rows.get(fold, key, entry.position)
                        if day < last:
                            touched.add((fold.table, key))
                        else:
                            rows.put(fold.table, key, day, fold.function(row, entry))
                except Exception as error:  # noqa: BLE001  a plugin's fold may raise anything
                    self.raised(projection, entry.position, error)
                    rows.forget(projection.tables.values())

    def write(self, rows: RowCache, position: int) -> None:
        """Flush rows that were folded from `position` on. What cannot be written is like a fold that raised there."""
        while True:
            try:
                rows.flush()
            except Unwritable as error:
                projection = self.again.owners[error.table]
                self.raised(projection, position, error)
                rows.forget(projection.tables.values())
            else:
                return

    def raised(self, projection: Projection, position: int, error: Exception) -> None:
        """A fold raised: the command's own plugin and core refuse the command, another's projection stops."""
        if isinstance(error, sqlite3.Error) or projection.plugin in {"core", self.own}:
            raise FoldError(projection, position) from error
        self.stopped = {**self.stopped, projection: position}  # others look at it meanwhile

    def about(self, entry: Entry[Any]) -> set[tuple[str, str]]:
        """(space, key) of everything that an entry is about: its subject, its case, the keys that folds compute from it."""
        found = {("", entry.subject), ("", entry.case)}
        for projection, fold in self._keyed.get(entry.kind, ()):
            found |= {(fold.space, key_text(key)) for key in self._keys(projection, fold, entry)}
        return found

    def keys(self, entry: Entry[Any]) -> Touched:
        """The rows that an entry feeds, under the keys as they are joined now."""
        canonical = self.history.canonical
        return {
            (fold.table, canonical(key))
            for projection, fold in self._folds.get(entry.kind, ())
            for key in self._keys(projection, fold, entry)
        }

    def _keys(self, projection: Projection, fold: Fold, entry: Entry[Any]) -> Sequence[Key]:
        """The keys that a fold names; none of a projection that has stopped: it is indexed and folded again from nothing."""
        if projection not in self.stopped:
            try:
                return fold.raw_keys(entry)
            except Exception as error:  # noqa: BLE001  a plugin's function may raise anything
                self.raised(projection, entry.position, error)
        return ()
