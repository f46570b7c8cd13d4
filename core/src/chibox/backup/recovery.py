"""The recovery key: backups are encrypted to its public half, which the box keeps; the secret half is on paper only."""

from pathlib import Path
from typing import Final

import pyrage

from chibox.errors import Fatal, Refused
from chibox.keys import write_over

PUBLIC: Final = "recovery.pub"
UNKNOWN, ELSEWHERE = "unknown", "kept by the service manager"
_LOG_KEY: Final = "# log key on the sheet: "
PREFIX: Final = "AGE-SECRET-KEY-1"


def recipient(keys: Path) -> pyrage.x25519.Recipient | None:
    """To whom the box encrypts its backups; None while it has no sealed sheet. Raises Fatal for a damaged file."""
    path = keys / PUBLIC
    try:
        return pyrage.x25519.Recipient.from_str(path.read_text().strip().rpartition("\n")[2])
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, pyrage.RecipientError) as error:
        raise Fatal("the key {path} cannot be read: {error}", path=path, error=error) from None


def log_key_on_sheet(keys: Path) -> str:
    """The public half (base64) of the log key that stands on the sheet, or why none does; empty without a sheet."""
    path = keys / PUBLIC
    return path.read_text().partition("\n")[0].removeprefix(_LOG_KEY) if path.exists() else ""


def identity(text: str) -> pyrage.x25519.Identity:
    """The recovery key whose text this is. Raises Refused for anything else."""
    try:
        return pyrage.x25519.Identity.from_str(text.strip().upper())
    except pyrage.IdentityError:
        raise Refused("This is not a recovery key: it begins with AGE-SECRET-KEY-1 and has 74 signs.") from None


def public(key: pyrage.x25519.Identity, log_key: str = UNKNOWN) -> bytes:
    """The file that the box keeps, as `age -R` takes it. `log_key`: what stands on the sheet of the log key."""
    return f"{_LOG_KEY}{log_key}\n{key.to_public()}\n".encode()


def keep_public(keys: Path, key: pyrage.x25519.Identity, log_key: str = UNKNOWN) -> None:
    """Later backups are encrypted to this key. Durable on return; a crash leaves the old file or the new one."""
    write_over(keys / PUBLIC, public(key, log_key))
