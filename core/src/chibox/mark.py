"""The high-water mark: the largest checkpoint that ever left the box, outside its database and outside its backup."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chibox.errors import Fatal
from chibox.keys import sync_folder
from chibox.records.checkpoints import Checkpoint
from chibox.records.lineage import Head
from chibox.records.notes import split_note


class HighWater:
    """Moves durably before a checkpoint leaves (served, in a receipt, exported). A database older than it may not sign.

    The box and the command line beside it may both move it: it never goes back. Raises Fatal when it was damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self.note, self.size = self._read()

    def raise_to(self, head: Head) -> None:
        """The checkpoint of `head` may leave when this returns. A crash in between leaves the old mark or the new one."""
        if head.size <= self.size:
            return
        with self._lock, self._alone():
            self.note, self.size = self._read()
            if head.size <= self.size:
                return
            beside = self.path.with_suffix(".new")
            with beside.open("wb") as file:
                file.write(head.note)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
            sync_folder(self.path.parent)
            self.note, self.size = head.note, head.size

    def _read(self) -> tuple[bytes, int]:
        note = self.path.read_bytes() if self.path.exists() else b""
        return note, _size(note)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process moves the mark meanwhile."""
        descriptor = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _size(note: bytes) -> int:
    if not note:
        return 0
    try:
        text, _ = split_note(note)
        return Checkpoint.parse(text).size
    except ValueError as error:
        raise Fatal("the high-water mark cannot be read: {error}", error=error) from None
