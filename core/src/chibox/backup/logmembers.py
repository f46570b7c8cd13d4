"""The log inside a backup: each generation as `chibox export-log` writes it, its checkpoint first, then bundles, then tiles."""

from collections.abc import Iterator

from chibox.backup.tarring import Tar
from chibox.records.lineage import Head
from chibox.records.log import LogReader
from chibox.records.tiles import bundles_of, tiles_of


def log_members(tar: Tar, reader: LogReader) -> Iterator[bytes]:
    """Every generation of the box's log, oldest first. `reader` stands on one snapshot."""
    for head in reader.generations():
        yield from _generation(tar, LogReader(reader.connection, reader.box, head.generation), head)


def _generation(tar: Tar, reader: LogReader, head: Head) -> Iterator[bytes]:
    place = f"log/{head.generation}"
    yield from tar.member(f"{place}/checkpoint", head.note)
    for bundle in bundles_of(head.size):
        yield from tar.member(f"{place}/{bundle.path}", reader.bundle(bundle))
        if parts := reader.parts_of(bundle):
            yield from tar.member(f"{place}/{bundle.part_path}", parts)
    for tile in tiles_of(head.size):
        yield from tar.member(f"{place}/{tile.path}", reader.tile(tile))
