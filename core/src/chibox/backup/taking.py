"""Taking a backup: one snapshot of a box, whether it serves or not, as one file that appears whole or not at all."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyrage

from chibox import __version__
from chibox.backup import care, copies, recovery
from chibox.backup.logmembers import log_members
from chibox.backup.manifest import FORMAT, MANIFEST, PEPPER, SETTINGS, STORES, TABLES, Manifest
from chibox.backup.streams import compressed, encrypt
from chibox.backup.target import Target
from chibox.backup.tarring import Tar, TarError
from chibox.beside import Beside, beside
from chibox.clock import Clock, SystemClock
from chibox.database import VERSION
from chibox.errors import Away, ChiboxError, NotFound, Refused
from chibox.plugins import Plugins


class Taken(NamedTuple):
    """A backup that stands: its file, bytes, entries, when it was made (ms), and the older ones that were dropped for it."""

    path: Path
    bytes: int
    size: int
    made: int
    dropped: tuple[Path, ...]


def take(
    folder: Path,
    target: Path,
    *,
    keep: int | None = None,
    plain: bool = False,
    plugins: Plugins | None = None,
    clock: Clock | None = None,
) -> Taken:
    """Back up the box in `folder` into the folder `target`, encrypted unless `plain`, and note it, or why not, in `care.json`.

    The file is durable and was read back when this returns; a crash leaves a hidden one, which the next backup removes. With
    `keep` only so many backups of this box stay. Raises Refused while there is no sealed sheet, NotFound for a folder that is
    not there, Away when it cannot be written: older backups stand as they were.
    """
    clock = clock or SystemClock()
    try:
        taken = _take(folder, target, keep, plugins, clock, _recipient(folder, plain=plain))
    except ChiboxError as error:
        if (folder / "box.db").exists() and os.access(folder, os.W_OK):
            care.note(folder, failed=care.Failed(clock.now(), str(error)))
        raise
    done = care.Backed(taken.made, str(taken.path.absolute()), taken.bytes, taken.size)
    care.note(folder, backup=done, failed=None)
    return taken


def _recipient(folder: Path, *, plain: bool) -> pyrage.x25519.Recipient | None:
    if plain:
        return None
    if not (folder / "box.db").is_file():
        raise NotFound("There is no box in {folder}. `chibox init` makes one.", folder=folder)
    found = recovery.recipient(folder / "keys")
    if found is None:
        raise Refused(
            "This box has no recovery key yet, to which its backups are encrypted. Make its sealed sheet first: "
            "chibox sheet {folder}",
            folder=folder,
        )  # fmt: skip
    return found


def _take(
    folder: Path, target: Path, keep: int | None, plugins: Plugins | None, clock: Clock,
    recipient: pyrage.x25519.Recipient | None,
) -> Taken:  # fmt: skip
    if not target.is_dir():
        raise NotFound("There is no folder {folder} to back up into. Is the disk or stick there?", folder=target)
    if target.resolve().is_relative_to(folder.resolve()):
        raise Refused("A backup inside the box's own folder is lost together with the box. Choose another disk.")
    with copies.scratch(folder, copies.BACKUP) as place:
        with beside(folder, plugins=plugins, clock=clock, attached=(copies.SCHEMA, place / TABLES)) as box:
            head, made = box.publish(), clock.now()
            (name,) = box.connection.execute("SELECT name FROM box WHERE no=1").fetchone()
            there = Target(target, name)
            pieces = compressed(_pieces(box, place, made, plain=recipient is None))
            with there.writing(made) as file:
                try:
                    if recipient is None:
                        for piece in pieces:
                            file.write(piece)
                    else:
                        encrypt(pieces, file, recipient)
                except (TarError, sqlite3.Error) as error:
                    raise Away(
                        "The backup could not be prepared in {folder}: {why}. Older backups stand as they were.",
                        folder=folder, why=str(error),
                    ) from None  # fmt: skip
        dropped = there.drop(keep, file.path) if keep is not None else ()
        return Taken(file.path, file.bytes, head.size, made, dropped)


def _pieces(box: Beside, place: Path, made: int, *, plain: bool) -> Iterator[bytes]:
    """The whole tar. The log comes first, off the snapshot; copying the tables ends it."""
    tar = Tar(made // 1000)
    yield from tar.member(MANIFEST, _manifest(box, made).encode())
    yield from log_members(tar, box.log)
    copies.copy_tables(box.connection)
    yield from _file(tar, place / TABLES, TABLES)
    for name in STORES:
        if (box.folder / name).exists():
            copies.copy_store(box.folder / name, place / name)
            yield from _file(tar, place / name, name)
            (place / name).unlink()
    if (box.folder / SETTINGS).exists():
        yield from tar.member(SETTINGS, (box.folder / SETTINGS).read_bytes())
    if not plain:
        yield from tar.member(PEPPER, (box.folder / "keys" / PEPPER).read_bytes())
    yield from tar.end()


def _file(tar: Tar, path: Path, name: str) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from tar.file(name, os.fstat(file.fileno()).st_size, file)


def _manifest(box: Beside, made: int) -> Manifest:
    heads, lineage = box.log.generations(), box.log.lineage
    ident, name = box.connection.execute("SELECT id, name FROM box WHERE no=1").fetchone()
    return Manifest(
        format=FORMAT, box=ident, name=name, vkey=box.log.verifier(box.head).vkey, made=made, chibox=__version__,
        heads=tuple(head.note.decode() for head in heads), shared=(0, *(one.shared for one in lineage.closed)),
        database=VERSION, plugins=tuple(box.plugins.names),
    )  # fmt: skip
