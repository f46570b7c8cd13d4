"""The high-water mark: the largest checkpoint that ever left the box, outside its database and outside its backup."""

import os
import threading
from pathlib import Path

from chibox.errors import Fatal
from chibox.keys import sync_folder
from chibox.records.checkpoints import Checkpoint
from chibox.records.log import Head


class HighWater:
    """Moves durably before a checkpoint leaves (served, in a receipt, exported). A database older than it may not sign."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self.note = path.read_bytes() if path.exists() else b""
        self.size = _size(self.note)

    def raise_to(self, head: Head) -> None:
        """The checkpoint of `head` may leave when this returns. A crash in between leaves the old mark or the new one."""
        with self._lock:
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

    def check(self, size: int) -> None:
        """Raises Fatal when a log of `size` entries is older than what left the box."""
        if size < self.size:
            raise Fatal(
                "The database is older than a checkpoint that left this box ({size} of {mark} entries): it may not sign.",
                size=size,
                mark=self.size,
            )


def _size(note: bytes) -> int:
    if not note:
        return 0
    text = note.decode().split("\n\n", 1)[0] + "\n"
    return Checkpoint.parse(text).size
