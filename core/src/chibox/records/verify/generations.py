"""The generations of a log: each begins with the entries of the one before, and says so in its first own entry."""

from collections.abc import Sequence
from typing import NamedTuple

from chibox.errors import words
from chibox.records.checkpoints import Checkpoint, split_origin
from chibox.records.notes import NoteError, Verifier, open_note, split_note, to_base64
from chibox.records.verify.checkpoints import unverified
from chibox.records.verify.marks import Mark
from chibox.records.verify.report import Figures, Report
from chibox.records.verify.telling import Event, Telling
from chibox.records.verify.walk import Walk


class Found(NamedTuple):
    """A generation that was read: what its checkpoint says, what its entries tell, and the walk that computes roots."""

    label: str
    number: int
    note: bytes
    checkpoint: Checkpoint
    figures: Figures
    walk: Walk
    telling: Telling

    @property
    def opened(self) -> Event | None:
        """The entry by which it begins; None for the first, and where none tells."""
        return self.telling.opened[-1] if self.telling.opened else None

    def root(self, size: int) -> bytes | None:
        """The root of its first `size` entries; None where it cannot be computed."""
        return self.walk.roots([size]).get(size)


def hold_together(found: Sequence[Found], report: Report, *, complete: bool) -> None:
    """Holds each generation against the one before. `complete`: every generation ought to be here."""
    for one in found:
        opened = one.opened
        number = _before(one, found)
        before = next((other for other in found if other.number == number), None)
        if one.number == 1:
            if opened is not None:
                report.fault(
                    one.label, f"entry {opened.position}", words("it opens a generation, and this is the first")
                )
        elif opened is None:
            if one.figures.entries == one.checkpoint.size:
                report.fault(
                    one.label, "log", words("no entry opens this generation: nothing says what it goes on from")
                )
        else:
            _check_opened(one, opened, report)
            if before is not None:
                _check_shared(one, before, opened, report)
        if before is None and one.number > 1:
            what = words("generation {number}, from which this one goes on, is not here", number=number)
            if complete:
                report.fault(one.label, "log", what)
            else:
                report.notes.append(what)


def _before(one: Found, found: Sequence[Found]) -> int:
    """The generation that this one says it goes on from; without its word the largest smaller one that is here."""
    stated = ((one.opened and one.opened.fields) or {}).get("before")
    if isinstance(stated, int) and 0 < stated < one.number:
        return stated
    return max((other.number for other in found if other.number < one.number), default=one.number - 1)


def given_up(mark: Mark, found: Sequence[Found]) -> Event | None:
    """The entry that opened a later generation and says that the log does not go on from what `mark` states; None if none."""
    for one in found:
        opened = one.opened
        if one.number <= mark.generation or opened is None or mark.size <= opened.position:
            continue
        for orphan in _orphans(opened):
            try:
                name, generation = split_origin(unverified(orphan).origin)
                if generation == mark.generation and unverified(orphan).size >= mark.size:
                    return opened if mark.origin in (None, f"{name}/log/{generation}") else None
            except ValueError:  # named where the generation is held against the one before
                continue
    return None


def _check_opened(one: Found, opened: Event, report: Report) -> None:
    """What the entry states is so: its generation, its position, the root below it."""
    position, fields = opened.position, opened.fields
    if fields is None:
        report.notes.append(
            words("the body of the entry that opens generation {number} is not given", number=one.number)
        )
        return
    where = f"entry {position}"
    root = one.root(position)
    if fields.get("generation") != one.number:
        report.fault(one.label, where, words("it opens another generation than the one in which it stands"), position)
    if fields.get("before") != _before(one, [one]) and one.number > 1:
        report.fault(one.label, where, words("it does not say from which generation it goes on"), position)
    if fields.get("size") != position:
        what = words("it says that the generation begins at another place than where it stands")
        report.fault(one.label, where, what, position)
    elif root is not None and fields.get("root") != to_base64(root):
        what = words("the root that it states is not that of the {size} entries below it", size=position)
        report.fault(one.label, where, what, position)


def _check_shared(one: Found, before: Found, opened: Event, report: Report) -> None:
    """The generation before has the same entries up to there; what it has beyond is the end that was left."""
    position, size = opened.position, before.checkpoint.size
    if size < position:
        what = words(
            "it has {size} entries, and the generation after it goes on from {shared}", size=size, shared=position
        )
        report.fault(before.label, "checkpoint", what)
        return
    here, there = one.root(position), before.root(position)
    if one.walk.first != before.walk.first:
        report.fault(one.label, "entry 0", words("the generations do not begin with one founding entry"), 0)
    elif here is not None and there is not None and here != there:
        what = words(
            "its first {size} entries are not those of generation {number}", size=position, number=before.number
        )
        report.fault(one.label, "log", what)
    elif size > position:
        what = words(
            "generation {number} has {count} entries after entry {position} from which the next one does not go on: evidence",
            number=before.number, count=size - position, position=position - 1,
        )  # fmt: skip
        report.notes.append(what)
    _check_orphans(one, before, opened, report)


def _check_orphans(one: Found, before: Found, opened: Event, report: Report) -> None:
    """Each checkpoint that was given up was signed by this log; by a key of an end that is not here, nobody here can tell."""
    for orphan in _orphans(opened):
        try:
            origin = unverified(orphan).origin
            if split_origin(origin)[0] != split_origin(one.checkpoint.origin)[0]:
                raise NoteError(f"it is of the log {origin}")
            keys = before.telling.keys | one.telling.keys
            verifiers = [Verifier(origin, key) for key in keys if key is not None]
            if {line.key_id for line in split_note(orphan)[1]}.isdisjoint(verifier.key_id for verifier in verifiers):
                report.notes.append(
                    words("a checkpoint that it gives up bears a key that nothing here states: evidence for others")
                )
                continue
            open_note(orphan, verifiers)
        except ValueError as error:
            what = words("a checkpoint that it gives up was not signed by this log: {why}", why=str(error))
            report.fault(one.label, f"entry {opened.position}", what, opened.position)


def _orphans(opened: Event) -> list[bytes]:
    stated = (opened.fields or {}).get("orphans")
    return [note.encode() for note in stated if isinstance(note, str)] if isinstance(stated, list) else []
