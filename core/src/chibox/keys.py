"""The keys of a box: made once at its birth, kept in files beside the database, never in it and never in its backup."""

import os
import secrets
from pathlib import Path
from typing import Final

from chibox.errors import Fatal
from chibox.records.checkpoints import origin_of
from chibox.records.notes import Signer

_SEED: Final = 32


def make(folder: Path) -> None:
    """Make the log key and the pepper, durably, readable by the owner only. Raises FileExistsError where there are some."""
    folder.mkdir(mode=0o700)
    for name in ("log.key", "pepper", "local.token"):
        write_private(folder / name, secrets.token_hex(_SEED).encode() + b"\n")


def signer(folder: Path, name: str, generation: int) -> Signer:
    """The signer of a generation of the log `name`. Raises Fatal when the key is missing or damaged."""
    return Signer(origin_of(name, generation), _secret(folder / "log.key"))


def pepper(folder: Path) -> bytes:
    """A secret of this box that keys digests of commands: not in the database, so nobody guesses a command from its digest."""
    return _secret(folder / "pepper")


def local_token(folder: Path) -> str:
    """What the command line shows to the box on the same machine; readable by the box's own user only."""
    return _secret(folder / "local.token").hex()


def write_private(path: Path, data: bytes) -> None:
    """Write a new file of mode 600, synced with its folder. Raises FileExistsError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _secret(path: Path) -> bytes:
    try:
        data = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise Fatal("the key {path} cannot be read: {error}", path=path, error=error) from None
    if len(data) != _SEED:
        raise Fatal("the key {path} is damaged", path=path)
    return data
