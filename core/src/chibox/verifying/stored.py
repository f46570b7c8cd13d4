"""A box's own log as the verifier reads it: straight from the tables, nothing cut, mended or trusted on the way."""

import sqlite3
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any, Final

from chibox.records.lineage import Lineage
from chibox.records.log import unpack
from chibox.records.merkle import HASH_SIZE
from chibox.records.parts import Part, encode_parts, parse_parts
from chibox.records.tiles import WIDTH, Bundle, Tile, encode_bundle, parse_bundle
from chibox.records.verify.checkpoints import unverified
from chibox.records.verify.sources import MAX_BUNDLE, MAX_PARTS

_BOX: Final = 1
_KEPT: Final = 16  # bundles in memory

_Row = tuple[str, int, object]  # table, generation, place


class Stored:
    """A `Source` of the verifier over the tables of a box: one generation. Whatever is wrong with what it reads is a ValueError.

    A generation reads what it shares with those before it from their rows. `asked` is common to all generations of a box.
    """

    def __init__(
        self, connection: sqlite3.Connection, generation: int | None = None, asked: set[_Row] | None = None
    ) -> None:
        self._connection = connection
        self._asked: set[_Row] = set() if asked is None else asked
        self._is_current = generation is None
        try:
            self._lineage = Lineage.read(connection, _BOX, generation)
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise ValueError(f"the database: {error}") from None
        self.generation = self._lineage.generation
        self.entries = lru_cache(_KEPT)(self._entries)
        self.given = lru_cache(_KEPT)(self._given)

    @classmethod
    def all(cls, connection: sqlite3.Connection) -> "list[Stored]":
        """Every generation, oldest first; the current one last. Raises ValueError where the database cannot be read."""
        asked: set[_Row] = set()
        current = cls(connection, None, asked)
        closed = [closed.head.generation for closed in current._lineage.closed]
        return [*(cls(connection, generation, asked) for generation in closed), current]

    def of(self, generation: int) -> "Stored":
        """Another generation, or this one."""
        return self if generation == self.generation else Stored(self._connection, generation, self._asked)

    def rows(self, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        try:
            return self._connection.execute(query, arguments).fetchall()
        except sqlite3.Error as error:
            raise ValueError(f"the database: {error}") from None

    def checkpoint(self) -> bytes | None:
        """See Source."""
        rows = (
            self.rows("SELECT note FROM log_head WHERE box=?", _BOX)
            if self._is_current
            else self.rows("SELECT note FROM log_old WHERE box=? AND generation=?", _BOX, self.generation)
        )
        self._asked.add(("log_old", self.generation, ""))
        return _blob(rows[0][0]) if rows else None

    def bundle(self, bundle: Bundle, /) -> bytes | None:
        """See Source. The end of the log stands in rows of its own."""
        data = self._packed("log_bundle", bundle.n, MAX_BUNDLE)
        if data is not None:
            return data if bundle.width == WIDTH else encode_bundle(parse_bundle(data, WIDTH)[: bundle.width])
        if bundle.width == WIDTH:
            return None
        first, end = bundle.n * WIDTH, bundle.n * WIDTH + bundle.width
        rows = self.rows(
            "SELECT position, entry FROM log_tail WHERE box=? AND position>=? AND position<? AND generation=?"
            " ORDER BY position",
            _BOX, first, end, self.generation,
        )  # fmt: skip
        self._asked |= {("log_tail", self.generation, position) for position in range(first, end)}
        if not rows:
            return None
        if missing := sorted(set(range(first, end)) - {position for position, _ in rows}):
            raise ValueError(f"the entry at {missing[0]} is missing")
        return encode_bundle(_blob(entry) for _, entry in rows)

    def parts(self, bundle: Bundle, /) -> bytes | None:
        """See Source."""
        data = self._packed("part_bundle", bundle.n, MAX_PARTS)
        if data is not None:
            return data if bundle.width == WIDTH else encode_parts(parse_parts(data, WIDTH)[: bundle.width])
        if bundle.width == WIDTH:
            return None
        first, end = bundle.n * WIDTH, bundle.n * WIDTH + bundle.width
        found: list[dict[str, Part]] = [{} for _ in range(bundle.width)]
        for position, name, salt, content in self.rows(
            "SELECT position, name, salt, data FROM part_tail WHERE box=? AND position>=? AND position<? AND generation=?",
            _BOX, first, end, self.generation,
        ):  # fmt: skip
            self._asked.add(("part_tail", self.generation, position))
            found[position - first][str(name)] = Part(_blob(salt), _blob(content))
        return encode_parts(found)

    def tile(self, tile: Tile, /) -> bytes | None:
        """See Source. Of a tile that an earlier generation stored the beginning counts, as far as it is shared."""
        row = self._row(
            "log_tile", "hashes", "level=? AND n=?", tile.n * WIDTH + tile.width << 8 * tile.level, tile.level, tile.n
        )
        if row is None:
            return None
        self._asked.add(("log_tile", row[0], f"{tile.level}/{tile.n}"))
        hashes = _blob(row[1])
        return hashes if row[0] == self.generation else hashes[: tile.width * HASH_SIZE]

    def keeps(self, tile: Tile, /) -> bool:
        """The end of level 0 follows from the end of the log: no row holds it."""
        return tile.level > 0 or tile.width == WIDTH

    def left_over(self) -> Iterator[str]:
        """Rows of the log's tables that no reading of any generation has asked for, or that stand twice."""
        if not self._is_current:
            return
        for table, place in (
            ("log_head", "''"),
            ("log_old", "''"),
            ("log_bundle", "n"),
            ("log_tail", "position"),
            ("log_tile", "level || '/' || n"),
            ("part_bundle", "n"),
            ("part_tail", "position"),
        ):
            met: set[object] = set()
            columns = f"box, generation, {place}" if table != "part_tail" else f"box, generation, {place}, name"
            for box, generation, at, *more in self.rows(f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3"):
                known = box == _BOX and (table == "log_head" or (table, generation, at) in self._asked)
                if not known or (generation, at, *more) in met:
                    yield f"{table} {generation if at == '' else at} of box {box}"
                met.add((generation, at, *more))

    def entry(self, position: int) -> bytes:
        """The entry at `position`."""
        if not 0 <= position < self.size:
            raise ValueError(f"there is no entry {position}")
        return self.entries(position // WIDTH)[position % WIDTH]

    def parts_at(self, position: int) -> dict[str, Part]:
        """The parts that are here of the entry at `position`."""
        return self.given(position // WIDTH)[position % WIDTH]

    def body(self, position: int) -> bytes | None:
        """The bytes of its part `body`, or None."""
        part = self.parts_at(position).get("body")
        return None if part is None else part.data

    def drop(self, position: int) -> None:
        """Raises ValueError: nothing is ever dropped here."""
        raise ValueError(f"an erasure of what stands at {position} is not for the verifier to do")

    @cached_property
    def size(self) -> int:
        """How many entries the signed checkpoint says there are."""
        note = self.checkpoint()
        if note is None:
            raise ValueError("the checkpoint is missing")
        return unverified(note).size

    def _entries(self, n: int) -> list[bytes]:
        bundle = self._of(n)
        data = self.bundle(bundle)
        if data is None:
            raise ValueError(f"the bundle {n} is missing")
        return parse_bundle(data, bundle.width)

    def _given(self, n: int) -> list[dict[str, Part]]:
        bundle = self._of(n)
        data = self.parts(bundle)
        return [{} for _ in range(bundle.width)] if data is None else parse_parts(data, bundle.width)

    def _of(self, n: int) -> Bundle:
        return Bundle(n, min(WIDTH, self.size - n * WIDTH))

    def _packed(self, table: str, n: int, limit: int) -> bytes | None:
        row = self._row(table, "digest, data", "n=?", (n + 1) * WIDTH, n)
        if row is None:
            return None
        self._asked.add((table, row[0], n))
        return unpack(_blob(row[1]), _blob(row[2]), limit, f"{table} {n}")

    def _row(self, table: str, columns: str, where: str, end: int, *arguments: object) -> tuple[Any, ...] | None:
        """Generation and columns of the newest row that holds what this generation has of the entries before `end`."""
        rows = self.rows(
            f"SELECT generation, {columns} FROM {table} WHERE box=? AND {where} AND generation<=?"
            " ORDER BY generation DESC LIMIT 1",
            _BOX, *arguments, self.generation,
        )  # fmt: skip
        if not rows:
            return None
        shared = self.generation == rows[0][0] or (self._lineage.shared(rows[0][0]) or 0) >= end
        return tuple(rows[0]) if shared else None


def _blob(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("a value is not of the type that was written")  # noqa: TRY004 - a finding, like any other
    return value
