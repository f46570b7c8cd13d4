"""Canonical JSON: the same bytes as RFC 8785, and one reading for each byte string."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from chibox.records.canonical import MAX_DEPTH, MAX_INT, CanonicalError, encode, parse

SCALARS = st.none() | st.booleans() | st.integers(-MAX_INT, MAX_INT) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
LIMIT = 2**20


@given(VALUES)
def test_encode_gives_the_bytes_of_rfc_8785(value: object) -> None:
    """Whatever the keys and characters, the bytes are those of an RFC 8785 implementation by another hand."""
    assert encode(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@given(VALUES)
def test_parse_reads_back_what_encode_wrote(value: object) -> None:
    """A value survives the way to bytes and back."""
    assert parse(encode(value), limit=LIMIT) == value


def test_every_character_below_a_space_is_written_as_the_rfc_asks() -> None:
    """Short escapes where they exist, lower hex elsewhere, and no escape from 0x7f on but of quote and backslash."""
    text = "".join(map(chr, [*range(0x250), 0x2028, 0x2029, 0xD7FF, 0xE000, 0xFEFF, 0xFFFF, 0x10000, 0x10FFFF]))
    assert encode(text) == rfc8785.dumps(text)
    assert b"\\u000f" in encode(text)
    assert b"\x7f" in encode(text)


def test_keys_stand_in_the_order_of_their_utf_16_code_units() -> None:
    """A key beyond the basic plane stands before U+E000, though its UTF-8 bytes and its code point are greater."""
    value = {"\ue000": 1, "\U0001f600": {"\ufb33": 2, "\U00010000": 3}, "z": 4}
    assert encode(value) == '{"z":4,"\U0001f600":{"\U00010000":3,"\ufb33":2},"\ue000":1}'.encode()
    assert encode([value]) == rfc8785.dumps([value])  # type: ignore[list-item]


def test_a_tuple_is_written_as_a_list() -> None:
    """Tuples and lists have one form."""
    assert encode({"a": (1, "x")}) == b'{"a":[1,"x"]}'


class Name(str):
    """A str with a meaning of its own, which bytes could not keep."""

    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        MAX_INT + 1,
        -MAX_INT - 1,
        2**64,
        {1: 2},
        {None: 2},
        {b"a": 2},
        {Name("a"): 2},
        Name("a"),
        b"bytes",
        {1, 2},
        object(),
        "\ud800",
        {"\udfff": 1},
        ["é\udc00"],
        {"é": {"a": 0.5}},
    ],
    ids=repr,
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    """Floats, big ints, other keys, other types, subclasses and lone surrogates are refused, at any depth."""
    for wrapped in (value, [value], {"a": [{"b": value}]}):
        with pytest.raises(CanonicalError):
            encode(wrapped)


def test_nesting_ends_at_a_fixed_depth() -> None:
    """64 levels are written and read; 65, and a list within itself, are refused without exhausting the stack."""
    deepest: object = 1
    for _ in range(MAX_DEPTH):
        deepest = [deepest]
    assert parse(encode(deepest), limit=LIMIT) == deepest
    endless: list[object] = []
    endless.append(endless)
    for value in ([deepest], endless):
        with pytest.raises(CanonicalError, match="deeper"):
            encode(value)
    for data in (encode(deepest).replace(b"1", b"[1]"), b"[" * 100_000):
        with pytest.raises(CanonicalError):
            parse(data, limit=LIMIT)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" 1",
        b"1 ",
        b"1\n",
        b"01",
        b"-0",
        b"1.0",
        b"1e2",
        b"9007199254740992",
        b"123456789012345678901234567890",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a" :1}',
        b'{"a":1,}',
        b"[1,]",
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u000A"',
        b'"\\u000a"',
        b'"\\ud800"',
        b'"\xed\xa0\x80"',
        b'"\xff"',
        b"\xef\xbb\xbf1",
        b"NaN",
        b"'a'",
        b'"\x01"',
        b"1 1",
        "\ufeff{}".encode(),
    ],
    ids=repr,
)
def test_bytes_with_another_spelling_are_refused(data: bytes) -> None:
    """Parsing takes nothing that encoding would not have given: no value has two byte strings."""
    with pytest.raises(CanonicalError):
        parse(data, limit=LIMIT)


@given(VALUES.map(encode), st.data())
def test_a_changed_byte_is_refused_or_another_canonical_value(data: bytes, draw: st.DataObject) -> None:
    """After any change of one byte, what still parses is canonical by the judgement of a second implementation."""
    at = draw.draw(st.integers(0, len(data) - 1))
    changed = data[:at] + bytes([draw.draw(st.integers(0, 255))]) + data[at + 1 :]
    try:
        value = parse(changed, limit=LIMIT)
    except CanonicalError:
        return
    assert rfc8785.dumps(json.loads(changed)) == changed
    assert json.loads(changed) == value


def test_parse_reads_no_more_than_its_limit() -> None:
    """One byte beyond the limit is refused before it is read."""
    assert parse(b'"abc"', limit=5) == "abc"
    with pytest.raises(CanonicalError, match="longer than 4 bytes"):
        parse(b'"abc"', limit=4)
