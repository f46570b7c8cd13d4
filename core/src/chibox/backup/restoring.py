"""Restoring a box from a backup: everything is checked on the way, and the box appears whole in its folder or not at all."""

import json
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from chibox.backup import assembling, recovery
from chibox.backup.copies import hidden
from chibox.backup.intake import Intake, Members, Rows
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
    read_manifest,
)  # fmt: skip
from chibox.backup.sheet import Secrets
from chibox.backup.streams import AGE, ZSTD, Broken, Decrypted, Unpacked, WrongKey
from chibox.backup.tarring import BLOCK, Member, Readable, TarError, members
from chibox.clock import Clock, SystemClock
from chibox.database import VERSION
from chibox.errors import NotFound, Refused
from chibox.keys import sync_folder
from chibox.records.notes import Verifier, to_base64
from chibox.signing.state import RESTORED

_SYNCS: Final = 8
_IN_MEMORY: Final = 64 << 20  # bytes of the log that are held before they go to a file
Progress = Callable[[int, int], object]


class Restored(NamedTuple):
    """A box that stands: what its backup said, its entries, whether it has the key it signs by, how many were erased again."""

    manifest: Manifest
    size: int
    signs: bool
    erased: int


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


def restore(
    source: Path,
    folder: Path,
    opening: Secrets | None = None,
    *,
    clock: Clock | None = None,
    told: Progress = silent,
) -> Restored:
    """Restore the backup `source` into `folder`, empty or not there yet. The box does not sign: it has a file `restored`.

    Every byte is held against the sums of its backup, the log against its own checkpoints, and what the log says is erased
    stays erased, in tables too. Durable on return. Raises Refused or NotFound, and then leaves nothing behind; a crash leaves
    at most a hidden folder beside `folder`, which the next restore to the same place removes. `told` hears of bytes read, and
    of how many there are.
    """
    if folder.is_symlink() or (folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))):
        raise Refused("There is something in {folder} already: a box is restored into an empty folder.", folder=folder)
    if is_encrypted(source) and opening is None:
        raise Refused("The backup is encrypted: it takes the recovery key of the sealed sheet.")
    parent = folder.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    with hidden(parent, f".{folder.name}.restoring.") as making, _in_words(source):
        restored = _restore(source, making, opening, (clock or SystemClock()).now(), told)
        making.rename(folder)
    sync_folder(parent)
    return restored


def _restore(source: Path, making: Path, opening: Secrets | None, now: int, told: Progress) -> Restored:
    sums: dict[str, Sum] = {}
    with _opened(source, opening, told) as stream, tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(making)) as spool:
        coming = Members(members(stream, sums))
        manifest = read_manifest(_first(coming), VERSION)
        rows = Rows(spool)
        intake = Intake(coming, rows, manifest.name)
        for number, shared in enumerate(manifest.shared, 1):
            intake.generation(number, shared)
        _files(coming, making)
        _hold(manifest, intake)
        _sums(coming, sums)
        erased = assembling.assemble(making, manifest, intake, rows)
    signs = _keys(making, manifest, opening)
    _mark_restored(making, manifest, intake.heads[-1][0].size, now)
    _sync_all(making)
    return Restored(manifest, intake.heads[-1][0].size, signs, erased)


@contextmanager
def _in_words(source: Path) -> Iterator[None]:
    """Whatever is wrong with the backup or the disk is told in a sentence."""
    try:
        yield
    except WrongKey:
        raise Refused("This sheet does not open this backup: it was made for another recovery key.") from None
    except OSError as error:
        what = error.filename or source
        raise Refused("The restore stopped at {file}: {why}", file=what, why=error.strerror or str(error)) from None
    except ValueError as error:  # of the stream, the tar, the log: each says what
        raise Refused("The backup is damaged: {why}. Use another one.", why=str(error)) from None


@contextmanager
def _opened(source: Path, opening: Secrets | None, told: Progress) -> Iterator[Readable]:
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


def _first(coming: Members) -> bytes:
    if coming.next is None or coming.next.name != MANIFEST:
        raise Refused("This file is not a backup of a box: it has no manifest.")
    return coming.take(MANIFEST, SMALL)


def _files(coming: Members, making: Path) -> None:
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


def _write(path: Path, data: bytes) -> None:
    with _new(path) as file:
        file.write(data)


def _new(path: Path) -> BinaryIO:
    """A new file of mode 600. Nothing is synced before all is there."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def _hold(manifest: Manifest, intake: Intake) -> None:
    """The manifest says what the log turned out to be."""
    if [note for _, note in intake.heads] != [head.encode() for head in manifest.heads] or not intake.heads:
        raise ValueError("the checkpoints of the log are not those of the manifest")


def _sums(coming: Members, sums: dict[str, Sum]) -> None:
    """Every member is the one that was backed up, and nothing stands after the last."""
    found = dict(sums)
    if coming.next is None:
        raise TarError(f"{DIGESTS} is missing")
    if read_digests(coming.take(DIGESTS, 1 << 28)) != found:
        raise ValueError("a member is not the one whose digest was written")
    if coming.next is not None:
        raise TarError(f"{coming.next.name} stands after the end")


def _keys(making: Path, manifest: Manifest, opening: Secrets | None) -> bool:
    """The keys of the new box: the log key if the sheet has the one that signs, a new token. Returns whether it could sign."""
    keys = making / "keys"
    _write(keys / "local.token", secrets.token_hex(32).encode() + b"\n")
    if not (keys / PEPPER).exists():
        _write(keys / PEPPER, secrets.token_hex(32).encode() + b"\n")
    if opening is None:
        return False
    signs = opening.seed is not None and assembling.signs(opening.seed, manifest.vkey)
    if opening.seed is not None and signs:
        _write(keys / "log.key", opening.seed.hex().encode() + b"\n")
    log_key = to_base64(Verifier.parse(manifest.vkey).public_key) if signs else recovery.UNKNOWN
    _write(keys / recovery.PUBLIC, recovery.public(opening.identity, log_key))
    return signs


def _mark_restored(making: Path, manifest: Manifest, size: int, now: int) -> None:
    said = {"at": now, "made": manifest.made, "size": size}
    _write(making / RESTORED, json.dumps(said).encode() + b"\n")


def _sync_all(making: Path) -> None:
    """Make everything durable, all at once: a file system that keeps a journal then writes it once."""
    with ThreadPoolExecutor(_SYNCS) as threads:
        list(threads.map(sync_folder, (making, *making.rglob("*"))))
