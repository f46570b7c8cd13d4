"""What is held about a person: their own records, records of others that speak of them, what lies outside the log."""

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from chibox.erasing.records import ErasureAsked, ErasureWithdrawn
from chibox.erasing.tables import DONE, Erasure
from chibox.errors import Words
from chibox.identity.permissions import Need
from chibox.projections.history import is_special
from chibox.reading import Read
from chibox.records.envelope import FOUNDED, decode
from chibox.records.log import LogReader
from chibox.records.stated import Entry


class Holding(msgspec.Struct, frozen=True):
    """What is held about a person, as far as whoever asks may know of it.

    `own`: entries about the person; `others`: entries about somebody else that a plugin says speak of the person; all with
    their content. `orphans`: ids of records at the ends of closed generations, which no table shows; `elsewhere`: what
    lies outside the log, in words.
    """

    own: list[Entry[Any]]
    others: list[Entry[Any]]
    orphans: list[str]
    elsewhere: list[Words]

    @property
    def entries(self) -> list[Entry[Any]]:
        """All entries, in the order of the log."""
        return sorted((*self.own, *self.others), key=lambda entry: entry.position)

    @property
    def records(self) -> list[str]:
        """The ids of everything that would be erased."""
        return [*(entry.rid for entry in self.entries), *self.orphans]


def holding(read: Read, person: str, *, sealed: bool = True, scope: str = "capture") -> Holding:
    """What is held about a person. Opaque records: only those of an area and unit where the reader has `scope`.

    Else their mere number would tell that there are any. Entries about erasing itself hold ids only, and are not among them.
    """
    group = read.past.group(person)
    known = [entry for entry in _about(read, group) if _open_to(read, entry, sealed=sealed, scope=scope)]
    said = [held(read, one) for held in read.library.held_on for one in sorted(group)]
    own = {entry.position for entry in known}
    others = {
        place.position: read.entry(place.position)
        for one in said
        for rid in one.records
        if (place := read.past_index.place(rid)) is not None and place.position not in own
    }
    some = [
        entry for entry in others.values() if is_held(read, entry) and _open_to(read, entry, sealed=sealed, scope=scope)
    ]
    elsewhere = [sentence for one in said for sentence in one.elsewhere]
    return Holding(known, some, list(_orphans(read, group)), _once(elsewhere))


def needs(read: Read, entries: Collection[Entry[Any]], scope: str) -> list[Need]:
    """(`<area>.<scope>`, unit) of every area and unit in which these entries stand."""
    units, root = read.picture.units, read.picture.root
    return sorted({(f"{_area(e)}.{scope}", e.unit if e.unit in units else root) for e in entries})


def erasure_of(read: Read, person: str) -> Erasure | None:
    """The last erasure that was done about a person, or None: why there is no content where records stand."""
    group = sorted(read.past.group(person))
    marks = ", ".join("?" * len(group))
    rows = read.found(Erasure, f"person IN ({marks}) AND state=? ORDER BY closed DESC LIMIT 1", (*group, DONE))
    return next(iter(rows), None)


def is_sealed(read: Read, entry: Entry[Any]) -> bool:
    """Whether an entry is of an opaque kind."""
    kind = read.library.kinds.get(entry.kind)
    return entry.case != entry.subject if kind is None else kind.opaque


def is_held(read: Read, entry: Entry[Any]) -> bool:
    """Whether the content of an entry is here, and is of a kind that can be erased."""
    if is_special(entry) or isinstance(entry.body, ErasureAsked | ErasureWithdrawn) or entry.kind == FOUNDED:
        return False
    return entry.body is not None or read.is_here(entry.position)


def _once(sentences: list[Words]) -> list[Words]:
    return [sentence for number, sentence in enumerate(sentences) if sentence not in sentences[:number]]


def _about(read: Read, group: Collection[str]) -> Iterator[Entry[Any]]:
    positions: set[int] = set()
    for word in group:
        positions.update(position for _, position in read.past_index.about("", (word,)))
    for position in sorted(positions):
        entry = read.entry(position)
        # core's opaque records hold ids and closed words, and tell by their mere place who did something where
        secret = is_sealed(read, entry) and _area(entry) == "core"
        if entry.subject in group and not secret and is_held(read, entry):
            yield entry


def _open_to(read: Read, entry: Entry[Any], *, sealed: bool, scope: str) -> bool:
    if not is_sealed(read, entry):
        return True
    permission = f"{_area(entry)}.{scope}"
    return sealed and read.picture.post_for(read.actor, permission, entry.unit, read.today) is not None


def _area(entry: Entry[Any]) -> str:
    return entry.kind.partition(".")[0]


def _orphans(read: Read, group: Collection[str]) -> Iterator[str]:
    """Open records about the person that only a closed generation has, and whose content is still kept there."""
    for closed in LogReader(read.connection, read.box).lineage.closed:
        generation = LogReader(read.connection, read.box, closed.head.generation)
        for _, data, parts in generation.entries(closed.shared, closed.head.size):
            envelope = decode(data)
            if parts and envelope.subject in group:
                yield envelope.rid
