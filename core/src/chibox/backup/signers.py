"""Who signs a log, as its own records say: the founding key, the key of a new generation, an announced key beside or after it."""

from typing import Final

import msgspec

from chibox.records.checkpoints import Checkpoint, CheckpointError
from chibox.records.envelope import FOUNDED
from chibox.records.notes import NoteError, Verifier, from_base64, open_note

OPENED, ANNOUNCED, RETIRED = "core.generation_opened.1", "core.key_announced.1", "core.key_retired.1"
KINDS: Final = frozenset({FOUNDED, OPENED, ANNOUNCED, RETIRED})


class _Fields(msgspec.Struct, frozen=True):
    key: str


class _Body(msgspec.Struct, frozen=True):
    f: _Fields


_decoder = msgspec.json.Decoder(_Body)


class Signers:
    """The keys (base64) that sign the next checkpoint, the first line's first; told of each record about them in turn."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    def take(self, kind: str, body: bytes) -> None:
        """A record of one of `KINDS`. Raises ValueError for one that cannot be read."""
        key = _decoder.decode(body).f.key
        if kind in {FOUNDED, OPENED}:
            self.keys = [key]
        elif kind == ANNOUNCED:
            self.keys.append(key)
        elif key in self.keys:
            self.keys.remove(key)

    def opened(self, note: bytes, origin: str) -> Checkpoint:
        """The checkpoint, signed by every one of the keys. Raises ValueError."""
        verifiers = [Verifier(origin, from_base64(key)) for key in self.keys]
        opened = open_note(note, verifiers)
        if len(opened.verified) != len(verifiers):
            raise NoteError("a key that has to sign did not")
        checkpoint = Checkpoint.parse(opened.text)
        if checkpoint.origin != origin:
            raise CheckpointError("line 1: the origin is of another log")
        return checkpoint
