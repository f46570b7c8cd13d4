"""What the log says is erased is gone from what is stored: after a restore, and from generations that ended."""

import sqlite3
from collections.abc import Collection, Iterator

import msgspec

from chibox.records.appending import LogWriter
from chibox.records.core import Erased, Joined, Retracted, SealedErased, SealedJoined, SealedRetracted
from chibox.records.dropping import drop_earlier, drop_in
from chibox.records.envelope import SEALED, Envelope
from chibox.records.lineage import Lineage
from chibox.records.log import LogReader
from chibox.records.parts import Part

_SPECIAL = frozenset(r.KIND.name for r in (Erased, Joined, Retracted, SealedErased, SealedJoined, SealedRetracted))
_ERASED = frozenset((Erased.KIND.name, SealedErased.KIND.name))


class _Names(msgspec.Struct):
    kind: str = ""


class _Fields(msgspec.Struct):
    records: tuple[str, ...] = ()


class _Body(msgspec.Struct):
    c: _Names
    f: _Fields


_envelope = msgspec.json.Decoder(Envelope)
_body = msgspec.json.Decoder(_Body)


def applied(connection: sqlite3.Connection, box: int = 1) -> int:
    """Drop the parts of every record that the log of `box` says is erased, inside the caller's transaction.

    For a log that was put back from a backup or a stranger's hands, before anything of it is served: its tables are folded
    from nothing at the next start when anything was dropped. Returns of how many entries content was there. The caller
    commits, and empties the journal (`chibox.erasing.finishing` does at the next start). Raises Fatal for a log whose end is not
    the signed one.
    """
    erased = _erasures(connection, box)
    if not erased:
        return 0
    writer = LogWriter(connection, box)
    found = [position for position, rid in _with_parts(connection, box) if position < erased.get(rid, -1)]
    for position in found:
        writer.drop(position)
    writer.flush()
    count = len(found) + drop_orphans(connection, erased, box)
    if count:
        connection.execute("DELETE FROM cursor WHERE box=?", (box,))
    return count


def drop_orphans(connection: sqlite3.Connection, records: Collection[str], box: int = 1) -> int:
    """Drop the parts of these records (ids) at the ends of closed generations; the caller's transaction. Returns of how many.

    Such an end is kept as evidence that the log once went another way; its entries stay.
    """
    count = 0
    for closed in Lineage.read(connection, box).closed:
        generation = closed.head.generation
        reader = LogReader(connection, box, generation)
        places = [
            position
            for position, entry, parts in reader.entries(closed.shared, closed.head.size)
            if parts and _envelope.decode(entry).rid in records
        ]
        if places:
            drop_earlier(connection, box, reader.lineage, places)
            drop_in(connection, box, generation, places)
            count += len(places)
    return count


def _erasures(connection: sqlite3.Connection, box: int) -> dict[str, int]:
    """Record id -> the position of the last erasure that names it."""
    found: dict[str, int] = {}
    for position, envelope, parts in _entries(connection, box):
        body = parts.get("body")
        if body is None or envelope.kind not in (*_ERASED, SEALED):
            continue
        if envelope.kind == SEALED and b"core.sealed_erased." not in body.data:
            continue
        read = _body.decode(body.data)
        if envelope.kind in _ERASED or read.c.kind in _ERASED:
            found.update(dict.fromkeys(read.f.records, position))
    return found


def _with_parts(connection: sqlite3.Connection, box: int) -> Iterator[tuple[int, str]]:
    """(position, record id) of the entries that have any part here, those that change what others mean left out."""
    for position, envelope, parts in _entries(connection, box):
        if parts and not _is_special(envelope, parts):
            yield position, envelope.rid


def _is_special(envelope: Envelope, parts: dict[str, Part]) -> bool:
    body = parts.get("body")
    if envelope.kind != SEALED or body is None:
        return envelope.kind in _SPECIAL
    return _body.decode(body.data).c.kind in _SPECIAL


def _entries(connection: sqlite3.Connection, box: int) -> Iterator[tuple[int, Envelope, dict[str, Part]]]:
    reader = LogReader(connection, box)
    for position, entry, parts in reader.entries(0, reader.head().size):
        yield position, _envelope.decode(entry), parts
