"""One process for one box: a lock on the data folder, taken before anything else is opened."""

import contextlib
import fcntl
import os
from pathlib import Path

from chibox.errors import Refused


class Lock:
    """Held until `release` or the end of the process, however it ends."""

    def __init__(self, path: Path) -> None:
        """Take it. Raises Refused with the other process's number when another has it."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.held = True
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            other = os.read(self._descriptor, 32).decode(errors="replace").strip()
            os.close(self._descriptor)
            self.held = False
            raise Refused("Another process ({pid}) runs this box.", pid=other or "?") from None
        with contextlib.suppress(OSError):  # the number is for people: a box on a full disk opens, to be read
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let go."""
        if self.held:
            self.held = False
            os.close(self._descriptor)
