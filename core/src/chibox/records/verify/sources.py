"""Where a log is read from: the protocol, and an exported folder behind it."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol

from chibox.errors import ChiboxError, Words
from chibox.records.envelope import MAX_BYTES
from chibox.records.notes import MAX_NOTE
from chibox.records.tiles import WIDTH, Bundle, Tile

MAX_TILE: Final = WIDTH * 32
MAX_BUNDLE: Final = WIDTH * (MAX_BYTES + 2)
MAX_PARTS: Final = 2**29

UNREADABLE: Final = (OSError, ValueError, ChiboxError)
"""What reading may raise: a finding, never a traceback."""


class Gone(OSError):
    """The source answers no more: reading it ends here. `words` say why."""

    def __init__(self, sentence: Words) -> None:
        super().__init__(str(sentence))
        self.words = sentence


class Source(Protocol):
    """A log of one generation, not trusted. Each method may raise OSError, ValueError or ChiboxError: a finding then."""

    def checkpoint(self) -> bytes | None:
        """The signed checkpoint; None if it is not there."""
        ...

    def bundle(self, bundle: Bundle, /) -> bytes | None:
        """The entry bundle in its wire form; None if it is not there."""
        ...

    def tile(self, tile: Tile, /) -> bytes | None:
        """The hashes of the tile, full or partial; None if it is not there."""
        ...

    def parts(self, bundle: Bundle, /) -> bytes | None:
        """The part bundle that answers to `bundle`; None if no part of it is given."""
        ...

    def keeps(self, tile: Tile, /) -> bool:
        """Whether the tile ought to be there. A box computes the partial tile of level 0, so it keeps none."""
        ...

    def left_over(self) -> Iterable[str]:
        """The names of what is there and was never asked for: asked once everything else was read."""
        ...


class Folder:
    """An exported generation in a folder. Reads regular files only, and no more of them than a sound export can hold."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._asked: set[str] = set()

    def checkpoint(self) -> bytes | None:
        """See Source."""
        return self._read("checkpoint", MAX_NOTE)

    def bundle(self, bundle: Bundle, /) -> bytes | None:
        """See Source."""
        return self._read(bundle.path, MAX_BUNDLE)

    def tile(self, tile: Tile, /) -> bytes | None:
        """See Source."""
        return self._read(tile.path, MAX_TILE)

    def parts(self, bundle: Bundle, /) -> bytes | None:
        """See Source."""
        return self._read(bundle.part_path, MAX_PARTS)

    def keeps(self, _tile: Tile, /) -> bool:
        """An export keeps every tile."""
        return True

    def left_over(self) -> Iterable[str]:
        """Every file, link or other thing but folders that no reading has asked for, in the order of names."""
        found: list[str] = []
        for folder, folders, files in os.walk(self._folder):
            inner = Path(folder)
            links = [name for name in folders if (inner / name).is_symlink()]
            names = ((inner / name).relative_to(self._folder).as_posix() for name in (*files, *links))
            found += (name for name in names if name not in self._asked)
        return sorted(found)

    def _read(self, name: str, limit: int) -> bytes | None:
        self._asked.add(name)
        path = self._folder / name
        try:
            found = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("not a regular file")
        with path.open("rb") as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise ValueError(f"longer than {limit} bytes")
        return data
