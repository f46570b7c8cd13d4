"""The tree that a stream of leaf hashes gives, held against the stored tiles above the leaves."""

from collections.abc import Callable, Iterable, Sequence

from chibox.errors import Words, words
from chibox.records.merkle import EMPTY_ROOT, HASH_SIZE, Frontier, fold_right, root_of
from chibox.records.tiles import WIDTH, Tile

MAX_FAULTS = 1000


class Tower:
    """A tree built from level-0 tiles, one after another; it keeps a tile of each level, and 32 bytes for 256 leaves.

    Two stand side by side in a verification: one over the entries, one over the stored tiles of level 0. Which of them
    leads to the signed root decides who was changed. `sound` ends with the first leaves that cannot be read.
    """

    def __init__(self, stored: Callable[[Tile], bytes | Words | None]) -> None:
        self._stored = stored
        self._rows: list[list[bytes]] = []
        self._full: list[int] = []
        self._tops = bytearray()
        self._rest: Sequence[bytes] = ()
        self.faults: list[tuple[Tile, Words]] = []
        self.size = 0
        self.tiles = 0
        self.sound = True

    def take(self, leaves: Sequence[bytes], top: bytes) -> None:
        """Takes the leaf hashes of the next tile of level 0, and the root over them."""
        self.size += len(leaves)
        if len(leaves) == WIDTH:
            self._tops += top
            self._rise(0, top)
        else:
            self._rest = leaves

    def finish(self) -> bytes:
        """Holds the partial tiles against the stored ones; the root over all leaves taken."""
        for number, row in enumerate(self._rows):
            if row:
                self._compare(Tile(number + 1, self._full[number], len(row)), row)
        return self.roots([self.size], lambda _: self._rest)[self.size]

    def roots(self, sizes: Iterable[int], leaves: Callable[[int], Sequence[bytes]]) -> dict[int, bytes]:
        """The root at each of these sizes that was reached; `leaves` reads those of tile `n` of level 0 again.

        A size whose tile cannot be read again is left out.
        """
        found: dict[int, bytes] = {}
        whole = Frontier()
        for size in sorted(set(sizes)):
            n, rest = divmod(size, WIDTH)
            if size > self.size:
                break
            whole.extend(self._top(at) for at in range(whole.size, n))
            some = leaves(n)[:rest] if rest else ()
            if len(some) == rest:
                part = Frontier()
                part.extend(some)
                found[size] = fold_right([*whole.snapshot()[1], *part.snapshot()[1]]) if size else EMPTY_ROOT
        return found

    def _top(self, n: int) -> bytes:
        return bytes(self._tops[n * HASH_SIZE : (n + 1) * HASH_SIZE])

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
