"""Parts: the content behind an entry, committed to by a salted hash: withheld or erased, every proof still stands."""

import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Final, NamedTuple

from chibox.records.envelope import MAX_PARTS, is_part_name

SALT_SIZE: Final = 32
MAX_BODY: Final = 2**20
_DOMAIN: Final = b"part/v1\0"

# HMAC (RFC 2104) by hand, for keys no longer than a block: less than half the time of the library's own call.
_BLOCK: Final = 64
_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))


class PartsError(ValueError):
    """The bytes are not a part bundle for that many entries; the text says why."""


class Part(NamedTuple):
    """A part as it is handed on: its salt and its bytes as stored."""

    salt: bytes
    data: bytes


@lru_cache(maxsize=1024)
def _label(name: str) -> bytes:
    return bytes([len(name)]) + name.encode("ascii")


def commitment(rid: str, name: str, salt: bytes, data: bytes) -> str:
    """What the entry `rid` commits to for its part `name`: HMAC-SHA-256 under the salt, as 64 hex characters.

    Bound to record and name, so parts cannot be swapped; one random salt of 32 bytes for each part, never used twice.
    """
    key = salt.ljust(_BLOCK, b"\0")
    inner = sha256(key.translate(_INNER) + _DOMAIN + bytes.fromhex(rid) + _label(name) + data).digest()
    return sha256(key.translate(_OUTER) + inner).hexdigest()


def encode_parts(entries: Sequence[Mapping[str, tuple[bytes, bytes]]]) -> bytes:
    """The part bundle for `entries` (one for each entry of the bundle): name -> (salt, bytes) of the parts given."""
    out: list[bytes] = []
    for parts in entries:
        out.append(bytes([len(parts)]))
        for name in sorted(parts):
            salt, data = parts[name]
            if len(salt) != SALT_SIZE:
                raise PartsError("a salt is not 32 bytes long")
            out += (_label(name), salt, struct.pack(">I", len(data)), data)
    return b"".join(out)


def parse_parts(data: bytes, count: int) -> list[dict[str, Part]]:
    """The parts given for each of `count` entries. Raises PartsError unless `encode_parts` of them is `data`."""
    entries: list[dict[str, Part]] = []
    at, end = 0, len(data)
    for _ in range(count):
        if at >= end:
            raise PartsError("the bundle ends early")
        number, at = data[at], at + 1
        if number > MAX_PARTS:
            raise PartsError(f"more than {MAX_PARTS} parts for one entry")
        parts: dict[str, Part] = {}
        last = ""
        for _ in range(number):
            name, part, at = _part(data, at, end)
            if name <= last:
                raise PartsError("the parts of an entry are not in the order of their names")
            parts[name] = part
            last = name
        entries.append(parts)
    if at != end:
        raise PartsError("bytes after the last entry")
    return entries


def _part(data: bytes, at: int, end: int) -> tuple[str, Part, int]:
    """The part that begins at `at`, and where it ends: name, salt and size stand in front of its bytes."""
    salt_at = at + 1 + data[at] if at < end else end
    size_at = salt_at + SALT_SIZE
    begin = size_at + 4
    until = begin + int.from_bytes(data[size_at:begin], "big")
    if until > end:
        raise PartsError("the bundle ends early")
    return _name(data[at + 1 : salt_at]), Part(data[salt_at:size_at], data[begin:until]), until


@lru_cache(maxsize=1024)
def _name(label: bytes) -> str:
    name = label.decode("latin-1")
    if not is_part_name(name):
        raise PartsError("the name of a part breaks the rule")
    return name
