"""Entries held against the stored hashes of level 0: which side was changed, and how it is told in few sentences."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from chibox.errors import Words, words
from chibox.records.tiles import WIDTH, Bundle, Tile

MAX_DIFFERENT: Final = 64  # bundles of which both sides are kept

Leaves = Sequence[bytes]
Told = Iterator[tuple[str, Words, int]]  # place, sentence, first position that it is about


class Different(NamedTuple):
    """A bundle whose entries do not have the hashes that the tile of level 0 stores."""

    bundle: Bundle
    leaves: Leaves
    hashes: Leaves

    @property
    def tile(self) -> Tile:
        """The tile over the bundle."""
        return Tile(0, self.bundle.n, self.bundle.width)

    @property
    def start(self) -> int:
        """The position of its first entry."""
        return self.bundle.n * WIDTH

    @property
    def numbers(self) -> list[int]:
        """The entries that differ, by their number in the bundle."""
        return [
            number for number, (one, other) in enumerate(zip(self.leaves, self.hashes, strict=True)) if one != other
        ]


def changed_entries(found: Sequence[Different], tile: Callable[[int], Leaves]) -> Told:
    """The tiles lead to the signed root: what happened to the entries. `tile` reads the hashes of any tile of level 0."""
    for one in found:
        other = _home(one.leaves, found, tile) if len(one.numbers) == one.bundle.width > 1 else None
        if other is not None:
            where = Bundle(other, one.bundle.width)
            yield one.bundle.path, words("in its place stands the bundle {other}", other=where.path), one.start
            continue
        yield from _one_by_one(one)


def _one_by_one(one: Different) -> Told:
    """Each entry that differs: another one of this bundle in its place (a row of them told at once), or a changed one."""
    places = {digest: number for number, digest in enumerate(one.hashes)}
    numbers = one.numbers
    while numbers:
        number = numbers.pop(0)
        position, signed = one.start + number, places.get(one.leaves[number])
        row = 1
        while (
            signed is not None
            and numbers[:1] == [number + row]
            and places.get(one.leaves[number + row]) == signed + row
        ):
            numbers.pop(0)
            row += 1
        if signed is None:
            what = words("it was changed: {tile}, which leads to the signed root, has another hash", tile=one.tile.path)
        elif row == 1:
            what = words("in its place stands the entry that was signed as entry {other}", other=one.start + signed)
        else:
            what = words(
                "from here to entry {last} stand the entries that were signed as entries {first} to {end}",
                last=position + row - 1, first=one.start + signed, end=one.start + signed + row - 1,
            )  # fmt: skip
        yield f"entry {position}", what, position


def changed_tiles(found: Sequence[Different]) -> Told:
    """The entries lead to the signed root, or nothing does: what the tiles say otherwise, a sentence each."""
    for one in found:
        numbers = one.numbers
        position = one.start + numbers[0]
        other = next((each.bundle.n for each in found if each.leaves == one.hashes), None)
        if other is not None and len(numbers) > 1:
            what = words("in its place stands the tile {other}", other=Tile(0, other, one.bundle.width).path)
        elif len(numbers) == 1:
            what = words("hash {at} is not that of entry {position}", at=numbers[0], position=position)
        else:
            what = words(
                "{count} of its hashes are not those of the entries: the first is hash {at}, of entry {position}",
                count=len(numbers), at=numbers[0], position=position,
            )  # fmt: skip
        yield one.tile.path, what, position


def _home(leaves: Leaves, found: Sequence[Different], tile: Callable[[int], Leaves]) -> int | None:
    """The number of the bundle to which these entries belong: one of those that differ, or any other."""
    for one in found:
        if one.hashes == leaves:
            return one.bundle.n
    n = 0
    while row := tile(n):
        if row[0] == leaves[0] and list(row) == list(leaves):
            return n
        n += 1
    return None
