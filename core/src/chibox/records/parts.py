"""Parts: the content behind an entry, committed to by a salted hash: withheld or erased, every proof still stands."""

import hmac
import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from chibox.records.envelope import MAX_PARTS, is_part_name

SALT_SIZE: Final = 32
MAX_BODY: Final = 2**20
_DOMAIN: Final = b"part/v1\0"


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
    return hmac.digest(salt, _DOMAIN + bytes.fromhex(rid) + _label(name) + data, "sha256").hex()


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
    at = 0
    for _ in range(count):
        number, at = _byte(data, at)
        if number > MAX_PARTS:
            raise PartsError(f"more than {MAX_PARTS} parts for one entry")
        parts: dict[str, Part] = {}
        last = ""
        for _ in range(number):
            name, part, at = _part(data, at)
            if name <= last:
                raise PartsError("the parts of an entry are not in the order of their names")
            parts[name] = part
            last = name
        entries.append(parts)
    if at != len(data):
        raise PartsError("bytes after the last entry")
    return entries


def _part(data: bytes, at: int) -> tuple[str, Part, int]:
    length, at = _byte(data, at)
    label, at = _take(data, at, length)
    name = label.decode("latin-1")
    if not is_part_name(name):
        raise PartsError("the name of a part breaks the rule")
    salt, at = _take(data, at, SALT_SIZE)
    size, at = _take(data, at, 4)
    content, at = _take(data, at, int.from_bytes(size, "big"))
    return name, Part(salt, content), at


def _byte(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise PartsError("the bundle ends early")
    return data[at], at + 1


def _take(data: bytes, at: int, length: int) -> tuple[bytes, int]:
    end = at + length
    if end > len(data):
        raise PartsError("the bundle ends early")
    return data[at:end], end
