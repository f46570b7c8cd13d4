"""What the writer of a log holds in memory between two commits, as a failed batch must give it back."""

from collections.abc import Mapping
from typing import NamedTuple

from chibox.records.lineage import Head

Parts = Mapping[str, tuple[bytes, bytes]]


class Mark(NamedTuple):
    """Everything in memory that a failed batch must give back. `place`: generation, entries stored, head."""

    tree: tuple[int, tuple[bytes, ...]]
    last_time: int
    tail: list[bytes]
    hashes: list[bytes]
    parts: list[Parts]
    levels: list[list[bytes]]
    full: int
    fresh: dict[int, tuple[list[bytes], list[Parts]]]
    rewritten: dict[int, list[Parts]]
    part_rows: list[tuple[object, ...]]
    rows: tuple[int, int]
    dropped: set[int]
    place: tuple[int, int, Head | None]
