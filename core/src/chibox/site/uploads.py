"""Sending a file so that a line that breaks costs only the rest: the protocol tus 1.0.0, at /uploads."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, Final

from anyio import CancelScope, to_thread
from litestar import HttpMethod, Request, Response, Router, route
from litestar.exceptions import ClientException, HTTPException, InternalServerException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.params import FromPath

from chibox.drafts.draft import Draft
from chibox.drafts.drafts import PIECE
from chibox.drafts.uploads import KIND, LARGEST, Coming, Uploads
from chibox.errors import ChiboxError
from chibox.identity.accounts import NotSignedIn
from chibox.site.visit import visit_of
from chibox.site.who import OPEN
from chibox.web import errors

AnyRequest = Request[Any, Any, Any]
_VERSION: Final = "1.0.0"
_RESUMABLE: Final = {"Tus-Resumable": _VERSION}
_TYPE: Final = "application/offset+octet-stream"
_OVERRIDE: Final = "X-HTTP-Method-Override"  # for a line that lets no PATCH through


@route("/", http_method=[HttpMethod.OPTIONS], opt={OPEN: True}, include_in_schema=False)
async def able() -> Response[None]:
    """What can be asked here."""
    headers = {
        "Tus-Version": _VERSION,
        "Tus-Extension": "creation,expiration,termination",
        "Tus-Max-Size": str(LARGEST),
    }
    return _answer(HTTPStatus.NO_CONTENT, headers)


@route("/", http_method=[HttpMethod.POST], include_in_schema=False)
async def begin(request: AnyRequest) -> Response[None]:
    """A file of that length is to come. Answers with its address."""
    _same_version(request)
    length, name = _number(request, "Upload-Length"), _name(request.headers.get("Upload-Metadata", ""))
    if length > LARGEST:
        raise RequestEntityTooLarge
    upload = await to_thread.run_sync(_uploads(request).expect, name, length)
    return _answer(HTTPStatus.CREATED, {"Location": f"/uploads/{upload.id}", **_until(upload)})


@route("/{upload:str}", http_method=[HttpMethod.HEAD], include_in_schema=False)
async def look(request: AnyRequest, upload: FromPath[str]) -> Response[None]:
    """How many bytes are there, of how many."""
    _same_version(request)
    return await _look(request, upload)


@route("/{upload:str}", http_method=[HttpMethod.PATCH], include_in_schema=False)
async def go_on(request: AnyRequest, upload: FromPath[str]) -> Response[None]:
    """Bytes that follow those that are there."""
    _same_version(request)
    return await _go_on(request, upload)


@route("/{upload:str}", http_method=[HttpMethod.DELETE], status_code=HTTPStatus.NO_CONTENT, include_in_schema=False)
async def throw_away(request: AnyRequest, upload: FromPath[str]) -> Response[None]:
    """It is not wanted any more."""
    _same_version(request)
    return await _throw_away(request, upload)


@route("/{upload:str}", http_method=[HttpMethod.POST], include_in_schema=False)
async def instead(request: AnyRequest, upload: FromPath[str]) -> Response[None]:
    """What a client asks that can only POST: the method that the header names."""
    _same_version(request)
    method = _METHODS.get(request.headers.get(_OVERRIDE, "").upper())
    if method is None:
        raise HTTPException(status_code=HTTPStatus.METHOD_NOT_ALLOWED)
    return await method(request, upload)


async def _look(request: AnyRequest, id: str) -> Response[None]:  # noqa: A002 - the word for it
    uploads = _uploads(request)

    def found() -> tuple[Draft, int]:
        upload = uploads.get(id, KIND)
        return upload, uploads.arrived(upload)

    upload, arrived = await to_thread.run_sync(found)
    length = upload.state(Coming).length
    headers = {"Upload-Offset": str(arrived), "Upload-Length": str(length), **_until(upload)}
    return _answer(HTTPStatus.OK, headers)


async def _go_on(request: AnyRequest, id: str) -> Response[None]:  # noqa: A002 - the word for it
    if request.headers.get("Content-Type", "").split(";")[0].strip().lower() != _TYPE:
        raise HTTPException(status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    uploads, at = _uploads(request), _number(request, "Upload-Offset")
    upload = await to_thread.run_sync(uploads.get, id, KIND)
    if at + (request.content_length or 0) > upload.state(Coming).length:
        raise RequestEntityTooLarge
    await to_thread.run_sync(uploads.append, upload, at, b"")  # another offset is told before anything is read
    at = await _take_in(request, uploads, upload, at)
    return _answer(HTTPStatus.NO_CONTENT, {"Upload-Offset": str(at), **_until(upload)})


async def _throw_away(request: AnyRequest, id: str) -> Response[None]:  # noqa: A002 - the word for it
    uploads = _uploads(request)
    await to_thread.run_sync(lambda: uploads.drop(uploads.get(id, KIND)))
    return _answer(HTTPStatus.NO_CONTENT, {})


_METHODS: Final[dict[str, Callable[[AnyRequest, str], Awaitable[Response[None]]]]] = {
    "HEAD": _look, "PATCH": _go_on, "DELETE": _throw_away,
}  # fmt: skip


async def _take_in(request: AnyRequest, uploads: Uploads, upload: Draft, at: int) -> int:
    """Keep what comes, piece by piece; when the line breaks, also the piece that had begun. Returns where it stands."""
    held, length = bytearray(), upload.state(Coming).length
    try:
        async for chunk in request.stream():
            held += chunk
            if at + len(held) > length:
                held.clear()
                raise RequestEntityTooLarge
            while len(held) >= PIECE:
                at = await to_thread.run_sync(uploads.append, upload, at, bytes(held[:PIECE]))
                del held[:PIECE]  # only now: what could not be written is not skipped
    except InternalServerException:
        raise ClientException from None  # the sender has gone: nobody reads this
    finally:
        if held:
            with CancelScope(shield=True):
                at = await to_thread.run_sync(uploads.append, upload, at, bytes(held))
    return at


def _uploads(request: AnyRequest) -> Uploads:
    return visit_of(request).uploads


def _same_version(request: AnyRequest) -> None:
    """Whoever speaks another version is told before anything is done."""
    if request.headers.get("Tus-Resumable") != _VERSION:
        raise HTTPException(status_code=HTTPStatus.PRECONDITION_FAILED, headers={"Tus-Version": _VERSION})


def _number(request: AnyRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):  # noqa: PLR2004 - it fits into 64 bits
        raise ClientException
    return int(text)


def _name(metadata: str) -> str:
    """The file's name among the pairs `key base64`; none is an empty name."""
    named = [pair.split() for pair in metadata.split(",")]
    encoded = next((pair[1] for pair in named if len(pair) > 1 and pair[0] == "filename"), "")
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise ClientException from None


def _until(upload: Draft) -> dict[str, str]:
    return {"Upload-Expires": formatdate((upload.until or 0) / 1000, usegmt=True)}


def _answer(status: int, headers: dict[str, str]) -> Response[None]:
    return Response(None, status_code=status, headers={**headers, **_RESUMABLE})


def _refusal(request: AnyRequest, error: Exception) -> Response[Any]:
    answer = errors.answer(request, error)
    answer.headers.update(_RESUMABLE)
    return answer


UPLOADS: Final = Router(
    "/uploads",
    route_handlers=[able, begin, look, go_on, throw_away, instead],
    request_max_body_size=LARGEST,
    exception_handlers=dict.fromkeys((NotSignedIn, ChiboxError, HTTPException, Exception), _refusal),
)
