"""The log for programs, below a reader's address, as C2SP tlog-tiles v0.1.0 has it: checkpoint, tiles and entry bundles.

`/log/<token>/<generation>/checkpoint`, `…/tile/<L>/<N>[.p/<W>]`, `…/tile/entries/<N>[.p/<W>]`. Envelopes hold no personal
data, parts are not served: no reading of this stands in the access log.
"""

import hashlib
import re
from typing import Any, Final

from litestar import Request, Response

from chibox.errors import Away, NotFound
from chibox.office import Office
from chibox.records.lineage import Head
from chibox.records.log import LogReader
from chibox.records.tiles import WIDTH, Bundle, Tile, number_path
from chibox.site.who import OPEN
from chibox.web import handlers
from chibox.web.static import PACKED_OPT

AnyRequest = Request[Any, Any, Any]
TEXT: Final = "text/plain"  # litestar adds the charset
BYTES: Final = "application/octet-stream"
_FRESH: Final = 5  # s; how long a client may keep a checkpoint
# private: a cache between box and reader would go on handing out what the address opened after it was ended.
_CHECKPOINT: Final = f"private, max-age={_FRESH}"
_FOR_EVER: Final = "private, max-age=31536000, immutable"
_ADDRESS: Final = re.compile(r"/log/([a-z][a-z0-9]{9,63})/([1-9][0-9]{0,8})/(checkpoint|tile/.{3,80})\Z", re.ASCII)
_PIECE: Final = re.compile(
    r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?\Z", re.ASCII
)


@handlers.page(
    "/log/{token:str}/{generation:str}/{rest:path}", opt={OPEN: True, PACKED_OPT: True}, media_type=BYTES,
    sync_to_thread=True,
)  # fmt: skip
def served(request: AnyRequest) -> Response[bytes]:
    """What a verifier, a witness or a mirror asks for; 404 without a word for whatever is not there, or not for this token.

    A checkpoint leaves only when the high-water mark stands at it; nothing beyond the mark is given out.
    """
    office: Office = request.app.state.office
    match = _ADDRESS.match(_asked(request))
    if match is None or office.readers.find(match[1], office.box.clock.now()) is None:
        return _nothing()
    generation, rest = int(match[2]), match[3]
    try:
        if rest == "checkpoint":
            return Response(_checkpoint(office, generation), media_type=TEXT, headers={"Cache-Control": _CHECKPOINT})
        return _kept(request, _piece(office, generation, rest))
    except NotFound:
        return _nothing()
    except Away:
        return Response(b"", status_code=503, media_type=BYTES, headers={"Retry-After": "60"})


def _asked(request: AnyRequest) -> str:
    """The address as it was sent: what a server or a framework would mend is another name here."""
    raw = request.scope.get("raw_path") or request.scope["path"].encode()
    return raw.partition(b"?")[0].decode("ascii", "replace")


def _checkpoint(office: Office, generation: int) -> bytes:
    """The signed note: of a closed generation the last one, of the current one that of now."""
    head = office.box.publish()
    if head.generation == generation:
        return head.note
    return _reading(office, generation)[1].note


def _reading(office: Office, generation: int) -> tuple[int, Head]:
    """How many entries of a generation are given out, and its head. Raises NotFound for one that there is not."""
    with office.box.database.reading() as connection:
        head = LogReader(connection, generation=generation).head()
    closed = generation != office.box.log.generation
    return (head.size if closed else min(head.size, office.box.mark.size)), head


def _piece(office: Office, generation: int, path: str) -> bytes:
    """The bytes of a tile or bundle. Raises NotFound for a name of another form, or beyond what is given out."""
    match = _PIECE.match(path)
    if match is None:
        raise NotFound("There is no such page for this account.")
    n, width = int(re.sub("[x/]", "", match[2])), int(match[3] or WIDTH)
    level = 0 if match[1] == "entries" else int(match[1])
    canonical = number_path(n, width)
    if office.box.withheld is not None:
        raise Away("{why} It gives out no checkpoint until that has ended.", why=office.box.withheld)
    size, _ = _reading(office, generation)
    if not path.endswith(f"/{match[1]}/{canonical}") or (n * WIDTH + width) << 8 * level > size:
        raise NotFound("There is no such page for this account.")
    with office.box.database.reading() as connection:
        log = LogReader(connection, generation=generation)
        return log.bundle(Bundle(n, width)) if match[1] == "entries" else log.tile(Tile(level, n, width))


def _kept(request: AnyRequest, data: bytes) -> Response[bytes]:
    """An answer that never changes: with a tag of its bytes, and empty for who has them already."""
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {"Cache-Control": _FOR_EVER, "ETag": tag}
    asked = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in asked or "*" in asked:
        return Response(b"", status_code=304, media_type=BYTES, headers=headers)
    return Response(data, media_type=BYTES, headers=headers)


def _nothing() -> Response[bytes]:
    return Response(b"", status_code=404, media_type=BYTES)


SERVED: Final = (served,)
