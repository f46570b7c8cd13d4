"""The keys of a box: made once at its birth, kept in files beside the database, never in it and never in its backup.

The log key may come from the service manager instead (systemd: LoadCredential=log.key): then no file of it stands in the folder.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from chibox.errors import Fatal
from chibox.records.checkpoints import origin_of
from chibox.records.notes import Signer, to_base64

LOG, NEXT = "log.key", "log.key.next"
_SEED: Final = 32
_CREDENTIALS: Final = "CREDENTIALS_DIRECTORY"


class KeyMissing(Fatal):
    """A key that has to sign is not here, or what is here is damaged or another one; the words say which."""


def make(folder: Path) -> None:
    """Make the log key and the pepper, durably, readable by the owner only. Raises FileExistsError where there are some."""
    folder.mkdir(mode=0o700)
    for name in (LOG, "pepper", "local.token"):
        make_one(folder / name)


def make_one(path: Path) -> None:
    """Make one secret, durably. Raises FileExistsError."""
    write_private(path, secrets.token_hex(_SEED).encode() + b"\n")


def signer(folder: Path, name: str, generation: int) -> Signer:
    """The signer of a generation of the log `name` by its log key. Raises KeyMissing when it is missing or damaged."""
    return Signer(origin_of(name, generation), _log_key(folder, LOG))


def signers(folder: Path, name: str, generation: int, public: Sequence[str]) -> tuple[Signer, ...]:
    """The signers with these public keys (base64), in their order, whichever file holds each.

    Raises KeyMissing for one that is not here: with the fault of the log key's own file, if that is why.
    """
    found: dict[str, Signer] = {}
    faults: list[KeyMissing] = []
    for path in (path for file in (LOG, NEXT) for path in _places(folder, file) if path.exists()):
        try:
            one = Signer(origin_of(name, generation), _secret(path))
        except KeyMissing as missing:
            faults.append(missing)
        else:
            found[to_base64(one.verifier.public_key)] = one
    for key in public:
        if key not in found:
            if found:
                raise KeyMissing("the key in {folder} is not the one of this box", folder=folder)
            raise faults[0] if faults else KeyMissing("the key {path} is missing", path=folder / LOG)
    return tuple(found[key] for key in public)


def settle(folder: Path, public: str) -> None:
    """The next key is the log key now: its file takes the name, if it stands in the folder. A crash leaves it under either."""
    following = folder / NEXT
    if following.exists() and to_base64(Signer("a/log/1", _secret(following)).verifier.public_key) == public:
        following.replace(folder / LOG)
        sync_folder(folder)


def seed(folder: Path, name: str) -> bytes:
    """The secret half of a log key's file. Raises KeyMissing."""
    return _log_key(folder, name)


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


def write_over(path: Path, data: bytes) -> None:
    """Write a file of mode 600 in the place of what is there. Durable on return; a crash leaves the old file or the new one."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    write_private(beside, data)
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _log_key(folder: Path, name: str) -> bytes:
    """The seed in the first place that has such a file: the service manager's credentials, then the folder."""
    return _secret(next((path for path in _places(folder, name) if path.exists()), folder / name))


def _places(folder: Path, name: str) -> Iterator[Path]:
    given = os.environ.get(_CREDENTIALS)
    if given:
        yield Path(given) / name
    yield folder / name


def _secret(path: Path) -> bytes:
    try:
        data = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError:
        raise KeyMissing("the key {path} is missing", path=path) from None
    except (OSError, ValueError) as error:
        raise KeyMissing("the key {path} cannot be read: {error}", path=path, error=error) from None
    if len(data) != _SEED:
        raise KeyMissing("the key {path} is damaged", path=path)
    return data
