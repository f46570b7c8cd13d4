"""The log as files that anyone can verify: `DIR/<generation>/checkpoint`, tiles, entry bundles and parts, and nothing else."""

import os
import shutil
import tempfile
from pathlib import Path

from chibox.errors import Refused
from chibox.records.lineage import Head
from chibox.records.log import LogReader
from chibox.records.tiles import bundles_of, tiles_of


def export_log(reader: LogReader, head: Head, folder: Path) -> None:
    """Write the log up to `head`, and every generation before it, into `folder`, readable by its owner only: parts as well.

    `reader` stands on one snapshot, of `head` or later; the high-water mark has been raised to `head` before. When this
    returns, every byte is durable. Raises Refused where something stands in `folder` already. The folder appears whole:
    a crash leaves at most a hidden folder beside it, to be deleted.
    """
    folder = folder.absolute()
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        raise Refused("There is something in {folder} already: a log is exported into an empty folder.", folder=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for closed in reader.generations()[:-1]:
            earlier = LogReader(reader.connection, reader.box, closed.generation)
            _write_all(earlier, closed, making / str(closed.generation))
        _write_all(reader, head, making / str(head.generation))
        for inner, _, _ in os.walk(making):
            _sync(Path(inner))
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    _sync(folder.parent)


def _write_all(reader: LogReader, head: Head, folder: Path) -> None:
    for tile in tiles_of(head.size):
        _write(folder / tile.path, reader.tile(tile))
    for bundle in bundles_of(head.size):
        _write(folder / bundle.path, reader.bundle(bundle))
        if parts := reader.parts_of(bundle):
            _write(folder / bundle.part_path, parts)
    _write(folder / "checkpoint", head.note)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
