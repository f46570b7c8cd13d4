"""Party organisations: the tree as on a day, one unit with its history, and the acts on it."""

from typing import Any, Final

from litestar import Response
from litestar.params import FromPath

from chibox.core_commands import CreateUnit, MoveUnit, RenameUnit
from chibox.errors import NotFound, words
from chibox.organisation.tables import Unit
from chibox.site.asking import Taken, take
from chibox.site.listed import listed
from chibox.site.pages.tree import KINDS, as_it_stood, tree
from chibox.site.routes import form, page
from chibox.site.visit import Visit
from chibox.text import text_order
from chibox.web.filling import Form

ADMINISTER: Final = "core.administer"


@page("/units")
def units(visit: Visit) -> Response[str]:
    """The visitor's part of the tree."""
    asked = visit.as_on()
    with visit.reading("units") as look:
        return visit.render(
            "core/units.html", here=visit.say("Party organisations"), branches=tree(visit, look, asked), asked=asked,
            may=asked.day is None and visit.may(ADMINISTER), top=visit.picture.root,
        )  # fmt: skip


@page("/units/{unit:str}")
def unit_page(visit: Visit, unit: FromPath[str]) -> Response[str]:
    """One unit, today or on a day: what it is, what stands below it, what was recorded about it."""
    row, asked = _unit(visit, unit), visit.as_on()
    with visit.reading("unit") as look:
        stood = as_it_stood(look, row, asked)
        if stood is None:
            raise NotFound("This party organisation did not stand on that day, as far as it is recorded.")
        name, kind, _ = stood
        below = [branch for branch in tree(visit, look, asked) if branch.parent == unit]
        return visit.render(
            "core/unit.html", unit=unit, row=row, name=name, kind=kind, below=below, asked=asked,
            history=listed(look, look.history(unit)), may=asked.day is None and visit.may(ADMINISTER, unit),
        )  # fmt: skip


@page("/units/{unit:str}/new")
def new(visit: Visit, unit: FromPath[str]) -> Response[str]:
    """Asks for a unit below this one."""
    return _new(visit, unit, visit.form(day=visit.today, kind="cell"))


@form("/units/{unit:str}/new")
async def create(visit: Visit, unit: FromPath[str]) -> Response[Any]:
    """A new party organisation."""
    return await take(
        visit, CreateUnit, given={"parent": unit}, again=lambda form: _new(visit, unit, form), to=f"/units/{unit}",
        said=lambda taken: words("{name} was recorded", name=taken.command.name),
    )  # fmt: skip


@page("/units/{unit:str}/rename")
def ask_name(visit: Visit, unit: FromPath[str]) -> Response[str]:
    """Asks for another name."""
    with visit.reading("unit") as look:
        return _rename(visit, unit, visit.form(look, unit, day=visit.today))


@form("/units/{unit:str}/rename")
async def rename(visit: Visit, unit: FromPath[str]) -> Response[Any]:
    """Another name from a day on."""
    return await take(
        visit, RenameUnit, given={"unit": unit}, again=lambda form: _rename(visit, unit, form), to=f"/units/{unit}",
        said=lambda taken: words("It is called {name} from {day} on", name=taken.command.name, day=taken.command.day),
    )  # fmt: skip


@page("/units/{unit:str}/move")
def ask_parent(visit: Visit, unit: FromPath[str]) -> Response[str]:
    """Asks under which other it stands."""
    with visit.reading("unit") as look:
        return _move(visit, unit, visit.form(look, unit, day=visit.today))


@form("/units/{unit:str}/move")
async def move(visit: Visit, unit: FromPath[str]) -> Response[Any]:
    """Another place in the tree from a day on."""
    return await take(
        visit, MoveUnit, given={"unit": unit}, again=lambda form: _move(visit, unit, form), to=f"/units/{unit}",
        said=lambda taken: words("It stands under {name} from {day} on", name=_name(visit, taken), day=taken.command.day),
    )  # fmt: skip


def _unit(visit: Visit, unit: str, permission: str = "") -> Unit:
    """The unit, when it lies in the visitor's part of the tree. Raises NotFound."""
    row = visit.picture.units.get(unit)
    if row is None or unit not in visit.own_units or (permission and not visit.may(permission, unit)):
        raise NotFound("There is no such party organisation.")
    return row


def _name(visit: Visit, taken: Taken) -> str:
    return visit.picture.units[taken.command.parent].name


def _new(visit: Visit, unit: str, form: Form) -> Response[str]:
    row = _unit(visit, unit, ADMINISTER)
    kinds = [(name, visit.say(label.msgid)) for name, label in KINDS.items()]
    return visit.render("core/unit_new.html", here=visit.say("New"), unit=unit, row=row, form=form, kinds=kinds)


def _rename(visit: Visit, unit: str, form: Form) -> Response[str]:
    row = _unit(visit, unit, ADMINISTER)
    return visit.render("core/unit_rename.html", here=visit.say("Rename"), unit=unit, row=row, form=form)


def _move(visit: Visit, unit: str, form: Form) -> Response[str]:
    row = _unit(visit, unit, ADMINISTER)
    others = [u for u in visit.picture.units.values() if unit not in visit.picture.path(u.subject)]
    parents = [
        (u.subject, u.name)
        for u in sorted(others, key=lambda u: text_order(u.name))
        if visit.may(ADMINISTER, u.subject)
    ]
    now = visit.picture.units[row.parent].name if row.parent in visit.picture.units else ""
    return visit.render(
        "core/unit_move.html", here=visit.say("Move"), unit=unit, row=row, form=form, parents=parents, now=now
    )


PAGES: Final[list[Any]] = [units, unit_page, new, create, ask_name, rename, ask_parent, move]
