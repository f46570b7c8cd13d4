"""From stated records to entries: commit to the bodies, write the envelopes, append. Open acts in order, opaque acts shuffled."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from chibox.commands import Asked
from chibox.records.appending import LogWriter
from chibox.records.envelope import HOUR, SEALED, Envelope, encode
from chibox.records.parts import SALT_SIZE, commitment
from chibox.records.record import encode_body, encode_context
from chibox.records.stated import Entry, Stated

_ID: Final = 16
Random = Callable[[int], bytes]
"""Where ids and salts come from: the operating system, but in demo boxes, which must come out the same from one seed."""


def enter(
    log: LogWriter, asked: Asked, stated: Sequence[Stated], context: dict[str, Any], time: int, random: Random
) -> list[Entry[Any]]:
    """Append the records of an open act, in their order, and return the entries as folds will see them."""
    entries: list[Entry[Any]] = []
    append, act, actor, common = log.append, asked.act, asked.actor, encode_context(context)
    drawn = random(len(stated) * (_ID + SALT_SIZE))
    at = 0
    for each in stated:
        record, subject, unit, refs = each.record, each.subject, each.unit, each.refs
        rid, salt = drawn[at : at + _ID].hex(), drawn[at + _ID : at + _ID + SALT_SIZE]
        at += _ID + SALT_SIZE
        body = encode_body(common, record)
        kind = record.KIND.name
        parts = {"body": commitment(rid, "body", salt, body)}
        position = append(
            encode(Envelope(act, actor, kind, parts, refs, rid, subject, time, unit)), {"body": (salt, body)}
        )
        entries.append(Entry(position, rid, act, kind, time, unit, subject, actor, refs, subject, context, record))
    return entries


def seal(
    log: LogWriter,
    asked: Asked,
    stated: Sequence[Stated],
    context: dict[str, Any],
    time: int,
    random: Random,
    *,
    box: str,
    root: str,
) -> list[Entry[Any]]:
    """Append the records of an opaque act in random order: kind, subject, actor, unit, time and refs stand in the bodies only."""
    entries: list[Entry[Any]] = []
    cases: dict[str, str] = {}
    for each in sorted(stated, key=lambda _: random(_ID)):
        rid, salt = random(_ID).hex(), random(SALT_SIZE)
        case = each.case or cases.setdefault(each.subject, random(_ID).hex())
        kind = each.record.KIND.name
        hidden = {"kind": kind, "subject": each.subject, "by": asked.actor, "unit": each.unit, "time": time}
        meant = {**context, **hidden, "refs": list(each.refs)}
        body = encode_body(encode_context(meant), each.record)
        parts = {"body": commitment(rid, "body", salt, body)}
        hour = time // HOUR * HOUR
        envelope = encode(Envelope(asked.act, box, SEALED, parts, (), rid, case, hour, root))
        position = log.append(envelope, {"body": (salt, body)})
        names = (asked.act, kind, time, each.unit, each.subject, asked.actor, each.refs, case)
        entries.append(Entry(position, rid, *names, meant, each.record))
    return entries
