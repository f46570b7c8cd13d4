"""Where a box stands: a file that knows itself, so that a copy of the folder is told from the folder."""

import os
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec

from chibox.keys import sync_folder

NAME: Final = "place"
_MACHINE: Final = Path("/etc/machine-id")


class _Place(msgspec.Struct, frozen=True):
    """The number of the file itself on its file system, and a digest of the machine's own id; neither moves with a copy."""

    inode: int
    machine: str


def settle(folder: Path) -> None:
    """The box stands here from now on. Durable on return; a crash in between leaves the old file."""
    beside = folder / f"{NAME}.new"
    with beside.open("wb") as file:
        inode = os.fstat(file.fileno()).st_ino
        file.write(msgspec.json.encode(_Place(inode, _machine())))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / NAME)
    sync_folder(folder)


def is_here(folder: Path) -> bool:
    """Whether the box was settled here: not on another machine, and not in the folder that this one is a copy of.

    A clone of a whole virtual machine is not told from the machine: only whoever receives checkpoints of both notices it. A copy
    made after the folder was deleted may get its number by chance: then nothing goes on twice.
    """
    path = folder / NAME
    try:
        place = msgspec.json.decode(path.read_bytes(), type=_Place)
        return place == _Place(path.stat().st_ino, _machine())
    except (OSError, msgspec.MsgspecError):
        return False


def _machine() -> str:
    """A digest of the machine's id; empty where a system has none."""
    return sha256(b"chibox place\n" + _MACHINE.read_bytes().strip()).hexdigest()[:32] if _MACHINE.exists() else ""
