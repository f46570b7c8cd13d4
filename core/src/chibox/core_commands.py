"""Core's commands: party organisations, people and posts, and taking back what was done."""

import datetime as dt
from collections.abc import Sequence

from chibox.commands import Command, Commands
from chibox.errors import Invalid, NotFound, Refused, words
from chibox.identity.permissions import Need
from chibox.identity.records import Appointed, PersonRegistered, PostEnded
from chibox.identity.roles import SERVICE
from chibox.identity.tables import Person, Post
from chibox.organisation.records import UnitCreated, UnitKind, UnitMoved, UnitRenamed
from chibox.organisation.tables import Unit
from chibox.reading import Read
from chibox.records.stated import Stated, state
from chibox.text import clean
from chibox.undoing import Undoing, needs, undo

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


def _unit(unit: str, read: Read) -> Unit:
    found = read.unit(unit)
    if found is None:
        raise NotFound("There is no such party organisation.")
    return found


def _name(name: str) -> str:
    cleaned = clean(name)
    if not cleaned:
        raise Invalid("A party organisation needs a name.", fields={"name": words("Write the name.")})
    return cleaned


@commands.decides(needs=lambda c, _: [(ADMINISTER, c.parent)])
def create_unit(command: CreateUnit, read: Read) -> list[Stated]:
    """A new unit with a fresh id."""
    _unit(command.parent, read)
    _past(command.day, read)
    record = UnitCreated(day=command.day, name=_name(command.name), kind=command.kind, parent=command.parent)
    return [state(record, read.new_id(), command.parent)]


@commands.decides(needs=lambda c, _: [(ADMINISTER, c.unit)], about="unit")
def rename_unit(command: RenameUnit, read: Read) -> list[Stated]:
    """The unit keeps its id. The name that it has is no change."""
    unit, name = _unit(command.unit, read), _name(command.name)
    _past(command.day, read)
    if name == unit.name:
        return []
    return [state(UnitRenamed(day=command.day, name=name), command.unit, command.unit)]


@commands.decides(needs=lambda c, _: [(ADMINISTER, c.unit), (ADMINISTER, c.parent)], about="unit")
def move_unit(command: MoveUnit, read: Read) -> list[Stated]:
    """Refused when it would stand under itself. Where it stands already is no change."""
    unit = _unit(command.unit, read)
    _unit(command.parent, read)
    _past(command.day, read)
    if command.unit in read.picture.path(command.parent):
        raise Refused("A party organisation cannot stand under itself.")
    if command.parent == unit.parent:
        return []
    return [state(UnitMoved(day=command.day, parent=command.parent), command.unit, command.unit)]


@commands.decides(needs=lambda _, read: [(ADMINISTER, read.picture.root)])
def register_person(command: RegisterPerson, read: Read) -> list[Stated]:
    """Refused when the name to sign in by is taken."""
    sign_in = clean(command.sign_in).lower()
    if not sign_in:
        raise Invalid("A name to sign in by is needed.", fields={"sign_in": words("Write the name to sign in by.")})
    if read.rows(Person, read.select(Person).where(read.table(Person).sign_in == sign_in)):
        raise Refused("The name {name} is taken. Choose another one.", name=sign_in)
    if command.person is not None and read.row(Person, command.person) is not None:
        raise Refused("This person has a name to sign in by already.")
    return [state(PersonRegistered(sign_in=sign_in), command.person or read.new_id(), read.picture.root)]


@commands.decides(needs=lambda c, _: [(ADMINISTER, c.unit)])
def appoint(command: Appoint, read: Read) -> list[Stated]:
    """The person and the role must be known."""
    if read.row(Person, command.person) is None:
        raise NotFound("There is no such person.")
    if command.role not in read.picture.roles:
        raise Invalid("There is no such role.", fields={"role": words("Choose a role from the list.")})
    if command.until is not None and command.until <= command.day:
        raise Invalid("A post cannot end before it began.", fields={"until": words("The post begins later.")})
    record = Appointed(day=command.day, role=command.role, until=command.until)
    return [state(record, command.person, command.unit)]


def _post_unit(command: EndPost, read: Read) -> Sequence[Need]:
    post = read.row(Post, command.post)
    if post is None:
        raise NotFound("There is no such post.")
    return [(ADMINISTER, post.unit)]


@commands.decides(needs=_post_unit)
def end_post(command: EndPost, read: Read) -> list[Stated]:
    """A post ends not before it began, and somebody is left who may administer the box."""
    post = read.row(Post, command.post)
    if post is None:
        raise NotFound("There is no such post.")
    if command.day < post.since:
        raise Invalid("A post cannot end before it began.", fields={"day": words("The post began later.")})
    if command.day == post.until:
        return []
    if not _administered(read, without=post.subject):
        raise Refused("Nobody else may administer the box. Appoint another administrator first.")
    return [state(PostEnded(day=command.day, post=command.post), post.person, post.unit)]


def _administered(read: Read, without: str) -> bool:
    """Whether someone who signs in holds a post over the whole box without end that administers it, another than this one."""
    posts = (post for held in read.picture.posts.values() for post in held)
    return any(
        p.role != SERVICE and p.unit == read.picture.root and p.until is None and p.subject != without and p.since <= read.today
        and (role := read.picture.roles.get(p.role)) is not None and role.permits(ADMINISTER)
        for p in posts
    )  # fmt: skip


def _undoing(command: Undo, read: Read) -> Undoing:
    return read.once(command, lambda: undo(read, command.act, command.also))


@commands.decides(needs=lambda command, read: needs(read, _undoing(command, read)))
def take_back(command: Undo, read: Read) -> list[Stated]:
    """Within 30 days, by the author or who may approve; never across a final kind."""
    return _undoing(command, read).stated(read)
