"""The files that pages link to: named by their content, so a browser keeps each for a year and never an old one."""

import gzip
import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

MEDIA_TYPES: Final = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}
PACKED: Final = ("css", "js", "svg")
PACKED_OPT: Final = "packed"  # an answer that brings its own compression
_LINK = re.compile(rb"url\(([a-z0-9-]+\.[a-z0-9]+)\)")


class Asset(NamedTuple):
    """One file as it is served."""

    name: str
    media_type: str
    content: bytes
    packed: bytes | None


def url(name: str) -> str:
    """The address of a file of `static/`, with a piece of its digest. Raises `FileNotFoundError` for an unknown name."""
    return f"/static/{asset(name).name}"


@cache
def asset(name: str) -> Asset:
    """The file, its links to other files of `static/` rewritten to their addresses."""
    content = files("chibox.web").joinpath("static", name).read_bytes()
    stem, _, ending = name.rpartition(".")
    if ending == "css":
        content = _LINK.sub(lambda link: b"url(" + asset(link[1].decode()).name.encode() + b")", content)
    digest = hashlib.sha256(content).hexdigest()[:10]
    packed = gzip.compress(content, 9, mtime=0) if ending in PACKED else None
    return Asset(f"{stem}.{digest}.{ending}", MEDIA_TYPES[ending], content, packed)


@cache
def _by_address() -> dict[str, Asset]:
    names = [file.name for file in files("chibox.web").joinpath("static").iterdir()]
    assets = [asset(name) for name in names if name.rpartition(".")[2] in MEDIA_TYPES]
    return {asset.name: asset for asset in assets}


@get(
    "/static/{name:str}", include_in_schema=False, exclude_from_auth=True, opt={PACKED_OPT: True}, sync_to_thread=False
)
def serve(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """The file under its hashed name; 404 for any other, an old hash too: the page that names it is old."""
    found = _by_address().get(name)
    if found is None:
        raise NotFoundException
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    body = found.content
    if found.packed is not None:
        headers["Vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = found.packed
    return Response(body, media_type=found.media_type, headers=headers)
