"""Trees of 1e5 and 1e7 leaves as tiles in SQLite, proofs from them by the product and by a plain reader; growing in memory."""

import hashlib
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Final

import pymerkle
from tests.bench.watch import Watch

from chibox.records.log import SCHEMA, LogReader
from chibox.records.merkle import Frontier, leaf_hash, node_hash
from chibox.records.proofs import inclusion_proof, verify_inclusion
from chibox.records.roots import nodes_of, root_at
from chibox.records.tiles import WIDTH

SMALL, LARGE, PLAIN = 10**5, 10**7, 2 * 10**4  # leaves; the plain reader is slow enough with the last
GROWN: Final = 10**5  # leaves appended in memory
PROOFS: Final = 200
FEW: Final = 3  # proofs of the plain reader
_KINDS: Final = (
    64  # distinct tiles of level 0: those of a tree are these in turn, so that a large one is made in seconds
)
_ENTRY: Final = 400  # bytes
_HASH: Final = 32


class Trees:
    """Both trees in files below `folder`, made when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def proofs(self, watch: Watch) -> dict[str, float]:
        """Seconds a proof: ours at both sizes, nothing kept from one proof to the next; the plain reader's at its size.

        Every proof is verified, out of the time.
        """
        return {
            "proof": self._ours(self._small, SMALL, watch),
            "proof of many": self._ours(self._large, LARGE, watch),
            "plain proof": self._plain(watch),
        }

    def grown(self, watch: Watch) -> dict[str, float]:
        """Leaves a second in memory, from the bytes of the entry: our right edge, and pymerkle's tree, to one root."""
        entries = [random.randbytes(_ENTRY) for _ in range(GROWN)]
        ours, other = Frontier(), pymerkle.InmemoryTree(algorithm="sha256")
        with watch.timed("merkle"):
            ours.extend(map(leaf_hash, entries))
        rate = GROWN / watch.seconds
        with watch.timed("pymerkle"):
            for entry in entries:
                other.append_entry(entry)
        assert other.get_root() == ours.root()
        return {"merkle": rate, "pymerkle": GROWN / watch.seconds}

    @cached_property
    def _small(self) -> Path:
        return made(self._folder / "small.db", SMALL)

    @cached_property
    def _large(self) -> Path:
        return made(self._folder / "large.db", LARGE)

    def _ours(self, path: Path, size: int, watch: Watch) -> float:
        positions = random.sample(range(size), PROOFS)
        with closing(sqlite3.connect(path)) as connection:
            log = LogReader(connection)
            root = root_at(log, size)
            with watch.timed("proof"):
                found = [inclusion_proof(at, size, nodes_of(log, size)) for at in positions]
            for at, proof in zip(positions, found, strict=True):
                verify_inclusion(hash_at(connection, at), at, size, proof, root)
        return watch.seconds / PROOFS

    def _plain(self, watch: Watch) -> float:
        positions = random.sample(range(PLAIN), FEW)
        with closing(sqlite3.connect(self._small)) as connection:
            root = root_at(LogReader(connection), PLAIN)
            with watch.timed("plain proof"):
                found = [plain_proof(lambda n: tile_at(connection, n), at, PLAIN) for at in positions]
            for at, proof in zip(positions, found, strict=True):
                verify_inclusion(hash_at(connection, at), at, PLAIN, proof, root)
        return watch.seconds / FEW


def plain_proof(tile: Callable[[int], bytes], index: int, size: int) -> list[bytes]:
    """The proof as RFC 6962, section 2.1.1, words it, over the leaf hashes in the tiles of level 0: a peer of ours by hand.

    PyPI's aics-tlog, which the goal was set against, asks for a later Python than the product's; it took 29 ms at 20,000 leaves.
    """
    leaves: list[bytes] = []
    for n in range(-(-size // WIDTH)):
        data = tile(n)
        leaves += [data[at : at + _HASH] for at in range(0, len(data), _HASH)]
    return _path(index, leaves[:size])


def _path(m: int, leaves: list[bytes]) -> list[bytes]:
    if len(leaves) == 1:
        return []
    k = _half(len(leaves))
    if m < k:
        return [*_path(m, leaves[:k]), _head(leaves[k:])]
    return [*_path(m - k, leaves[k:]), _head(leaves[:k])]


def _head(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    k = _half(len(leaves))
    return hashlib.sha256(b"\x01" + _head(leaves[:k]) + _head(leaves[k:])).digest()


def _half(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def tile_at(connection: sqlite3.Connection, n: int) -> bytes:
    """The hashes of tile `n` of level 0."""
    return bytes(connection.execute("SELECT hashes FROM log_tile WHERE box=1 AND level=0 AND n=?", (n,)).fetchone()[0])


def hash_at(connection: sqlite3.Connection, position: int) -> bytes:
    """The leaf hash at a position."""
    n, at = divmod(position, WIDTH)
    return tile_at(connection, n)[at * _HASH : (at + 1) * _HASH]


def made(path: Path, size: int) -> Path:
    """A database with every tile of a tree of `size` leaves, stored as the product stores them; level 0 whole, to its end."""
    kinds = [hashlib.shake_128(bytes([kind])).digest(WIDTH * _HASH) for kind in range(_KINDS)]
    roots = [_head([kind[at : at + _HASH] for at in range(0, len(kind), _HASH)]) for kind in kinds]
    full, rest = divmod(size, WIDTH)
    with closing(sqlite3.connect(path)) as connection:
        for statement in SCHEMA:
            connection.execute(statement)
        connection.execute("INSERT INTO log_head VALUES(1, 1, ?, x'', x'', 0)", (size,))
        rows = ((1, 1, 0, n, kinds[n % _KINDS]) for n in range(full))
        connection.executemany("INSERT INTO log_tile VALUES(?,?,?,?,?)", rows)
        if rest:
            edge = (1, 1, 0, full, kinds[full % _KINDS][: rest * _HASH])
            connection.execute("INSERT INTO log_tile VALUES(?,?,?,?,?)", edge)
        level, hashes = 1, [roots[n % _KINDS] for n in range(full)]
        while hashes:
            tiles = [hashes[at : at + WIDTH] for at in range(0, len(hashes), WIDTH)]
            rows = ((1, 1, level, n, b"".join(tile)) for n, tile in enumerate(tiles))
            connection.executemany("INSERT INTO log_tile VALUES(?,?,?,?,?)", rows)
            hashes = [_folded(tile) for tile in tiles if len(tile) == WIDTH]
            level += 1
        connection.commit()
    return path


def _folded(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def stored(path: Path) -> dict[str, float]:
    """Bytes a record of a box's log as stored (bundles, parts, tiles, ends) and raw: its envelopes and bodies, without salts."""
    with closing(sqlite3.connect(path)) as connection:
        log = LogReader(connection)
        size, raw = log.head().size, 0
        for _, entry, parts in log.entries(0, size):
            raw += len(entry) + sum(len(part.data) for part in parts.values())
        columns = {
            "log_bundle": "digest) + length(data", "part_bundle": "digest) + length(data", "log_tile": "hashes",
            "log_tail": "entry", "part_tail": "salt) + length(data",
        }  # fmt: skip
        kept = sum(
            connection.execute(f"SELECT coalesce(sum(length({column})), 0) FROM {table}").fetchone()[0]
            for table, column in columns.items()
        )
    return {"stored": kept / size, "raw record": raw / size}
