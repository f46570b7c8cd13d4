"""A log that is served over HTTP by C2SP tlog-tiles: one generation below its address. Contents are not served there."""

import http.client
import ssl
import zlib
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from chibox.errors import words
from chibox.records.notes import MAX_NOTE
from chibox.records.tiles import WIDTH, Bundle, Tile, encode_bundle, parse_bundle
from chibox.records.verify.sources import MAX_BUNDLE, MAX_TILE, Gone

TIMEOUT: Final = 20.0  # seconds of silence after which the server counts as gone
_OK, _MOVED, _UNKNOWN, _FORBIDDEN, _MISSING, _LATER = 200, range(300, 400), 401, 403, 404, 503
_HASH: Final = 32


class Remote:
    """A `Source` over one kept connection. No answer is read further than a sound one can be; nothing is followed elsewhere.

    Raises ValueError for what is no address of a log. A server that refuses, is silent or breaks off twice is `Gone`.
    """

    def __init__(self, address: str, *, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(address)
        if (
            parts.scheme not in ("http", "https")
            or not parts.hostname
            or parts.query
            or parts.fragment
            or parts.username
        ):
            raise ValueError("not http://host/log/<token>/<generation>/")
        self._place = (parts.hostname, parts.port)
        self._prefix = parts.path.rstrip("/")
        self._secure = parts.scheme == "https"
        self._timeout = timeout
        self._connection: http.client.HTTPConnection | None = None
        self._gone: Gone | None = None

    @property
    def generation(self) -> int | None:
        """The generation that the address names at its end; None if none."""
        last = self._prefix.rpartition("/")[2]
        return int(last) if last.isdecimal() and last.isascii() and len(last) < _HASH and int(last) > 0 else None

    def close(self) -> None:
        """Ends the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def checkpoint(self) -> bytes | None:
        """See Source. Raises Gone where nothing is served: a box says no more to whoever has no address of it."""
        found = self._read("checkpoint", MAX_NOTE)
        if found is None:
            raise Gone(words("nothing is served there: the address was mistyped, or it was ended"))
        return found

    def bundle(self, bundle: Bundle, /) -> bytes | None:
        """See Source. Where a partial bundle is gone the full one has taken its place, and is cut."""
        found = self._read(bundle.path, MAX_BUNDLE)
        if found is None and bundle.width < WIDTH:
            full = self._read(Bundle(bundle.n, WIDTH).path, MAX_BUNDLE)
            return None if full is None else encode_bundle(parse_bundle(full, WIDTH)[: bundle.width])
        return found

    def tile(self, tile: Tile, /) -> bytes | None:
        """See Source. Where a partial tile is gone the full one has taken its place, and is cut."""
        found = self._read(tile.path, MAX_TILE)
        if found is None and tile.width < WIDTH:
            full = self._read(Tile(tile.level, tile.n, WIDTH).path, MAX_TILE)
            return None if full is None else full[: tile.width * _HASH]
        return found

    def parts(self, _bundle: Bundle, /) -> bytes | None:
        """Contents are not served: none is given."""
        return None

    def keeps(self, _tile: Tile, /) -> bool:
        """A served log keeps every tile."""
        return True

    def left_over(self) -> Iterable[str]:
        """What else a server has cannot be asked."""
        return ()

    def _read(self, name: str, limit: int) -> bytes | None:
        if self._gone is not None:
            raise self._gone
        try:
            return self._answer(name, limit)
        except Gone as error:
            self._gone = error
            self.close()
            raise

    def _answer(self, name: str, limit: int) -> bytes | None:
        with self._ask(f"{self._prefix}/{name}") as answer:
            data = self._bounded(answer, limit)
        if answer.status == _OK:
            return _unpacked(data, limit) if answer.headers.get("Content-Encoding") == "gzip" else data
        if answer.status == _MISSING:
            return None
        if answer.status in (_UNKNOWN, _FORBIDDEN):
            raise Gone(
                words(
                    "the server does not take this token: it was mistyped, or withdrawn ({status})",
                    status=answer.status,
                )
            )
        if answer.status == _LATER:
            raise Gone(words("the box gives nothing out at the moment (503): ask again later"))
        if answer.status in _MOVED:
            raise Gone(
                words("the server sends readers elsewhere ({status}): give the address itself", status=answer.status)
            )
        raise Gone(words("the server answers with {status} for {name}", status=answer.status, name=name))

    def _ask(self, path: str) -> http.client.HTTPResponse:
        """The answer to one request; a kept connection that the server has closed meanwhile is opened again, once."""
        for kept in (self._connection is not None, False):
            connection = self._connection = self._connection or self._opened()
            try:
                connection.request("GET", path, headers={"User-Agent": "chibox-verify"})
                return connection.getresponse()
            except TimeoutError:
                raise Gone(words("the server was silent for {seconds} seconds", seconds=f"{self._timeout:g}")) from None
            except ssl.SSLError as error:
                raise Gone(words("the connection is not trusted: {why}", why=error.reason)) from None
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if not kept:
                    raise Gone(
                        words("the server cannot be reached: {why}", why=str(error) or type(error).__name__)
                    ) from None
        raise Gone(words("the server cannot be reached: {why}", why="-"))

    def _opened(self) -> http.client.HTTPConnection:
        host, port = self._place
        if self._secure:
            return http.client.HTTPSConnection(host, port, timeout=self._timeout)
        return http.client.HTTPConnection(host, port, timeout=self._timeout)

    def _bounded(self, answer: http.client.HTTPResponse, limit: int) -> bytes:
        try:
            data = answer.read(limit + 1)
        except TimeoutError:
            raise Gone(words("the server was silent for {seconds} seconds", seconds=f"{self._timeout:g}")) from None
        except (OSError, http.client.HTTPException):
            raise Gone(words("the server broke off in the middle")) from None
        if len(data) > limit:
            self.close()
            raise ValueError(f"longer than {limit} bytes")
        if answer.length:
            raise Gone(words("the server broke off in the middle"))
        return data


def _unpacked(data: bytes, limit: int) -> bytes:
    """What a server packed by gzip, no more than `limit` bytes. Raises ValueError for anything else."""
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = unpacking.decompress(data, limit + 1)
    except zlib.error:
        raise ValueError("packed in a way that cannot be unpacked") from None
    if len(found) > limit or not unpacking.eof or unpacking.unused_data:
        raise ValueError(f"longer than {limit} bytes, or cut")
    return found
