"""Parts: what a commitment is bound to, and the framing of a part bundle."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibox.records.parts import Part, PartsError, commitment, encode_parts, parse_parts

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)
PARTS = st.builds(Part, st.binary(min_size=32, max_size=32), st.binary(max_size=40))
BUNDLES = st.lists(st.dictionaries(NAMES, PARTS, max_size=3), max_size=5)
RID = "00112233445566778899aabbccddeeff"
SALT = bytes(range(32))


def test_the_commitment_is_the_hmac_that_the_format_says() -> None:
    """HMAC-SHA-256 under the salt over a fixed label, the record, the name with its length, and the bytes."""
    message = b"part/v1\x00" + bytes.fromhex(RID) + b"\x04body" + b"content"
    assert commitment(RID, "body", SALT, b"content") == hmac.new(SALT, message, hashlib.sha256).hexdigest()


def test_the_commitment_is_bound_to_record_name_salt_and_bytes() -> None:
    """Changing any one of the four changes it, so that parts of two records or two names cannot be swapped."""
    base = (RID, "body", SALT, b"content")
    others = [(RID[::-1], *base[1:]), (RID, "bodyc", SALT, b"ontent"), (RID, "body", SALT[::-1], b"content")]
    found = {commitment(*case) for case in [base, *others, (RID, "body", SALT, b"contenT")]}
    assert len(found) == 5


@given(BUNDLES)
def test_a_bundle_is_read_back_as_it_was_written(entries: list[dict[str, tuple[bytes, bytes]]]) -> None:
    """Parts survive the way to bytes and back, whatever order they were given in."""
    assert parse_parts(encode_parts(entries), len(entries)) == entries


@given(BUNDLES, st.data())
def test_a_changed_or_cut_bundle_is_refused_or_says_something_else(
    entries: list[dict[str, tuple[bytes, bytes]]], draw: st.DataObject
) -> None:
    """A bundle has one reading: what still parses after a change encodes to the changed bytes and differs."""
    data = encode_parts(entries)
    at = draw.draw(st.integers(0, len(data)))
    damaged = draw.draw(st.sampled_from([data[:at], data + b"\0", data[:at] + b"\1" + data[at + 1 :]]))
    try:
        found = parse_parts(damaged, len(entries))
    except PartsError:
        return
    assert encode_parts(found) == damaged
    assert (found == entries) == (damaged == data)


def _bundle(*parts: bytes) -> bytes:
    """The part bundle of one entry."""
    return bytes([len(parts)]) + b"".join(parts)


def _part(name: bytes, content: bytes = b"x", length: int | None = None) -> bytes:
    """One part in it, whose stated length may be a lie."""
    size = len(content) if length is None else length
    return bytes([len(name)]) + name + SALT + size.to_bytes(4, "big") + content


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "ends early"),
        (b"\1", "ends early"),
        (_bundle(_part(b"body"))[:-1], "ends early"),
        (_bundle(_part(b"body", length=2)), "ends early"),
        (_bundle(_part(b"body", length=2**32 - 1)), "ends early"),
        (_bundle(_part(b"body")) + b"\0", "after the last entry"),
        (b"\x11" + b"\0" * 40, "more than 16"),
        (_bundle(_part(b"")), "name"),
        (_bundle(_part(b"Body")), "name"),
        (_bundle(_part(b"b\xc3\xb4dy")), "name"),
        (_bundle(_part(b"b" * 33)), "name"),
        (_bundle(_part(b"body"), _part(b"body")), "order"),
        (_bundle(_part(b"photo"), _part(b"body")), "order"),
    ],
)
def test_each_broken_rule_of_a_bundle_is_named(data: bytes, reason: str) -> None:
    """Framing is strict: exact count, ascending names, no byte to spare, no length beyond the bytes."""
    with pytest.raises(PartsError, match=reason):
        parse_parts(data, 1)


def test_a_salt_of_another_length_is_not_written() -> None:
    """A salt is 32 bytes long, or nothing is written."""
    with pytest.raises(PartsError, match="salt"):
        encode_parts([{"body": (b"short", b"x")}])
