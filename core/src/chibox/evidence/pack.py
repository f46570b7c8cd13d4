"""An evidence pack: each entry about a person with its proof, contents as far as the asker may read them, and an overview."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from chibox.erasing.finding import is_sealed
from chibox.errors import NotFound
from chibox.reading import Read
from chibox.receipting import enclosed
from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import BODY, FOUNDED, decode
from chibox.records.lineage import Head
from chibox.records.log import LogReader
from chibox.records.pack_wording import OVERVIEW, README, Line, overview, pack_words, said
from chibox.records.parts import Part
from chibox.records.receipts import proofs_of, zipped
from chibox.records.stated import Entry

_FACT: Final = (
    "SELECT field, since, until, known_until FROM fact WHERE box=? AND rid=? AND subject=? ORDER BY field, stretch"
)


class Pack(msgspec.Struct, frozen=True):
    """The zip, and about whom contents are in it: handing one out is a reading of it, which the caller notes."""

    data: bytes
    subjects: frozenset[str]


def pack(read: Read, head: Head, person: str) -> Pack:
    """Everything about a person that `read.actor` may know of, by the checkpoint of `head`; the same bytes for the same log.

    Entries about the person, and those about others that a plugin says speak of them; opaque ones where the actor may see
    them. Contents whole or not at all, by the actor's classes of field; the person themself gets every open one about
    them. `head` was published, and `read` stands on a snapshot of it or later. Raises NotFound when there is nothing.
    """
    entries = [entry for entry in _entries(read, person) if entry.position < head.size]
    if not entries:
        raise NotFound("Nothing is held about this person that this account may see.")
    reader = LogReader(read.connection, read.box)
    given = {entry.position: reader.parts(entry.position) for entry in entries if _is_given(read, entry, person)}
    verifier = reader.verifier(head)
    checkpoint = Checkpoint(verifier.name, head.size, head.root)
    count = sum(map(bool, given.values()))
    members = [
        (README, pack_words(len(entries), count, checkpoint, verifier.vkey).encode()),
        (OVERVIEW, overview(line for e in entries for line in _lines(read, reader, e, given.get(e.position, {})))),
        *proofs_of(reader, head, [entry.position for entry in entries]),
        *_enclosed(given),
    ]
    subjects = frozenset(entry.subject for entry in entries if given.get(entry.position))
    return Pack(zipped(members), subjects)


def may_have(read: Read, person: str) -> bool:
    """Whether there is anything about a person that `read.actor` may know of."""
    return next(_entries(read, person), None) is not None


def _entries(read: Read, person: str) -> Iterator[Entry[Any]]:
    """In the order of the log. Erased ones and those that speak of erasing are among them: they show what became of the rest."""
    group = read.past.group(person)
    positions = {position for word in group for _, position in read.past_index.about("", (word,))}
    held = [found(read, one) for found in read.library.held_on for one in sorted(group)]
    places = (read.past_index.place(rid) for one in held for rid in one.records)
    others = {place.position for place in places if place is not None}
    for position in sorted(positions | others):
        entry = read.entry(position)
        own = entry.subject in group
        if (own or position in others) and _may_know(read, entry, person, own=own):
            yield entry


def _may_know(read: Read, entry: Entry[Any], person: str, *, own: bool) -> bool:
    """As pages show entries: one's own open ones, core's open ones in one's part of the tree, others by `<area>.view`."""
    area, sealed = entry.kind.partition(".")[0], is_sealed(read, entry)
    if entry.kind == FOUNDED or (area == "core" and sealed and own):  # its mere place tells who did something where
        return False
    if read.actor == person and entry.subject == person and not sealed:
        return True
    if area == "core" and not sealed:
        held = read.picture.held(read.actor, read.today)
        return any(post.unit in read.picture.path(entry.unit) for post in held)
    return read.picture.post_for(read.actor, f"{area}.view", entry.unit, read.today) is not None


def _is_given(read: Read, entry: Entry[Any], person: str) -> bool:
    if read.actor == person and entry.subject == person and not is_sealed(read, entry):
        return True
    return bool(enclosed(read, entry.position))


def _lines(read: Read, reader: LogReader, entry: Entry[Any], parts: dict[str, Part]) -> Iterable[Line]:
    body = json.loads(parts[BODY].data) if BODY in parts else None
    recorded, kind, fields = said(decode(reader.entry(entry.position)), body)
    rows = read.connection.execute(_FACT, (read.box, entry.rid, entry.subject))
    facts: dict[str, list[tuple[str, str, str]]] = {}
    for field, since, until, known_until in rows if fields else ():
        facts.setdefault(field, []).append((since or "", until or "", "" if known_until is None else str(known_until)))
    for field, value in (fields or {"": ""}).items():
        for dates in facts.get(field, [("", "", "")]):
            yield Line(entry.position, recorded, kind, field, value, *dates)


def _enclosed(given: dict[int, dict[str, Part]]) -> Iterator[tuple[str, bytes]]:
    for position, parts in given.items():
        for name, part in sorted(parts.items()):
            yield f"{position}/part/{name}", part.data
            yield f"{position}/salt/{name}", part.salt
