"""The members of a receipt's zip: read with bounds of our own, since a zip may lie about sizes."""

import re
import struct
import zipfile
import zlib
from io import BytesIO
from typing import Final

from chibox.records.envelope import MAX_BYTES
from chibox.records.notes import MAX_NOTE
from chibox.records.parts import SALT_SIZE

MAX_MEMBERS: Final = 2**17
MAX_TOTAL: Final = 2**29
MAX_PART: Final = 2**26
MAX_WORDS: Final = 2**16
MAX_OVERVIEW: Final = 2**26
WORDS: Final = "receipt.txt"
_POSITION: Final = r"(?:0|[1-9][0-9]{0,18})"
_NAME: Final = r"[a-z][a-z0-9_]{0,31}"

_LIMITS: Final = tuple(
    (re.compile(pattern).fullmatch, limit)
    for pattern, limit in (
        (r"receipt\.txt", MAX_WORDS),
        (r"readme\.txt", MAX_WORDS),
        (r"overview\.csv", MAX_OVERVIEW),
        (rf"{_POSITION}/entry\.json", MAX_BYTES),
        (rf"{_POSITION}/proof\.tlog-proof", MAX_NOTE),
        (rf"{_POSITION}/part/{_NAME}", MAX_PART),
        (rf"{_POSITION}/salt/{_NAME}", SALT_SIZE),
    )
)
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,  # encrypted members, and methods that Python does not know
    ValueError,
    LookupError,
    OverflowError,
)


class MembersError(ValueError):
    """The zip is not that of a receipt; the text names the member and says why."""


def read_members(data: bytes) -> dict[str, bytes]:
    """Name and content of every member. Raises MembersError for unknown and doubled names, and for sizes beyond bounds."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _read_all(archive)
    except MembersError:
        raise
    except _BROKEN as error:
        raise MembersError(f"the zip cannot be read: {error}") from None


def _read_all(archive: zipfile.ZipFile) -> dict[str, bytes]:
    listed = archive.infolist()
    if archive.comment:
        raise MembersError("the zip has a comment, which nothing vouches for")
    if len(listed) > MAX_MEMBERS:
        raise MembersError(f"the zip has more than {MAX_MEMBERS} members")
    found: dict[str, bytes] = {}
    room = MAX_TOTAL
    for info in listed:
        name = info.filename
        limit = next((limit for matches, limit in _LIMITS if matches(name)), None)
        if limit is None or info.orig_filename != name:
            raise MembersError(f"{name}: not a member of a receipt")
        if name in found:
            raise MembersError(f"{name}: stands twice")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise MembersError(f"{name}: compressed in a way that a receipt never is")
        with archive.open(info) as member:
            content = member.read(limit + 1)
        room -= len(content)
        if len(content) > limit or room < 0:
            raise MembersError(f"{name}: longer than {limit} bytes, or the whole longer than {MAX_TOTAL}")
        found[name] = content
    return found
