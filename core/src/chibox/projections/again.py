"""Folding again: what a retraction, a join, an erasure or a late part touches, and the one path that sets it right."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from chibox.projections.facts import corrections_of
from chibox.projections.folds import Fold
from chibox.projections.history import is_special, links
from chibox.projections.index import REFERS, key_text
from chibox.projections.rowcache import UNBINDABLE, Unwritable
from chibox.projections.rows import Key, Table
from chibox.records.core import Erased, Joined, Retracted
from chibox.records.stated import Entry

if TYPE_CHECKING:
    from chibox.projections.engine import Engine

Touched = set[tuple[Table[Any], Key]]


class Again:
    """The engine's second half. Undo of an import, merge of doubles and its undo, erasure, late facts: all end in `fold`."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self.owners = {t: p for p in engine.projections for t in p.tables.values()}
        self._folds: dict[Table[Any], dict[str, Fold]] = {table: {} for table in self.owners}
        for fold in (f for p in engine.projections for folds in p.folds.values() for f in folds):
            self._folds[fold.table][fold.kind] = fold

    def fold(self, touched: Touched) -> None:
        """Drop the rows of these keys and fold their entries from the first, leaving out what is retracted.

        Raises FoldError like `Engine.apply`.
        """
        found = [(self._entries_of(table, key), table, key) for table, key in touched]
        for entries, table, key in sorted(found, key=_first):
            if self.owners[table] not in self._engine.stopped:
                self._fold_key(table, key, entries)

    def effects_of(self, entries: Sequence[Entry[Any]]) -> Touched:
        """Carry out what special entries do to index, facts and bodies; the keys whose rows must be folded again."""
        self._engine.history.forget()
        self._engine.index.flush()
        touched: Touched = set()
        joins: list[Joined] = []
        for entry in entries:
            if isinstance(entry.body, Retracted):
                touched |= self._retracted(entry, set(), joins)
            elif isinstance(entry.body, Joined):
                joins.append(entry.body)
        touched |= self._joined(joins)  # before any body goes: its keys lead to rows under the names that they had
        for entry in entries:
            if isinstance(entry.body, Erased):
                touched |= self._erased(entry, entry.body.records)
        return touched

    def moved(self, entry: Entry[Any], old: Entry[Any]) -> Touched:
        """Put an entry whose body came or went in its new place, and all that refer to it; the keys to fold again."""
        engine = self._engine
        touched = engine.keys(old) | engine.keys(entry)
        if entry is not old:
            engine.index.relink(entry, links(entry))
        if engine.index.move(entry, engine.about(old), engine.about(entry)):
            for position in engine.index.dependents(entry):
                other = engine.entry_at(position)
                touched |= self.moved(other, other)
        return touched

    def restretch(self, entry: Entry[Any]) -> None:
        """Set the stretches of knowledge of what an entry stated."""
        engine = self._engine
        engine.facts.restretch(entry, corrections_of(entry, engine.index, engine.kinds, engine.entry_at))

    def restretch_corrected(self, entry: Entry[Any]) -> None:
        """Set the stretches of what a correction corrects; of nothing, for any other entry."""
        self._engine.index.flush()
        for corrected in self._corrected_by(entry):
            self.restretch(corrected)

    def _retracted(self, retraction: Entry[Any], seen: set[int], joins: list[Joined]) -> Touched:
        """What a retraction, or taking it back, touches: its targets, and whatever those did themselves."""
        touched: Touched = set()
        seen.add(retraction.position)
        for target in self._engine.history.targets(retraction):
            touched |= self._engine.keys(target)
            if self._only(retraction, target):
                self._engine.facts.end(target, retraction.position)
            else:
                self.restretch(target)
            self.restretch_corrected(target)
            if isinstance(target.body, Retracted) and target.position not in seen:
                touched |= self._retracted(target, seen, joins)
            elif isinstance(target.body, Joined):
                joins.append(target.body)
        return touched

    def _only(self, retraction: Entry[Any], target: Entry[Any]) -> bool:
        """Whether this retraction is all that ever happened to a record: then what it stated only ends."""
        engine = self._engine
        turning = engine.history.turning_points(target)
        return turning == {retraction.position} and not engine.index.links(f"r{target.rid}", REFERS)

    def _joined(self, joins: Sequence[Joined]) -> Touched:
        """Every key that holds a member of a group which these joins made or left, under all names that it had and has."""
        index = self._engine.index
        touched: Touched = set()
        for words in self._components(joins):
            for projection in self._engine.projections:
                for fold in (f for folds in projection.folds.values() for f in folds):
                    raw: set[Key] = {(w,) for w in words}
                    if fold.keys is not None:
                        raw = {key for w in words for key in index.keys_with(fold.space, w)}
                    touched |= {(fold.table, key) for key in self._names(raw, words)}
        return touched

    def _components(self, joins: Sequence[Joined]) -> list[set[str]]:
        """The groups as they are, united by all joins that came or went at once: what any of them may have been before."""
        found: list[set[str]] = []
        for joined in joins:
            group = self._engine.history.group(joined.old) | self._engine.history.group(joined.new)
            apart = [other for other in found if group.isdisjoint(other)]
            found = [*apart, group.union(*(other for other in found if not group.isdisjoint(other)))]
        return found

    def _names(self, raw: set[Key], words: set[str]) -> set[Key]:
        """The keys, with every member of the group in the place of each other, and as they are joined now."""
        found: set[Key] = set()
        for key in raw:
            forms: list[Key] = [()]
            for word in key:
                forms = [(*start, other) for start in forms for other in (words if word in words else {word})]
            found.update(forms)
        return found | set(map(self._engine.history.canonical, found))

    def _erased(self, erasure: Entry[Any], rids: Iterable[str]) -> Touched:
        engine = self._engine
        touched: Touched = set()
        for rid in rids:
            place = engine.index.place(rid)
            old = None if place is None or place.position >= erasure.position else engine.entry_at(place.position)
            if place is None or old is None or is_special(old):
                continue
            if place.erased is not None:
                engine.index.erase(place.position, erasure.position)
                continue
            corrected = self._corrected_by(old)
            engine.facts.flush()
            engine.facts.remove(old)
            engine.index.erase(place.position, erasure.position)
            engine.source.drop(place.position)
            touched |= self.moved(engine.entry_at(place.position), old)
            for entry in corrected:
                self.restretch(entry)
        return touched

    def _corrected_by(self, entry: Entry[Any]) -> list[Entry[Any]]:
        engine = self._engine
        kind = engine.kinds.get(entry.kind)
        if kind is None or not kind.corrects or entry.body is None:
            return []
        places = [engine.index.place(ref[1:]) for ref in entry.refs if ref[0] == "r"]
        return [engine.entry_at(p.position) for p in places if p is not None and p.position < entry.position]

    def _fold_key(self, table: Table[Any], key: Key, entries: Sequence[tuple[int, int]]) -> None:
        engine, folds = self._engine, self._folds[table]
        row: Any = None
        last = 0
        for day, position in entries:
            entry = engine.entry_at(position)
            fold = folds.get(entry.kind)
            if fold is None or engine.history.is_retracted(entry):
                continue
            try:
                if key in map(engine.history.canonical, fold.raw_keys(entry)):
                    row, last = fold.function(row, entry), day
            except Exception as error:  # noqa: BLE001  a plugin's fold may raise anything
                engine.raised(self.owners[table], position, error)
                return
        try:
            if row is None:
                engine.connection.execute(table.delete, (engine.box, *key))
            else:
                engine.connection.execute(table.upsert, table.values(engine.box, last, table.keyed(row, key)))
        except UNBINDABLE:
            engine.raised(self.owners[table], entries[-1][1], Unwritable(table))

    def _entries_of(self, table: Table[Any], key: Key) -> list[tuple[int, int]]:
        """(day, position) of the entries under any raw key that is `key` now, in the order of folding."""
        index = self._engine.index
        raw = [key_text(k) for k in self._engine.history.raw(key)]
        spaces = {fold.space for fold in self._folds[table].values()}
        return sorted({pair for space in spaces for pair in index.about(space, raw)})


def _first(way: tuple[Sequence[tuple[int, int]], Table[Any], Key]) -> int:
    """Keys are folded in the order of the log, whose bundles are then unpacked once."""
    return min((position for _, position in way[0]), default=0)
