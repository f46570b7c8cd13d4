"""The tree that a stream of leaf hashes gives, held against the stored tiles above the leaves."""

from collections.abc import Callable, Iterable, Sequence

from chibox.errors import Words, words
from chibox.records.merkle import HASH_SIZE, Frontier, root_of
from chibox.records.tiles import WIDTH, Tile

MAX_FAULTS = 1000


class Tower:
    """A tree built from level-0 tiles, one after another; of each level it holds one tile.

    Two stand side by side in a verification: one over the entries, one over the stored tiles of level 0. Which of them
    leads to the signed root decides who was changed. `roots` are the roots at the sizes to be watched.
    """

    def __init__(self, stored: Callable[[Tile], bytes | Words | None], watched: Iterable[int]) -> None:
        self._stored = stored
        self._watched = sorted(set(watched), reverse=True)
        self._rows: list[list[bytes]] = []
        self._full: list[int] = []
        self._frontier = Frontier()
        self.roots: dict[int, bytes] = {}
        self.faults: list[tuple[Tile, Words]] = []
        self.tiles = 0
        self.sound = True

    def take(self, leaves: Sequence[bytes]) -> None:
        """Takes the leaf hashes of the next tile of level 0."""
        frontier = self._frontier
        done = 0
        while self._watched and self._watched[-1] <= frontier.size + len(leaves) - done:
            upto = done + self._watched[-1] - frontier.size
            frontier.extend(leaves[done:upto])
            done = upto
            self.roots[self._watched.pop()] = frontier.root()
        frontier.extend(leaves[done:])
        if len(leaves) == WIDTH:
            self._rise(0, root_of(leaves))

    def finish(self) -> bytes:
        """Holds the partial tiles against the stored ones; the root over all leaves taken."""
        for number, row in enumerate(self._rows):
            if row:
                self._compare(Tile(number + 1, self._full[number], len(row)), row)
        return self._frontier.root()

    def _rise(self, number: int, digest: bytes) -> None:
        """Takes a hash of level `number` + 1, and rises further when that fills a tile."""
        if number == len(self._rows):
            self._rows.append([])
            self._full.append(0)
        row = self._rows[number]
        row.append(digest)
        if len(row) == WIDTH:
            self._compare(Tile(number + 1, self._full[number], WIDTH), row)
            self._full[number] += 1
            self._rise(number + 1, root_of(row))
            row.clear()

    def _compare(self, tile: Tile, row: Sequence[bytes]) -> None:
        self.tiles += 1
        stored = self._stored(tile)
        if isinstance(stored, Words):
            self._fault(tile, stored)
        elif stored is not None and (at := first_difference(stored, row)) is not None:
            self._fault(tile, words("hash {at} is not the hash of what lies below it", at=at))

    def _fault(self, tile: Tile, what: Words) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append((tile, what))


def first_difference(stored: bytes, row: Sequence[bytes]) -> int | None:
    """The number of the first hash of a tile that is not the one in `row`; None if all are."""
    for at, digest in enumerate(row):
        if stored[at * HASH_SIZE : (at + 1) * HASH_SIZE] != digest:
            return at
    return None
