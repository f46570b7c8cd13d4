"""What entries must keep to, one by one and as a sequence, and what their parts must keep to."""

import unicodedata
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from chibox.errors import Words, words
from chibox.records import canonical
from chibox.records.envelope import BODY, FOUNDED, HOUR, SEALED, Envelope, is_id, is_kind, is_ref
from chibox.records.parts import MAX_BODY, Part, commitment
from chibox.records.verify.keys import founded

_ID: Final = 16
_MAX_EXCHANGED: Final = 32
_SEALED_IDS: Final = ("by", "subject", "unit")


class Met:
    """Ids as they were met, each with its position: about 25 bytes an id, in 256 heaps by the first byte."""

    def __init__(self) -> None:
        self._ids = [bytearray() for _ in range(256)]
        self._positions = [array("I") for _ in range(256)]

    def add(self, position: int, one: bytes) -> None:
        """Takes an id of 16 bytes."""
        heap = one[0]
        self._ids[heap] += one
        self._positions[heap].append(position)

    def again(self) -> list[int]:
        """The positions at which an id was met that had been met before, ascending."""
        found: list[int] = []
        for heap, positions in zip(self._ids, self._positions, strict=True):
            ids = [heap[at : at + _ID] for at in range(0, len(heap), _ID)]
            known = set(map(bytes, ids))
            if len(known) < len(positions):
                for one, position in zip(map(bytes, ids), positions, strict=True):
                    if one in known:
                        known.remove(one)
                    else:
                        found.append(position)
        return sorted(found)


class Succession:
    """The rules that bind an entry to those before it. Keeps the ids it has met: about 50 bytes an entry."""

    def __init__(self, fault: Callable[[int, Words], None]) -> None:
        self._fault = fault
        self._rids, self._acts = Met(), Met()
        self._act = ""
        self._time = 0
        self._box = ""

    def take(self, position: int, envelope: Envelope) -> None:
        """Takes the entry at `position`; the faults go to `fault`."""
        if (envelope.kind == FOUNDED) != (position == 0):
            self._fault(position, words("the founding entry stands first, and only there"))
        self._rids.add(position, bytes.fromhex(envelope.rid))
        if envelope.act != self._act:
            self._act = envelope.act
            self._acts.add(position, bytes.fromhex(envelope.act))
        if envelope.kind == SEALED:
            self._box = self._box or envelope.by
            if envelope.by != self._box:
                self._fault(position, words("sealed entries have different boxes as their actor"))
            return
        if envelope.time < self._time:
            self._fault(position, words("the time is before that of the entry before it"))
        self._time = envelope.time  # not the latest so far: one step back is one fault

    def finish(self) -> None:
        """Names what can only be seen from the end: ids that were used twice."""
        for position in self._rids.again():
            self._fault(position, words("the record id has been used before"))
        for position in self._acts.again():
            self._fault(position, words("the entries of its act do not stand together"))


def part_faults(envelope: Envelope, parts: Mapping[str, Part]) -> Iterator[tuple[str, Words]]:
    """Name and fault of each given part that does not answer to the entry's commitment, or is a body of another form."""
    for name, part in parts.items():
        stated = envelope.parts.get(name)
        if stated is None:
            yield name, words("the entry commits to no such part")
        elif commitment(envelope.rid, name, part.salt, part.data) != stated:
            yield name, words("salt and content do not answer to the commitment of the entry")
        elif name == BODY and (what := _body_fault(envelope, part.data)):
            yield name, what


def parts_of_others(failed: Sequence[tuple[int, Envelope, str, Part]]) -> dict[tuple[int, str], Words]:
    """Of parts that do not answer to their entries, those that answer to another of these: parts that were exchanged."""
    found: dict[tuple[int, str], Words] = {}
    some = failed[:_MAX_EXCHANGED]
    for position, _, name, part in some:
        for home, envelope, other, _ in some:
            answers = commitment(envelope.rid, other, part.salt, part.data) == envelope.parts.get(other)
            if answers and (home, other) != (position, name):
                found[position, name] = words(
                    "it is the part {name} of entry {position}: exchanged", name=other, position=home
                )
    return found


def _body_fault(envelope: Envelope, data: bytes) -> Words | None:
    try:
        body = canonical.parse(data, limit=MAX_BODY)
    except canonical.CanonicalError as error:
        return words("the body is not in canonical form: {why}", why=str(error))
    if not isinstance(body, dict) or set(body) != {"c", "f"} or not all(isinstance(v, dict) for v in body.values()):
        return words("the body is not an object of context and fields")
    if not data.isascii() and not unicodedata.is_normalized("NFC", data.decode()):
        return words("the text of the body is not in NFC")
    if envelope.kind == FOUNDED and founded(envelope, data) is None:
        return words("the founding body does not state the name and the key of the log")
    if envelope.kind == SEALED and not _sealed_context(envelope, body["c"]):
        return words("the context of a sealed body does not say kind, subject, actor, unit, time and refs")
    return None


def _sealed_context(envelope: Envelope, context: Mapping[str, object]) -> bool:
    """Whether the context states what the sealed envelope hides, with the time that was cut to the hour."""
    kind, time, refs = context.get("kind"), context.get("time"), context.get("refs")
    ids = [context.get(name) for name in _SEALED_IDS]
    return (
        isinstance(kind, str)
        and is_kind(kind) is not None
        and kind != SEALED
        and all(isinstance(one, str) and is_id(one) for one in ids)
        and type(time) is int
        and time - time % HOUR == envelope.time
        and isinstance(refs, list)
        and all(isinstance(ref, str) and is_ref(ref) for ref in refs)
    )
