"""Where the tree lies on disk and wire (C2SP tlog-tiles v0.1.0): names of tiles and bundles, framing of a bundle."""

import struct
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

WIDTH: Final = 256
MAX_ENTRY: Final = 2**16 - 1
_LENGTH: Final = struct.Struct(">H")


class BundleError(ValueError):
    """The bytes are not an entry bundle of that many entries; the text says why."""


class Tile(NamedTuple):
    """Tile number `n` of tile level `level` (256 hashes of the level below under one), `width` hashes wide."""

    level: int
    n: int
    width: int

    @property
    def path(self) -> str:
        """Its name below the log's prefix."""
        return f"tile/{self.level}/{number_path(self.n, self.width)}"


class Bundle(NamedTuple):
    """Entry bundle number `n`, `width` entries wide: the entries from position 256 n on."""

    n: int
    width: int

    @property
    def path(self) -> str:
        """Its name below the log's prefix."""
        return f"tile/entries/{number_path(self.n, self.width)}"

    @property
    def part_path(self) -> str:
        """The name of the part bundle that answers to it, below the log's prefix."""
        return f"part/{number_path(self.n, self.width)}"


def number_path(n: int, width: int = WIDTH) -> str:
    """`n` in groups of three digits (1234067 -> x001/x234/067), with `.p/<width>` when it is not full."""
    groups = [f"{n % 1000:03}"]
    while n := n // 1000:
        groups.append(f"x{n % 1000:03}")
    path = "/".join(reversed(groups))
    return path if width == WIDTH else f"{path}.p/{width}"


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile of a tree of `size` leaves, level by level: the full ones, then the partial one if there is one."""
    level = 0
    while size:
        full, width = divmod(size, WIDTH)
        yield from (Tile(level, n, WIDTH) for n in range(full))
        if width:
            yield Tile(level, full, width)
        size = full
        level += 1


def bundles_of(size: int) -> Iterator[Bundle]:
    """Every entry bundle of a log of `size` entries."""
    full, width = divmod(size, WIDTH)
    yield from (Bundle(n, WIDTH) for n in range(full))
    if width:
        yield Bundle(full, width)


def encode_bundle(entries: Iterable[bytes]) -> bytes:
    """The entry bundle of `entries`. Raises BundleError for an entry of more than 65 535 bytes."""
    out: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise BundleError(f"an entry of more than {MAX_ENTRY} bytes")
        out += (_LENGTH.pack(len(entry)), entry)
    return b"".join(out)


def parse_bundle(data: bytes, count: int) -> list[bytes]:
    """The `count` entries of a bundle. Raises BundleError unless they fill `data` exactly."""
    entries: list[bytes] = []
    at = 0
    for _ in range(count):
        if at + 2 > len(data):
            raise BundleError("the bundle ends early")
        start = at + 2
        at = start + _LENGTH.unpack_from(data, at)[0]
        if at > len(data):
            raise BundleError("the bundle ends early")
        entries.append(data[start:at])
    if at != len(data):
        raise BundleError("bytes after the last entry")
    return entries
