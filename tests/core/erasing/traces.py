"""Traces of some words in the files of a box: as they stand, and in whatever of them is packed."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import zstandard

MAGIC = bytes.fromhex("28b52ffd")


def traces(folder: Path, words: Iterable[bytes]) -> dict[str, set[bytes]]:
    """File -> which of the words stand in it; packed in it as `<file> packed`, in bundles as `<table>`; none without."""
    wanted = tuple(words)
    found: dict[str, set[bytes]] = {}
    for name, data in _all(folder):
        if here := {word for word in wanted if word in data}:
            found.setdefault(name, set()).update(here)
    return found


def _all(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            yield path.name, data
            yield from ((f"{path.name} packed", some) for some in _unpacked(data))
    with closing(sqlite3.connect(f"file:{folder / 'box.db'}?mode=ro", uri=True)) as connection:
        for table in ("log_bundle", "part_bundle"):
            for (data,) in connection.execute(f"SELECT data FROM {table}"):
                yield table, zstandard.ZstdDecompressor().decompress(data)


def _unpacked(data: bytes) -> Iterator[bytes]:
    """As much as can be unpacked from each place where something packed begins, however it was torn."""
    at = data.find(MAGIC)
    while at >= 0:
        stream = zstandard.ZstdDecompressor().decompressobj()
        out = b""
        try:
            for begin in range(at, len(data), 512):
                out += stream.decompress(data[begin : begin + 512])
                if stream.eof:
                    break
        except zstandard.ZstdError:
            pass
        yield out
        at = data.find(MAGIC, at + 1)
