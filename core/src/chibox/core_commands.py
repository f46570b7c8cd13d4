"""Core's commands: party organisations, people and posts, and taking back what was done."""

import datetime as dt
from collections.abc import Sequence

from chibox.commands import Command, Commands
from chibox.errors import Invalid, NotFound, Refused, words
from chibox.identity.permissions import Need
from chibox.identity.records import Appointed, PersonRegistered, PostEnded
from chibox.identity.tables import Person, Post
from chibox.organisation.records import UnitCreated, UnitKind, UnitMoved, UnitRenamed
from chibox.reading import Read
from chibox.records.stated import Stated, state
from chibox.text import clean
from chibox.undoing import needs, undo

commands = Commands("core")
ADMINISTER = "core.administer"


class CreateUnit(Command, frozen=True):
    """A party organisation begins under another."""

    parent: str
    name: str
    kind: UnitKind
    day: dt.date


class RenameUnit(Command, frozen=True):
    """A party organisation bears another name from a day on."""

    unit: str
    name: str
    day: dt.date


class MoveUnit(Command, frozen=True):
    """A party organisation stands under another from a day on."""

    unit: str
    parent: str
    day: dt.date


class RegisterPerson(Command, frozen=True):
    """Someone becomes known to the box; `person` when a plugin knows them already."""

    sign_in: str
    person: str | None = None


class Appoint(Command, frozen=True):
    """A person holds a role in a unit from a day on."""

    person: str
    role: str
    unit: str
    day: dt.date
    until: dt.date | None = None


class EndPost(Command, frozen=True):
    """A post ends; `day` is the first day without it."""

    post: str
    day: dt.date


class Undo(Command, frozen=True):
    """Take an act back. What others built on is left, unless `also` names those later acts."""

    act: str
    also: tuple[str, ...] = ()


def _past(day: dt.date, read: Read) -> None:
    if day > read.today:
        raise Invalid("A day to come cannot be recorded yet.", fields={"day": words("This day has not come yet.")})


def _unit(unit: str, read: Read) -> None:
    if read.unit(unit) is None:
        raise NotFound("There is no such party organisation.")


@commands.decides(needs=lambda c, _: [(ADMINISTER, c.parent)])
def create_unit(command: CreateUnit, read: Read) -> list[Stated]:
    """A new unit with a fresh id."""
    _unit(command.parent, read)
    _past(command.day, read)
    record = UnitCreated(day=command.day, name=clean(command.name), kind=command.kind, parent=command.parent)
    return [state(record, read.new_id(), command.parent)]


@commands.decides(needs=lambda c, _: [(ADMINISTER, c.unit)], about="unit")
def rename_unit(command: RenameUnit, read: Read) -> list[Stated]:
    """The unit keeps its id."""
    _unit(command.unit, read)
    _past(command.day, read)
    return [state(UnitRenamed(day=command.day, name=clean(command.name)), command.unit, command.unit)]


@commands.decides(needs=lambda c, _: [(ADMINISTER, c.unit), (ADMINISTER, c.parent)], about="unit")
def move_unit(command: MoveUnit, read: Read) -> list[Stated]:
    """Refused when it would stand under itself."""
    _unit(command.unit, read)
    _unit(command.parent, read)
    _past(command.day, read)
    if command.unit in read.picture.path(command.parent):
        raise Refused("A party organisation cannot stand under itself.")
    return [state(UnitMoved(day=command.day, parent=command.parent), command.unit, command.unit)]


def _anywhere(_: Command, read: Read) -> Sequence[Need]:
    return [(ADMINISTER, root) for root, unit in read.picture.units.items() if unit.parent is None]


@commands.decides(needs=_anywhere)
def register_person(command: RegisterPerson, read: Read) -> list[Stated]:
    """Refused when the name to sign in by is taken."""
    sign_in = clean(command.sign_in).lower()
    if not sign_in:
        raise Invalid("A name to sign in by is needed.", fields={"sign_in": words("Write the name to sign in by.")})
    if read.rows(Person, read.select(Person).where(read.table(Person).sign_in == sign_in)):
        raise Refused("The name {name} is taken. Choose another one.", name=sign_in)
    root = next(u for u, unit in read.picture.units.items() if unit.parent is None)
    return [state(PersonRegistered(sign_in=sign_in), command.person or read.new_id(), root)]


@commands.decides(needs=lambda c, _: [(ADMINISTER, c.unit)])
def appoint(command: Appoint, read: Read) -> list[Stated]:
    """The person and the role must be known."""
    if read.row(Person, command.person) is None:
        raise NotFound("There is no such person.")
    if command.role not in read.picture.roles:
        raise Invalid("There is no such role.", fields={"role": words("Choose a role from the list.")})
    record = Appointed(day=command.day, role=command.role, until=command.until)
    return [state(record, command.person, command.unit)]


def _post_unit(command: EndPost, read: Read) -> Sequence[Need]:
    post = read.row(Post, command.post)
    if post is None:
        raise NotFound("There is no such post.")
    return [(ADMINISTER, post.unit)]


@commands.decides(needs=_post_unit)
def end_post(command: EndPost, read: Read) -> list[Stated]:
    """A post ends not before it began."""
    post = read.row(Post, command.post)
    if post is None:
        raise NotFound("There is no such post.")
    if command.day < post.since:
        raise Invalid("A post cannot end before it began.", fields={"day": words("The post began later.")})
    return [state(PostEnded(day=command.day, post=command.post), post.person, post.unit)]


@commands.decides(needs=lambda c, read: needs(read, undo(read, c.act, c.also)))
def take_back(command: Undo, read: Read) -> list[Stated]:
    """Within 30 days, by the author or who may approve; never across a final kind."""
    return undo(read, command.act, command.also).stated(read)
