"""Receiving from a child: signature, consistency, every entry, every part against its commitment; then, and only then, kept."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any, Final

import msgspec

from chibox.box import Box
from chibox.errors import Conflict
from chibox.projections import catchup
from chibox.records.envelope import SEALED, decode
from chibox.records.parts import Part
from chibox.records.stated import Entry
from chibox.replication.checking import Checked, check
from chibox.replication.children import Child, ChildLog, child_of, enrol

BODY: Final = "body"
Given = Mapping[str, Part]


class Push(msgspec.Struct, frozen=True, kw_only=True):
    """What a child sends at once: entries from position `first` on, and the signed checkpoint that vouches for them.

    `grown` proves that the checkpoint's tree begins with that of the one sent before; `reach` that it begins with the tree
    that ends with these entries (both empty where the two are one). `parts` says for each entry what is given of it; `late`
    gives parts of entries that were sent before.
    """

    checkpoint: bytes
    first: int
    entries: Sequence[bytes] = ()
    parts: Sequence[Given] = ()
    grown: Sequence[bytes] = ()
    reach: Sequence[bytes] = ()
    late: Mapping[int, Given] = {}


class Received(msgspec.Struct, frozen=True):
    """How far the child's log is here (`size`: where the next push goes on), and up to where it has signed."""

    size: int
    signed: int


def enrol_child(box: Box, child: Child) -> int:
    """Make a child known to a box. Raises like `children.enrol`. A crash leaves it known or not."""

    def job() -> int:
        no = enrol(box.database.writer, child)
        box.batch.changed = True
        return no

    return int(box.writer.submit(job, alone=True).result())


def receive(box: Box, child: str, push: Push) -> "Future[Received]":
    """Queue a push of the child with that id; the answer comes when it is durable.

    Raises Refused (through the future) for anything that does not verify, naming it: nothing of that push is kept then.
    Conflict tells where to go on. A push that comes again, or overlaps what is here, is taken as if it had not been sent
    before; a crash leaves the whole push here or nothing of it.
    """
    return box.writer.submit(lambda: _take(box, child, push), alone=True)


def _take(box: Box, child: str, push: Push) -> Received:
    no, known = child_of(box.database.writer, child)
    here = ChildLog(box.database.writer, box.library, no)
    if push.first > here.log.size:
        raise Conflict("Go on at entry {size}.", size=here.log.size)
    checked = check(here, known, push)
    box.batch.changed = True
    for position, parts in checked.late.items():
        _late(here, position, parts)
    if checked.entries:
        _append(here, checked)
    here.log.flush()
    here.log.put_head(here.log.frontier.root(), checked.note)
    catchup.write_cursors(here.engine, here.log.size)
    return Received(here.log.size, checked.signed)


def _append(here: ChildLog, checked: Checked) -> None:
    """Append, index and fold what is new, in the order of the log."""
    log, engine = here.log, here.engine
    first = log.size
    for envelope, data, parts in checked.entries:
        log.append(data, parts)
        if envelope.kind != SEALED:
            log.last_time = envelope.time
    entries = [engine.entry_at(position) for position in range(first, log.size)]
    _index_acts(here, entries)
    engine.apply(entries)


def _index_acts(here: ChildLog, entries: Sequence[Entry[Any]]) -> None:
    """First and last position of each act; one may have begun in the push before."""
    here.engine.connection.executemany(
        "INSERT INTO act VALUES(?,?,?,?,?,NULL) ON CONFLICT(box, act) DO UPDATE SET last=excluded.last",
        [(here.no, e.act, e.position, e.position, e.by) for e in entries],
    )


def _late(here: ChildLog, position: int, parts: Given) -> None:
    """Parts of an entry that came without them. What was erased meanwhile stays erased."""
    held = here.log.parts(position)
    if parts.keys() <= held.keys() or here.engine.index.erased_at(position):
        return
    before = here.engine.entry_at(position)
    here.log.put_parts(position, {**held, **parts})
    if BODY in parts and BODY not in held:
        here.engine.late(before)
        if decode(here.log.entry(position)).kind == SEALED:
            entry = here.engine.entry_at(position)
            here.engine.connection.execute("UPDATE act SET by=? WHERE box=? AND act=?", (entry.by, here.no, entry.act))
