"""A backup on its way into a folder: what the file is, its members one after another, and what is wrong with them in words."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from chibox.backup.intake import Intake, Members
from chibox.backup.manifest import (
    DIGESTS,
    MANIFEST,
    ORDER,
    PEPPER,
    SETTINGS,
    SMALL,
    TABLES,
    Manifest,
    Sum,
    read_digests,
)
from chibox.backup.sheet import Secrets
from chibox.backup.streams import AGE, ZSTD, Broken, Decrypted, Unpacked, WrongKey
from chibox.backup.tarring import BLOCK, Member, Readable, TarError
from chibox.errors import NotFound, Refused

Progress = Callable[[int, int], object]


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def is_encrypted(source: Path) -> bool:
    """Whether a sheet is needed to read the backup. Raises NotFound for no file, Refused for a file that is no backup."""
    if not source.is_file():
        raise NotFound("There is no file {file}.", file=source)
    with source.open("rb") as file:
        begin = file.read(len(AGE))
    if begin != AGE and not begin.startswith(ZSTD):
        raise Refused("{file} is not a backup of a box.", file=source)
    return begin == AGE


@contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """Whatever is wrong with the backup or the disk is told in a sentence."""
    try:
        yield
    except WrongKey:
        raise Refused("This sheet does not open this backup: it was made for another recovery key.") from None
    except OSError as error:
        what = error.filename or folder
        raise Refused("The restore stopped at {file}: {why}", file=what, why=error.strerror or str(error)) from None
    except ValueError as error:  # of the stream, the tar, the log: each says what
        raise Refused("The backup is damaged: {why}. Use another one.", why=str(error)) from None


@contextmanager
def opened(source: Path, opening: Secrets | None, told: Progress) -> Iterator[Readable]:
    """The tar inside the file; when the block has ended well, the file has ended with it."""
    with source.open("rb") as file:
        watched = _Watched(file, os.fstat(file.fileno()).st_size, told)
        clear = Decrypted(watched, opening.identity) if is_encrypted(source) and opening else None
        try:
            yield Unpacked(clear or watched)
            if (clear or watched).read(BLOCK):
                raise Broken("it goes on after its end")
        finally:
            if clear is not None:
                clear.close()


class _Watched:
    """A file whose reading is told, a hundred times at most."""

    def __init__(self, file: BinaryIO, total: int, told: Progress) -> None:
        self._file, self._total, self._told = file, total, told
        self._done = self._last = 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self._done += len(data)
        if self._done - self._last > self._total // 100:
            self._last = self._done
            self._told(self._done, self._total)
        return data


def first(coming: Members) -> bytes:
    """The manifest's bytes. Raises Refused when the first member is another."""
    if coming.next is None or coming.next.name != MANIFEST:
        raise Refused("This file is not a backup of a box: it has no manifest.")
    return coming.take(MANIFEST, SMALL)


def files(coming: Members, making: Path) -> None:
    """The members after the log, each where it belongs. Raises TarError for one that is missing, unknown or out of order."""
    (making / "keys").mkdir(mode=0o700)
    left = list(ORDER)
    while coming.next is not None and coming.next.name != DIGESTS:
        name = coming.next.name
        if name not in left:
            raise TarError(f"{name} stands where no backup has it")
        del left[: left.index(name) + 1]
        _file(coming.next, _place(making, name))
        coming.advance()
    if not (making / "box.db").exists():
        raise TarError(f"{TABLES} is missing")


def _place(making: Path, name: str) -> Path:
    places = {TABLES: making / "box.db", PEPPER: making / "keys" / PEPPER, SETTINGS: making / SETTINGS}
    return places.get(name, making / name)


def _file(member: Member, path: Path) -> None:
    with _new(path) as file:
        for chunk in member.chunks:
            file.write(chunk)


def write(path: Path, data: bytes) -> None:
    """A new file of mode 600. Nothing is synced before all is there."""
    with _new(path) as file:
        file.write(data)


def _new(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def hold(manifest: Manifest, intake: Intake) -> None:
    """The manifest says what the log turned out to be."""
    if [note for _, note in intake.heads] != [head.encode() for head in manifest.heads] or not intake.heads:
        raise ValueError("the checkpoints of the log are not those of the manifest")


def sums_agree(coming: Members, sums: dict[str, Sum]) -> None:
    """Every member is the one that was backed up, and nothing stands after the last."""
    found = dict(sums)
    if coming.next is None:
        raise TarError(f"{DIGESTS} is missing")
    if read_digests(coming.take(DIGESTS, 1 << 28)) != found:
        raise ValueError("a member is not the one whose digest was written")
    if coming.next is not None:
        raise TarError(f"{coming.next.name} stands after the end")
