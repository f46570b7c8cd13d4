"""The one handler of errors: a page for a person, a problem document (RFC 9457) for a program, never a traceback."""

import logging
import re
import secrets
import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from chibox.errors import Away, ChiboxError, Fatal, Invalid, Refused, Words, words
from chibox.web import sent
from chibox.web.guard import language_of
from chibox.web.locale import speaking, translate
from chibox.web.page import Page
from chibox.web.render import AnyRequest, Pages

log = logging.getLogger(__name__)
PROBLEM: Final = "application/problem+json"
_FRAMES: Final = 8
_OURS: Final = {500, 503}  # the box failed, not what was sent
_UNTOUCHED = words("Nothing in the box has changed.")
_BACK = words("Press the back button of the browser: what was typed is still there.")
_TWICE = words("Sending twice will not store it twice.")
_FAILED = words("The box could not finish this")
_UNREADABLE = words("The box cannot read what was sent")
_BY_STATUS: Final[Mapping[int, tuple[Words, Words | None]]] = {
    401: (words("Not signed in"), words("Sign in, then open the page again.")),
    403: (words("This page is not open to this account"), None),
    404: (words("There is no such page"), words("The unit may have a new name: search by the new or the old one.")),
    405: (words("This page cannot do what was asked of it"), None),
    413: (words("What was sent is too large"), None),
    429: (words("Too many tries"), words("Wait a few minutes, then try again.")),
    503: (words("The box cannot do this now"), words("Try again in a few minutes.")),
}


class Fault(msgspec.Struct, frozen=True):
    """An error as it is told: what happened, what was kept, what to do, and the number to read out by telephone."""

    status: int
    kind: str
    happened: Words
    fields: dict[str, Words] = {}
    kept: Words | None = None
    advice: Words | None = None
    incident: str = ""
    details: list[Any] = []


def fault_of(error: Exception, *, changes: bool) -> Fault:
    """What there is to say about an error; `changes`: the request was to change something. Unexpected ones are logged."""
    if isinstance(error, Refused):
        fields = error.fields if isinstance(error, Invalid) else {}
        kept = _UNTOUCHED if changes else None
        advice = _BACK if changes or isinstance(error, Invalid) else None
        return Fault(error.status, _kind(error), error.words, fields, kept, advice)
    if isinstance(error, Away):
        return Fault(error.status, _kind(error), error.words, kept=_UNTOUCHED if changes else None, advice=_TWICE)
    if isinstance(error, HTTPException) and error.status_code in {*range(400, 500), 503}:
        happened, advice = _BY_STATUS.get(error.status_code, (_UNREADABLE, None))
        kept = _UNTOUCHED if changes else None
        details = error.extra if isinstance(error.extra, list) else []
        return Fault(error.status_code, _kind(error), happened, kept=kept, advice=advice, details=details)
    happened = error.words if isinstance(error, Fatal) else _FAILED
    return Fault(500, _kind(error), happened, advice=_TWICE if changes else None, incident=_incident(error))


def _kind(error: Exception) -> str:
    name = (
        type(error).__name__.removesuffix("Exception") if isinstance(error, ChiboxError | HTTPException) else "Failed"
    )
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def _incident(error: Exception) -> str:
    """A number of six digits, also in the log. The log gets places and types, not messages: those may hold a person's data."""
    number = f"{secrets.randbelow(10**6):06}"
    incident = f"{number[:3]}-{number[3:]}"
    chain: list[str] = []
    cause: BaseException | None = error
    while cause is not None:
        frames = traceback.extract_tb(cause.__traceback__)[-_FRAMES:]
        places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        chain.append(f"{type(cause).__module__}.{type(cause).__qualname__} at " + " > ".join(places))
        cause = cause.__cause__ or cause.__context__
    log.error("incident %s: %s", incident, "; caused by ".join(chain))
    log.debug("incident %s", incident, exc_info=error)
    return incident


def answer(request: AnyRequest, error: Exception) -> Response[Any]:
    """The answer to any error of any handler."""
    with speaking(language_of(request)):
        fault = fault_of(error, changes=request.method not in {"GET", "HEAD"})
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        if wants_json(request):
            return _problem(fault, headers)
        pages: Pages = request.app.state.pages
        again = sent.known(request) if fault.status in _OURS else None
        text = pages.html(request, "error.html", _frame(pages, request), {"fault": fault, "sent": again})
        return Response(text, status_code=fault.status, media_type=MediaType.HTML, headers=headers)


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Whether a program asked: below /api/ or /uploads, an address that ends in .json, or who accepts JSON and no HTML."""
    accept = request.headers.get("accept", "")
    path = request.url.path
    told = path.startswith(("/api/", "/uploads")) or path.endswith(".json")
    return told or ("json" in accept and "html" not in accept)


def _problem(fault: Fault, headers: dict[str, str]) -> Response[Any]:
    content: dict[str, Any] = {
        "type": f"urn:chibox:problem:{fault.kind}",
        "title": HTTPStatus(fault.status).phrase,
        "status": fault.status,
        "detail": translate(fault.happened),
    }
    if fault.fields:
        content["fields"] = {name: translate(reason) for name, reason in fault.fields.items()}
    if fault.details:
        content["errors"] = fault.details
    if fault.incident:
        content["incident"] = fault.incident
    return Response(content, status_code=fault.status, media_type=PROBLEM, headers=headers)


def _frame(pages: Pages, request: AnyRequest) -> Page:
    """The frame of the page; a bare one when that is what failed: an error page must not raise the error again."""
    try:
        return msgspec.structs.replace(pages.frame(request), shape="plain", crumbs=(), current="")
    except Exception as error:  # noqa: BLE001 - whatever the frame needs may be what is broken
        log.error("the frame of an error page failed: %s", type(error).__qualname__)  # noqa: TRY400 - no message: see _incident
        return Page(shape="plain")
