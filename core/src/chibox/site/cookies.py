"""The cookies of the box: who is signed in, and the reader's language and size of text."""

from typing import Any, Final

from litestar import Request, Response

from chibox.identity.sessions import KEPT_LONGEST
from chibox.office import Office
from chibox.site.who import COOKIE
from chibox.web.guard import CHOICES

_YEAR: Final = 31_536_000
AnyRequest = Request[Any, Any, Any]


def enter(office: Office, request: AnyRequest, response: Response[Any], person: str, *, kept: bool = False) -> None:
    """Begin a session on this device under a fresh token; one that the browser brought along ends."""
    if before := request.cookies.get(COOKIE):
        office.sessions.end(before)
    token, _ = office.sessions.begin(person, "", office.box.clock.now(), kept=kept)
    response.set_cookie(
        COOKIE, token, max_age=KEPT_LONGEST // 1000 if kept else None, path="/", httponly=True, samesite="lax",
        secure=is_https(office, request),
    )  # fmt: skip
    for name, value in office.accounts.choices(person).items():
        choose(response, name, value)


def leave(office: Office, request: AnyRequest, response: Response[Any]) -> None:
    """End the session of this device."""
    if token := request.cookies.get(COOKIE):
        office.sessions.end(token)
    response.delete_cookie(COOKIE, path="/")


def choose(response: Response[Any], name: str, value: str) -> None:
    """Set a choice of the reader, `lang` or `text`. Raises ValueError for one that there is not."""
    if value not in CHOICES[name]:
        raise ValueError(value)
    response.set_cookie(name, value, max_age=_YEAR, path="/", httponly=True, samesite="lax")


def is_https(office: Office, request: AnyRequest) -> bool:
    """Whether the browser reached the box by https: directly, or as the settings say of a server before it."""
    return office.box.settings.https or request.url.scheme == "https"


def reached(office: Office, request: AnyRequest) -> str:
    """Scheme and host by which the browser reached the box: what an address on paper begins with."""
    return f"{'https' if is_https(office, request) else 'http'}://{request.headers.get('host', '')}"
