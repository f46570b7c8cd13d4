"""A box's own log as the verifier reads it: straight from the tables, nothing cut, mended or trusted on the way."""

import sqlite3
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any, Final

from chibox.records.log import unpack
from chibox.records.parts import Part, encode_parts, parse_parts
from chibox.records.tiles import WIDTH, Bundle, Tile, encode_bundle, parse_bundle
from chibox.records.verify.checkpoints import unverified
from chibox.records.verify.sources import MAX_BUNDLE, MAX_PARTS

_BOX: Final = 1
_KEPT: Final = 16  # bundles in memory


class Stored:
    """A `Source` of the verifier over the tables of a box. Whatever is wrong with what it reads is a ValueError."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._asked: set[tuple[str, object]] = set()
        self.entries = lru_cache(_KEPT)(self._entries)
        self.given = lru_cache(_KEPT)(self._given)

    def rows(self, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        try:
            return self._connection.execute(query, arguments).fetchall()
        except sqlite3.Error as error:
            raise ValueError(f"the database: {error}") from None

    def checkpoint(self) -> bytes | None:
        """See Source."""
        rows = self.rows("SELECT note FROM log_head WHERE box=?", _BOX)
        return _blob(rows[0][0]) if rows else None

    def bundle(self, bundle: Bundle, /) -> bytes | None:
        """See Source. The end of the log stands in rows of its own."""
        if bundle.width == WIDTH:
            return self._packed("log_bundle", bundle.n, MAX_BUNDLE)
        first, end = bundle.n * WIDTH, bundle.n * WIDTH + bundle.width
        rows = self.rows(
            "SELECT position, entry FROM log_tail WHERE box=? AND position>=? AND position<? ORDER BY position",
            _BOX, first, end,
        )  # fmt: skip
        self._asked |= {("log_tail", position) for position in range(first, end)}
        if not rows:
            return None
        if missing := sorted(set(range(first, end)) - {position for position, _ in rows}):
            raise ValueError(f"the entry at {missing[0]} is missing")
        return encode_bundle(_blob(entry) for _, entry in rows)

    def parts(self, bundle: Bundle, /) -> bytes | None:
        """See Source."""
        if bundle.width == WIDTH:
            return self._packed("part_bundle", bundle.n, MAX_PARTS)
        first, end = bundle.n * WIDTH, bundle.n * WIDTH + bundle.width
        found: list[dict[str, Part]] = [{} for _ in range(bundle.width)]
        for position, name, salt, data in self.rows(
            "SELECT position, name, salt, data FROM part_tail WHERE box=? AND position>=? AND position<?",
            _BOX, first, end,
        ):  # fmt: skip
            self._asked.add(("part_tail", position))
            found[position - first][str(name)] = Part(_blob(salt), _blob(data))
        return encode_parts(found)

    def tile(self, tile: Tile, /) -> bytes | None:
        """See Source."""
        self._asked.add(("log_tile", f"{tile.level}/{tile.n}"))
        rows = self.rows("SELECT hashes FROM log_tile WHERE box=? AND level=? AND n=?", _BOX, tile.level, tile.n)
        return _blob(rows[0][0]) if rows else None

    def keeps(self, tile: Tile, /) -> bool:
        """The end of level 0 follows from the end of the log: no row holds it."""
        return tile.level > 0 or tile.width == WIDTH

    def left_over(self) -> Iterator[str]:
        """Rows of the log's tables that no reading has asked for, or that stand twice."""
        for table, place in (
            ("log_head", "''"),
            ("log_bundle", "n"),
            ("log_tail", "position"),
            ("log_tile", "level || '/' || n"),
            ("part_bundle", "n"),
            ("part_tail", "position"),
        ):
            met: set[object] = set()
            columns = f"box, {place}" if table != "part_tail" else f"box, {place}, name"
            for box, at, *more in self.rows(f"SELECT {columns} FROM {table} ORDER BY 1, 2"):
                known = box == _BOX and (table == "log_head" or (table, at) in self._asked)
                if not known or (at, *more) in met:
                    yield f"{table} {at} of box {box}"
                met.add((at, *more))

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
        self._asked.add((table, n))
        rows = self.rows(f"SELECT digest, data FROM {table} WHERE box=? AND n=?", _BOX, n)
        return unpack(_blob(rows[0][0]), _blob(rows[0][1]), limit, f"{table} {n}") if rows else None


def _blob(value: object) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError("a value is not of the type that was written")  # noqa: TRY004 - a finding, like any other
    return value
