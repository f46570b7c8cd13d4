"""The log as it is stored: bundles, tail, tiles and parts of each box, and the reading of them.

Trust: the database is not trusted. Whatever is read from it can be held against a signed checkpoint (`chibox verify`).
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from typing import Any, Final, Literal

import zstandard

from chibox.errors import Fatal, NotFound
from chibox.records import lineage
from chibox.records.checkpoints import origin_of
from chibox.records.lineage import Head, Lineage
from chibox.records.merkle import HASH_SIZE, leaf_hash
from chibox.records.notes import Verifier, from_base64
from chibox.records.parts import Part, encode_parts, parse_parts
from chibox.records.tiles import WIDTH, Bundle, Tile, encode_bundle, parse_bundle

SCHEMA: Final = (
    """CREATE TABLE box(no INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, key TEXT NOT NULL) STRICT""",
    """CREATE TABLE log_head(box INTEGER PRIMARY KEY, generation INTEGER NOT NULL, size INTEGER NOT NULL,
        root BLOB NOT NULL, note BLOB NOT NULL, last_time INTEGER NOT NULL) STRICT""",
    """CREATE TABLE log_bundle(box INTEGER NOT NULL, generation INTEGER NOT NULL, n INTEGER NOT NULL, digest BLOB NOT NULL,
        data BLOB NOT NULL, PRIMARY KEY(box, n, generation)) STRICT""",
    """CREATE TABLE log_tail(box INTEGER NOT NULL, generation INTEGER NOT NULL, position INTEGER NOT NULL,
        entry BLOB NOT NULL, PRIMARY KEY(box, position, generation)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE log_tile(box INTEGER NOT NULL, generation INTEGER NOT NULL, level INTEGER NOT NULL, n INTEGER NOT NULL,
        hashes BLOB NOT NULL, PRIMARY KEY(box, level, n, generation)) STRICT""",
    """CREATE TABLE part_bundle(box INTEGER NOT NULL, generation INTEGER NOT NULL, n INTEGER NOT NULL, digest BLOB NOT NULL,
        data BLOB NOT NULL, PRIMARY KEY(box, n, generation)) STRICT""",
    """CREATE TABLE part_tail(box INTEGER NOT NULL, generation INTEGER NOT NULL, position INTEGER NOT NULL,
        name TEXT NOT NULL, salt BLOB NOT NULL, data BLOB NOT NULL, PRIMARY KEY(box, position, name, generation)) STRICT""",
    *lineage.SCHEMA,
)
UPPER: Final = 7  # tile levels above 0: 256**8 leaves are more than any log will see
_MAX_BUNDLE: Final = WIDTH * (4096 + 2)
MAX_PARTS: Final = 1 << 29


def pack(data: bytes) -> tuple[bytes, bytes]:
    """Digest and bytes of a bundle as stored.

    A flipped byte of a compressed stream can unpack to the same bytes: hence the digest.
    """
    stored = zstandard.ZstdCompressor(level=3).compress(data)
    return hashlib.sha256(stored).digest(), stored


def unpack(digest: bytes, stored: bytes, limit: int, what: str) -> bytes:
    """The bundle that was packed. Raises Fatal when the stored bytes are not those that were written."""
    if hashlib.sha256(stored).digest() != digest:
        raise Fatal("the stored {what} was changed", what=what)
    try:
        if zstandard.frame_content_size(stored) <= limit:  # what it says there is reserved at once, whatever the limit
            return zstandard.ZstdDecompressor().decompress(stored, max_output_size=limit)
    except zstandard.ZstdError:
        pass
    raise Fatal("the stored {what} cannot be unpacked", what=what)


class LogReader:
    """Reads one box's log over a connection; keeps the last bundle that it unpacked. Not for several threads at once.

    It reads one generation, the current one unless another is named: entries that it shares with those before it are read
    from there. It stands on one snapshot. Whoever rewrites a bundle under it calls `forget`.
    """

    def __init__(self, connection: sqlite3.Connection, box: int = 1, generation: int | None = None) -> None:
        self.connection = connection
        self.box = box
        self._asked = generation
        self.forget()

    def forget(self) -> None:
        """Read again from the database."""
        self._entries: tuple[int, list[bytes]] | None = None
        self._parts: tuple[int, list[dict[str, Part]]] | None = None
        self._lineage: Lineage | None = None

    def follow(self, lineage: Lineage) -> None:
        """Read this generation, which the open transaction has begun, until `forget`."""
        self.forget()
        self._lineage = lineage

    @property
    def lineage(self) -> Lineage:
        """The generation that is read, and those before it."""
        if self._lineage is None:
            self._lineage = Lineage.read(self.connection, self.box, self._asked)
        return self._lineage

    def head(self) -> Head:
        """The signed end of the generation that is read. Raises NotFound when there is none, or nothing was ever appended."""
        row = self.connection.execute(
            "SELECT generation, size, root, note, last_time FROM log_head WHERE box=?", (self.box,)
        ).fetchone()
        if row is not None and self._asked in (None, row[0]):
            return Head(*row)
        for one in self.lineage.closed if row is not None else ():
            if one.head.generation == self._asked:
                return one.head
        raise NotFound("there is no log of this box")

    def generations(self) -> list[Head]:
        """The last signed head of every generation, oldest first; the last is the current one. Raises NotFound for no log."""
        current = LogReader(self.connection, self.box)
        return [*(one.head for one in current.lineage.closed), current.head()]

    def verifier(self, head: Head) -> Verifier:
        """The key of the generation that `head` is of, as this database has it."""
        name, key = self.connection.execute("SELECT name, key FROM box WHERE no=?", (self.box,)).fetchone()
        key = next((one.key for one in self.lineage.closed if one.head.generation == head.generation), key)
        return Verifier(origin_of(name, head.generation), from_base64(key))

    def entry(self, position: int) -> bytes:
        """The envelope's bytes at `position`. Raises NotFound beyond the end."""
        n, offset = divmod(position, WIDTH)
        if self._entries is None or self._entries[0] != n:
            row = self.connection.execute(
                "SELECT entry FROM log_tail WHERE box=? AND position=? AND generation=?",
                (self.box, position, self.lineage.generation),
            ).fetchone()
            if row is not None:
                return bytes(row[0])
        entries = self._bundle(n)
        if entries is None:
            raise NotFound("there is no entry {position}", position=position)
        return entries[offset]

    def parts(self, position: int) -> dict[str, Part]:
        """The parts at `position` that are here; withheld and erased ones are absent."""
        found = self._part_bundle(position // WIDTH)
        return dict(found[position % WIDTH]) if found is not None else self._tail_parts(position, 1)[0]

    def body(self, position: int) -> bytes | None:
        """The bytes of the part `body` at `position`; None when it was withheld or erased."""
        part = self.parts(position).get("body")
        return None if part is None else part.data

    def entries(self, first: int, end: int) -> Iterator[tuple[int, bytes, dict[str, Part]]]:
        """Position, envelope and parts of `first` <= position < `end`, bundle by bundle. Raises NotFound beyond the end."""
        for n in range(first // WIDTH, -(-end // WIDTH)):
            begin, until = max(first, n * WIDTH), min(end, (n + 1) * WIDTH)
            whole, parts = self._bundle(n), self._part_bundle(n)
            some = self._tail(begin, until - begin) if whole is None else whole[begin - n * WIDTH : until - n * WIDTH]
            given = (
                self._tail_parts(begin, until - begin)
                if parts is None
                else parts[begin - n * WIDTH : until - n * WIDTH]
            )
            yield from zip(range(begin, until), some, given, strict=True)

    def bundle(self, bundle: Bundle) -> bytes:
        """The wire form of an entry bundle, cut to its width; a full one as it was stored. Raises NotFound beyond the end."""
        data = self._unpacked("log_bundle", bundle.n, _MAX_BUNDLE)
        if data is None:
            return encode_bundle(self._tail(bundle.n * WIDTH, bundle.width))
        return data if bundle.width == WIDTH else encode_bundle(parse_bundle(data, WIDTH)[: bundle.width])

    def parts_of(self, bundle: Bundle) -> bytes:
        """The wire form of the part bundle that answers to `bundle`; empty when no part is here at all."""
        data = self._unpacked("part_bundle", bundle.n, MAX_PARTS)
        if data is None:
            parts = self._tail_parts(bundle.n * WIDTH, bundle.width)
            return encode_parts(parts) if any(parts) else b""
        if bundle.width < WIDTH:
            parts = parse_parts(data, WIDTH)[: bundle.width]
            return encode_parts(parts) if any(parts) else b""
        return data if any(data) else b""

    def tile(self, tile: Tile) -> bytes:
        """The hashes of a tile, cut to its width: as stored, or for the end of level 0 computed from the entries.

        Raises NotFound beyond the end.
        """
        row = self.connection.execute(
            "SELECT generation, hashes FROM log_tile WHERE box=? AND level=? AND n=? AND generation<=?"
            " ORDER BY generation DESC LIMIT 1",
            (self.box, tile.level, tile.n, self.lineage.generation),
        ).fetchone()
        if row is not None and not self._belongs(row[0], tile.n * WIDTH + tile.width << 8 * tile.level):
            row = None
        if row is None and tile.level == 0:
            return b"".join(map(leaf_hash, self._tail(tile.n * WIDTH, tile.width)))
        if row is None or len(row[1]) < tile.width * HASH_SIZE:
            raise NotFound("there is no {path}", path=tile.path)
        return bytes(row[1][: tile.width * HASH_SIZE])

    def edges(self, full: int) -> list[list[bytes]]:
        """The hashes of the partial tile at the right edge of each level, above so many full tiles of level 0; none at level 0.

        Raises NotFound when one is not there.
        """
        levels: list[list[bytes]] = [[] for _ in range(UPPER + 1)]
        for level in range(1, UPPER + 1):
            n, width = divmod(full, WIDTH)
            if width:
                data = self.tile(Tile(level, n, width))
                levels[level] = [data[i : i + HASH_SIZE] for i in range(0, width * HASH_SIZE, HASH_SIZE)]
            full = n
        return levels

    def _tail(self, first: int, count: int) -> list[bytes]:
        """So many entries of the tail."""
        rows = self.connection.execute(
            "SELECT entry FROM log_tail WHERE box=? AND position>=? AND position<? AND generation=? ORDER BY position",
            (self.box, first, first + count, self.lineage.generation),
        ).fetchall()
        if len(rows) != count:
            raise NotFound("there is no entry {position}", position=first + len(rows))
        return [bytes(entry) for (entry,) in rows]

    def _tail_parts(self, first: int, count: int) -> list[dict[str, Part]]:
        """The parts of so many entries of the tail."""
        found: list[dict[str, Part]] = [{} for _ in range(count)]
        rows = self.connection.execute(
            "SELECT position, name, salt, data FROM part_tail WHERE box=? AND position>=? AND position<? AND generation=?",
            (self.box, first, first + count, self.lineage.generation),
        )
        for position, name, salt, data in rows:
            found[position - first][name] = Part(bytes(salt), bytes(data))
        return found

    def _unpacked(self, table: Literal["log_bundle", "part_bundle"], n: int, limit: int) -> bytes | None:
        row = self.stored(table, n)
        return None if row is None else unpack(row[1], row[2], limit, f"{table} {n}")

    def stored(self, table: Literal["log_bundle", "part_bundle"], n: int) -> tuple[Any, ...] | None:
        """Generation, digest and bytes of bundle `n` as stored, when it belongs whole to the generation that is read."""
        row: tuple[Any, ...] | None = self.connection.execute(
            f"SELECT generation, digest, data FROM {table} WHERE box=? AND n=? AND generation<=?"
            " ORDER BY generation DESC LIMIT 1",
            (self.box, n, self.lineage.generation),
        ).fetchone()
        return row if row is not None and self._belongs(row[0], (n + 1) * WIDTH) else None

    def _belongs(self, generation: int, end: int) -> bool:
        """Whether what a generation stored of the entries before `end` is what is read here."""
        if generation == self.lineage.generation:
            return True
        shared = self.lineage.shared(generation)
        return shared is not None and end <= shared

    def _bundle(self, n: int) -> list[bytes] | None:
        if self._entries is None or self._entries[0] != n:
            data = self._unpacked("log_bundle", n, _MAX_BUNDLE)
            if data is None:
                return None
            self._entries = (n, parse_bundle(data, WIDTH))
        return self._entries[1]

    def _part_bundle(self, n: int) -> list[dict[str, Part]] | None:
        if self._parts is None or self._parts[0] != n:
            data = self._unpacked("part_bundle", n, MAX_PARTS)
            if data is None:
                return None
            self._parts = (n, parse_parts(data, WIDTH))
        return self._parts[1]
