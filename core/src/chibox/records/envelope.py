"""The envelope: what an entry says in clear, for ever. It commits to its parts and holds no name, no text, no size."""

import re
import secrets
from typing import Final

import msgspec

VERSION: Final = 1
MAX_BYTES: Final = 4096
MAX_REFS: Final = 64
MAX_PARTS: Final = 16
MAX_KIND: Final = 80
MAX_TIME: Final = 2**53 - 1
HOUR: Final = 3_600_000
SEALED: Final = "core.sealed.1"
FOUNDED: Final = "core.founded.1"
BODY: Final = "body"
_IDS: Final = ("act", "by", "rid", "subject", "unit")
_ID_LENGTH: Final = 32

is_id = re.compile(r"[0-9a-f]{32}").fullmatch
is_ref = re.compile(r"[ra][0-9a-f]{32}").fullmatch
is_kind = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.[1-9][0-9]*").fullmatch
is_part_name = re.compile(r"[a-z][a-z0-9_]{0,31}").fullmatch
_are_ids = re.compile(r"[0-9a-f]{160}").fullmatch
is_commitment = re.compile(r"[0-9a-f]{64}").fullmatch


class EnvelopeError(ValueError):
    """The envelope, or its bytes, break the wire format; the text says which rule."""


class Envelope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the log. Fields stand in the order of the canonical form."""

    act: str
    by: str
    kind: str
    parts: dict[str, str]
    refs: tuple[str, ...]
    rid: str
    subject: str
    time: int
    unit: str
    v: int = VERSION


# "deterministic" sorts the keys of `parts`; the fields of the Struct are declared in sorted order.
_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(Envelope, strict=True)


def new_id() -> str:
    """128 random bits from the operating system as 32 lower hex characters."""
    return secrets.token_hex(16)


def encode(envelope: Envelope) -> bytes:
    """The canonical bytes of an envelope that would pass `check`. Nothing is checked here: the writer's hot path."""
    return _encoder.encode(envelope)


def decode(data: bytes) -> Envelope:
    """The envelope whose only encoding is `data`. Raises EnvelopeError for bytes that break a rule of the format."""
    if len(data) > MAX_BYTES:
        raise EnvelopeError(f"the envelope is longer than {MAX_BYTES} bytes")
    try:
        envelope = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise EnvelopeError("the envelope is not JSON of the right shape") from None
    _check_rules(envelope)
    if encode(envelope) != data:
        raise EnvelopeError("the envelope is not in canonical form")
    return envelope


def check(envelope: Envelope) -> None:
    """Raises EnvelopeError unless every rule of the wire format holds, those of sealed entries and of size too."""
    _check_rules(envelope)
    if len(encode(envelope)) > MAX_BYTES:
        raise EnvelopeError(f"the envelope is longer than {MAX_BYTES} bytes")


def _check_rules(envelope: Envelope) -> None:
    """Every rule but that of size."""
    if envelope.v != VERSION:
        raise EnvelopeError("the version is not 1")
    act, by, rid, subject, unit = envelope.act, envelope.by, envelope.rid, envelope.subject, envelope.unit
    all_32 = len(act) == len(by) == len(rid) == len(subject) == len(unit) == _ID_LENGTH
    if not all_32 or not _are_ids(
        act + by + rid + subject + unit
    ):  # one search for five: every reader of a log comes here
        wrong = next(field for field in _IDS if not is_id(getattr(envelope, field)))
        raise EnvelopeError(f"{wrong} is not an id of 32 hex characters")
    if len(envelope.kind) > MAX_KIND or not is_kind(envelope.kind):
        raise EnvelopeError("the kind is not <plugin>.<name>.<number>")
    if not 0 <= envelope.time <= MAX_TIME:
        raise EnvelopeError("the time is out of range")
    _check_refs(envelope.refs)
    _check_parts(envelope.parts)
    if envelope.kind == SEALED:
        _check_sealed(envelope)


def _check_refs(refs: tuple[str, ...]) -> None:
    if not refs:
        return
    if len(refs) > MAX_REFS:
        raise EnvelopeError(f"more than {MAX_REFS} refs")
    if len(set(refs)) != len(refs):
        raise EnvelopeError("a ref stands twice")
    if not all(map(is_ref, refs)):
        raise EnvelopeError("a ref is not r or a and an id")


def _check_parts(parts: dict[str, str]) -> None:
    if BODY not in parts:
        raise EnvelopeError("there is no part named body")
    if len(parts) > MAX_PARTS:
        raise EnvelopeError(f"more than {MAX_PARTS} parts")
    if not all(map(is_part_name, parts)):
        raise EnvelopeError("the name of a part breaks the rule")
    if not all(map(is_commitment, parts.values())):
        raise EnvelopeError("a commitment is not 64 hex characters")


def _check_sealed(envelope: Envelope) -> None:
    if envelope.refs:
        raise EnvelopeError("a sealed entry has refs")
    if len(envelope.parts) != 1:
        raise EnvelopeError("a sealed entry has other parts than body")
    if envelope.time % HOUR:
        raise EnvelopeError("the time of a sealed entry is not cut to the hour")
