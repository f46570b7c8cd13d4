"""One verification of a log: whom it trusts, what the log is held against, and the generations one after another."""

from collections.abc import Sequence
from typing import NamedTuple

from chibox.errors import Words, words
from chibox.records.checkpoints import Checkpoint, CheckpointError, split_origin
from chibox.records.notes import Verifier, split_note, to_base64
from chibox.records.verify.checkpoints import NO_KEY, describe, key_for, signature_fault, unverified
from chibox.records.verify.generations import Found, given_up, hold_together
from chibox.records.verify.keys import Trusted
from chibox.records.verify.marks import SIGNS, Mark, Paper, read_notes
from chibox.records.verify.receipts import Receipt, judge, read_receipt
from chibox.records.verify.report import Figures, Report, Trust
from chibox.records.verify.since import Since
from chibox.records.verify.sources import UNREADABLE, Gone, Source
from chibox.records.verify.telling import Handed, Telling
from chibox.records.verify.walk import Progress, Walk


class Generation(NamedTuple):
    """A log to be read. `number` is the generation that its place claims, None where no place claims one."""

    label: str
    number: int | None
    source: Source


class Held(NamedTuple):
    """What the asker brings along: checkpoints (signed notes) that were seen or left a box, papers, a receipt."""

    seen: Sequence[bytes] = ()
    papers: Sequence[Paper] = ()
    receipt: bytes | None = None
    marked: Sequence[bytes] = ()


class Check:
    """Reads what the asker brought along; `run` then reads the log. Raises ValueError for a paper that is none."""

    def __init__(self, report: Report, key: str | None, held: Held) -> None:
        self._report = report
        self._given: Trusted | None = None
        self._key = key
        self._marks = [paper.mark() for paper in held.papers]
        self._marks += read_notes(held.seen, "seen", "--seen", report)
        self._marks += read_notes(held.marked, "mark", "mark", report)
        self._receipt: Receipt | None = None if held.receipt is None else read_receipt(held.receipt, report)
        self._found: list[Found] = []
        self._vouched: set[bytes] = set()
        self._since = Since(report)

    def run(self, generations: Sequence[Generation], progress: Progress, *, complete: bool = False) -> Report:
        """Reads all generations, then holds them against each other and against what was brought along.

        `complete`: every generation of the log ought to be among them.
        """
        if self._key is not None:
            try:
                self._given = Trusted.parse(self._key)
                self._vouched.add(self._given.public_key)
            except ValueError as error:
                self._report.fault("key", "--key", words("this is not the key of a log: {why}", why=str(error)))
                return self._report
        for generation in generations:
            self._take(generation, progress)
        self._check_key()
        for found in self._found:
            self._vouch(found)
            self._report.take(found.label, found.walk.causes)
        hold_together(self._found, self._report, complete=complete)
        for found in self._found:
            self._report.take(found.label, found.walk.details)
        self._hold_marks()
        if self._receipt is not None:
            self._judge(self._receipt)
        self._since.tell(self._found)
        return self._report

    def _take(self, generation: Generation, progress: Progress) -> None:
        """Reads one generation: its checkpoint first, without which there is nothing to hold the rest against."""
        label, source = generation.label, generation.source
        try:
            note = source.checkpoint()
            checkpoint = None if note is None else unverified(note)
        except UNREADABLE as error:
            why = error.words if isinstance(error, Gone) else str(error)
            self._report.fault(label, "checkpoint", words("the checkpoint cannot be read: {why}", why=why))
            return
        if note is None or checkpoint is None:
            self._report.fault(label, "checkpoint", words("the checkpoint is missing"))
            return
        figures = Figures(label)
        self._report.figures.append(figures)
        walk = Walk(source, checkpoint, figures, progress)
        receipt = self._receipt if self._receipt and self._receipt.checkpoint.origin == checkpoint.origin else None
        walk.run(receipt.stated if receipt else {})
        telling = Telling(walk.events, lambda position, what: walk.details.add(f"entry {position}", what, position))
        number = generation.number or _number(checkpoint.origin) or 1
        self._found.append(Found(label, number, note, checkpoint, figures, walk, telling))
        if generation.number is not None and _number(checkpoint.origin) not in (None, generation.number):
            what = words("line 1: the checkpoint of another generation lies here")
            self._report.fault(label, "checkpoint", what)

    def _check_key(self) -> None:
        """The key that was given is one of those that the log names, unless a body that names one is not given."""
        named = frozenset[bytes | None]().union(*(found.telling.keys for found in self._found))
        if self._given is not None and named and None not in named and self._given.public_key not in named:
            what = words("the key that was given is not one of those that this log names")
            self._report.fault("key", "--key", what)

    def _vouch(self, found: Found) -> None:
        """Holds the checkpoint against its keys, and the name against what the founding entry states."""
        note, mark, telling = found.note, found.checkpoint, found.telling
        for handed in telling.handed:
            self._follow(found, handed)
        verifiers, unknown = self._verifiers(found, note, mark)
        what = verifiers if isinstance(verifiers, Words) else None
        if not isinstance(verifiers, Words):
            what = signature_fault(note, verifiers, unknown=unknown, retired=telling.retired_at(mark.size))
            if unknown:
                self._report.notes.append(words("a key of this log is not given: its signature line was not checked"))
        if what == NO_KEY and (found.walk.causes.faults or found.walk.details.faults):
            found.walk.details.add("checkpoint", what)  # it follows from what else is wrong, and is told after that
        elif what:
            self._report.fault(found.label, "checkpoint", what)
        trust = "none" if what or isinstance(verifiers, Words) else self._trust(verifiers)
        describe(found.figures, mark, () if isinstance(verifiers, Words) else verifiers, trust)
        if telling.name is not None and mark.origin.rpartition("/log/")[0] != telling.name:
            what = words("the founding entry states another name than that of the log here")
            self._report.fault(found.label, "entry 0", what, 0)

    def _verifiers(self, found: Found, note: bytes, mark: Checkpoint) -> tuple[list[Verifier] | Words, int]:
        """The keys that sign at the size of `mark`, in order, and how many more do that nothing here shows."""
        name = self._given.name if self._given else found.telling.name
        own = mark.origin.rpartition("/log/")[0]
        if _number(mark.origin) is None or (name is not None and own != name):
            other = Trusted(name or "", b"", given=True)
            what = key_for(mark.origin, other)
            return (what if isinstance(what, Words) else NO_KEY), 0
        keys = found.telling.keys_at(mark.size)
        verifiers = [Verifier(mark.origin, key) for key in keys if key is not None]
        unknown = len(keys) - len(verifiers)
        if self._given is not None and self._given.public_key not in keys and (unknown or not keys):
            given = Verifier(mark.origin, self._given.public_key)
            lines = [line.key_id for line in split_note(note)[1]]
            if not verifiers or given.key_id in lines:
                verifiers.insert(0 if lines[:1] == [given.key_id] else len(verifiers), given)
                unknown = max(0, unknown - 1)
        if not verifiers:
            return NO_KEY, 0
        return verifiers, unknown

    def _trust(self, verifiers: Sequence[Verifier]) -> Trust:
        keys = {verifier.public_key for verifier in verifiers}
        if self._given is None or not keys & self._vouched:
            return "own"
        return "given" if self._given.public_key in keys else "vouched"

    def _follow(self, found: Found, handed: Handed) -> None:
        """A key was retired: the checkpoint that both keys signed is of this log. Then the one vouches for the other."""
        keys = [key for key in handed.keys if key is not None]
        if handed.note is None or len(keys) != len(handed.keys):
            return
        note = handed.note.encode()
        try:
            mark = unverified(note)
            verifiers = [Verifier(mark.origin, key) for key in keys]
            what = signature_fault(note, verifiers)
            if mark.origin != found.checkpoint.origin or not handed.begin <= mark.size <= handed.position:
                what = words("it is not of the time in which both keys signed")
            elif what is None and found.root(mark.size) != mark.root:
                what = words("it is not of this log")
        except ValueError as error:
            what = words("the checkpoint cannot be read: {why}", why=str(error))
        if what:
            what = words("the last checkpoint by both keys, which it states, does not hold: {why}", why=what)
            found.walk.details.add(f"entry {handed.position}", what, handed.position)
        elif keys[0] in self._vouched:
            self._vouched.add(keys[1])

    def _hold_marks(self) -> None:
        """Holds the log against each checkpoint and paper: not larger, and the same root at its size."""
        marks = list(self._marks)
        if self._receipt is not None:
            checkpoint = self._receipt.checkpoint
            number, root = _number(checkpoint.origin) or 0, to_base64(checkpoint.root)
            marks.append(Mark("receipt", "checkpoint", number, checkpoint.size, root, checkpoint.origin))
        roots = {
            found.label: found.walk.roots(mark.size for mark in marks if _of(mark, found)) for found in self._found
        }
        for mark in marks:
            found = next((found for found in self._found if _of(mark, found)), None)
            if found is None and self._was_given_up(mark):
                continue
            if found is None:
                origin = mark.origin or words("generation {number}", number=mark.generation)
                self._report.fault(mark.label, mark.where, words("there is no log {origin} here", origin=origin))
                continue
            what = self._signed(mark, found)
            if what is not None:
                self._report.fault(mark.label, mark.where, what)
                continue
            self._hold(mark, found, roots[found.label].get(mark.size))

    def _signed(self, mark: Mark, found: Found) -> Words | None:
        """Why the log did not sign the checkpoint of `mark`. A further line, by a witness, is of no account."""
        if mark.note is None:
            return None
        verifiers, _ = self._verifiers(found, mark.note, unverified(mark.note))
        return verifiers if isinstance(verifiers, Words) else signature_fault(mark.note, verifiers, unknown=None)

    def _hold(self, mark: Mark, found: Found, root: bytes | None) -> None:
        size = found.checkpoint.size
        if mark.size > size:
            what = words("fork or truncation: it has {more} entries, the log here {size}", more=mark.size, size=size)
        elif root is None:
            what = words("the root of size {size} cannot be computed from what is here", size=mark.size)
        elif not to_base64(root).startswith(mark.text):
            what = words(
                "fork: at size {size} it has the root {seen}, the log here {found}",
                size=mark.size, seen=mark.text, found=to_base64(root),
            )  # fmt: skip
        else:
            self._since.holds(mark, found)
            if mark.label == "paper":
                self._report.notes.append(
                    words(
                        "the printed receipt holds: whole up to {size} entries; {signs} of {all} signs of the root compared",
                        size=mark.size,
                        signs=len(mark.text),
                        all=SIGNS,
                    )
                )
            return
        if not self._was_given_up(mark):
            self._since.breaks(mark, found)
            self._report.fault(mark.label, mark.where, what)

    def _was_given_up(self, mark: Mark) -> bool:
        """Whether a generation says that the log does not go on from this checkpoint; noted then."""
        opened = given_up(mark, self._found)
        if opened is not None:
            what = words(
                "a checkpoint of {size} entries was given up in the open: entry {position} of generation {number} says so",
                size=mark.size, position=opened.position, number=(opened.fields or {}).get("generation"),
            )  # fmt: skip
            self._report.notes.append(what)
        return opened is not None

    def _judge(self, receipt: Receipt) -> None:
        """The receipt by the keys that the log had at its size; by the key that was given where the log is not here."""
        mark = receipt.checkpoint
        found = next((found for found in self._found if found.checkpoint.origin == mark.origin), None)
        if found is None:
            verifier = key_for(mark.origin, self._given)
            verifiers, unknown = (verifier if isinstance(verifier, Words) else [verifier]), 1
        else:
            verifiers, unknown = self._verifiers(found, receipt.proofs[0].checkpoint, mark)
        trust = "none" if isinstance(verifiers, Words) else self._trust(verifiers)
        judge(receipt, verifiers, trust, self._report, unknown=unknown)


def _of(mark: Mark, found: Found) -> bool:
    if mark.origin is not None:
        return mark.origin == found.checkpoint.origin
    return mark.generation == found.number


def _number(origin: str) -> int | None:
    try:
        return split_origin(origin)[1]
    except CheckpointError:  # named already: no key fits such an origin
        return None
