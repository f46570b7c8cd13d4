"""What a backup says of itself: its first member, its last one, and the names of all that stand in between."""

import re
from typing import Final

import msgspec

from chibox.errors import Refused

FORMAT: Final = 1
MANIFEST, DIGESTS = "manifest.json", "digests.json"
TABLES: Final = "tables.db"
STORES: Final = ("accounts.db", "access.db", "drafts.db")
SETTINGS, PEPPER = "chibox.toml", "pepper"
ORDER: Final = (TABLES, *STORES, SETTINGS, PEPPER)  # after the log
is_of_log: Final = re.compile(r"log/([1-9][0-9]{0,8})/([a-z]+(?:/[a-z0-9.]+)*)").fullmatch
SMALL: Final = 1 << 20  # bytes; no member that is read whole is larger


class Manifest(msgspec.Struct, frozen=True):
    """What was backed up.

    `heads`: the last signed checkpoint of every generation, oldest first; `shared`: how many entries each took over from the
    one before; `made`: ms; `database`: the version of core's tables.
    """

    format: int
    box: str
    name: str
    vkey: str
    heads: tuple[str, ...]
    shared: tuple[int, ...]
    made: int
    chibox: str
    database: int
    plugins: tuple[str, ...]

    def encode(self) -> bytes:
        """The member's bytes."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


class _Any(msgspec.Struct, frozen=True):
    """What a manifest of any format has."""

    format: int


class Sum(msgspec.Struct, frozen=True):
    """What a member has to be."""

    size: int
    sha256: str


def read_manifest(data: bytes, database: int) -> Manifest:
    """The manifest. Raises Refused when it is not one, or one that this version cannot read, and says which."""
    try:
        found = msgspec.json.decode(data, type=_Any).format
        if found != FORMAT:
            raise Refused(
                "This backup has format {found}; this chibox reads format {known}. Use the chibox that made it.",
                found=found, known=FORMAT,
            )  # fmt: skip
        manifest = msgspec.json.decode(data, type=Manifest)
    except msgspec.MsgspecError:
        raise Refused("This file is not a backup of a box: it has no manifest.") from None
    if manifest.database > database:
        raise Refused(
            "This backup was made by a newer chibox ({version}). Install that one, then restore.",
            version=manifest.chibox,
        )
    if manifest.database < database:
        raise Refused(
            "This backup was made by an older chibox ({version}), whose tables this one does not read. Restore by that one.",
            version=manifest.chibox,
        )
    return manifest


def encode_digests(sums: dict[str, Sum]) -> bytes:
    """The bytes of the last member."""
    return msgspec.json.format(msgspec.json.encode(sums), indent=1) + b"\n"


def read_digests(data: bytes) -> dict[str, Sum]:
    """Size and SHA-256 of each member by name. Raises ValueError."""
    return msgspec.json.decode(data, type=dict[str, Sum])
