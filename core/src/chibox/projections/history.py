"""What a log takes back, joins and erases: which records count, and which keys are one key. Computed, never guessed."""

from collections.abc import Callable
from typing import Any, Final

from chibox.projections.index import JOINS, REFERS, RETRACTS, Index
from chibox.projections.rows import Key
from chibox.records.core import Erased, Joined, Retracted
from chibox.records.stated import Entry

_SPECIAL: Final = (Retracted, Joined, Erased)


def is_special(entry: Entry[Any]) -> bool:
    """Whether the entry changes how others are folded; such bodies hold ids only and are never erased."""
    return isinstance(entry.body, _SPECIAL)


def links(entry: Entry[Any]) -> set[tuple[str, str]]:
    """(role, target) of everything that an entry links to."""
    found = {(REFERS, ref) for ref in entry.refs}
    body = entry.body
    if isinstance(body, Retracted):
        found |= {(RETRACTS, target) for target in body.targets}
    elif isinstance(body, Joined):
        found.add((JOINS, JOINS))
    return found


class History:
    """Answers, from the index, what counts now. Answers are kept until `forget`: call it when a special entry came."""

    def __init__(self, index: Index, entry_at: Callable[[int], Entry[Any]]) -> None:
        self._index, self._entry_at = index, entry_at
        self.forget()

    def forget(self) -> None:
        """Ask the index again."""
        self._groups: dict[str, set[str]] | None = None
        self._names: dict[str, str] = {}
        self._retracting: dict[str, list[tuple[int, frozenset[str]]]] = {}
        self._answers: dict[tuple[int, int | None], bool] = {}

    def is_retracted(self, entry: Entry[Any], at: int | None = None) -> bool:
        """Whether the record counts as never stated, as the log stood at position `at` (None: now).

        A retraction works on what stands before it, and not while it is itself retracted: it ends, for each looks further on.
        """
        asked = (entry.position, at)
        if (known := self._answers.get(asked)) is not None:
            return known
        answer = False
        for position in self.retractions(entry):
            if at is not None and position > at:
                continue
            if not self.is_retracted(self._entry_at(position), at):
                answer = True
                break
        self._answers[asked] = answer
        return answer

    def retractions(self, entry: Entry[Any]) -> list[int]:
        """The positions of all retractions, in force or not, that name this record or its act and do not leave it out."""
        found: list[int] = []
        for target in (f"r{entry.rid}", f"a{entry.act}"):
            for position, left in self._retractions_of(target):
                if position > entry.position and (target[0] == "r" or entry.rid not in left):
                    found.append(position)
        return found

    def turning_points(self, entry: Entry[Any]) -> set[int]:
        """Every position at which the answer of `is_retracted` may change for this record."""
        points: set[int] = set()
        ahead = self.retractions(entry)
        while ahead:
            position = ahead.pop()
            if position not in points:
                points.add(position)
                ahead += self.retractions(self._entry_at(position))
        return points

    def targets(self, retraction: Entry[Any]) -> list[Entry[Any]]:
        """The records, before it, that a retraction names."""
        body = retraction.body
        if not isinstance(body, Retracted):
            return []
        found: dict[int, Entry[Any]] = {}
        for target in body.targets:
            if target.startswith("r"):
                place = self._index.place(target[1:])
                named = [] if place is None else [self._entry_at(place.position)]
            else:
                span = self._index.act(target[1:])
                named = [self._entry_at(p) for p in range(span[0], span[1] + 1)] if span else []
                named = [e for e in named if e.rid not in body.left]
            found |= {e.position: e for e in named if e.position < retraction.position}
        return [found[p] for p in sorted(found)]

    def group(self, word: str) -> set[str]:
        """All ids that are one with `word`, itself included."""
        return self._all_groups().get(word, {word})

    def canonical(self, key: Key) -> Key:
        """The key under which the rows of `key` stand: each member by the id that its group goes by."""
        groups = self._all_groups()
        if not groups:
            return key
        return tuple(self._names.get(word, word) for word in key)

    def raw(self, key: Key) -> list[Key]:
        """Every key that may stand in an entry and whose rows stand under `key`."""
        raw: list[Key] = [()]
        for word in key:
            raw = [(*start, other) for start in raw for other in sorted(self.group(word))]
        return raw

    def _all_groups(self) -> dict[str, set[str]]:
        if self._groups is None:
            self._groups, self._names = {}, {}
            for position in self._index.links(JOINS, JOINS):
                entry = self._entry_at(position)
                if isinstance(entry.body, Joined) and not self.is_retracted(entry):
                    self._unite(entry.body)
        return self._groups

    def _unite(self, joined: Joined) -> None:
        groups = self._groups
        if groups is None:
            raise RuntimeError("groups are built first")
        name = self._names.get(joined.new, joined.new)
        one = groups.get(joined.old, {joined.old}) | groups.get(joined.new, {joined.new})
        for word in one:
            groups[word] = one
            self._names[word] = name

    def _retractions_of(self, target: str) -> list[tuple[int, frozenset[str]]]:
        known = self._retracting.get(target)
        if known is None:
            known = []
            for position in self._index.links(target, RETRACTS):
                entry = self._entry_at(position)
                if isinstance(entry.body, Retracted):
                    known.append((position, frozenset(entry.body.left)))
            self._retracting[target] = known
        return known
