"""Core's kinds about people: registered, appointed, post ended. What a person is called is for another plugin to state."""

import datetime as dt

from chibox.identity.classes import Plain
from chibox.records.record import Record, kind


@kind("core.person_registered.1")
class PersonRegistered(Record, frozen=True):
    """Someone becomes known to the box, with a name to sign in by. The subject is the person."""

    sign_in: Plain[str]


@kind("core.appointed.1", day="day")
class Appointed(Record, frozen=True):
    """A person (the subject) holds a role in a unit (the entry's) from `day` on. The post's id is the record's."""

    day: Plain[dt.date]
    role: Plain[str]
    until: Plain[dt.date | None] = None


@kind("core.post_ended.1", day="day")
class PostEnded(Record, frozen=True):
    """A post ends: `day` is the first day without it."""

    day: Plain[dt.date]
    post: Plain[str]


RECORDS = (PersonRegistered, Appointed, PostEnded)
