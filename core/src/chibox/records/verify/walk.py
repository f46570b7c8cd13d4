"""The walk over one log: every bundle, tile and part, one bundle at a time, against the root that was signed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from chibox.errors import Words, words
from chibox.records import envelope as envelopes
from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import BODY
from chibox.records.merkle import HASH_SIZE, leaf_hash, root_of
from chibox.records.notes import to_base64
from chibox.records.parts import Part, parse_parts
from chibox.records.tiles import WIDTH, Bundle, Tile, bundles_of, parse_bundle
from chibox.records.verify.differences import MAX_DIFFERENT, Different, changed_entries, changed_tiles
from chibox.records.verify.keys import fields_in
from chibox.records.verify.report import Figures, Pile
from chibox.records.verify.rules import Succession, part_faults, parts_of_others
from chibox.records.verify.sources import UNREADABLE, Gone, Source
from chibox.records.verify.telling import TELLING, Event
from chibox.records.verify.trees import Tower

MAX_MISSING: Final = 100
_bundle_name = re.compile(r"tile/entries/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?").fullmatch

Progress = Callable[[int, int], None]
"""(entries read, entries in all): called after each bundle."""


class Walk:
    """Reads all that `source` has below `checkpoint`. What explains other faults goes to `causes`, the rest to `details`.

    Afterwards `first` is the first entry, `events` what the log tells of itself, and `roots` computes earlier roots.
    """

    def __init__(self, source: Source, checkpoint: Checkpoint, figures: Figures, progress: Progress) -> None:
        self._source = source
        self._checkpoint = checkpoint
        self._figures = figures
        self._progress = progress
        self._stated: Mapping[int, bytes] = {}
        self.causes, self.details = Pile(), Pile()
        self._sequence = Succession(lambda position, what: self.details.add(f"entry {position}", what, position))
        self._entries, self._tiles = Tower(self._stored), Tower(self._stored)
        self._judged = self._entries
        self._differ: list[Different] = []
        self._missing: list[Bundle] = []
        self.first: bytes | None = None
        self.events: list[Event] = []

    def run(self, stated: Mapping[int, bytes]) -> None:
        """Reads everything, then decides from the signed root what was changed. Raises nothing that a source raises.

        `stated`: the entries that a receipt states, by position.
        """
        self._stated = stated
        try:
            if self._read():
                self._judge()
                self._rest()
        except Gone as error:
            here = self._figures.entries
            self.causes.add("log", words("reading stopped after {count} entries: {why}", count=here, why=error.words))

    def _read(self) -> bool:
        """Every bundle with its parts and its tile of level 0. Whether it came to the end."""
        size = self._checkpoint.size
        if size == 0:
            self.causes.add("checkpoint", words("the log is empty: it has no founding entry"))
        for bundle in bundles_of(size):
            self._take(bundle)
            self._progress(bundle.n * WIDTH + bundle.width, size)
            if len(self._missing) > MAX_MISSING:
                self.causes.add(bundle.path, words("reading stopped here: too many bundles are missing"))
                return False
        return True

    def _rest(self) -> None:
        """What else is there."""
        try:
            left = list(self._source.left_over())
        except UNREADABLE as error:
            self.details.add("log", words("what else is there cannot be read: {why}", why=str(error)))
            return
        self._extent(left)
        for name in left:
            self.details.add(name, words("not a part of this log: nothing vouches for it"))

    def roots(self, sizes: Iterable[int]) -> dict[int, bytes]:
        """The roots at these sizes, as far as they can be computed: over the side that was found sound."""
        side = 1 if self._judged is self._tiles else 0
        return self._judged.roots(sizes, lambda n: self._level0(n)[side])

    def roots_of_entries(self, sizes: Iterable[int]) -> dict[int, bytes]:
        """The roots of the entries themselves, whatever the tiles say."""
        return self._entries.roots(sizes, lambda n: self._level0(n)[0])

    def _level0(self, n: int) -> tuple[Sequence[bytes], Sequence[bytes]]:
        """The leaf hashes of bundle `n` and what its tile says of them, read again; empty where they cannot be."""
        bundle = Bundle(n, min(WIDTH, self._checkpoint.size - n * WIDTH))
        if bundle.width <= 0:
            return (), ()
        try:
            data = self._source.bundle(bundle)
            leaves = [] if data is None else list(map(leaf_hash, parse_bundle(data, bundle.width)))
        except UNREADABLE:
            leaves = []
        hashes = self._hashes(Tile(0, n, bundle.width))
        return leaves, hashes if isinstance(hashes, list) else leaves

    def _take(self, bundle: Bundle) -> None:
        entries = self._read_entries(bundle)
        parts = self._read_parts(bundle)
        leaves = None
        if entries is not None:
            self._figures.bundles += 1
            self._figures.entries += len(entries)
            leaves = list(map(leaf_hash, entries))
        self._take_leaves(bundle, leaves)
        if entries is not None:
            self._take_entries(bundle, entries, parts)

    def _take_entries(self, bundle: Bundle, entries: list[bytes], parts: list[dict[str, Part]] | None) -> None:
        start, given = bundle.n * WIDTH, 0
        failed: list[tuple[int, envelopes.Envelope, str, Part]] = []
        faults: list[tuple[int, str, Words]] = []
        if start == 0:
            self.first = entries[0]
        for position, entry in enumerate(entries, start):
            if self._stated and self._stated.get(position, entry) != entry:
                self.details.add(
                    f"entry {position}", words("the receipt states another entry for this position"), position
                )
            try:
                envelope = envelopes.decode(entry)
            except envelopes.EnvelopeError as error:
                what = words("the envelope breaks the format: {why}", why=str(error))
                self.details.add(f"entry {position}", what, position)
                continue
            self._sequence.take(position, envelope)
            here = parts[position - start] if parts is not None else {}
            given += len(here)
            if here.keys() != envelope.parts.keys():
                self._figures.parts_not_given += len(envelope.parts.keys() - here.keys())
            wrong = dict(part_faults(envelope, here))
            for name, what in wrong.items():
                faults.append((position, name, what))
                failed.append((position, envelope, name, here[name]))
            if envelope.kind in TELLING:
                fields = fields_in(here[BODY].data) if BODY in here and BODY not in wrong else None
                self.events.append(Event(position, envelope.kind, fields))
        self._figures.parts += given
        self._tell_parts(bundle, given, faults, failed)

    def _tell_parts(
        self, bundle: Bundle, given: int, faults: list[tuple[int, str, Words]],
        failed: list[tuple[int, envelopes.Envelope, str, Part]],
    ) -> None:  # fmt: skip
        """A bundle of parts that answers to none of its entries is one fault; parts of other entries are told as such."""
        if given == len(faults) > 2:  # noqa: PLR2004 - fewer may have been changed one by one
            what = words("none of its parts answers to these entries: it is the part bundle of others")
            self.details.add(bundle.part_path, what, bundle.n * WIDTH)
            return
        homes = parts_of_others(failed)
        for position, name, what in faults:
            home = homes.get((position, name))
            self.details.add(f"entry {position}, part {name}", what if home is None else home, position)

    def _take_leaves(self, bundle: Bundle, leaves: list[bytes] | None) -> None:
        """Feeds both trees, the one over the entries and the one over the tiles; each uses the other where it must."""
        tile = Tile(0, bundle.n, bundle.width)
        hashes = self._hashes(tile)
        if isinstance(hashes, Words):
            self.causes.add(tile.path, hashes, bundle.n * WIDTH)
            hashes = None
        elif hashes is not None:
            self._figures.tiles += 1
        if leaves is None or hashes is None or leaves == hashes:
            either = leaves or hashes
            top = root_of(either) if either else b""
            self._feed(self._entries, leaves, top)
            self._feed(self._tiles, either, top)
            return
        if len(self._differ) < MAX_DIFFERENT:
            self._differ.append(Different(bundle, leaves, hashes))
        self._feed(self._entries, leaves, root_of(leaves))
        self._feed(self._tiles, hashes, root_of(hashes))

    def _feed(self, tower: Tower, leaves: list[bytes] | None, top: bytes) -> None:
        if leaves is None:
            tower.sound = False
        if tower.sound and leaves is not None:
            tower.take(leaves, top)

    def _judge(self) -> None:
        """Names the changed side: the tiles when the entries lead to the signed root, the entries when the tiles do."""
        signed = self._checkpoint.root
        entries = self._entries.finish() if self._entries.sound else None
        tiles = self._tiles.finish() if self._tiles.sound else None
        self._judged = self._tiles if entries is None or (tiles == signed != entries) else self._entries
        found = tiles if self._judged is self._tiles else entries
        trusted = self._judged is self._tiles and found == signed
        if found != signed:
            self.causes.add("checkpoint", self._wrong_root(found))
        told = changed_entries(self._differ, lambda n: self._level0(n)[1]) if trusted else changed_tiles(self._differ)
        for where, what, position in told:
            self.causes.add(where, what, position)
        if trusted and self._differ:
            self._forget_what_follows()
        else:
            self._sequence.finish()
        for tile, what in self._judged.faults:
            self.causes.add(tile.path, what, tile.n * WIDTH << 8 * tile.level)
        self._figures.tiles += self._judged.tiles

    def _forget_what_follows(self) -> None:
        """Entries that are known not to be the signed ones break rules as well: that follows, and is not told again."""
        strange = {one.start + number for one in self._differ for number in one.numbers}
        own = {f"entry {position}" for position in strange} | {one.bundle.part_path for one in self._differ}
        kept = [fault for fault in self.details.faults if fault[0].partition(",")[0] not in own]
        self.details.faults = kept

    def _wrong_root(self, found: bytes | None) -> Words:
        if found is None:
            return words("its root cannot be computed from what is here")
        return words(
            "line 3: the root of size {size} is {found}, but {signed} was signed",
            size=self._checkpoint.size, found=to_base64(found), signed=to_base64(self._checkpoint.root),
        )  # fmt: skip

    def _extent(self, left: Iterable[str]) -> None:
        """A checkpoint that does not go with the end of what lies here: older than it, or of more than is left."""
        size = self._checkpoint.size
        ends = [
            (int(m[1].replace("/", "").replace("x", "")) * WIDTH + int(m[2] or WIDTH))
            for m in map(_bundle_name, left)
            if m
        ]
        last = max(ends, default=0)
        if last > size:
            what = words(
                "it is older than what lies here: it speaks of {size} entries, and there are {more}",
                size=size,
                more=last,
            )
            self.causes.first("checkpoint", what)
        elif self._missing and self._missing[-1].n == (size - 1) // WIDTH:
            here = max(last, self._figures.entries)
            what = words("the end is cut off: it speaks of {size} entries, and {here} are here", size=size, here=here)
            self.causes.first("checkpoint", what)

    def _read_entries(self, bundle: Bundle) -> list[bytes] | None:
        try:
            data = self._source.bundle(bundle)
            if data is not None:
                return parse_bundle(data, bundle.width)
        except Gone:
            raise
        except UNREADABLE as error:
            what = words("the entries cannot be read: {why}", why=str(error))
            self.causes.add(bundle.path, what, bundle.n * WIDTH)
            return None
        self._missing.append(bundle)
        self.causes.add(bundle.path, words("the entry bundle is missing"), bundle.n * WIDTH)
        return None

    def _read_parts(self, bundle: Bundle) -> list[dict[str, Part]] | None:
        try:
            data = self._source.parts(bundle)
            return None if data is None else parse_parts(data, bundle.width)
        except Gone:
            raise
        except UNREADABLE as error:
            what = words("the parts cannot be read: {why}", why=str(error))
            self.details.add(bundle.part_path, what, bundle.n * WIDTH)
            return None

    def _hashes(self, tile: Tile) -> list[bytes] | Words | None:
        stored = self._stored(tile)
        if isinstance(stored, bytes):
            return [stored[at : at + HASH_SIZE] for at in range(0, len(stored), HASH_SIZE)]
        return stored

    def _stored(self, tile: Tile) -> bytes | Words | None:
        """The tile; None if the source keeps none; words if it is not what it ought to be."""
        if not self._source.keeps(tile):
            return None
        try:
            data = self._source.tile(tile)
        except Gone:
            raise
        except UNREADABLE as error:
            return words("the tile cannot be read: {why}", why=str(error))
        if data is None:
            return words("the tile is missing")
        if len(data) != tile.width * HASH_SIZE:
            return words("the tile has {found} bytes, not {wanted}", found=len(data), wanted=tile.width * HASH_SIZE)
        return data
