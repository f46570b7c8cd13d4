"""What the first of two people has asked for: kept in a file until the second agrees, for the log takes nothing."""

from pathlib import Path
from typing import Final

import msgspec

from chibox.errors import Fatal
from chibox.keys import sync_folder, write_over
from chibox.signing.records import Reason

NAME: Final = "opening.json"


class Ask(msgspec.Struct, frozen=True):
    """Who asked (`by`) and when (ms); which generation is to begin, over how many entries with which root (hex), and why."""

    by: str
    at: int
    generation: int
    size: int
    root: str
    reason: Reason


def read(folder: Path) -> Ask | None:
    """What was asked, or None. Raises Fatal when the file cannot be read."""
    try:
        return msgspec.json.decode((folder / NAME).read_bytes(), type=Ask)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise Fatal("{path} cannot be read: {error}", path=folder / NAME, error=error) from None


def write(folder: Path, ask: Ask) -> None:
    """Durable on return; a crash leaves what was asked before, or this."""
    write_over(folder / NAME, msgspec.json.encode(ask))


def clear(folder: Path) -> None:
    """Nothing is asked any more."""
    (folder / NAME).unlink(missing_ok=True)
    sync_folder(folder)
