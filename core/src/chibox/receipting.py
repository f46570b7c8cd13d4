"""What a receipt holds for the one who asks: the record's parts only where every field of it may be read by him."""

from typing import Any

from chibox.errors import NotFound
from chibox.identity.classes import readable
from chibox.reading import Read
from chibox.records.envelope import decode
from chibox.records.lineage import Head
from chibox.records.log import LogReader
from chibox.records.receipts import receipt_for_act, receipt_for_record
from chibox.records.stated import Entry


def record_receipt(read: Read, head: Head, position: int) -> bytes:
    """The receipt for the entry at `position`, as `read.actor` may see it; the words name what is not enclosed.

    `head` was published, and `read` stands on a snapshot of it or later. Raises NotFound for a position beyond it. Handing
    out a part is a reading of it: the caller notes that.
    """
    return receipt_for_record(LogReader(read.connection, read.box), head, position, enclosed(read, position))


def act_receipt(read: Read, head: Head, position: int) -> bytes:
    """The receipt for the whole act in which the entry at `position` stands, without parts. Raises NotFound as above."""
    if not 0 <= position < head.size:
        raise NotFound("there is no entry {position}", position=position)
    log = LogReader(read.connection, read.box)
    span = read.act(decode(log.entry(position)).act)
    if span is None:
        raise NotFound("There is no such act.")
    return receipt_for_act(log, head, *span)


def enclosed(read: Read, position: int) -> tuple[str, ...]:
    """The names of the parts that `read.actor` may take along: all of the entry's, or none.

    Nothing can be left out of a body, so its reader must be allowed every class of field in it, and for a sealed record the
    context too. A record whose body is not here, or of a kind that this box does not know, gives nothing.
    """
    entry = read.entry(position)
    envelope = decode(LogReader(read.connection, read.box).entry(position))
    return tuple(sorted(envelope.parts)) if _may_read(read, entry) else ()


def _may_read(read: Read, entry: Entry[Any]) -> bool:
    if entry.body is None:
        return False
    permission = f"{entry.kind.partition('.')[0]}.view"
    classes = read.picture.classes(read.actor, permission, entry.unit, read.today)
    if entry.body.KIND.opaque and read.picture.post_for(read.actor, permission, entry.unit, read.today) is None:
        return False
    return readable(type(entry.body), classes)
