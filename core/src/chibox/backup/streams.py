"""Bytes on their way between tar, zstd, age and a file: bounded in memory, in whichever direction they are asked for."""

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

import pyrage
import zstandard

from chibox.backup.tarring import Readable

_LEVEL: Final = 3
_PIECE: Final = 1 << 16
_WAITING: Final = 64  # pieces
AGE: Final = b"age-encryption.org/v1\n"
ZSTD: Final = b"\x28\xb5\x2f\xfd"


class Broken(ValueError):
    """The stream is damaged or ends early."""


class WrongKey(ValueError):
    """The file is encrypted to another recovery key than the one that was given."""


class Writable(Protocol):
    """Something that takes bytes."""

    def write(self, data: bytes, /) -> object:
        """Take all of them."""
        ...

    def flush(self) -> None:
        """Nothing is held back."""
        ...


class Pulled:
    """Pieces of bytes as a file that is read. What the pieces raise is kept: age tells only that something was raised."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, memoryview(b"")
        self.raised: BaseException | None = None

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most `size`; none at the end."""
        if not self._rest:
            try:
                self._rest = memoryview(next((piece for piece in self._pieces if piece), b""))
            except BaseException as error:
                self.raised = error
                raise
        size = len(self._rest) if size < 0 else size
        data, self._rest = self._rest[:size], self._rest[size:]
        return bytes(data)


class _Kept:
    """Passes bytes on, and keeps what that raised."""

    def __init__(self, target: Writable) -> None:
        self._target = target
        self.raised: BaseException | None = None

    def write(self, data: bytes, /) -> int:
        try:
            self._target.write(data)
        except BaseException as error:
            self.raised = error
            raise
        return len(data)

    def flush(self) -> None:
        self._target.flush()


def compressed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces as one zstd frame."""
    press = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compressobj()
    for piece in pieces:
        yield press.compress(piece)
    yield press.flush()


def encrypt(pieces: Iterator[bytes], target: Writable, recipient: pyrage.x25519.Recipient) -> None:
    """Write the pieces to `target`, encrypted. Raises what the pieces or the target raise."""
    source, sink = Pulled(pieces), _Kept(target)
    try:
        pyrage.encrypt_io(source, sink, [recipient])
    except Exception:  # noqa: BLE001 - age tells of whatever was raised in words of its own
        raise (source.raised or sink.raised or RuntimeError("age refused to encrypt")) from None


class Decrypted:
    """A file as it was before it was encrypted, read while another thread decrypts; ended by `close`, or by its end."""

    def __init__(self, source: Readable, identity: pyrage.x25519.Identity) -> None:
        self._pieces: queue.Queue[bytes | Exception] = queue.Queue(_WAITING)
        self._stop = threading.Event()
        self._gathered: list[bytes] = []
        self._size = 0
        self._rest: memoryview | None = memoryview(b"")
        self._thread = threading.Thread(target=self._run, args=(source, identity), name="decrypt", daemon=True)
        self._thread.start()

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most `size`; none at the end. Raises Broken or WrongKey, also at the end of a file cut short."""
        if self._rest is not None and not self._rest:
            piece = self._pieces.get()
            if isinstance(piece, Exception):
                self._rest = None
                raise piece
            self._rest = memoryview(piece) if piece else None
        if self._rest is None:
            return b""
        size = len(self._rest) if size < 0 else size
        data, self._rest = self._rest[:size], self._rest[size:]
        return bytes(data)

    def write(self, data: bytes, /) -> int:
        """What age has decrypted and authenticated."""
        if self._stop.is_set():
            raise BrokenPipeError
        self._gathered.append(bytes(data))
        self._size += len(data)
        if self._size >= _PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Hand over what was gathered."""
        if self._gathered:
            self._put(b"".join(self._gathered))
            self._gathered, self._size = [], 0

    def close(self) -> None:
        """Decrypt no further."""
        self._stop.set()
        while self._thread.is_alive():
            try:
                self._pieces.get(timeout=0.05)
            except queue.Empty:
                continue

    def _run(self, source: Readable, identity: pyrage.x25519.Identity) -> None:
        last: bytes | Exception = b""
        try:
            pyrage.decrypt_io(source, self, [identity])
            self.flush()
        except Exception as error:  # noqa: BLE001 - told to whoever reads
            last = _told(error)
        self._put(last)

    def _put(self, piece: bytes | Exception) -> None:
        while not self._stop.is_set():
            try:
                self._pieces.put(piece, timeout=0.2)
            except queue.Full:
                continue
            return


class Unpacked:
    """One zstd frame as it was before, and nothing after it."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self._reader = zstandard.ZstdDecompressor().stream_reader(source, read_size=_PIECE, read_across_frames=False)  # type: ignore[arg-type]

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most `size`; none at the end. Raises Broken."""
        try:
            return self._reader.read(size)
        except zstandard.ZstdError as error:
            raise Broken(str(error)) from None


def _told(error: Exception) -> Exception:
    if "No matching keys" in str(error):
        return WrongKey("the file is encrypted to another key")
    return Broken(str(error))
