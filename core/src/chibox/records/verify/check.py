"""One verification of a log: whom it trusts, what the log is held against, and the generations one after another."""

from collections.abc import Sequence
from typing import NamedTuple

from chibox.errors import Words, words
from chibox.records.checkpoints import Checkpoint, CheckpointError, split_origin
from chibox.records.notes import to_base64
from chibox.records.verify.checkpoints import describe, key_for, signature_fault, unverified
from chibox.records.verify.keys import Trusted, founding
from chibox.records.verify.receipts import Receipt, judge, read_receipt
from chibox.records.verify.report import Figures, Report
from chibox.records.verify.sources import UNREADABLE, Source
from chibox.records.verify.walk import Walk


class Generation(NamedTuple):
    """A log to be read. `number` is the generation that its place claims, None where no place claims one."""

    label: str
    number: int | None
    source: Source


class Found(NamedTuple):
    """What a generation turned out to be: its checkpoint, its first entry, its roots at the sizes that were asked for."""

    label: str
    checkpoint: Checkpoint
    first: bytes | None
    roots: dict[int, bytes]


class Check:
    """Reads what the asker brought along (key, older checkpoint, receipt); `run` then reads the log."""

    def __init__(self, report: Report, key: str | None, seen: bytes | None, receipt: bytes | None) -> None:
        self._report = report
        self._trusted: Trusted | None = None
        self._key = key
        self._seen = seen
        self._mark = None if seen is None else self._read_mark(seen)
        self._receipt: Receipt | None = None if receipt is None else read_receipt(receipt, report)
        self._found: list[Found] = []

    def run(self, generations: Sequence[Generation]) -> Report:
        """Reads all generations, then holds them against each other and against what was brought along."""
        if self._key is not None:
            try:
                self._trusted = Trusted.parse(self._key)
            except ValueError as error:
                self._report.fault("key", "--key", words("this is not the key of a log: {why}", why=str(error)))
                return self._report
        for generation in generations:
            self._take(generation)
        for one in self._found[1:]:
            if one.first != self._found[0].first:
                self._report.fault(one.label, "entry 0", words("the generations do not begin with one founding entry"))
        if self._mark is not None and self._seen is not None:
            self._hold("seen", "--seen", self._mark)
            verifier = key_for(self._mark.origin, self._trusted)
            what = verifier if isinstance(verifier, Words) else signature_fault(self._seen, verifier, alone=False)
            if what:
                self._report.fault("seen", "--seen", what)
        if self._receipt is not None:
            self._hold("receipt", "checkpoint", self._receipt.checkpoint)
            judge(self._receipt, self._trusted, self._report)
        return self._report

    def _read_mark(self, seen: bytes) -> Checkpoint | None:
        try:
            return unverified(seen)
        except ValueError as error:
            self._report.fault("seen", "--seen", words("the checkpoint cannot be read: {why}", why=str(error)))
            return None

    def _take(self, generation: Generation) -> None:
        """Reads one generation: its checkpoint first, without which there is nothing to hold the rest against."""
        label, source = generation.label, generation.source
        try:
            note = source.checkpoint()
            checkpoint = None if note is None else unverified(note)
        except UNREADABLE as error:
            self._report.fault(label, "checkpoint", words("the checkpoint cannot be read: {why}", why=str(error)))
            return
        if note is None or checkpoint is None:
            self._report.fault(label, "checkpoint", words("the checkpoint is missing"))
            return
        figures = Figures(label)
        self._report.figures.append(figures)
        self._vouch(generation, note, checkpoint, figures)
        receipt = self._receipt if self._receipt and self._receipt.checkpoint.origin == checkpoint.origin else None
        marks = [
            mark for mark in (self._mark, receipt and receipt.checkpoint) if mark and mark.origin == checkpoint.origin
        ]
        walk = Walk(source, checkpoint, figures, self._report)
        walk.run({mark.size for mark in marks}, receipt.stated if receipt else {})
        self._found.append(Found(label, checkpoint, walk.first, walk.roots))

    def _vouch(self, generation: Generation, note: bytes, checkpoint: Checkpoint, figures: Figures) -> None:
        """Holds the checkpoint against the key, and key and place against what the founding entry states."""
        stated = founding(generation.source, checkpoint.size)
        self._trusted = self._trusted or stated
        verifier = key_for(checkpoint.origin, self._trusted)
        what = verifier if isinstance(verifier, Words) else signature_fault(note, verifier, alone=True)
        if what:
            self._report.fault(generation.label, "checkpoint", what)
        known = None if isinstance(verifier, Words) else verifier
        describe(figures, checkpoint, known, given=self._trusted is not None and self._trusted.given)
        if stated and self._trusted and stated[:2] != self._trusted[:2]:
            what = words("the founding entry states another name or key than the one that is trusted")
            self._report.fault(generation.label, "entry 0", what)
        if generation.number is not None and _number(checkpoint.origin) not in (None, generation.number):
            what = words("line 1: the checkpoint of another generation lies here")
            self._report.fault(generation.label, "checkpoint", what)

    def _hold(self, label: str, where: str, mark: Checkpoint) -> None:
        """Holds the log against another checkpoint of it: not larger, and the same root at its size."""
        found = next((one for one in self._found if one.checkpoint.origin == mark.origin), None)
        if found is None:
            self._report.fault(label, where, words("there is no log {origin} here", origin=mark.origin))
            return
        size = found.checkpoint.size
        root = found.roots.get(mark.size)
        if mark.size > size:
            what = words("fork or truncation: it has {more} entries, the log here {size}", more=mark.size, size=size)
        elif root is None:
            what = words("the root of size {size} cannot be computed from what is here", size=mark.size)
        elif root != mark.root:
            what = words(
                "fork: at size {size} it has the root {seen}, the log here {found}",
                size=mark.size,
                seen=to_base64(mark.root),
                found=to_base64(root),
            )
        else:
            return
        self._report.fault(label, where, what)


def _number(origin: str) -> int | None:
    try:
        return split_origin(origin)[1]
    except CheckpointError:  # named already: no key fits such an origin
        return None
