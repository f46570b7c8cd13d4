"""The walk over one log: every bundle, tile and part, one bundle at a time, against the root that was signed."""

from collections.abc import Collection, Mapping
from typing import Final

from chibox.errors import Words, words
from chibox.records import envelope as envelopes
from chibox.records.checkpoints import Checkpoint
from chibox.records.merkle import EMPTY_ROOT, HASH_SIZE, leaf_hash
from chibox.records.notes import to_base64
from chibox.records.parts import Part, parse_parts
from chibox.records.tiles import WIDTH, Bundle, Tile, bundles_of, parse_bundle
from chibox.records.verify.report import Figures, Report
from chibox.records.verify.rules import Succession, part_faults
from chibox.records.verify.sources import UNREADABLE, Source
from chibox.records.verify.trees import MAX_FAULTS, Tower

MAX_MISSING: Final = 100


class Walk:
    """Reads all that `source` has below `checkpoint`. Faults and figures go to the report.

    Afterwards `first` is the first entry, and `roots` holds the roots at the sizes that were asked for.
    """

    def __init__(self, source: Source, checkpoint: Checkpoint, figures: Figures, report: Report) -> None:
        self._source = source
        self._checkpoint = checkpoint
        self._figures = figures
        self._report = report
        self._stated: Mapping[int, bytes] = {}
        self._sequence = Succession(lambda position, what: self._fault(f"entry {position}", what))
        self._differ: list[tuple[int, Tile]] = []
        self._missing = 0
        self.first: bytes | None = None
        self.roots: dict[int, bytes] = {}

    def run(self, sizes: Collection[int], stated: Mapping[int, bytes]) -> None:
        """Reads everything, then decides from the signed root what was changed. Raises nothing that a source raises.

        `sizes` are those whose roots are wanted, `stated` the entries that a receipt states by position.
        """
        self._entries = Tower(self._stored, sizes)
        self._tiles = Tower(self._stored, sizes)
        self._stated = stated
        if self._checkpoint.size == 0:
            self._fault("checkpoint", words("the log is empty: it has no founding entry"))
        for bundle in bundles_of(self._checkpoint.size):
            self._take(bundle)
            if self._missing > MAX_MISSING:
                self._fault(bundle.path, words("reading stopped here: too many bundles are missing"))
                return
        self._judge()
        try:
            for name in self._source.left_over():
                self._fault(name, words("not a part of this log: nothing vouches for it"))
        except UNREADABLE as error:
            self._fault("log", words("what else is there cannot be read: {why}", why=str(error)))

    def _take(self, bundle: Bundle) -> None:
        entries = self._read_entries(bundle)
        parts = self._read_parts(bundle)
        if entries is not None:
            self._figures.bundles += 1
            self._figures.entries += len(entries)
            for number, entry in enumerate(entries):
                self._take_entry(bundle.n * WIDTH + number, entry, parts[number] if parts is not None else {})
        self._take_leaves(bundle, None if entries is None else list(map(leaf_hash, entries)))

    def _take_entry(self, position: int, entry: bytes, parts: Mapping[str, Part]) -> None:
        if position == 0:
            self.first = entry
        if self._stated.get(position, entry) != entry:
            self._fault(f"entry {position}", words("the receipt states another entry for this position"))
        self._figures.parts += len(parts)
        try:
            envelope = envelopes.decode(entry)
        except envelopes.EnvelopeError as error:
            self._fault(f"entry {position}", words("the envelope breaks the format: {why}", why=str(error)))
            return
        self._figures.parts_not_given += sum(name not in parts for name in envelope.parts)
        self._sequence.take(position, envelope)
        for name, what in part_faults(envelope, parts):
            self._fault(f"entry {position}, part {name}", what)

    def _take_leaves(self, bundle: Bundle, leaves: list[bytes] | None) -> None:
        """Feeds both towers: one with the entries' hashes, one with the tile's, or the entries' where there is no tile."""
        tile = Tile(0, bundle.n, bundle.width)
        stored = self._stored(tile)
        hashes: list[bytes] | None = None
        if isinstance(stored, Words):
            self._fault(tile.path, stored)
        elif stored is not None:
            self._figures.tiles += 1
            hashes = [stored[at : at + HASH_SIZE] for at in range(0, len(stored), HASH_SIZE)]
        if leaves is not None and hashes is not None:
            differ = [number for number, pair in enumerate(zip(leaves, hashes, strict=True)) if pair[0] != pair[1]]
            room = MAX_FAULTS - len(self._differ)
            self._differ += [(bundle.n * WIDTH + number, tile) for number in differ[:room]]
        self._feed(self._entries, leaves)
        self._feed(self._tiles, leaves if hashes is None else hashes)

    def _feed(self, tower: Tower, leaves: list[bytes] | None) -> None:
        if leaves is None:
            tower.sound = False
        if tower.sound and leaves is not None:
            tower.take(leaves)

    def _judge(self) -> None:
        """Names the changed side: the tiles when the entries lead to the signed root, the entries when the tiles do."""
        signed = self._checkpoint.root
        entries = self._entries.finish() if self._entries.sound else None
        tiles = self._tiles.finish() if self._tiles.sound else None
        tower = self._tiles if entries is None or (tiles == signed != entries) else self._entries
        found = tiles if tower is self._tiles else entries
        trusted = tower is self._tiles and found == signed
        if found != signed:
            self._fault("checkpoint", self._wrong_root(found))
        for position, tile in self._differ:
            at = position % WIDTH
            if trusted:
                what = words("it was changed: {tile}, which leads to the signed root, has another hash", tile=tile.path)
                self._fault(f"entry {position}", what)
            else:
                self._fault(tile.path, words("hash {at} is not that of entry {position}", at=at, position=position))
        for tile, what in tower.faults:
            self._fault(tile.path, what)
        self._figures.tiles += tower.tiles
        self.roots = {0: EMPTY_ROOT} | tower.roots

    def _wrong_root(self, found: bytes | None) -> Words:
        if found is None:
            return words("its root cannot be computed from what is here")
        return words(
            "line 3: the root of size {size} is {found}, but {signed} was signed",
            size=self._checkpoint.size,
            found=to_base64(found),
            signed=to_base64(self._checkpoint.root),
        )

    def _read_entries(self, bundle: Bundle) -> list[bytes] | None:
        try:
            data = self._source.bundle(bundle)
            if data is not None:
                return parse_bundle(data, bundle.width)
        except UNREADABLE as error:
            self._fault(bundle.path, words("the entries cannot be read: {why}", why=str(error)))
            return None
        self._missing += 1
        self._fault(bundle.path, words("the entry bundle is missing"))
        return None

    def _read_parts(self, bundle: Bundle) -> list[dict[str, Part]] | None:
        try:
            data = self._source.parts(bundle)
            return None if data is None else parse_parts(data, bundle.width)
        except UNREADABLE as error:
            self._fault(bundle.part_path, words("the parts cannot be read: {why}", why=str(error)))
            return None

    def _stored(self, tile: Tile) -> bytes | Words | None:
        """The tile; None if the source keeps none; words if it is not what it ought to be."""
        if not self._source.keeps(tile):
            return None
        try:
            data = self._source.tile(tile)
        except UNREADABLE as error:
            return words("the tile cannot be read: {why}", why=str(error))
        if data is None:
            return words("the tile is missing")
        if len(data) != tile.width * HASH_SIZE:
            return words("the tile has {found} bytes, not {wanted}", found=len(data), wanted=tile.width * HASH_SIZE)
        return data

    def _fault(self, where: str, what: Words) -> None:
        self._report.fault(self._figures.log, where, what)
