"""The days of the access log as the log states them: closed with a digest when they are over, dropped when they are old."""

import datetime as dt
from typing import Final

import msgspec

from chibox.commands import Command
from chibox.core_commands import commands
from chibox.errors import Forbidden, Refused
from chibox.identity.access import kept_from
from chibox.identity.classes import Plain
from chibox.identity.roles import SERVICE
from chibox.organisation.tables import BoxRow
from chibox.projections.folds import Projection
from chibox.projections.rows import Key, Row
from chibox.reading import Read
from chibox.records.record import Record, kind
from chibox.records.stated import Entry, Stated, state

MOST: Final = 366
"""So many days one act closes."""


@kind("core.readings_closed.1", day="day", final=True)
class ReadingsClosed(Record, frozen=True):
    """The access log of `day` (in Viet Nam) is closed with `count` rows of this `digest`: see `formats.md`. Subject: the box."""

    day: Plain[dt.date]
    count: Plain[int]
    digest: Plain[str]


@kind("core.readings_dropped.1", final=True)
class ReadingsDropped(Record, frozen=True):
    """These days of the access log, closed before, are dropped by age; `months`: how many the box kept then. Subject: the box."""

    days: Plain[tuple[dt.date, ...]]
    months: Plain[int]


RECORDS = (ReadingsClosed, ReadingsDropped)
closing = Projection("core.closing")


@closing.table("closed_day", key=("day",))
class ClosedDay(Row, frozen=True):
    """A closed day, by its name (2026-11-24): what the log first stated of it, and whether it was dropped since."""

    day: str
    count: Plain[int]
    digest: Plain[str]
    dropped: Plain[bool]


def _day(entry: Entry[ReadingsClosed]) -> list[Key]:
    return [] if entry.body is None else [(entry.body.day.isoformat(),)]


@closing.fold(ClosedDay, keys=_day)
def closed(row: ClosedDay | None, entry: Entry[ReadingsClosed]) -> ClosedDay | None:
    """The first statement counts; a day is closed once."""
    body = entry.body
    return row if row is not None or body is None else ClosedDay(body.day.isoformat(), body.count, body.digest, False)


def _days(entry: Entry[ReadingsDropped]) -> list[Key]:
    return [] if entry.body is None else [(day.isoformat(),) for day in entry.body.days]


@closing.fold(ClosedDay, keys=_days)
def dropped(row: ClosedDay | None, entry: Entry[ReadingsDropped]) -> ClosedDay | None:
    """A day that was closed is dropped; no other is."""
    return row if row is None or entry.body is None else msgspec.structs.replace(row, dropped=True)


class Day(Command, frozen=True):
    """A day with its count and digest."""

    day: dt.date
    count: int
    digest: str


class CloseReadings(Command, frozen=True):
    """Days of the access log are over: the box itself states what they were."""

    days: tuple[Day, ...]


class DropReadings(Command, frozen=True):
    """Days of the access log are older than the box keeps them."""

    days: tuple[dt.date, ...]
    months: int


@commands.decides(needs=lambda _, read: [("core.capture", read.picture.root)])
def close_readings(command: CloseReadings, read: Read) -> list[Stated]:
    """By the service account alone; days that are over, in their order, each once."""
    _only_the_box(read)
    last = last_closed(read)
    for one in command.days:
        if one.day >= read.today or (last is not None and one.day <= last):
            raise Refused("The day {day} cannot be closed: it is not over, or is closed already.", day=one.day)
        last = one.day
    box = _box(read)
    return [
        state(ReadingsClosed(day=one.day, count=one.count, digest=one.digest), box, read.picture.root)
        for one in command.days
    ]


@commands.decides(needs=lambda _, read: [("core.capture", read.picture.root)])
def drop_readings(command: DropReadings, read: Read) -> list[Stated]:
    """By the service account alone; closed days, of whole months that are over, each once."""
    _only_the_box(read)
    if command.months < 1:
        raise Refused("Readings are kept for a month at least.")
    for day in command.days:
        if not is_droppable(read, day, command.months):
            raise Refused(
                "The day {day} cannot be dropped: it is too young, was not closed, or is gone already.", day=day
            )
    return [state(ReadingsDropped(days=command.days, months=command.months), _box(read), read.picture.root)]


def last_closed(read: Read) -> dt.date | None:
    """The last day that the log has closed."""
    found = read.figures(ClosedDay, "max(day)", "1")[0][0]
    return None if found is None else dt.date.fromisoformat(found)


def is_droppable(read: Read, day: dt.date, months: int) -> bool:
    """Whether the log may say of a day that it is dropped: it was closed, not dropped yet, and is older than these months."""
    row = read.row(ClosedDay, day.isoformat())
    return row is not None and not row.dropped and day < kept_from(read.today, months)


def dropped_days(read: Read) -> set[dt.date]:
    """The days that the log says are dropped."""
    return {dt.date.fromisoformat(day) for (day,) in read.figures(ClosedDay, "day", "dropped=1")}


def _only_the_box(read: Read) -> None:
    if not is_service(read, read.actor):
        raise Forbidden("Only the box itself closes and drops the days of its access log.")


def _box(read: Read) -> str:
    return next(row.subject for row in read.rows(BoxRow, read.select(BoxRow)))


def is_service(read: Read, person: str) -> bool:
    """Whether somebody is the box's service account, behind whom no person stands."""
    return any(post.role == SERVICE for post in read.picture.held(person, read.today))
