"""The door: signing in by name and secret, the one-time link by which the secret is chosen, signing out."""

from typing import Annotated, Any, Final

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.params import FromPath
from litestar.response import Redirect

from chibox.errors import Away, Invalid, NotFound, Refused, words
from chibox.identity.accounts import NotSignedIn
from chibox.office import Office
from chibox.site.cookies import enter, leave
from chibox.site.who import OPEN
from chibox.web import handlers
from chibox.web.filling import Form
from chibox.web.forms import NEEDED, parse
from chibox.web.render import AnyRequest, render
from chibox.web.sent import FORGETS

UNSENT: Final = "/unsent/"  # below it stands what came after its session had ended
_OPEN: Final[dict[str, Any]] = {OPEN: True, FORGETS: True}


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """The form of the door."""

    name: Annotated[str, msgspec.Meta(extra={NEEDED: words("Write the name to sign in by")})]
    secret: Annotated[str, msgspec.Meta(extra={NEEDED: words("Write the PIN or the password")})]
    kept: bool = False
    back: str | None = None


class Choose(msgspec.Struct, frozen=True, kw_only=True):
    """The form of a one-time link."""

    secret: Annotated[str, msgspec.Meta(extra={NEEDED: words("Choose a PIN or a password")})]
    again: Annotated[str, msgspec.Meta(extra={NEEDED: words("Type the same once more")})]


def within(back: str | None) -> str:
    """The address inside the box to go to after signing in; the first page for one that would lead elsewhere."""
    if back is None or not back.startswith("/") or back.startswith("//") or "\\" in back or not back.isprintable():
        return "/"
    return back


@handlers.page("/sign-in", opt=_OPEN, sync_to_thread=True)
def sign_in(request: AnyRequest) -> Response[str]:
    """The door."""
    return door(request, Form.blank(back=request.query_params.get("back", "")))


@handlers.form("/sign-in", opt=_OPEN)
async def signing_in(request: AnyRequest) -> Response[Any]:
    """A fresh session, or the door again with one sentence for every reason."""
    office: Office = request.app.state.office
    sent = await request.form()
    try:
        filled = parse(SignIn, sent).value
        proof = await to_thread.run_sync(office.accounts.finish, {"name": filled.name, "secret": filled.secret})
    except (Refused, Away) as refusal:
        again = Form.refused(sent, refusal)
        status = 422 if isinstance(refusal, Invalid) else refusal.status
        response = await to_thread.run_sync(door, request, again, status)
        if isinstance(refusal, NotSignedIn) and refusal.wait:
            response.headers["Retry-After"] = str(refusal.wait)
        return response
    redirect = Redirect(within(filled.back), status_code=303)
    await to_thread.run_sync(lambda: enter(office, request, redirect, proof.person, kept=filled.kept))
    return redirect


@handlers.form("/sign-out", opt=_OPEN)
async def sign_out(request: AnyRequest) -> Response[Any]:
    """The session of this device ends."""
    redirect = Redirect("/sign-in", status_code=303)
    await to_thread.run_sync(leave, request.app.state.office, request, redirect)
    return redirect


@handlers.page("/link/{token:str}", opt=_OPEN, sync_to_thread=True)
def link(request: AnyRequest, token: FromPath[str]) -> Response[str]:
    """Asks for a secret. Opening the link does not use it up: a mail scanner may have opened it before."""
    return _choose(request, token, Form.blank())


@handlers.form("/link/{token:str}", opt=_OPEN)
async def choosing(request: AnyRequest, token: FromPath[str]) -> Response[Any]:
    """Uses the link up, sets the secret and signs in."""
    office: Office = request.app.state.office
    sent = await request.form()
    try:
        filled = parse(Choose, sent).value
        proof = await to_thread.run_sync(office.accounts.choose_secret, token, filled.secret, filled.again)
    except NotFound:
        raise
    except Refused as refusal:
        return await to_thread.run_sync(_choose, request, token, Form.refused(sent, refusal))
    redirect = Redirect("/", status_code=303)
    await to_thread.run_sync(enter, office, request, redirect, proof.person)
    return redirect


def door(request: AnyRequest, form: Form, status: int = 200) -> Response[str]:
    """The page that asks who it is; it says so when something that was written waits behind it."""
    office: Office = request.app.state.office
    help_ = (office.box.settings.help_name, office.box.settings.help_phone)
    return render(request, "core/sign_in.html", status=status, frame=_BARE, form=form, helper=help_[0], phone=help_[1],
                  waits=form.value("back").startswith(UNSENT))  # fmt: skip


def _choose(request: AnyRequest, token: str, form: Form) -> Response[str]:
    office: Office = request.app.state.office
    person = office.accounts.person_of_link(token)
    status = 422 if form.stopped else 200
    return render(
        request, "core/link.html", status=status, frame=_BARE, form=form, sign_in=office.sign_in_of(person), token=token
    )


_BARE: Final[dict[str, Any]] = {"nav": (), "person": "", "sign_out": "", "bands": ()}
PAGES: Final = [sign_in, signing_in, sign_out, link, choosing]
