"""A stranger's plugin with pages: guests of a unit, with a name, a telephone number and a faith."""

from collections.abc import Sequence
from typing import Any

from litestar import Response
from litestar.params import FromPath
from tests.core.site.strangers.chibox_guests import pictures

from chibox.plugin import (
    Command,
    Commands,
    Contact,
    Due,
    Entry,
    Naming,
    NavEntry,
    NotFound,
    Number,
    Ordinary,
    Projection,
    Read,
    Record,
    Refused,
    Row,
    Saying,
    Sensitive,
    Stated,
    Taken,
    Task,
    Visit,
    ask,
    form,
    hookimpl,
    kind,
    page,
    parse,
    state,
    take,
    tell,
    words,
)

TASKS_RUN: list[str] = []


@kind("guests.arrived.1", facts=("name",))
class Arrived(Record, frozen=True):
    """A guest is here."""

    name: Ordinary[str]
    phone: Contact[str | None] = None
    faith: Sensitive[str | None] = None


@kind("guests.renamed.1", facts=("name",))
class Renamed(Record, frozen=True):
    """A guest's name is another."""

    name: Ordinary[str]


@kind("guests.confided.1", opaque=True)
class Confided(Record, frozen=True):
    """A guest confided something: nobody may see who, to whom, when."""

    words: Sensitive[str]


guests = Projection("guests.guests")


@guests.table("guest")
class Guest(Row, frozen=True):
    """A guest as known."""

    subject: str
    unit: Ordinary[str]
    name: Ordinary[str | None]
    phone: Contact[str | None]
    faith: Sensitive[str | None]


@guests.fold(Guest)
def arrived(_: Guest | None, entry: Entry[Arrived]) -> Guest | None:
    """A guest begins."""
    body = entry.body
    if body is None:
        return Guest(entry.subject, entry.unit, None, None, None)
    return Guest(entry.subject, entry.unit, body.name, body.phone, body.faith)


@guests.fold(Guest)
def renamed(row: Guest | None, entry: Entry[Renamed]) -> Guest | None:
    """The name is another."""
    if row is None or entry.body is None:
        return row
    return Guest(row.subject, row.unit, entry.body.name, row.phone, row.faith)


class Receive(Command, frozen=True):
    """Receive a guest in a unit."""

    unit: str
    name: str
    phone: str | None = None
    faith: str | None = None


class Confide(Command, frozen=True):
    """Write down what a guest confided."""

    guest: str
    words: str


class Rename(Command, frozen=True):
    """Give a guest another name."""

    guest: str
    name: str


commands_ = Commands("guests")


def guest_of(read: Read, subject: str) -> Guest:
    """The guest. Raises NotFound."""
    row = read.row(Guest, subject)
    if row is None:
        raise NotFound("There is no such guest.")
    return row


@commands_.decides(needs=lambda c, _: [("guests.capture", c.unit)])
def receive(command: Receive, read: Read) -> list[Stated]:
    """Nobody is received under the name Nobody."""
    if command.name == "Nobody":
        raise Refused("{name} is not received.", name=command.name)
    record = Arrived(name=command.name, phone=command.phone, faith=command.faith)
    return [state(record, read.new_id(), command.unit)]


@commands_.decides(needs=lambda c, read: [("guests.capture", guest_of(read, c.guest).unit)])
def confide(command: Confide, read: Read) -> list[Stated]:
    """Sealed."""
    return [state(Confided(words=command.words), command.guest, guest_of(read, command.guest).unit)]


@commands_.decides(needs=lambda c, read: [("guests.capture", guest_of(read, c.guest).unit)], about="guest")
def rename(command: Rename, read: Read) -> list[Stated]:
    """The same name is no change."""
    row = guest_of(read, command.guest)
    return [] if row.name == command.name else [state(Renamed(name=command.name), command.guest, row.unit)]


@page("/", "/list")
def list_page(visit: Visit) -> Response[str]:
    """The guests of the visitor's part of the tree."""
    units = visit.units("guests.view")
    with visit.reading("list") as look:
        rows = [row for row in look.rows(Guest, look.select(Guest)) if row.unit in units]
        shown = [look.shown(row, row.unit) for row in rows]
        return Response("\n".join(f"{s['name']}|{s['phone']}|{s['faith']}" for s in shown), media_type="text/plain")


@page("/failing")
def failing(visit: Visit) -> Response[str]:
    """Fails after it has read."""
    with visit.reading("failing") as look:
        for row in look.rows(Guest, look.select(Guest)):
            look.shown(row, row.unit)
            raise RuntimeError(f"cannot show {row.name}")
    return Response("")


@page("/{guest:str}")
def guest_page(visit: Visit, guest: FromPath[str]) -> Response[str]:
    """One guest."""
    with visit.reading("guest") as look:
        row = guest_of(look, guest)
        visit.demand("guests.view", row.unit)
        return Response(str(look.shown(row, row.unit)), media_type="text/plain")


@form("/{guest:str}/reveal")
def reveal(visit: Visit, guest: FromPath[str]) -> Response[str]:
    """The telephone number, by request."""
    with visit.reading("guest", field="phone") as look:
        row = guest_of(look, guest)
        visit.demand("guests.view", row.unit)
        return Response(str(look.shown(row, row.unit)["phone"]), media_type="text/plain")


@page("/{guest:str}/rename")
def ask_name(visit: Visit, guest: FromPath[str]) -> Response[str]:
    """Asks for another name."""
    with visit.reading("guest") as look:
        return _rename(visit, guest, visit.form(look, guest))


@form("/{guest:str}/rename")
async def renaming(visit: Visit, guest: FromPath[str]) -> Response[Any]:
    """Another name."""
    return await take(
        visit, Rename, given={"guest": guest}, again=lambda form: _rename(visit, guest, form), to=f"/guests/{guest}/rename",
        said=lambda taken: words("{name} is the name", name=taken.command.name),
    )  # fmt: skip


@form("/receive")
async def receiving(visit: Visit) -> Response[Any]:
    """In steps, as an upload would do it."""
    filled = parse(Receive, await visit.request.form())
    answer = await ask(visit, filled.value, filled.act or "", from_paper=True, on_behalf=visit.person)
    return await tell(visit, Taken(filled.value, answer), "/", words("A guest is here"))


def _rename(visit: Visit, guest: str, form: Any) -> Response[str]:
    return visit.render("guests/rename.html", here="Rename", guest=guest, form=form)


@hookimpl
def kinds() -> Sequence[type[Record]]:
    """Its kinds."""
    return (Arrived, Renamed, Confided)


@hookimpl
def projections() -> Sequence[Projection]:
    """Its rows."""
    return (guests,)


@hookimpl
def commands() -> Commands:
    """Its commands."""
    return commands_


@hookimpl
def pages() -> Sequence[Any]:
    """Its pages."""
    return (list_page, failing, guest_page, reveal, ask_name, renaming, receiving, *pictures.HANDLERS)


@hookimpl
def nav() -> Sequence[NavEntry]:
    """A line of the menu."""
    return (NavEntry("Guests", "/guests/", "guests.view"),)


@hookimpl
def names() -> Naming:
    """Guests have names."""
    return Naming(lambda read, ids, _: {i: row.name for i in ids if (row := read.row(Guest, i)) and row.name})


@hookimpl
def sayings() -> Sequence[Saying]:
    """How they read."""
    return (Saying("guests.arrived.1", "Arrived: {name}, {faith}"), Saying("guests.renamed.1", "Renamed: {name}"))


@hookimpl
def due() -> Any:
    """Each guest is to be greeted, by who has a telephone for it."""
    return lambda read, _: [
        Due(words("Greet {name}", name=row.name), f"/guests/{row.subject}", read.today, about=(row.subject,))
        for row in read.rows(Guest, read.select(Guest))
    ]


@hookimpl
def numbers() -> Any:
    """How many there are."""
    return lambda read, units: [
        Number(words("guests"), sum(r.unit in units for r in read.rows(Guest, read.select(Guest))), "/guests/")
    ]


@hookimpl
def tasks() -> Sequence[Task]:
    """A task that notes that it ran, and receives a guest once."""

    def run(duty: Any) -> None:
        TASKS_RUN.append(duty.person)
        with duty.reading() as read:
            root = read.picture.root
        duty.perform(Receive(unit=root, name="Task"), act="a" * 32)

    return (Task("greet", run),)
