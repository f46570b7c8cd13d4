"""The folder that backups lie in: each under its box's name and time, written hidden, read back, and shown when it is whole."""

import errno
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from chibox.backup.streams import AGE, ZSTD
from chibox.backup.tarring import CHUNK
from chibox.clock import local
from chibox.errors import Away
from chibox.keys import sync_folder

SUFFIX: Final = ".chibox"
_STAMP: Final = r"[0-9]{8}-[0-9]{6}"
_SECOND: Final = 1000


class Written:
    """A file on its way: what is written to it, counted and summed."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path, self._file = path, file
        self.bytes = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes, /) -> int:
        """Write all of it."""
        self._file.write(data)
        self.digest.update(data)
        self.bytes += len(data)
        return len(data)

    def flush(self) -> None:
        """As files have it."""
        self._file.flush()


class Target:
    """The backups of the box called `name` in a folder."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self._is_backup = re.compile(rf"{re.escape(name)}-{_STAMP}{re.escape(SUFFIX)}").fullmatch
        self._is_hidden = re.compile(rf"\.{re.escape(name)}-{_STAMP}{re.escape(SUFFIX)}\.new").fullmatch

    @contextmanager
    def writing(self, made: int) -> Iterator[Written]:
        """A new file, shown under its name once the block has ended and what was written was read back.

        When the block or the disk fails nothing is left of it. Raises Away for what the disk says.
        """
        hidden: Path | None = None
        try:
            self._clear()
            path = self._free(made)
            hidden = path.with_name(f".{path.name}.new")
            with os.fdopen(os.open(hidden, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                written = Written(path, file)
                yield written
                file.flush()
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            _read_back(hidden, written.digest.digest())
            hidden.rename(path)
            sync_folder(self.folder)
        except BaseException as error:
            if hidden is not None:
                with suppress(OSError):
                    hidden.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise self._away(error) from None
            raise

    def backups(self) -> list[Path]:
        """The backups of this box that look like some, oldest first."""
        return sorted(path for path in self.folder.iterdir() if self._is_backup(path.name) and _looks_good(path))

    def drop(self, keep: int, made: Path) -> tuple[Path, ...]:
        """Remove the oldest beyond `keep`, `made` among those that stay: it was just written, whatever the clock said.

        What is no backup, or another box's, is neither counted nor touched.
        """
        others = [path for path in self.backups() if path != made]
        over = others[: max(len(others) - keep + 1, 0)]
        for path in over:
            path.unlink()
        if over:
            sync_folder(self.folder)
        return tuple(over)

    def _clear(self) -> None:
        for path in self.folder.iterdir():
            if self._is_hidden(path.name):
                path.unlink()

    def _free(self, made: int) -> Path:
        while True:
            path = self.folder / f"{self.name}-{local(made):%Y%m%d-%H%M%S}{SUFFIX}"
            if not path.exists():
                return path
            made += _SECOND

    def _away(self, error: OSError) -> Away:
        return Away(
            "The backup could not be written to {folder}: {why}. Older backups stand as they were.",
            folder=self.folder, why=error.strerror or str(error),
        )  # fmt: skip


def _looks_good(path: Path) -> bool:
    with path.open("rb") as file:
        begin = file.read(len(AGE))
    return begin == AGE or begin.startswith(ZSTD)


def _read_back(path: Path, wanted: bytes) -> None:
    """Raises OSError when the disk gives back other bytes than it was given."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            digest.update(data)
    if digest.digest() != wanted:
        raise OSError(errno.EIO, os.strerror(errno.EIO))
