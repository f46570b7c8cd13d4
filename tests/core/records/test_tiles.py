"""Names and coordinates of tiles, and the framing of entry bundles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chibox.records.tiles import MAX_ENTRY, Bundle, BundleError, Tile, bundles_of, encode_bundle, parse_bundle, tiles_of


@pytest.mark.parametrize(
    ("n", "path"),
    [
        (0, "000"),
        (7, "007"),
        (999, "999"),
        (1000, "x001/000"),
        (19_669, "x019/669"),
        (1_234_067, "x001/x234/067"),
        (1_000_000_000, "x001/x000/x000/000"),
    ],
)
def test_numbers_are_written_in_groups_of_three_digits(n: int, path: str) -> None:
    """All groups but the last begin with x; a partial one carries its width."""
    assert Tile(0, n, 256).path == f"tile/0/{path}"
    assert Tile(3, n, 17).path == f"tile/3/{path}.p/17"
    assert Bundle(n, 256).path == f"tile/entries/{path}"
    assert Bundle(n, 1).path == f"tile/entries/{path}.p/1"
    assert Bundle(n, 1).part_path == f"part/{path}.p/1"


@pytest.mark.parametrize(
    ("size", "tiles"),
    [
        (0, []),
        (1, [(0, 0, 1)]),
        (255, [(0, 0, 255)]),
        (256, [(0, 0, 256), (1, 0, 1)]),
        (257, [(0, 0, 256), (0, 1, 1), (1, 0, 1)]),
        (65_535, [*((0, n, 256) for n in range(255)), (0, 255, 255), (1, 0, 255)]),
        (65_536, [*((0, n, 256) for n in range(256)), (1, 0, 256), (2, 0, 1)]),
    ],
)
def test_a_size_has_its_full_tiles_and_its_partial_ones(size: int, tiles: list[tuple[int, int, int]]) -> None:
    """A level above holds one hash for each full tile below; a width of 0 is no tile."""
    assert list(tiles_of(size)) == tiles
    assert list(bundles_of(size)) == [(n, width) for level, n, width in tiles if level == 0]


def test_seventy_thousand_entries_have_the_tiles_that_the_format_says() -> None:
    """273 full tiles and one of 112; above them one full and one of 17; above these one of 1."""
    tiles = list(tiles_of(70_000))
    assert len(tiles) == 274 + 2 + 1
    assert tiles[273:] == [(0, 273, 112), (1, 0, 256), (1, 1, 17), (2, 0, 1)]


def test_a_tree_of_sixteen_million_leaves_reaches_the_next_level_in_time() -> None:
    """At 256**3 the fourth level begins, one before it does not."""
    assert [tile for tile in tiles_of(256**3) if tile.level >= 2] == [(2, 0, 256), (3, 0, 1)]
    assert [tile for tile in tiles_of(256**3 - 1) if tile.level >= 2] == [(2, 0, 255)]


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_a_bundle_is_read_back_as_it_was_written(entries: list[bytes]) -> None:
    """Entries survive the way to bytes and back, and every other count is refused."""
    data = encode_bundle(entries)
    assert parse_bundle(data, len(entries)) == entries
    with pytest.raises(BundleError):
        parse_bundle(data, len(entries) + 1)
    if entries:
        with pytest.raises(BundleError):
            parse_bundle(data, len(entries) - 1)


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5), st.data())
def test_a_cut_bundle_is_refused_at_every_byte(entries: list[bytes], draw: st.DataObject) -> None:
    """No proper beginning of a bundle passes, and no byte after its end."""
    data = encode_bundle(entries)
    for damaged in (data[: draw.draw(st.integers(0, len(data) - 1))], data + b"\0"):
        with pytest.raises(BundleError):
            parse_bundle(damaged, len(entries))


def test_entries_of_the_smallest_and_largest_length_are_framed_and_no_larger() -> None:
    """0 and 65 535 bytes pass; 65 536 bytes have no length that could be written."""
    entries = [b"", b"x" * MAX_ENTRY]
    assert parse_bundle(encode_bundle(entries), 2) == entries
    with pytest.raises(BundleError, match="65535"):
        encode_bundle([b"x" * (MAX_ENTRY + 1)])
