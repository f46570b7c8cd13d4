"""The root that a log had at any earlier size, from its tiles: a few of them are read, not the entries."""

import functools

from chibox.records.log import LogReader
from chibox.records.proofs import Read, range_hash, read_from_tiles
from chibox.records.tiles import WIDTH, Tile


def nodes_of(reader: LogReader, size: int) -> Read:
    """The nodes of the tree of `size` leaves, `size` not beyond the end of what `reader` reads."""

    @functools.cache
    def tile(level: int, n: int) -> bytes:
        return reader.tile(Tile(level, n, min(WIDTH, (size >> 8 * level) - n * WIDTH)))

    return read_from_tiles(tile)


def root_at(reader: LogReader, size: int) -> bytes:
    """The root of the first `size` entries. Raises NotFound beyond the end."""
    return range_hash(0, size, nodes_of(reader, size))
