"""The high-water mark: the checkpoints that ever left the box, outside its database and outside its backup."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from chibox.errors import Fatal
from chibox.keys import sync_folder, write_over
from chibox.records.checkpoints import Checkpoint, split_origin
from chibox.records.lineage import Head
from chibox.records.notes import MAX_NOTE, split_note

_KEPT: Final = 512  # notes; of older ones every second is forgotten when there are twice as many
_LENGTH: Final = 8  # digits in front of each note, and a line feed


class Marked(NamedTuple):
    """A checkpoint that left the box, and the signed note of it."""

    generation: int
    size: int
    root: bytes
    note: bytes


class HighWater:
    """Moves durably before a checkpoint leaves (served, in a receipt, exported). A database older than it may not sign.

    The file is a journal: for each checkpoint its length (8 digits), LF, and the note. It is appended to and synced; what a
    crash tore off its end had not left. The box and the command line beside it may both move it: it never goes back. `damaged`
    says that it cannot be read, `missing` that it is not there: both stop the signing of a box that has been one before.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self.damaged = ""
        self.marks: tuple[Marked, ...] = ()
        self._end = 0
        try:
            self.marks, self._end = _read(path)
        except (OSError, ValueError) as error:
            self.damaged = str(error)

    @property
    def missing(self) -> bool:
        """Whether no checkpoint is in it: the file is gone, or was emptied."""
        return not self.damaged and not self.marks

    @property
    def last(self) -> Marked | None:
        """The largest checkpoint that left, None for none."""
        return self.marks[-1] if self.marks else None

    @property
    def size(self) -> int:
        """Its size; 0 for none."""
        return self.marks[-1].size if self.marks else 0

    @property
    def note(self) -> bytes:
        """Its note; empty for none."""
        return self.marks[-1].note if self.marks else b""

    @property
    def notes(self) -> tuple[bytes, ...]:
        """Those that are kept, oldest first."""
        return tuple(mark.note for mark in self.marks)

    def raise_to(self, head: Head) -> None:
        """The checkpoint of `head` may leave when this returns. A crash in between leaves the old mark or the new one.

        Raises Fatal when the file was damaged.
        """
        if self._covers(head):
            return
        with self._lock, self._alone():
            self._refresh()
            if not self._covers(head):
                self._append(head)

    def begin(self, head: Head) -> None:
        """Begin a new file with `head`: where a box is born, or two people have opened the next generation over a damaged one."""
        with self._lock, self._alone():
            write_over(self.path, _framed(head.note))
            self.damaged = ""
            self._refresh()

    def _covers(self, head: Head) -> bool:
        last = self.last
        return last is not None and (head.generation, head.size) <= (last.generation, last.size)

    def _refresh(self) -> None:
        try:
            self.marks, self._end = _read(self.path)
        except (OSError, ValueError) as error:
            raise Fatal("the high-water mark cannot be read: {error}", error=error) from None

    def _append(self, head: Head) -> None:
        if len(self.marks) >= 2 * _KEPT:
            self._thin()
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, self._end)
            os.pwrite(descriptor, _framed(head.note), self._end)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if self.missing:
            sync_folder(self.path.parent)
        self._refresh()

    def _thin(self) -> None:
        older, newer = self.marks[:-_KEPT], self.marks[-_KEPT:]
        write_over(self.path, b"".join(_framed(mark.note) for mark in (*older[::2], *newer)))
        self._refresh()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process moves the mark meanwhile."""
        descriptor = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _framed(note: bytes) -> bytes:
    return f"{len(note):0{_LENGTH}}\n".encode() + note


def _read(path: Path) -> tuple[tuple[Marked, ...], int]:
    """The checkpoints in the file, and where the whole ones end. Raises ValueError for anything but a torn end.

    A torn end is the beginning of a note, or nothing but zero bytes. A whole note under a length that is too long is damage.
    """
    data = path.read_bytes() if path.exists() else b""
    marks: list[Marked] = []
    at = 0
    while at + _LENGTH < len(data):
        if not any(data[at:]):
            break
        length = data[at : at + _LENGTH]
        if not length.isdigit() or data[at + _LENGTH : at + _LENGTH + 1] != b"\n" or int(length) > MAX_NOTE:
            raise ValueError(f"no checkpoint begins at byte {at}")
        begin = at + _LENGTH + 1
        note = data[begin : begin + int(length)]
        if len(note) < int(length):
            if _is_whole(note):
                raise ValueError(f"the length at byte {at} is wrong")
            break
        marks.append(_marked(note))
        at = begin + len(note)
    return tuple(marks), at


def _marked(note: bytes) -> Marked:
    checkpoint = Checkpoint.parse(split_note(note)[0])
    return Marked(split_origin(checkpoint.origin)[1], checkpoint.size, checkpoint.root, note)


def _is_whole(note: bytes) -> bool:
    try:
        _marked(note)
    except ValueError:
        return False
    return True
