"""The tiles of a log that is read from its first entry on: what each of them must be, and the root above them."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

from chibox.records.log import UPPER
from chibox.records.merkle import Frontier
from chibox.records.tiles import WIDTH, Tile


class Growing:
    """Takes the leaf hashes of one bundle after another. Memory: one unfinished tile for each level."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[] for _ in range(UPPER + 1)]
        self._full = [0] * (UPPER + 1)

    def take(self, leaves: Sequence[bytes]) -> Iterator[tuple[Tile, bytes]]:
        """The tiles that these leaves complete. Only the last bundle of a log may be narrower than a tile."""
        self._levels[0] = list(leaves)
        for level in range(UPPER + 1):
            hashes = self._levels[level]
            if len(hashes) < WIDTH:
                return
            yield Tile(level, self._full[level], WIDTH), b"".join(hashes)
            self._full[level] += 1
            self._levels[level] = []
            if level < UPPER:
                self._levels[level + 1].append(_root(hashes))

    def rest(self) -> Iterator[tuple[Tile, bytes]]:
        """The tiles at the right edge that are not full."""
        for level, hashes in enumerate(self._levels):
            if hashes:
                yield Tile(level, self._full[level], len(hashes)), b"".join(hashes)

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        peaks: list[bytes] = []
        size = 0
        for level in range(UPPER, -1, -1):
            edge = Frontier()
            edge.extend(self._levels[level])
            peaks += edge.snapshot()[1]
            size += len(self._levels[level]) * WIDTH**level
        return Frontier(size, peaks).root()


def _root(hashes: Sequence[bytes]) -> bytes:
    """The root over a full tile, level by level: half the time of a frontier that grows leaf by leaf."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return hashes[0]
