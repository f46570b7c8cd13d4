"""Checkpoints (C2SP tlog-checkpoint v1.0.0): what a log signs, its origin, size and root, without extension lines."""

import re
from typing import Final, NamedTuple

from chibox.records.merkle import EMPTY_ROOT, HASH_SIZE
from chibox.records.notes import NoteError, from_base64, to_base64
from chibox.records.proofs import MAX_SIZE

_LINES: Final = 4

is_decimal = re.compile(r"0|[1-9][0-9]{0,18}").fullmatch
_is_origin = re.compile(r"[^\s+\x00-\x1f]+/log/[1-9][0-9]{0,8}").fullmatch


class CheckpointError(ValueError):
    """The text is not a checkpoint; the message says which line and why."""


class Checkpoint(NamedTuple):
    """The log `origin` had `size` entries, and then this `root`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """The checkpoint whose `text()` is `text`. Raises CheckpointError for any other text, also for extension lines.

        The origin is taken as it stands: whether it is the right one is for the caller to compare.
        """
        lines = text.split("\n")
        if len(lines) != _LINES or lines[-1]:
            raise CheckpointError("a checkpoint has three lines: origin, size, root")
        origin, size, root = lines[:3]
        if not origin:
            raise CheckpointError("line 1: the origin is empty")
        if not is_decimal(size) or int(size) > MAX_SIZE:
            raise CheckpointError("line 2: the size is not a number in its usual spelling")
        try:
            digest = from_base64(root)
        except NoteError as error:
            raise CheckpointError(f"line 3: {error}") from None
        if len(digest) != HASH_SIZE:
            raise CheckpointError("line 3: the root is not 32 bytes long")
        if size == "0" and digest != EMPTY_ROOT:
            raise CheckpointError("line 3: not the root of an empty log")
        return cls(origin, int(size), digest)


def origin_of(name: str, generation: int) -> str:
    """The origin line, and key name, of a generation of the log called `name`."""
    return f"{name}/log/{generation}"


def split_origin(origin: str) -> tuple[str, int]:
    """Name and generation of an origin. Raises CheckpointError unless `origin_of` gives it back."""
    if not _is_origin(origin):
        raise CheckpointError("line 1: the origin is not <name>/log/<generation>")
    name, _, generation = origin.rpartition("/log/")
    return name, int(generation)
