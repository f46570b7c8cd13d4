"""Undo: what an act's retraction takes back, what rests on it and is left, and who may do it."""

from collections.abc import Sequence
from typing import Any, Final

from chibox.errors import NotFound, Refused
from chibox.identity.permissions import Need
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
        """The retraction. Raises Refused when nothing would be taken back."""
        if not self.taken:
            raise Refused("Others have built on all of it: nothing was taken back.")
        opaque = self.taken[0].case != self.taken[0].subject
        record = (SealedRetracted if opaque else Retracted)(
            targets=tuple(f"a{act}" for act in self.acts), left=tuple(e.rid for e in self.left)
        )
        subjects = {e.subject for e in self.taken}
        units = {e.unit for e in self.taken}
        root = read.picture.root
        about = subjects.pop() if len(subjects) == 1 else root
        return [state(record, about, units.pop() if len(units) == 1 else root, record.targets[:64])]


def undo(read: Read, act: str, also: Sequence[str] = ()) -> Undoing:
    """Work out an undo. Raises NotFound for an unknown act, Refused where the time is over or a final kind stands in it."""
    acts = (act, *(a for a in also if a != act))
    entries = [entry for each in acts for entry in _entries(read, each)]
    for entry in entries:
        kind = read.library.kinds.get(entry.kind)
        if kind is None or kind.final:
            raise Refused("This cannot be taken back: it is final.")
    if entries[0].time < read.now - DAYS * _DAY:
        raise Refused("An act can be taken back for {days} days. Record a correction instead.", days=DAYS)
    living = [e for e in entries if not read.past.is_retracted(e)]
    if not living:
        raise Refused("This was taken back before.")
    resting = _resting(read, living, set(acts))
    built_on = {e.subject for e in resting}
    referred = {ref for e in resting for ref in e.refs}
    left = [e for e in living if e.subject in built_on or f"r{e.rid}" in referred]
    kept = {e.rid for e in left}
    return Undoing(acts, [e for e in living if e.rid not in kept], left, resting)


def needs(read: Read, undoing: Undoing) -> list[Need]:
    """The author needs what the act itself needed (capture), anybody else to approve, in every unit concerned."""
    found: set[Need] = set()
    for entry in undoing.taken + undoing.left:
        area = entry.kind.partition(".")[0]
        scope = "capture" if entry.by == read.actor else "approve"
        found.add(("core.administer" if area == "core" else f"{area}.{scope}", entry.unit))
    return sorted(found)


def _entries(read: Read, act: str) -> list[Entry[Any]]:
    span = read.act(act)
    if span is None:
        raise NotFound("There is no such act.")
    return [read.entry(position) for position in range(span[0], span[1] + 1)]


def _resting(read: Read, entries: Sequence[Entry[Any]], acts: set[str]) -> list[Entry[Any]]:
    """Later entries, in force and of other acts, about the same subjects or referring to these records."""
    own = {e.position for e in entries}
    positions: set[int] = set()
    for entry in entries:
        rows = read.connection.execute(
            "SELECT position FROM about WHERE box=? AND space='' AND key=? AND position>?",
            (read.box, entry.subject, min(own)),
        )
        positions.update(p for (p,) in rows if p not in own)
        positions.update(p for p in read.past_index.links(f"r{entry.rid}", REFERS) if p not in own)
    found = [read.entry(p) for p in sorted(positions)]
    return [
        e for e in found if e.act not in acts and not isinstance(e.body, Retracted) and not read.past.is_retracted(e)
    ]
