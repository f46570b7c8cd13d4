"""The envelope: its bytes, and every rule of the wire format."""

from collections.abc import Callable

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from chibox.records.envelope import (
    HOUR,
    MAX_BYTES,
    MAX_TIME,
    SEALED,
    Envelope,
    EnvelopeError,
    check,
    decode,
    encode,
    is_id,
    new_id,
)

IDS = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)
COMMITMENTS = st.from_regex(r"[0-9a-f]{64}", fullmatch=True)
ENVELOPES = st.builds(
    Envelope,
    act=IDS,
    by=IDS,
    kind=st.from_regex(r"[a-z][a-z0-9_]{0,20}\.[a-z][a-z0-9_]{0,20}\.[1-9][0-9]{0,3}", fullmatch=True),
    parts=st.dictionaries(NAMES, COMMITMENTS, max_size=4).map(lambda parts: parts | {"body": "0f" * 32}),
    refs=st.lists(st.from_regex(r"[ra][0-9a-f]{32}", fullmatch=True), max_size=5, unique=True).map(tuple),
    rid=IDS,
    subject=IDS,
    time=st.integers(0, MAX_TIME),
    unit=IDS,
)
GOOD = Envelope(
    act="a" * 32,
    by="b" * 32,
    kind="membership.admitted.1",
    parts={"photo": "1" * 64, "body": "0" * 64},
    refs=("r" + "c" * 32, "a" + "d" * 32),
    rid="e" * 32,
    subject="f" * 32,
    time=1_795_590_000_000,
    unit="0" * 32,
)
HOURLY = msgspec.structs.replace(GOOD, kind=SEALED, refs=(), parts={"body": "0" * 64}, time=498_775 * HOUR)


@given(ENVELOPES)
def test_encoding_is_rfc_8785_of_the_fields(envelope: Envelope) -> None:
    """The bytes are the canonical JSON of the fields, all ASCII, whatever order the parts were given in."""
    data = encode(envelope)
    assert data == rfc8785.dumps(msgspec.to_builtins(envelope))
    assert data.isascii()


@given(ENVELOPES)
def test_decoding_reads_back_what_was_encoded(envelope: Envelope) -> None:
    """An envelope that passes the check survives the way to bytes and back."""
    check(envelope)
    assert decode(encode(envelope)) == envelope


def test_every_flipped_bit_is_refused_or_another_envelope() -> None:
    """No bit of an envelope is without meaning: after a flip the bytes are refused, or say something else."""
    data = encode(GOOD)
    for at in range(len(data)):
        for bit in range(8):
            changed = bytearray(data)
            changed[at] ^= 1 << bit
            try:
                other = decode(bytes(changed))
            except EnvelopeError:
                continue
            assert other != GOOD
            assert encode(other) == changed


def changed(**fields: object) -> Envelope:
    """GOOD with other fields."""
    return msgspec.structs.replace(GOOD, **fields)


@pytest.mark.parametrize(
    ("envelope", "reason"),
    [
        (changed(v=2), "version"),
        (changed(act="A" * 32), "act is not an id"),
        (changed(by="b" * 31), "by is not an id"),
        (changed(rid="e" * 33), "rid is not an id"),
        (changed(subject="f" * 31 + "\n"), "subject is not an id"),
        (changed(unit="\uff10" * 32), "unit is not an id"),
        (changed(kind="membership.admitted"), "kind"),
        (changed(kind="membership.admitted.0"), "kind"),
        (changed(kind="membership.admitted.01"), "kind"),
        (changed(kind="Membership.admitted.1"), "kind"),
        (changed(kind="membership.admitted.1\n"), "kind"),
        (changed(kind="m" * 70 + ".admitted.1"), "kind"),
        (changed(time=-1), "time"),
        (changed(time=MAX_TIME + 1), "time"),
        (changed(refs=tuple(f"r{n:032x}" for n in range(65))), "more than 64"),
        (changed(refs=("r" + "c" * 32,) * 2), "twice"),
        (changed(refs=("c" * 32,)), "ref"),
        (changed(refs=("x" + "c" * 32,)), "ref"),
        (changed(parts={}), "body"),
        (changed(parts={"photo": "1" * 64}), "body"),
        (changed(parts={"body": "0" * 64} | {f"p{n}": "0" * 64 for n in range(16)}), "more than 16"),
        (changed(parts={"body": "0" * 64, "Photo": "0" * 64}), "name"),
        (changed(parts={"body": "0" * 64, "p" * 33: "0" * 64}), "name"),
        (changed(parts={"body": "0" * 63}), "commitment"),
        (changed(parts={"body": "G" * 64}), "commitment"),
        (msgspec.structs.replace(HOURLY, refs=("r" + "c" * 32,)), "refs"),
        (msgspec.structs.replace(HOURLY, parts=GOOD.parts), "other parts"),
        (msgspec.structs.replace(HOURLY, time=HOURLY.time + 1), "hour"),
    ],
)
def test_each_broken_rule_is_named(envelope: Envelope, reason: str) -> None:
    """Checking and decoding refuse an envelope that breaks a rule, and say which."""
    with pytest.raises(EnvelopeError, match=reason):
        check(envelope)
    with pytest.raises(EnvelopeError, match=reason):
        decode(encode(envelope))


def test_a_sealed_envelope_that_keeps_the_rules_passes() -> None:
    """The sealed form itself is an envelope like others."""
    assert decode(encode(HOURLY)) == HOURLY


def test_the_largest_envelope_fits_and_the_cap_is_kept() -> None:
    """64 refs and 10 parts with the longest names pass; what exceeds 4096 bytes is refused by check and decode."""
    refs = tuple(f"r{n:032x}" for n in range(64))
    for parts in (10, 16):
        envelope = changed(refs=refs, parts={"body": "0" * 64} | {f"p{n:031}": "0" * 64 for n in range(parts - 1)})
        if len(encode(envelope)) <= MAX_BYTES:
            assert decode(encode(envelope)) == envelope
        else:
            for refuse in (lambda e=envelope: check(e), lambda e=envelope: decode(encode(e))):
                with pytest.raises(EnvelopeError, match="4096"):
                    refuse()
    assert len(encode(changed(refs=refs))) <= MAX_BYTES


def _without(field: str) -> bytes:
    """GOOD without one of its fields."""
    return rfc8785.dumps({key: value for key, value in msgspec.to_builtins(GOOD).items() if key != field})


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: b"null",
        lambda data: b"[]",
        lambda data: b" " + data,
        lambda data: data + b"\n",
        lambda data: data.replace(b'"v":1', b'"v":1.0'),
        lambda data: data.replace(b'"v":1', b'"v":true'),
        lambda data: data.replace(b'"v":1', b'"v":"1"'),
        lambda data: data.replace(b'"v":1', b'"v":1,"w":1'),
        lambda data: data.replace(b'"v":1', b'"v":1,"v":1'),
        lambda data: data.replace(b'"parts":{"body"', b'"parts":{"body":"' + b"0" * 64 + b'","body"'),
        lambda data: data.replace(b'"by"', b'"b\\u0079"'),
        lambda data: data.replace(b'"refs":[', b'"refs":[ '),
        lambda data: data.replace(b'"time":1', b'"time":-1'),
        lambda data: data.replace(b'"time":1', b'"time":01'),
        lambda data: data.replace(b'"kind":"m', b'"kind":"\xff'),
        *(lambda data, field=field: _without(field) for field in Envelope.__struct_fields__),
    ],
)
def test_other_bytes_than_the_canonical_ones_are_refused(damage: Callable[[bytes], bytes]) -> None:
    """Missing, unknown and doubled fields, other types and other spellings are refused."""
    data = damage(encode(GOOD))
    assert data != encode(GOOD)
    with pytest.raises(EnvelopeError):
        decode(data)


def test_new_ids_are_ids_and_differ() -> None:
    """An id is 128 random bits in lower hex."""
    ids = {new_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(map(is_id, ids))
