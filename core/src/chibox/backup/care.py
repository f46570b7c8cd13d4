"""What a box remembers of its own care, in `care.json`: the last backup, the last that failed, the last rehearsal."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from chibox.errors import Fatal
from chibox.keys import write_over

NAME: Final = "care.json"


class Backed(msgspec.Struct, frozen=True):
    """A backup that is there: when its file was complete (ms), its path, its bytes, how many entries it holds."""

    at: int
    file: str
    bytes: int
    size: int


class Failed(msgspec.Struct, frozen=True):
    """The last try, if it failed: when (ms) and why, in English."""

    at: int
    why: str


class Rehearsed(msgspec.Struct, frozen=True):
    """A rehearsal: when (ms), whether the restored box was good, how long it took, how many entries it had, of which file."""

    at: int
    good: bool
    seconds: float
    entries: int
    file: str


class Care(msgspec.Struct, frozen=True):
    """All of it; None for what never happened."""

    backup: Backed | None = None
    failed: Failed | None = None
    rehearsal: Rehearsed | None = None


def read(folder: Path) -> Care:
    """What the box in `folder` remembers. Raises Fatal for a file that cannot be read."""
    path = folder / NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Care)
    except FileNotFoundError:
        return Care()
    except (OSError, msgspec.MsgspecError) as error:
        raise Fatal("{path} cannot be read: {error}", path=path, error=error) from None


def note(folder: Path, **changed: Backed | Failed | Rehearsed | None) -> None:
    """Change these fields. Durable on return; a crash leaves the old file or the new one. A damaged file is begun anew."""
    with _alone(folder):
        try:
            care = read(folder)
        except Fatal:
            care = Care()
        write_over(folder / NAME, msgspec.json.encode(msgspec.structs.replace(care, **changed)))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """No other process notes anything meanwhile."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
