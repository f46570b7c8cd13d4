"""Two small plugins for tests of the flow: `toys` keeps things with counts and secrets, `Watching` folds what toys state."""

import datetime as dt
import sys
from collections.abc import Sequence

import msgspec

from chibox.errors import Refused
from chibox.plugin import (
    Command,
    Commands,
    Entry,
    Fact,
    Ordinary,
    Plain,
    Projection,
    Read,
    Record,
    Row,
    Sensitive,
    Stated,
    hookimpl,
    kind,
    state,
)
from chibox.plugins import Plugins
from chibox.testing.boxes import plugins_of

RAISING: set[str] = set()  # what raises now: "toys", "watching" (folds), "watching keys"


@kind("toys.made.1", day="day", facts=("name", Fact("colour", "day")))
class Made(Record, frozen=True):
    """A toy was made."""

    day: Plain[dt.date]
    name: Ordinary[str]
    colour: Plain[str | None] = None
    weight: Plain[int] = 0


@kind("toys.painted.1", day="day", facts=("colour",))
class Painted(Record, frozen=True):
    """A toy has another colour from a day on."""

    day: Plain[dt.date]
    colour: Plain[str]


@kind("toys.corrected.1", facts=("name",), corrects=True)
class Corrected(Record, frozen=True):
    """A toy's name was wrong."""

    name: Ordinary[str]


@kind("toys.hidden.1", opaque=True)
class Hidden(Record, frozen=True):
    """Nobody may see which toy was hidden, by whom, when."""

    place: Sensitive[str]


toys = Projection("toys.toys")


@toys.table("toy")
class Toy(Row, frozen=True):
    """A toy as it stands."""

    subject: str
    unit: Plain[str]
    name: Ordinary[str | None]
    colour: Plain[str | None]
    hidden: Sensitive[str | None] = None


@toys.fold(Toy)
def made(row: Toy | None, entry: Entry[Made]) -> Toy | None:
    """A toy begins; without the body it has no name."""
    if "toys" in RAISING:
        raise ValueError("toys cannot fold")
    name, colour = (None, None) if entry.body is None else (entry.body.name, entry.body.colour)
    return Toy(entry.subject, entry.unit, name, colour, None if row is None else row.hidden)


@toys.fold(Toy)
def painted(row: Toy | None, entry: Entry[Painted]) -> Toy | None:
    """The colour is another; without the body nobody knows which."""
    return None if row is None else msgspec.structs.replace(row, colour=entry.body and entry.body.colour)


@toys.fold(Toy)
def corrected(row: Toy | None, entry: Entry[Corrected]) -> Toy | None:
    """The name is another; without the body it stays."""
    return row if row is None or entry.body is None else msgspec.structs.replace(row, name=entry.body.name)


@toys.fold(Toy)
def hidden(row: Toy | None, entry: Entry[Hidden]) -> Toy | None:
    """The last hiding place counts."""
    if row is None or entry.body is None:
        return row
    return msgspec.structs.replace(row, hidden=entry.body.place)


class Make(Command, frozen=True):
    """Make toys of these names, in one act."""

    unit: str
    names: tuple[str, ...]
    weight: int = 0
    day: dt.date | None = None


class Paint(Command, frozen=True):
    """Paint a toy."""

    toy: str
    colour: str
    day: dt.date | None = None


class Correct(Command, frozen=True):
    """Correct a toy's name: of the record at a position."""

    toy: str
    position: int
    name: str


class MakeMany(Make, frozen=True):
    """Make toys in a transaction of its own."""


class Hide(Command, frozen=True):
    """Hide toys, in one act."""

    toys: tuple[str, ...]
    place: str


class Break(Command, frozen=True):
    """Go wrong while deciding: refuse, raise, or raise what no `except Exception` takes."""

    how: str


commands_ = Commands("toys")


def _unit(subject: str, read: Read) -> str:
    row = read.row(Toy, subject)
    if row is None:
        raise Refused("There is no such toy.")
    return row.unit


@commands_.decides(needs=lambda c, _: [("toys.capture", c.unit)])
def make(command: Make, read: Read) -> list[Stated]:
    """Two toys of one name in a unit are refused: the rule that reads rows of the commands before."""
    toy = read.table(Toy)
    for name in command.names:
        if read.count(Toy, toy.unit == command.unit, toy.name == name):
            raise Refused("There is a toy {name} already.", name=name)
    day = command.day or read.today
    return [
        state(Made(day=day, name=name, colour="white", weight=command.weight), read.new_id(), command.unit)
        for name in command.names
    ]


@commands_.decides(needs=lambda c, _: [("toys.capture", c.unit)], alone=True)
def make_many(command: MakeMany, read: Read) -> list[Stated]:
    """As `make`."""
    return make(command, read)


@commands_.decides(needs=lambda c, read: [("toys.capture", _unit(c.toy, read))], about="toy")
def paint(command: Paint, read: Read) -> list[Stated]:
    """The colour that it has is no change."""
    row = read.row(Toy, command.toy)
    if row is None or row.colour == command.colour:
        return []
    return [state(Painted(day=command.day or read.today, colour=command.colour), command.toy, row.unit)]


@commands_.decides(needs=lambda c, read: [("toys.capture", _unit(c.toy, read))], about="toy")
def correct(command: Correct, read: Read) -> list[Stated]:
    """The correction refers to the record that was wrong."""
    wrong = read.entry(command.position)
    return [state(Corrected(name=command.name), command.toy, wrong.unit, (f"r{wrong.rid}",))]


@commands_.decides(needs=lambda c, read: [("toys.capture", _unit(toy, read)) for toy in c.toys])
def hide(command: Hide, read: Read) -> list[Stated]:
    """All in one place."""
    return [state(Hidden(place=command.place), toy, _unit(toy, read)) for toy in command.toys]


@commands_.decides(needs=lambda _, read: [("toys.capture", read.picture.root)])
def go_wrong(command: Break, read: Read) -> list[Stated]:
    """Never states anything."""
    if command.how == "refuse":
        raise Refused("No.")
    raise {"raise": ValueError, "exit": SystemExit, "fatal": MemoryError}[command.how]("broken")


@hookimpl
def kinds() -> Sequence[type[Record]]:
    """The kinds of toys."""
    return (Made, Painted, Corrected, Hidden)


@hookimpl
def projections() -> Sequence[Projection]:
    """Their projection."""
    return (toys,)


@hookimpl
def commands() -> Commands:
    """Their commands."""
    return commands_


class Watching:
    """The plugin `watching`: counts toys by unit, from the records of `toys`. It can be made to raise."""

    def __init__(self, version: int = 1, base: type[Row] = Row) -> None:
        self.projection = Projection("watching.counts", version=version)

        @self.projection.table("count", key=("unit", "colour"))
        class Count(base, frozen=True):  # type: ignore[misc, valid-type, call-arg]
            """How many toys were made, by unit and colour."""

            unit: str
            colour: str
            made: Plain[int]

        @self.projection.fold(Count, keys=_unit_and_colour)
        def counted(row: Count | None, entry: Entry[Made]) -> Count | None:
            """One more."""
            if "watching" in RAISING:
                raise ValueError("watching cannot fold")
            if "watching no row" in RAISING:
                return "no row"  # type: ignore[return-value]
            many = 2**70 if "watching huge" in RAISING else 1
            return Count(*[""] * (len(Count.__struct_fields__) - 1), many if row is None else row.made + many)

        self.row = Count
        self.commands_ = Commands("watching")

        @self.commands_.decides(needs=lambda _, read: [("watching.capture", read.picture.root)])
        def look(command: Look, read: Read) -> list[Stated]:
            """Nothing ever changes by it."""
            return []

    @hookimpl
    def projections(self) -> Sequence[Projection]:
        """Its projection."""
        return (self.projection,)

    @hookimpl
    def commands(self) -> Commands:
        """Its command."""
        return self.commands_


class Look(Command, frozen=True):
    """Look at toys."""


def _unit_and_colour(entry: Entry[Made]) -> list[tuple[str, ...]]:
    if "watching keys" in RAISING:
        raise ValueError("watching cannot tell keys")
    return [(entry.unit, "none" if entry.body is None or entry.body.colour is None else entry.body.colour)]


def toy_plugins(watching: Watching | None = None) -> Plugins:
    """Core and toys, and the one that watches if it is given."""
    module = sys.modules[__name__]
    return plugins_of(toys=module) if watching is None else plugins_of(toys=module, watching=watching)
