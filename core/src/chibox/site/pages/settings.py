"""One's own settings: language, size of text, purpose of reading, PIN or password, and where one is signed in."""

from typing import Annotated, Any, Final, Literal

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.response import Redirect

from chibox.errors import Invalid, Refused, Words, words
from chibox.evidence.pack import may_have
from chibox.identity import purposes
from chibox.identity.accounts import NotSignedIn
from chibox.identity.delays import delays_of
from chibox.site.cookies import choose, enter, leave
from chibox.site.routes import form, page
from chibox.site.visit import Visit
from chibox.web.filling import Form
from chibox.web.forms import NEEDED, parse
from chibox.web.render import text_size
from chibox.web.sent import FORGETS


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """How one reads, and what for."""

    lang: Literal["vi", "en"]
    text: Literal["100", "125", "150"]
    purpose: str


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Another PIN or password."""

    old: Annotated[str, msgspec.Meta(extra={NEEDED: words("Write the PIN or password used until now")})]
    secret: Annotated[str, msgspec.Meta(extra={NEEDED: words("Choose a PIN or a password")})]
    again: Annotated[str, msgspec.Meta(extra={NEEDED: words("Type the same once more")})]


@page("/settings")
def settings(visit: Visit) -> Response[str]:
    """All of them."""
    return _show(visit)


@form("/settings")
async def choosing(visit: Visit) -> Response[Any]:
    """Language and size are kept with the account, the purpose with this session."""
    sent = await visit.request.form()
    try:
        chosen = parse(Choices, sent).value
        offered = await to_thread.run_sync(_offered, visit)
        if chosen.purpose not in {purpose.name for purpose, _ in offered}:
            raise Invalid("What was sent cannot be taken yet", fields={"purpose": words("Choose one from the list")})
    except Refused as refusal:
        refused = Form.refused(sent, refusal)
        return await to_thread.run_sync(lambda: _show(visit, choices=refused))
    redirect = Redirect("/settings", query_params={"kept": "1"}, status_code=303)
    await to_thread.run_sync(_keep, visit, chosen)
    choose(redirect, "lang", chosen.lang)
    choose(redirect, "text", chosen.text)
    return redirect


@form("/settings/secret", opt={FORGETS: True})
async def changing(visit: Visit) -> Response[Any]:
    """Every other device is signed out; this one goes on under a fresh session."""
    sent = await visit.request.form()
    office = visit.office
    try:
        change = parse(Change, sent).value
        arguments = (visit.person, change.old, change.secret, change.again)
        await to_thread.run_sync(office.accounts.change_secret, *arguments)
    except Refused as refusal:
        refused = Form.refused(sent, _placed(refusal))
        return await to_thread.run_sync(lambda: _show(visit, secret=refused))
    redirect = Redirect("/settings", query_params={"changed": "1"}, status_code=303)
    await to_thread.run_sync(enter, office, visit.request, redirect, visit.person)
    return redirect


@form("/settings/sign-out-everywhere")
async def sign_out_everywhere(visit: Visit) -> Response[Any]:
    """On this device too."""
    redirect = Redirect("/sign-in", status_code=303)
    await to_thread.run_sync(visit.office.sessions.end_all, visit.person)
    await to_thread.run_sync(leave, visit.office, visit.request, redirect)
    return redirect


def _placed(refusal: Refused) -> Refused:
    """A wrong old secret belongs to its field."""
    if isinstance(refusal, NotSignedIn):
        placed = {"old": words(refusal.words.msgid, **refusal.words.params)}
        return Invalid(refusal.words.msgid, fields=placed, **refusal.words.params)
    return refusal


def _keep(visit: Visit, chosen: Choices) -> None:
    visit.office.accounts.choose(visit.person, chosen.lang, chosen.text)
    if visit.who.session is not None:
        visit.office.sessions.note(visit.who.session, purpose=chosen.purpose, language=chosen.lang, text=chosen.text)


def _offered(visit: Visit) -> list[tuple[purposes.Purpose, Words | None]]:
    """The purposes that the visitor may choose; for reading by a delay, of how many people and until when.

    It names nobody: this page is no reading.
    """
    with visit.glancing() as look:
        running = delays_of(look, visit.person)
    found: list[tuple[purposes.Purpose, Words | None]] = [(one, None) for one in purposes.on(visit.today)]
    if running:
        last = max(delay.last for delay in running)
        said = words("For {count} files, until {day}; told later", count=len(running), day=last)
        found += [(one, said) for one in purposes.on(visit.today, by_delay=True) if one.by_delay]
    return found


def _show(visit: Visit, choices: Form | None = None, secret: Form | None = None) -> Response[str]:
    offered = _offered(visit)
    purpose = visit.purpose if visit.purpose in {one.name for one, _ in offered} else visit.usual_purpose
    now = Form.blank(lang=visit.language, text=text_size(visit.request), purpose=purpose)
    stopped = next((one for one in (choices, secret) if one is not None and one.stopped), None)
    query = visit.request.query_params
    with visit.glancing() as look:
        held = may_have(look, visit.person)
    return visit.render(
        "core/settings.html", here=visit.say("My settings"), choices=choices or now, secret=secret or Form.blank(),
        stopped=stopped, status=422 if stopped else 200, purposes=offered,
        devices=visit.office.sessions.count(visit.person, visit.now), held=held, kept="kept" in query, changed="changed" in query,
    )  # fmt: skip


PAGES: Final[list[Any]] = [settings, choosing, changing, sign_out_everywhere]
