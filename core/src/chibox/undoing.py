"""Undo: what an act's retraction takes back, what rests on it and is left, and who may do it."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from chibox.errors import NotFound, Refused
from chibox.identity.permissions import Need
from chibox.organisation.records import UnitCreated
from chibox.projections.index import REFERS
from chibox.reading import Read
from chibox.records.core import Retracted, SealedRetracted
from chibox.records.stated import Entry, Stated, state

DAYS: Final = 30
_DAY: Final = 86_400_000


class Undoing:
    """What undoing an act would do. `taken`: entries that count as never stated; `left`: entries on which later work rests."""

    def __init__(
        self, acts: tuple[str, ...], taken: list[Entry[Any]], left: list[Entry[Any]], resting: list[Entry[Any]]
    ) -> None:
        self.acts, self.taken, self.left, self.resting = acts, taken, left, resting

    def stated(self, read: Read) -> list[Stated]:
        """The retraction, opaque when anything in these acts is. Raises Refused when nothing would be taken back."""
        if not self.taken:
            raise Refused("Others have built on all of it: nothing was taken back.")
        kinds = (read.library.kinds.get(entry.kind) for entry in self.taken + self.left)
        record = (SealedRetracted if any(kind is not None and kind.opaque for kind in kinds) else Retracted)(
            targets=tuple(f"a{act}" for act in self.acts), left=tuple(e.rid for e in self.left)
        )
        subjects = {e.subject for e in self.taken}
        units = {e.unit for e in self.taken}
        root = read.picture.root
        about = subjects.pop() if len(subjects) == 1 else root
        return [state(record, about, units.pop() if len(units) == 1 else root, record.targets[:64])]


def undo(read: Read, act: str, also: Sequence[str] = ()) -> Undoing:
    """Work out an undo. Raises NotFound for an unknown act, Refused where the time is over or a final kind stands in it.

    `also` names later acts that rest on this one, or on another of them; any other act has to be taken back by itself.
    """
    acts = (act, *dict.fromkeys(a for a in also if a != act))
    found = {each: _entries(read, each) for each in acts}
    entries = [entry for some in found.values() for entry in some]
    for entry in entries:
        kind = read.library.kinds.get(entry.kind)
        if kind is None or kind.final:
            raise Refused("This cannot be taken back: it is final.")
    if min(entry.time for entry in entries) < read.now - DAYS * _DAY:
        raise Refused("An act can be taken back for {days} days. Record a correction instead.", days=DAYS)
    living = [e for e in entries if not read.past.is_retracted(e)]
    if not any(e.act == act for e in living):
        raise Refused("This was taken back before.")
    ground = _Ground(living)
    resting = list(ground.resting(read))
    if strangers := set(acts[1:]) - {e.act for e in resting}:
        raise Refused(
            "{count} of the acts do not rest on this one. Take them back by themselves.", count=len(strangers)
        )
    resting = [e for e in resting if e.act not in acts]
    kept = {below.rid for e in resting for below in ground.below(e)}
    taken = [e for e in living if e.rid not in kept]
    return Undoing(acts, taken, [e for e in living if e.rid in kept], resting)


def needs(read: Read, undoing: Undoing) -> list[Need]:
    """The author needs what the act itself needed (capture), anybody else to approve, in every unit concerned."""
    found: set[Need] = set()
    for entry in undoing.taken + undoing.left:
        scope = "capture" if entry.by == read.actor else "approve"
        found |= {
            ("core.administer" if area == "core" else f"{area}.{scope}", unit) for area, unit in _areas(read, entry)
        }
    return sorted(found)


def _areas(read: Read, entry: Entry[Any]) -> Iterator[tuple[str, str]]:
    """Area and unit of a record; of a retraction: those of what it took back, for taking it back brings that again."""
    targets = read.past.targets(entry)
    for target in targets:
        yield from _areas(read, target)
    if not targets:
        yield entry.kind.partition(".")[0], entry.unit


def _entries(read: Read, act: str) -> list[Entry[Any]]:
    span = read.act(act)
    if span is None:
        raise NotFound("There is no such act.")
    return [read.entry(position) for position in range(span[0], span[1] + 1)]


class _Ground:
    """Records that may be taken back, and what rests on them: later records of other acts, in force."""

    def __init__(self, entries: Sequence[Entry[Any]]) -> None:
        self._entries = entries
        self._units = [e for e in entries if isinstance(e.body, UnitCreated)]
        self._by: dict[str, list[Entry[Any]]] = {}
        for entry in entries:
            for word in (entry.subject, f"r{entry.rid}", f"a{entry.act}"):
                self._by.setdefault(word, []).append(entry)
        for entry in self._units:
            self._by.setdefault(f"in {entry.subject}", []).append(entry)

    def below(self, later: Entry[Any]) -> Iterator[Entry[Any]]:
        """What a record rests on: the same subject, the unit in which it stands, what it refers to."""
        units = (later.unit, getattr(later.body, "parent", None)) if self._units else ()
        for word in (later.subject, *later.refs, *(f"in {unit}" for unit in units)):
            for entry in self._by.get(word, ()):
                if entry.act != later.act and entry.position < later.position:
                    yield entry

    def resting(self, read: Read) -> Iterator[Entry[Any]]:
        """The records that rest on any, in their order; those of the acts themselves too, when they rest on another of these."""
        own = {e.position for e in self._entries}
        for position in sorted(self._positions(read)):
            entry = read.entry(position)
            if any(self.below(entry)) and (
                position in own or not (isinstance(entry.body, Retracted) or read.past.is_retracted(entry))
            ):
                yield entry

    def _positions(self, read: Read) -> set[int]:
        positions: set[int] = set()
        for entry in self._entries:
            rows = read.connection.execute(
                "SELECT position FROM about WHERE box=? AND space='' AND key=? AND position>?",
                (read.box, entry.subject, entry.position),
            )
            positions.update(p for (p,) in rows)
            positions.update(read.past_index.links(f"r{entry.rid}", REFERS))
        for act in {e.act for e in self._entries}:
            positions.update(read.past_index.links(f"a{act}", REFERS))
        if self._units:  # no index tells what stands in a unit, and units are seldom taken back
            positions.update(range(min(e.position for e in self._units) + 1, read.size))
        return positions
