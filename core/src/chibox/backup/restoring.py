"""Restoring a box from a backup: everything is checked on the way, and the box appears whole in its folder or not at all."""

import json
import secrets
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from chibox.backup import assembling, recovery
from chibox.backup.copies import hidden
from chibox.backup.intake import Intake, Members, Rows
from chibox.backup.manifest import PEPPER, Manifest, Sum, read_manifest
from chibox.backup.sheet import Secrets
from chibox.backup.tarring import members
from chibox.backup.unpacking import (
    Progress,
    files,
    first,
    hold,
    in_words,
    is_encrypted,
    opened,
    silent,
    sums_agree,
    write,
)
from chibox.clock import Clock, SystemClock
from chibox.database import VERSION
from chibox.errors import Refused
from chibox.keys import sync_folder
from chibox.records.notes import Verifier, to_base64
from chibox.signing.state import RESTORED

_SYNCS: Final = 8
_IN_MEMORY: Final = 64 << 20  # bytes of the log that are held before they go to a file


class Restored(NamedTuple):
    """A box that stands: what its backup said, its entries, whether it has the key it signs by, how many were erased again."""

    manifest: Manifest
    size: int
    signs: bool
    erased: int


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
    with hidden(parent, f".{folder.name}.restoring.") as making, in_words(folder):
        restored = _restore(source, making, opening, (clock or SystemClock()).now(), told)
        making.rename(folder)
    sync_folder(parent)
    return restored


def _restore(source: Path, making: Path, opening: Secrets | None, now: int, told: Progress) -> Restored:
    sums: dict[str, Sum] = {}
    with opened(source, opening, told) as stream, tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(making)) as spool:
        coming = Members(members(stream, sums))
        manifest = read_manifest(first(coming), VERSION)
        rows = Rows(spool)
        intake = Intake(coming, rows, manifest.name)
        for number, shared in enumerate(manifest.shared, 1):
            intake.generation(number, shared)
        files(coming, making)
        hold(manifest, intake)
        sums_agree(coming, sums)
        erased = assembling.assemble(making, manifest, intake, rows)
    signs = _keys(making, manifest, opening)
    _mark_restored(making, manifest, intake.heads[-1][0].size, now)
    _sync_all(making)
    return Restored(manifest, intake.heads[-1][0].size, signs, erased)


def _keys(making: Path, manifest: Manifest, opening: Secrets | None) -> bool:
    """The keys of the new box: the log key if the sheet has the one that signs, a new token. Returns whether it could sign."""
    keys = making / "keys"
    write(keys / "local.token", secrets.token_hex(32).encode() + b"\n")
    if not (keys / PEPPER).exists():
        write(keys / PEPPER, secrets.token_hex(32).encode() + b"\n")
    if opening is None:
        return False
    signs = opening.seed is not None and assembling.signs(opening.seed, manifest.vkey)
    if opening.seed is not None and signs:
        write(keys / "log.key", opening.seed.hex().encode() + b"\n")
    log_key = to_base64(Verifier.parse(manifest.vkey).public_key) if signs else recovery.UNKNOWN
    write(keys / recovery.PUBLIC, recovery.public(opening.identity, log_key))
    return signs


def _mark_restored(making: Path, manifest: Manifest, size: int, now: int) -> None:
    said = {"at": now, "made": manifest.made, "size": size}
    write(making / RESTORED, json.dumps(said).encode() + b"\n")


def _sync_all(making: Path) -> None:
    """Make everything durable, all at once: a file system that keeps a journal then writes it once."""
    with ThreadPoolExecutor(_SYNCS) as threads:
        list(threads.map(sync_folder, (making, *making.rglob("*"))))
