"""From stated records to entries: commit to the bodies, write the envelopes, append. Open acts in order, opaque acts shuffled."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from chibox.commands import Asked
from chibox.errors import ChiboxError, Invalid
from chibox.records.appending import LogWriter
from chibox.records.envelope import HOUR, SEALED, Envelope, encode
from chibox.records.parts import SALT_SIZE, commitment
from chibox.records.record import BodyError, Record, Unreadable, encode_body, encode_context
from chibox.records.stated import Entry, Stated

_ID: Final = 16
Random = Callable[[int], bytes]
"""Where ids and salts come from: the operating system, but in demo boxes, which must come out the same from one seed."""


def enter(
    log: LogWriter, asked: Asked, stated: Sequence[Stated], context: dict[str, Any], time: int, random: Random
) -> list[Entry[Any]]:
    """Append the records of an open act, in their order, and return the entries as folds will see them.

    Raises Invalid, before anything is appended, for a record that cannot be kept as it stands, ChiboxError for one whose
    values are not of its types.
    """
    common = encode_context(context)
    bodies = [_body(common, each.record) for each in stated]
    entries: list[Entry[Any]] = []
    append, act, actor = log.append, asked.act, asked.actor
    drawn = random(len(stated) * (_ID + SALT_SIZE))
    at = 0
    for each, body in zip(stated, bodies, strict=True):
        record, subject, unit, refs = each.record, each.subject, each.unit, each.refs
        rid, salt = drawn[at : at + _ID].hex(), drawn[at + _ID : at + _ID + SALT_SIZE]
        at += _ID + SALT_SIZE
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
    """Append the records of an opaque act in random order: kind, subject, actor, unit, time and refs stand in the bodies only.

    Raises Invalid like `enter`.
    """
    cases: dict[str, str] = {}
    sealed: list[tuple[Stated, dict[str, Any], bytes]] = []
    for each in sorted(stated, key=lambda _: random(_ID)):
        hidden = {"kind": each.record.KIND.name, "subject": each.subject, "by": asked.actor, "unit": each.unit}
        meant = {**context, **hidden, "time": time, "refs": list(each.refs)}
        sealed.append((each, meant, _body(encode_context(meant), each.record)))
    entries: list[Entry[Any]] = []
    for each, meant, body in sealed:
        rid, salt = random(_ID).hex(), random(SALT_SIZE)
        case = each.case or cases.setdefault(each.subject, random(_ID).hex())
        parts = {"body": commitment(rid, "body", salt, body)}
        hour = time // HOUR * HOUR
        envelope = encode(Envelope(asked.act, box, SEALED, parts, (), rid, case, hour, root))
        position = log.append(envelope, {"body": (salt, body)})
        names = (asked.act, meant["kind"], time, each.unit, each.subject, asked.actor, each.refs, case)
        entries.append(Entry(position, rid, *names, meant, each.record))
    return entries


def _body(context: bytes, record: Record) -> bytes:
    try:
        return encode_body(context, record)
    except Unreadable as error:  # a fault of the plugin, which no other words of a person would mend
        raise ChiboxError(
            "{kind} was stated with values that could not be read again.", kind=record.KIND.name
        ) from error
    except BodyError as error:
        raise Invalid("This cannot be recorded as it stands. Type it again, without special signs.") from error
