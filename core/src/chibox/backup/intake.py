"""A generation of the log on its way from a backup into a box: held against its own checkpoint, and kept as rows."""

import hashlib
from collections.abc import Iterator
from typing import IO, Any, Final, NamedTuple

import msgspec

from chibox.backup.growing import Growing
from chibox.backup.signers import KINDS, Signers
from chibox.backup.tarring import Member, TarError
from chibox.records.checkpoints import Checkpoint, origin_of
from chibox.records.core import Erased, SealedErased
from chibox.records.envelope import BODY, MAX_BYTES, SEALED
from chibox.records.log import MAX_PARTS, pack
from chibox.records.merkle import leaf_hash
from chibox.records.notes import MAX_NOTE, split_note
from chibox.records.parts import Part, commitment, encode_parts, parse_parts
from chibox.records.tiles import WIDTH, Bundle, Tile, bundles_of, parse_bundle, tiles_of

_MAX_BUNDLE: Final = WIDTH * (MAX_BYTES + 2)
_MAX_TILE: Final = WIDTH * 32
_ERASED, _SEALED_ERASED = Erased.KIND.name, SealedErased.KIND.name


class Clear(msgspec.Struct, frozen=True):
    """Of an envelope what is needed here."""

    kind: str
    rid: str
    parts: dict[str, str]


_clear = msgspec.json.Decoder(Clear)


class Row(NamedTuple):
    """A row of one of the log's tables: the values before its data, and where the data stands."""

    table: str
    values: tuple[Any, ...]
    at: int
    length: int


class Rows:
    """The rows of the log, kept in a file until the database is there."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._rows: list[Row] = []
        self._end = 0

    def keep(self, table: str, values: tuple[Any, ...], data: bytes) -> None:
        """Keep a row."""
        self._file.write(data)
        self._rows.append(Row(table, values, self._end, len(data)))
        self._end += len(data)

    def __iter__(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Table and values of each, in the order of tables and of their keys."""
        for row in sorted(self._rows, key=lambda row: row.table):
            self._file.seek(row.at)
            yield row.table, (*row.values, self._file.read(row.length))


class Members:
    """Members one after another, of which the next is known by its name."""

    def __init__(self, source: Iterator[Member]) -> None:
        self._source = source
        self.next = next(source, None)

    def take(self, name: str, limit: int) -> bytes:
        """The bytes of the next member, which has that name. Raises TarError."""
        if self.next is None or self.next.name != name:
            raise TarError(f"{name} is missing")
        data = self.next.whole(limit)
        self.advance()
        return data

    def advance(self) -> None:
        """Go on to the next one."""
        self.next = next(self._source, None)


class Intake:
    """Takes the generations in their order. `heads` are those it verified; `erases`: whether any record erases others."""

    def __init__(self, members: Members, rows: Rows, name: str) -> None:
        self._members, self._rows, self._name = members, rows, name
        self.heads: list[tuple[Checkpoint, bytes]] = []
        self.keys: list[str] = []
        self.erases = False

    def generation(self, number: int, shared: int) -> None:
        """Read one, which goes on after the first `shared` entries of the one before: what it shares is not kept twice.

        Raises ValueError for whatever is not as it was signed, or not where it belongs.
        """
        place = f"log/{number}"
        note = self._members.take(f"{place}/checkpoint", MAX_NOTE)
        size = Checkpoint.parse(split_note(note)[0]).size
        self._signers, self._growing = Signers(), Growing()
        self._sums: dict[Tile, bytes] = {}
        self._number, self._begin = number, shared // WIDTH
        for bundle in bundles_of(size):
            entries = self._members.take(f"{place}/{bundle.path}", _MAX_BUNDLE)
            following, part = self._members.next, f"{place}/{bundle.part_path}"
            given = following is not None and following.name == part
            self._take(bundle, entries, self._members.take(part, MAX_PARTS) if given else b"")
        for tile, hashes in self._growing.rest():
            self._know(tile, hashes)
        for tile in tiles_of(size):
            if hashlib.sha256(self._members.take(f"{place}/{tile.path}", _MAX_TILE)).digest() != self._sums.get(tile):
                raise ValueError(f"{place}/{tile.path} does not follow from the entries")
        checkpoint = self._signers.opened(note, origin_of(self._name, number))
        if checkpoint.root != self._growing.root:
            raise ValueError(f"{place}: the entries do not lead to the root that was signed")
        self.heads.append((checkpoint, note))
        self.keys = self._signers.keys

    def _take(self, bundle: Bundle, entries: bytes, parts: bytes) -> None:
        envelopes = parse_bundle(entries, bundle.width)
        given = parse_parts(parts, bundle.width) if parts else [{} for _ in envelopes]
        decode = _clear.decode
        for envelope, some in zip(envelopes, given, strict=True):
            if some:
                self._hold(decode(envelope), some)
        for tile, hashes in self._growing.take(list(map(leaf_hash, envelopes))):
            self._know(tile, hashes)
        if bundle.n < self._begin:
            return
        place = (1, self._number, bundle.n)
        if bundle.width == WIDTH:
            self._packed("log_bundle", place, entries)
            self._packed("part_bundle", place, parts or encode_parts(given))
        else:
            self._tail(bundle, envelopes, given)

    def _hold(self, clear: Clear, parts: dict[str, Part]) -> None:
        for name, part in parts.items():
            if commitment(clear.rid, name, part.salt, part.data) != clear.parts.get(name):
                raise ValueError(f"the part {name} of {clear.rid} is not the one that the entry commits to")
        body = parts.get(BODY)
        if body is None:
            return
        if clear.kind in KINDS:
            self._signers.take(clear.kind, body.data)
        elif clear.kind == _ERASED or (clear.kind == SEALED and _SEALED_ERASED.encode() in body.data):
            self.erases = True

    def _packed(self, table: str, place: tuple[int, int, int], data: bytes) -> None:
        digest, stored = pack(data)
        self._rows.keep(table, (*place, digest), stored)

    def _tail(self, bundle: Bundle, envelopes: list[bytes], given: list[dict[str, Part]]) -> None:
        for offset, (envelope, parts) in enumerate(zip(envelopes, given, strict=True)):
            place = (1, self._number, bundle.n * WIDTH + offset)
            self._rows.keep("log_tail", place, envelope)
            for name, part in parts.items():
                self._rows.keep("part_tail", (*place, name, part.salt), part.data)

    def _know(self, tile: Tile, hashes: bytes) -> None:
        """A tile that follows from the entries; kept when this generation wrote it."""
        self._sums[tile] = hashlib.sha256(hashes).digest()
        level, n, width = tile
        reach = n + 1 if level == 0 else (n * WIDTH + width) * WIDTH ** (level - 1)
        if reach > self._begin and (level or width == WIDTH):
            self._rows.keep("log_tile", (1, self._number, level, n), hashes)
