"""People and posts: who is known to the box, who holds which post where, and the link by which someone signs in first."""

from typing import Any, Final

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.params import FromPath

from chibox.core_commands import Appoint, EndPost, RegisterPerson
from chibox.errors import NotFound, words
from chibox.identity.accounts import AccountState
from chibox.identity.built_in import LINK_DAYS
from chibox.identity.service import ROLE
from chibox.identity.tables import Person, Post
from chibox.site.asking import Taken, take
from chibox.site.cookies import reached
from chibox.site.listed import listed
from chibox.site.looking import Looking
from chibox.site.routes import form, page
from chibox.site.visit import Visit
from chibox.text import name_order, text_order
from chibox.web.filling import Form
from chibox.web.page import Crumb

ADMINISTER: Final = "core.administer"


class Held(msgspec.Struct, frozen=True):
    """A post: its role, where, and whether the visitor may end it."""

    post: Post
    role: str
    unit: str
    holds: bool
    may_end: bool


class Known(msgspec.Struct, frozen=True):
    """A person of the list."""

    person: Person
    name: str
    posts: list[Held]
    account: AccountState
    is_service: bool


@page("/people")
def people(visit: Visit) -> Response[str]:
    """Everyone known to the box who holds a post in the visitor's part of the tree, or none at all."""
    visit.demand(ADMINISTER)
    with visit.reading("people") as look:
        rows = look.rows(Person, look.select(Person))
        names = look.names({row.subject for row in rows})
        if visit.sees_people:
            look.show(row.subject for row in rows)
        found = [_known(visit, row, names) for row in rows if _concerns(visit, row.subject)]
        found.sort(key=lambda known: (known.is_service, not known.posts, name_order(known.name)))
        may_register = visit.may(ADMINISTER, visit.picture.root)
        return visit.render(
            "core/people.html", here=visit.say("People and posts"), people=found, may_register=may_register
        )


@page("/people/new")
def new(visit: Visit) -> Response[str]:
    """Asks for a name to sign in by."""
    return _new(visit, visit.form())


@form("/people/new")
async def register(visit: Visit) -> Response[Any]:
    """Someone becomes known to the box; a post comes next."""
    return await take(
        visit, RegisterPerson, again=lambda form: _new(visit, form), to=lambda taken: f"/people/{_subject(visit, taken)}",
        said=lambda taken: words("{name} is known to the box", name=taken.command.sign_in),
    )  # fmt: skip


@page("/people/{person:str}")
def person_page(visit: Visit, person: FromPath[str]) -> Response[str]:
    """One person: posts now and before, the account, what was recorded."""
    return _show(visit, person, visit.form(day=visit.today, unit=visit.picture.root))


@form("/people/{person:str}/appoint")
async def appoint(visit: Visit, person: FromPath[str]) -> Response[Any]:
    """A post begins."""
    return await take(
        visit, Appoint, given={"person": person}, again=lambda form: _show(visit, person, form), to=f"/people/{person}",
        said=lambda taken: words("Appointed: {role}", role=words(visit.office.box.roles[taken.command.role].label)),
    )  # fmt: skip


@page("/people/{person:str}/end/{post:str}")
def ask_end(visit: Visit, person: FromPath[str], post: FromPath[str]) -> Response[str]:
    """Asks from which day on the post is no longer held."""
    return _end(visit, person, post, visit.form(day=visit.today))


@form("/people/{person:str}/end/{post:str}")
async def end(visit: Visit, person: FromPath[str], post: FromPath[str]) -> Response[Any]:
    """A post ends."""
    return await take(
        visit, EndPost, given={"post": post}, again=lambda form: _end(visit, person, post, form),
        to=f"/people/{person}", said=words("The post has ended"),
    )  # fmt: skip


@form("/people/{person:str}/link")
async def link(visit: Visit, person: FromPath[str]) -> Response[Any]:
    """A fresh one-time link, shown on this page only and to be printed; older ones of this person end."""
    return await to_thread.run_sync(_link, visit, person)


def _link(visit: Visit, person: str) -> Response[str]:
    with visit.reading("link") as look:
        row = _person(visit, look, person)
        if _known(visit, row, {}).is_service:
            raise NotFound("There is no such page for this account.")
        name = look.names([person])[person]
        token = visit.office.accounts.one_time_link(person)
        address = f"{reached(visit.office, visit.request)}/link/{token}"
        return visit.render(
            "core/link_made.html",
            here=visit.say("One-time link"),
            via=_via(visit),
            row=row,
            name=name,
            address=address,
            days=LINK_DAYS,
        )


def _concerns(visit: Visit, person: str) -> bool:
    """Whether the person is the visitor's to administer: by a post in their part of the tree, or by holding none."""
    posts = visit.picture.posts.get(person, [])
    if not posts:
        return visit.may(ADMINISTER, visit.picture.root)
    return any(visit.may(ADMINISTER, post.unit) for post in posts)


def _person(visit: Visit, look: Looking, person: str) -> Person:
    visit.demand(ADMINISTER)
    row = look.row(Person, person)
    if row is None or not _concerns(visit, person):
        raise NotFound("There is no such person.")
    return row


def _known(visit: Visit, row: Person, names: dict[str, str]) -> Known:
    posts = visit.picture.posts.get(row.subject, [])
    held = [_held(visit, post) for post in sorted(posts, key=lambda post: post.since, reverse=True)]
    is_service = any(post.role == ROLE for post in posts)
    return Known(row, names.get(row.subject, row.sign_in), held, visit.office.accounts.state(row.subject), is_service)


def _held(visit: Visit, post: Post) -> Held:
    role, unit = visit.office.box.roles.get(post.role), visit.picture.units.get(post.unit)
    may_end = post.until is None and visit.may(ADMINISTER, post.unit)
    label = visit.say(role.label) if role else post.role
    return Held(post, label, unit.name if unit else "", post.holds(visit.today), may_end)


def _show(visit: Visit, person: str, form: Form) -> Response[str]:
    with visit.reading("person") as look:
        row = _person(visit, look, person)
        known = _known(visit, row, look.names([person]))
        if visit.sees_people:
            look.show([person])
        units = [(u.subject, u.name) for u in visit.picture.units.values() if visit.may(ADMINISTER, u.subject)]
        roles = [(role.name, visit.say(role.label)) for role in visit.office.box.roles.values() if role.name != ROLE]
        core = (entry for entry in look.history(person) if entry.kind.startswith("core."))
        return visit.render(
            "core/person.html", here=known.name, via=_via(visit), known=known, form=form, roles=roles, days=LINK_DAYS,
            units=sorted(units, key=lambda unit: (unit[0] != visit.picture.root, text_order(unit[1]))),
            history=listed(look, core),
        )  # fmt: skip


def _new(visit: Visit, form: Form) -> Response[str]:
    visit.demand(ADMINISTER, visit.picture.root)
    return visit.render("core/person_new.html", here=visit.say("New person"), via=_via(visit), form=form)


def _end(visit: Visit, person: str, post: str, form: Form) -> Response[str]:
    with visit.reading("person") as look:
        row = _person(visit, look, person)
        known = _known(visit, row, look.names([person]))
        held = next((held for held in known.posts if held.post.subject == post and held.may_end), None)
        if held is None:
            raise NotFound("There is no such post.")
        return visit.render(
            "core/post_end.html", here=visit.say("End a post"), via=_via(visit), known=known, held=held, form=form
        )


def _via(visit: Visit) -> tuple[Crumb, ...]:
    return (Crumb(visit.say("People and posts"), "/people"),)


def _subject(visit: Visit, taken: Taken) -> str:
    with visit.glancing() as look:
        return look.entry(taken.answer.first).subject


PAGES: Final[list[Any]] = [people, new, register, person_page, appoint, ask_end, end, link]
