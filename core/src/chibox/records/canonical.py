"""Canonical JSON (RFC 8785) for the subset that chibox writes: one value has one byte string, which has one reading."""

from collections.abc import Iterable
from typing import Final

import msgspec

MAX_INT: Final = 2**53 - 1
MAX_DEPTH: Final = 64

# msgspec writes strings and integers as RFC 8785 asks. It sorts keys by UTF-8 bytes, the RFC by UTF-16 code units: the
# two orders agree on ASCII keys, so any other key takes the slower way through `_reordered`.
_by_bytes = msgspec.json.Encoder(order="sorted")
_as_given = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder()


class CanonicalError(ValueError):
    """The value has no canonical form here, or the bytes are not the canonical form of any value."""


def encode(value: object) -> bytes:
    """The RFC 8785 bytes of a value made of None, bool, int, str, list, tuple and dict.

    Raises CanonicalError for floats, ints beyond +-(2**53-1), keys that are not str, lone surrogates, any other type
    (subclasses too: a reader could not restore them) and more than 64 levels. Text is written as given, not normalised.
    """
    try:
        if _plain(value, 0):
            return _by_bytes.encode(value)
        return _as_given.encode(_reordered(value))
    except UnicodeEncodeError:
        raise CanonicalError("text holds a lone surrogate") from None


def parse(data: bytes, *, limit: int) -> object:
    """The value whose canonical form is `data`, at most `limit` bytes. Objects become dict, arrays list.

    Raises CanonicalError for everything that `encode` would not have written: duplicate keys, spaces, other escapes,
    other key order, floats, big ints, bytes that are not UTF-8.
    """
    if len(data) > limit:
        raise CanonicalError(f"longer than {limit} bytes")
    try:
        value: object = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise CanonicalError("not JSON") from None
    if encode(value) != data:
        raise CanonicalError("not in canonical form")
    return value


def _plain(value: object, depth: int) -> bool:
    """Whether every key in `value` is ASCII. Raises CanonicalError for what may not be written at all."""
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        if not -MAX_INT <= value <= MAX_INT:  # type: ignore[operator]
            raise CanonicalError("an integer beyond 2**53-1")
        return True
    if depth == MAX_DEPTH:
        raise CanonicalError(f"nested deeper than {MAX_DEPTH} levels")
    if kind is dict:
        return _plain_keys(value) & _plain_items(value.values(), depth + 1)  # type: ignore[arg-type, attr-defined]
    if kind is list or kind is tuple:
        return _plain_items(value, depth + 1)  # type: ignore[arg-type]
    raise CanonicalError(f"a value of type {kind.__name__}")


def _plain_keys(keys: Iterable[object]) -> bool:
    plain = True
    for key in keys:
        if type(key) is not str:
            raise CanonicalError("a key that is not text")
        if not key.isascii():
            plain = False
    return plain


def _plain_items(items: Iterable[object], depth: int) -> bool:
    plain = True
    for item in items:
        if type(item) is not str and not _plain(item, depth):
            plain = False
    return plain


def _reordered(value: object) -> object:
    """`value` with the keys of each object in the order of their UTF-16 code units."""
    if isinstance(value, dict):
        ordered = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be"))
        return {key: _reordered(item) for key, item in ordered}
    if isinstance(value, list | tuple):
        return [_reordered(item) for item in value]
    return value
