"""From stored bytes to what a fold reads: an envelope and its body become an entry."""

from typing import Any

import msgspec

from chibox.records.envelope import SEALED, Envelope
from chibox.records.record import Kinds
from chibox.records.stated import Entry

_envelope = msgspec.json.Decoder(Envelope)


def open_entry(kinds: Kinds, position: int, envelope: bytes, body: bytes | None) -> Entry[Any]:
    """The entry at `position`, with an opaque kind's true kind, subject and time when its body is here.

    The bytes were checked when they came in; they are not checked again. A kind that this box does not know, and a body that
    is not one of its kind, give an entry without a body. A sealed entry without its body stays `core.sealed.1`: no fold.
    """
    clear = _envelope.decode(envelope)
    if clear.kind == SEALED and body is not None:
        return _open_sealed(kinds, position, clear, body)
    read = None if body is None else kinds.decode(clear.kind, body)
    context, record = ({}, None) if read is None else read
    return Entry(
        position, clear.rid, clear.act, clear.kind, clear.time, clear.unit, clear.subject, clear.by, clear.refs,
        clear.subject, context, record,
    )  # fmt: skip


def _open_sealed(kinds: Kinds, position: int, clear: Envelope, body: bytes) -> Entry[Any]:
    context = msgspec.json.decode(body)["c"]
    read = kinds.decode(context["kind"], body)
    return Entry(
        position, clear.rid, clear.act, context["kind"], context["time"], context["unit"], context["subject"], context["by"],
        tuple(context["refs"]), clear.subject, context, None if read is None else read[1],
    )  # fmt: skip
