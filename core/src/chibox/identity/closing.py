"""A day of the access log that is over: its count and digest as the log states them, once for each day."""

import datetime as dt
from collections.abc import Collection
from typing import Final

from chibox.commands import Command
from chibox.core_commands import commands
from chibox.errors import Forbidden, Refused
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


RECORDS = (ReadingsClosed,)
closing = Projection("core.closing")


@closing.table("closed_day", key=("day",))
class ClosedDay(Row, frozen=True):
    """A closed day, by its name (2026-11-24): what the log first stated of it."""

    day: str
    count: Plain[int]
    digest: Plain[str]


def _day(entry: Entry[ReadingsClosed]) -> list[Key]:
    return [] if entry.body is None else [(entry.body.day.isoformat(),)]


@closing.fold(ClosedDay, keys=_day)
def closed(row: ClosedDay | None, entry: Entry[ReadingsClosed]) -> ClosedDay | None:
    """The first statement counts; a day is closed once."""
    body = entry.body
    return row if row is not None or body is None else ClosedDay(body.day.isoformat(), body.count, body.digest)


class Day(Command, frozen=True):
    """A day with its count and digest."""

    day: dt.date
    count: int
    digest: str


class CloseReadings(Command, frozen=True):
    """Days of the access log are over: the box itself states what they were."""

    days: tuple[Day, ...]


@commands.decides(needs=lambda _, read: [("core.capture", read.picture.root)])
def close_readings(command: CloseReadings, read: Read) -> list[Stated]:
    """By the service account alone; days that are over, in their order, each once."""
    if not is_service(read, read.actor):
        raise Forbidden("Only the box itself closes the days of its access log.")
    last = last_closed(read)
    for one in command.days:
        if one.day >= read.today or (last is not None and one.day <= last):
            raise Refused("The day {day} cannot be closed: it is not over, or is closed already.", day=one.day)
        last = one.day
    (box,) = (row for row in read.rows(BoxRow, read.select(BoxRow)))
    return [
        state(ReadingsClosed(day=one.day, count=one.count, digest=one.digest), box.subject, read.picture.root)
        for one in command.days
    ]


def last_closed(read: Read) -> dt.date | None:
    """The last day that the log has closed."""
    found = read.figures(ClosedDay, "max(day)", "1")[0][0]
    return None if found is None else dt.date.fromisoformat(found)


def is_service(read: Read, person: str) -> bool:
    """Whether somebody is the box's service account, behind whom no person stands."""
    posts: Collection[object] = [post for post in read.picture.held(person, read.today) if post.role == SERVICE]
    return bool(posts)
