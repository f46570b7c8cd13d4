"""What a log is held against from outside: checkpoints that somebody kept, and what a printed receipt says of one."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from chibox.errors import words
from chibox.records.checkpoints import split_origin
from chibox.records.notes import to_base64
from chibox.records.proofs import MAX_SIZE
from chibox.records.verify.checkpoints import unverified
from chibox.records.verify.report import Report

SIGNS: Final = 44  # of the base64 of a root
LEAST: Final = 10

_number = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]{1,18})(?:/([1-9][0-9]{0,8}))?").fullmatch
_root = re.compile(rf"[A-Za-z0-9+/]{{{LEAST},{SIGNS - 1}}}=?").fullmatch


class Mark(NamedTuple):
    """At `size` the log had a root whose base64 begins with `text`. `note`: the signed checkpoint that says so."""

    label: str
    where: str
    generation: int
    size: int
    text: str
    origin: str | None = None
    note: bytes | None = None


class Paper(NamedTuple):
    """A printed receipt: its last receipt number, and the root beside it, or how that begins."""

    number: str
    root: str

    def mark(self) -> Mark:
        """What it says. Raises ValueError for what is no receipt number, and for less than the first ten signs of a root."""
        match = _number(self.number.strip())
        root = "".join(self.root.split())
        if not match:
            raise ValueError(f"{self.number} is not a receipt number, as 10.824 or 10.824/2")
        if not _root(root):
            raise ValueError(f"{self.root} is not the root that is printed, or less than its first {LEAST} signs")
        size = int(re.sub("[.,]", "", match[1])) + 1
        if size > MAX_SIZE:
            raise ValueError(f"{self.number} is more than any receipt number")
        return Mark("paper", "--paper", int(match[2] or 1), size, root)


def read_notes(notes: Sequence[bytes], label: str, where: str, report: Report) -> list[Mark]:
    """The checkpoints in signed notes; a fault for each that cannot be read."""
    found: list[Mark] = []
    for number, note in enumerate(notes, 1):
        place = where if len(notes) == 1 or label == "mark" else f"{where} {number}"
        try:
            checkpoint = unverified(note)
            generation = split_origin(checkpoint.origin)[1]
        except ValueError as error:
            report.fault(label, place, words("the checkpoint cannot be read: {why}", why=str(error)))
            continue
        root = to_base64(checkpoint.root)
        found.append(Mark(label, place, generation, checkpoint.size, root, checkpoint.origin, note))
    return found
