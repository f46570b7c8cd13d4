"""The tar inside a backup, as a stream: plain files only, in an order that is known, written and read without seeking."""

import hashlib
import tarfile
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final, NamedTuple, Protocol

from chibox.backup.manifest import DIGESTS, Sum, encode_digests

BLOCK: Final = 512
CHUNK: Final = 1 << 18
_MODE: Final = 0o600
_END: Final = bytes(2 * BLOCK)


class TarError(ValueError):
    """What is read is not a tar as backups have it; the text says why."""


class Readable(Protocol):
    """Something that gives bytes, at most so many, and none at its end."""

    def read(self, size: int, /) -> bytes:
        """The next bytes."""
        ...


def head(name: str, size: int, made: int) -> bytes:
    """The header of a member. `made`: seconds."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = size, made, _MODE
    return info.tobuf(tarfile.GNU_FORMAT, "ascii", "strict")


class Tar:
    """Writes members one after another; each call gives the bytes to write, `end` the sums of all of them and the end."""

    def __init__(self, made: int) -> None:
        """`made`: seconds, the time that every member gets."""
        self._made = made
        self._sums: dict[str, Sum] = {}

    def member(self, name: str, data: bytes) -> Iterator[bytes]:
        """A small member."""
        self._sums[name] = Sum(len(data), hashlib.sha256(data).hexdigest())
        yield head(name, len(data), self._made) + data + bytes(-len(data) % BLOCK)

    def file(self, name: str, size: int, file: BinaryIO) -> Iterator[bytes]:
        """A member of exactly `size` bytes, read in pieces. Raises TarError when the file is shorter."""
        digest, left = hashlib.sha256(), size
        yield head(name, size, self._made)
        while left:
            data = file.read(min(CHUNK, left))
            if not data:
                raise TarError(f"{name} became shorter while it was read")
            digest.update(data)
            left -= len(data)
            yield data
        yield bytes(-size % BLOCK)
        self._sums[name] = Sum(size, digest.hexdigest())

    def end(self) -> Iterator[bytes]:
        """The last member, and the end of the tar."""
        yield from self.member(DIGESTS, encode_digests(dict(self._sums)))
        yield _END


class Member(NamedTuple):
    """A member that comes: read it, or its rest is passed over. `chunks` may be read once."""

    name: str
    size: int
    chunks: Iterable[bytes]

    def whole(self, limit: int) -> bytes:
        """Its bytes. Raises TarError when there are more than `limit`."""
        if self.size > limit:
            raise TarError(f"{self.name} has more than {limit} bytes")
        return b"".join(self.chunks)


def members(source: Readable, sums: dict[str, Sum]) -> Iterator[Member]:
    """The members of a tar, each read to its end before the next comes; `sums` learns what each was.

    Raises TarError for anything that `Tar` would not have written, and when the tar ends early or goes on after its end.
    """
    while True:
        header = _exactly(source, BLOCK)
        if header == bytes(BLOCK):
            if _exactly(source, BLOCK) != bytes(BLOCK) or source.read(1):
                raise TarError("bytes after the end")
            return
        name, size = _parse(header)
        if name in sums:
            raise TarError(f"{name} stands there twice")
        digest = hashlib.sha256()
        chunks = _chunks(source, size, digest)
        yield Member(name, size, chunks)
        for _ in chunks:
            pass
        if any(_exactly(source, -size % BLOCK)):
            raise TarError(f"bytes after {name}")
        sums[name] = Sum(size, digest.hexdigest())


def _chunks(source: Readable, size: int, digest: "hashlib._Hash") -> Iterator[bytes]:
    while size:
        data = source.read(min(CHUNK, size))
        if not data:
            raise TarError("the tar ends early")
        digest.update(data)
        size -= len(data)
        yield data


def _exactly(source: Readable, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = source.read(count - len(data))
        if not more:
            raise TarError("the tar ends early")
        data += more
    return data


def _parse(header: bytes) -> tuple[str, int]:
    """Name and size. A header that this module would not have written is refused: nothing in it is left unread."""
    try:
        info = tarfile.TarInfo.frombuf(header, "ascii", "strict")
        made = int(info.mtime)
        if info.size >= 0 and head(info.name, info.size, made) == header:
            return info.name, info.size
    except (tarfile.HeaderError, ValueError, OverflowError):
        pass
    raise TarError("a member that no backup has")
