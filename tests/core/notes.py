"""A small plugin for tests of the command line's parts, and a box that holds records of all sorts: open, plain, opaque."""

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from chibox.box import Box, Founding
from chibox.clock import GivenClock
from chibox.core_commands import Appoint, RegisterPerson
from chibox.plugin import (
    Asked,
    Command,
    Commands,
    Entry,
    Identity,
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

DAY = dt.date(2026, 11, 25)


@kind("notes.written.1", day="day", facts=("title",))
class Written(Record, frozen=True):
    """A note was written."""

    day: Plain[dt.date]
    title: Ordinary[str]
    number: Identity[str]


@kind("notes.corrected.1", facts=("title",), corrects=True)
class Corrected(Record, frozen=True):
    """A note's title was wrong."""

    title: Ordinary[str]


@kind("notes.counted.1")
class Counted(Record, frozen=True):
    """Notes were counted."""

    count: Plain[int]


@kind("notes.whispered.1", opaque=True)
class Whispered(Record, frozen=True):
    """Something that nobody may know of."""

    word: Sensitive[str]


notes = Projection("notes.notes")


@notes.table("note")
class Note(Row, frozen=True):
    """A note as it stands."""

    subject: str
    day: Plain[dt.date | None]
    title: Ordinary[str | None]
    number: Identity[str | None]
    count: Plain[int] = 0


@notes.fold(Note)
def written(row: Note | None, entry: Entry[Written]) -> Note | None:
    """A note begins."""
    body = entry.body
    return row if body is None else Note(entry.subject, body.day, body.title, body.number)


@notes.fold(Note)
def corrected(row: Note | None, entry: Entry[Corrected]) -> Note | None:
    """A note bears another title."""
    return row if row is None or entry.body is None else msgspec.structs.replace(row, title=entry.body.title)


@notes.fold(Note)
def counted(row: Note | None, entry: Entry[Counted]) -> Note | None:
    """A note was counted."""
    if row is None or entry.body is None:
        return row
    return msgspec.structs.replace(row, count=row.count + entry.body.count)


class Write(Command, frozen=True):
    """Write notes, in one act."""

    unit: str
    titles: tuple[str, ...]


class Correct(Command, frozen=True):
    """Correct a title; `rid` of the record that was wrong."""

    unit: str
    note: str
    rid: str
    title: str


class Count(Command, frozen=True):
    """Count a note."""

    unit: str
    note: str
    count: int


class Whisper(Command, frozen=True):
    """Whisper words, in one act."""

    unit: str
    words: tuple[str, ...]


_commands = Commands("notes")


@_commands.decides(needs=lambda c, _: [("notes.capture", c.unit)])
def write(command: Write, read: Read) -> list[Stated]:
    """Each note has a fresh id."""
    return [
        state(Written(day=read.today, title=title, number=f"{at:012}"), read.new_id(), command.unit)
        for at, title in enumerate(command.titles)
    ]


@_commands.decides(needs=lambda c, _: [("notes.capture", c.unit)])
def correct(command: Correct, read: Read) -> list[Stated]:
    """The correction refers to what it corrects."""
    return [state(Corrected(title=command.title), command.note, command.unit, (f"r{command.rid}",))]


@_commands.decides(needs=lambda c, _: [("notes.capture", c.unit)])
def count(command: Count, read: Read) -> list[Stated]:
    """Says nothing about a person."""
    return [state(Counted(count=command.count), command.note, command.unit)]


@_commands.decides(needs=lambda c, _: [("notes.capture", c.unit)])
def whisper(command: Whisper, read: Read) -> list[Stated]:
    """One subject for all of them."""
    about = read.new_id()
    return [state(Whispered(word=word), about, command.unit) for word in command.words]


@hookimpl
def kinds() -> Sequence[type[Record]]:
    """The kinds of this plugin."""
    return (Written, Corrected, Counted, Whispered)


@hookimpl
def projections() -> Sequence[Projection]:
    """Its projection."""
    return (notes,)


@hookimpl
def commands() -> Commands:
    """Its commands."""
    return _commands


def plugins() -> Plugins:
    """Core and this plugin, and no other."""
    found = Plugins.discover(())
    found.add("notes", lambda: __import__(__name__, fromlist=["kinds"]))
    assert not found.broken
    return found


class Filled(NamedTuple):
    """A box that runs, and who works in it."""

    box: Box
    folder: Path
    root: str
    administrator: str
    clerk: str
    reader: str
    first: int
    """The position of the first note, if there is one; all of them are one act."""

    def do(self, command: Command, actor: str = "", act: str = "") -> tuple[int, int]:
        """Perform as the clerk, or as another; first and last position of the act."""
        asked = Asked(actor=actor or self.clerk, act=act or os.urandom(16).hex())
        answer = self.box.perform_now(asked, command)
        return answer.first, answer.last

    def subject(self, position: int) -> str:
        """Whom the entry at a position is about."""
        with self.box.reading() as read:
            return read.entry(position).subject


@contextmanager
def filled(folder: Path, count: int = 0) -> Iterator[Filled]:
    """A box with a clerk, a reader (secretary of a cell) and `count` notes; closed at the end."""
    clock = GivenClock.on(DAY)
    founding = Founding(name="demo.xa-sao-mai.lamson", committee="Sao Mai")
    administrator = Box.init(folder, founding, clock=clock, plugins=plugins())
    box = Box.open(folder, clock=clock, plugins=plugins())
    try:
        root = box.picture.root
        made = Filled(box, folder, root, administrator, os.urandom(16).hex(), os.urandom(16).hex(), box.log.size + 4)
        for person, sign_in, role in ((made.clerk, "canbo", "clerk"), (made.reader, "bithu", "cell_secretary")):
            made.do(RegisterPerson(sign_in=sign_in, person=person), administrator)
            made.do(Appoint(person=person, role=role, unit=root, day=DAY), administrator)
        if count:
            made.do(Write(unit=root, titles=tuple(f"note {at}" for at in range(count))))
        yield made
    finally:
        box.close()
