"""The verifier's tree over more leaves than one tile above them holds."""

from hashlib import sha256

import pytest
from tests.verify.make_log import root

from chibox.errors import Words, words
from chibox.records.tiles import Tile
from chibox.records.verify.trees import Tower

SIZE = 65_536 + 300
LEAVES = [sha256(number.to_bytes(4, "big")).digest() for number in range(SIZE)]
FIRST = [root(LEAVES[n : n + 256]) for n in range(0, SIZE - 255, 256)]
ABOVE = {
    Tile(1, 0, 256): b"".join(FIRST[:256]),
    Tile(1, 1, 1): FIRST[256],
    Tile(2, 0, 1): root(FIRST[:256]),
}


def build(tiles: dict[Tile, bytes]) -> tuple[Tower, bytes]:
    """The tower over all leaves, and its root."""

    def stored(tile: Tile) -> bytes | Words:
        return tiles.get(tile, words("the tile is missing"))

    tower = Tower(stored)
    for n in range(0, SIZE, 256):
        tower.take(LEAVES[n : n + 256], root(LEAVES[n : n + 256]))
    return tower, tower.finish()


def test_a_tree_of_three_levels_is_held_against_all_its_tiles() -> None:
    """65 836 leaves: a full tile and one hash above them, one hash above that, and the root of the definition."""
    tower, found = build(ABOVE)
    assert found == root(LEAVES)
    assert tower.faults == []
    assert tower.tiles == 3


def test_roots_on_the_way_can_be_asked_for_afterwards() -> None:
    """At the ends of tiles, inside them, at the last leaf; a size whose leaves cannot be read again has none."""
    sizes = (0, 1, 255, 256, 257, 65_535, 65_536, 65_537, SIZE)
    tower, _ = build(ABOVE)
    found = tower.roots((*sizes, SIZE + 1), lambda n: LEAVES[n * 256 : n * 256 + 256])
    assert found == {size: root(LEAVES[:size]) for size in sizes}
    assert tower.roots((1, 256), lambda _: ()) == {256: root(LEAVES[:256])}


@pytest.mark.parametrize(("tile", "at"), [(Tile(1, 0, 256), 255), (Tile(1, 1, 1), 0), (Tile(2, 0, 1), 0)])
def test_a_changed_or_missing_tile_is_named_alone(tile: Tile, at: int) -> None:
    """At every level, the first hash that differs."""
    changed = bytearray(ABOVE[tile])
    changed[at * 32] ^= 1
    tower, _ = build(ABOVE | {tile: bytes(changed)})
    assert [(one, what.params) for one, what in tower.faults] == [(tile, {"at": at})]
    tower, _ = build({other: data for other, data in ABOVE.items() if other != tile})
    assert [(one, str(what)) for one, what in tower.faults] == [(tile, "the tile is missing")]
