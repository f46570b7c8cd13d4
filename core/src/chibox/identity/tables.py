"""The rows of people and posts, and how records become them."""

import datetime as dt

import msgspec

from chibox.identity.classes import Plain
from chibox.identity.records import Appointed, PersonRegistered, PostEnded
from chibox.organisation.records import Founded
from chibox.projections.folds import Projection
from chibox.projections.rows import Key, Row
from chibox.records.stated import Entry

identity = Projection("core.identity")


@identity.table("person")
class Person(Row, frozen=True):
    """Someone known to the box."""

    subject: str
    sign_in: Plain[str]


@identity.table("post")
class Post(Row, frozen=True):
    """A dated appointment of a person to a role in a unit."""

    subject: str  # the post
    person: Plain[str]
    role: Plain[str]
    unit: Plain[str]
    since: Plain[dt.date]
    until: Plain[dt.date | None]

    def holds(self, day: dt.date) -> bool:
        """Whether the post is held on `day`."""
        return self.since <= day and (self.until is None or day < self.until)


def _administrator(entry: Entry[Founded]) -> list[Key]:
    return [] if entry.body is None else [(entry.body.administrator,)]


@identity.fold(Person, keys=_administrator)
def founder(row: Person | None, entry: Entry[Founded]) -> Person | None:
    """The first administrator is known from the founding."""
    return row if entry.body is None else Person(entry.body.administrator, entry.body.sign_in)


@identity.fold(Post, keys=lambda entry: [(entry.rid,)])
def first_post(row: Post | None, entry: Entry[Founded]) -> Post | None:
    """The first administrator's post."""
    body = entry.body
    if body is None:
        return row
    return Post(entry.rid, body.administrator, "administrator", entry.unit, body.day, None)


@identity.fold(Person)
def registered(row: Person | None, entry: Entry[PersonRegistered]) -> Person | None:
    """A person is known; without the body by no name."""
    if entry.body is None:
        return row or Person(entry.subject, "")
    return Person(entry.subject, entry.body.sign_in)


@identity.fold(Post, keys=lambda entry: [(entry.rid,)])
def appointed(row: Post | None, entry: Entry[Appointed]) -> Post | None:
    """A post begins. Without the body nobody knows which: no post."""
    body = entry.body
    return row if body is None else Post(entry.rid, entry.subject, body.role, entry.unit, body.day, body.until)


def _ended(entry: Entry[PostEnded]) -> list[Key]:
    return [] if entry.body is None else [(entry.body.post,)]


@identity.fold(Post, keys=_ended)
def ended(row: Post | None, entry: Entry[PostEnded]) -> Post | None:
    """A post ends."""
    return row if row is None or entry.body is None else msgspec.structs.replace(row, until=entry.body.day)
