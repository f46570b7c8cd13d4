"""What is looked at before anything that a child sent is kept. It reads the database and writes nothing."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from chibox.errors import Conflict, Refused
from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import FOUNDED, SEALED, Envelope, EnvelopeError, decode
from chibox.records.merkle import EMPTY_ROOT, Frontier, leaf_hash
from chibox.records.notes import open_note, split_note
from chibox.records.parts import Part
from chibox.records.proofs import verify_consistency
from chibox.records.verify.rules import part_faults
from chibox.replication.children import Child, ChildLog

if TYPE_CHECKING:
    from chibox.replication.receive import Push

Given = Mapping[str, Part]


class Checked(NamedTuple):
    """A push that verifies: what of it is new here, and the checkpoint that vouches for it."""

    note: bytes
    signed: int
    entries: list[tuple[Envelope, bytes, Given]]
    late: dict[int, Given]


def check(here: ChildLog, child: Child, push: "Push") -> Checked:
    """Verify a push against the child's key and against what is here. Raises Refused, naming what is wrong."""
    if len(push.parts) != len(push.entries):
        raise Refused("The push does not say for each entry which parts are given.")
    checkpoint = _checkpoint(here, child, push)
    known = here.log.size - push.first  # so many of the entries are here already
    for number, data in enumerate(push.entries[:known]):
        if here.log.entry(push.first + number) != data:
            raise Refused("Entry {position} is another one than was sent before.", position=push.first + number)
    fresh = push.entries[known:]
    _check_tree(here, checkpoint, fresh, push.reach)
    entries = _entries(here, child, fresh, push.parts[known:])
    late = {push.first + number: parts for number, parts in enumerate(push.parts[:known]) if parts} | dict(push.late)
    for position, parts in late.items():
        if not 0 <= position < here.log.size:
            raise Refused("Parts came for entry {position}, which is not here.", position=position)
        _check_parts(position, decode(here.log.entry(position)), parts)
    return Checked(push.checkpoint, checkpoint.size, entries, late)


def _checkpoint(here: ChildLog, child: Child, push: "Push") -> Checkpoint:
    """The checkpoint, by the child's key and of the tree that it has signed before."""
    verifier = child.verifier(here.log.generation)
    try:
        checkpoint = Checkpoint.parse(open_note(push.checkpoint, [verifier]).text)
    except ValueError as error:
        raise Refused("The checkpoint does not verify: {why}", why=str(error)) from None
    if checkpoint.origin != verifier.name:
        raise Refused("The checkpoint does not verify: {why}", why="it is of another log")
    seen = Checkpoint(verifier.name, 0, EMPTY_ROOT)
    if here.log.head is not None:
        seen = Checkpoint.parse(split_note(here.log.head.note)[0])
    if checkpoint.size < seen.size:
        raise Conflict("The checkpoint is older than one that was sent before ({size} entries).", size=seen.size)
    try:
        verify_consistency(seen.size, checkpoint.size, seen.root, checkpoint.root, push.grown)
    except ValueError as error:
        raise Refused("The log does not go on from what it signed before: {why}", why=str(error)) from None
    return checkpoint


def _check_tree(here: ChildLog, checkpoint: Checkpoint, fresh: Sequence[bytes], reach: Sequence[bytes]) -> None:
    """The entries here and the new ones are the beginning of the tree that was signed."""
    tree = Frontier(*here.log.frontier.snapshot())
    tree.extend(map(leaf_hash, fresh))
    try:
        verify_consistency(tree.size, checkpoint.size, tree.root(), checkpoint.root, reach)
    except ValueError as error:
        raise Refused("The entries are not those that were signed: {why}", why=str(error)) from None


def _entries(
    here: ChildLog, child: Child, fresh: Sequence[bytes], parts: Sequence[Given]
) -> list[tuple[Envelope, bytes, Given]]:
    """The new entries, each by the rules of its form and of its place in the log."""
    place = _Place(here, child)
    found: list[tuple[Envelope, bytes, Given]] = []
    for position, (data, given) in enumerate(zip(fresh, parts, strict=True), here.log.size):
        try:
            envelope = decode(data)
        except EnvelopeError as error:
            raise Refused("Entry {position} breaks the format: {why}", position=position, why=str(error)) from None
        place.take(position, envelope)
        _check_parts(position, envelope, given)
        found.append((envelope, data, given))
    return found


def _check_parts(position: int, envelope: Envelope, parts: Given) -> None:
    for name, what in part_faults(envelope, parts):
        raise Refused("Part {name} of entry {position}: {what}", name=name, position=position, what=str(what))


class _Place:
    """The rules that bind an entry to those before it, with what is here as the beginning."""

    def __init__(self, here: ChildLog, child: Child) -> None:
        self._here, self._child = here, child
        size = here.log.size
        last = decode(here.log.entry(size - 1)) if size else None
        self._act = "" if last is None else last.act
        self._root = decode(here.log.entry(0)).unit if size else ""
        self._time = here.log.last_time
        self._rids: set[str] = set()
        self._acts: set[str] = set()

    def take(self, position: int, envelope: Envelope) -> None:
        """Raises Refused when the entry may not stand there."""
        why = self._founding(position, envelope) or self._ids(envelope) or self._sealed(envelope)
        if why:
            raise Refused("Entry {position} breaks the order of the log: {why}", position=position, why=why)
        self._rids.add(envelope.rid)
        self._acts.add(envelope.act)
        self._act = envelope.act
        if envelope.kind != SEALED:
            self._time = envelope.time

    def _founding(self, position: int, envelope: Envelope) -> str:
        if (envelope.kind == FOUNDED) is not (position == 0):
            return "the founding stands first, and only there"
        if position == 0:
            self._root = envelope.unit
            if envelope.subject != self._child.id:
                return "another box was founded"
        return ""

    def _ids(self, envelope: Envelope) -> str:
        index = self._here.engine.index
        if envelope.rid in self._rids or index.place(envelope.rid) is not None:
            return "the record id was used before"
        if envelope.act != self._act and (envelope.act in self._acts or index.act(envelope.act) is not None):
            return "the entries of its act do not stand together"
        return ""

    def _sealed(self, envelope: Envelope) -> str:
        if envelope.kind != SEALED:
            return "the time goes back" if envelope.time < self._time else ""
        if (envelope.by, envelope.unit) != (self._child.id, self._root):
            return "a sealed entry names another box or unit"
        return ""
