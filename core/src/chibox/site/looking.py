"""Reading for a page: a snapshot that notes about whom it was read, and shows no more than the reader's posts allow."""

import sqlite3
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import msgspec

from chibox.errors import Forbidden, Words
from chibox.identity import purposes
from chibox.identity.classes import Masked, classes_of, shown
from chibox.identity.service import SIGN_IN
from chibox.identity.tables import Person
from chibox.reading import Read
from chibox.records.log import LogReader
from chibox.records.notes import to_base64
from chibox.records.stated import Entry
from chibox.web.locale import gettext

if TYPE_CHECKING:
    from chibox.site.visit import Visit

_SIGNS: Final = 10  # of the root's 44: enough to find two sheets of one moment, and to tell two logs apart


class End(msgspec.Struct, frozen=True):
    """Where the log stands: its last receipt number as the reader's language writes it, the first signs of its signed root."""

    number: str
    code: str


class Opened(msgspec.Struct, frozen=True):
    """An act of reading about somebody: when (ms), by whom, for what purpose, which page (`<area>.<page>`).

    `field`: the covered value that was asked for; `count`: how many people the page showed, this one among them.
    """

    time: int
    person: str
    purpose: Words
    page: str
    field: str | None
    count: int


class Looking(Read):
    """A `Read` bound to who visits. Whoever is shown by it stands in the access log when its block ends."""

    def __init__(self, connection: sqlite3.Connection, visit: "Visit", *, noted: bool = True) -> None:
        box = visit.office.box
        super().__init__(connection, box.library, visit.picture, visit.now, actor=visit.person)
        self.visit = visit
        self.subjects: set[str] = set()
        self._noted = noted

    def show(self, ids: Iterable[str]) -> None:
        """Note that data about these persons is shown. Raises Forbidden for who sees nobody's but their own."""
        found = set(ids)
        if not self._noted:
            raise RuntimeError("nobody is shown by a glance: it is written nowhere")
        if not self.visit.sees_people and found - {self.visit.person}:
            raise Forbidden("This account is shown no data about persons.")
        self.subjects |= found

    def shown(self, row: msgspec.Struct, unit: str, permission: str = "") -> dict[str, Any]:
        """The fields of a row or record of `unit` as the visitor may see them, others `Masked`; its subject is noted."""
        subject = getattr(row, "subject", None)
        if isinstance(subject, str) and set(classes_of(type(row)).values()) - {"plain"}:
            self.show([subject])
        return shown(row, self.visit.classes(unit, permission or self._permission(row)))

    def told(self, entry: Entry[Any]) -> dict[str, Any]:
        """The fields of an entry's record that the visitor may see, none of them masked; its subject is noted."""
        record = entry.body
        if record is None or not self.may_see(entry):
            return {}
        if set(classes_of(type(record)).values()) - {"plain"}:
            if not self.visit.sees_people and entry.subject != self.visit.person:
                return {}
            self.show([entry.subject])
        may = self.visit.classes(entry.unit, f"{entry.kind.partition('.')[0]}.view")
        return {name: value for name, value in shown(record, may).items() if not isinstance(value, Masked)}

    def may_see(self, entry: Entry[Any]) -> bool:
        """Whether the entry is one of the visitor's own, or stands in a unit whose entries of that kind they may view."""
        if entry.by == self.visit.person:
            return True
        area, kind = entry.kind.partition(".")[0], self.library.kinds.get(entry.kind)
        if area == "core":  # what is sealed tells by its mere place who did something where
            return kind is not None and not kind.opaque and entry.unit in self.visit.own_units
        return self.visit.may(f"{area}.view", entry.unit)

    def saying(self, entry: Entry[Any]) -> str:
        """How an entry reads, with what the visitor may see of it."""
        return self.visit.office.saying(entry, self.told(entry))

    def readings(self, subject: str, since: int = 0) -> list[Opened]:
        """Who has read about somebody since then (ms), newest first; this reading is not among them yet, and is noted.

        Raises Forbidden for who sees nobody's data but their own. Whether the reader may see that person is for the page to
        ask before.
        """
        self.show([subject])
        return [
            Opened(one.time, one.person, purposes.said(one.purpose), one.page, one.field, len(one.subjects))
            for one in self.visit.office.access.about(subject, since)
        ]

    @cached_property
    def end(self) -> End:
        """Where the log stands in this snapshot: what a printed page says at its foot."""
        head = LogReader(self.connection, self.box).head()
        return End(self.visit.office.shown_number(head.size - 1), to_base64(head.root)[:_SIGNS])

    def names(self, people: Collection[str]) -> dict[str, str]:
        """What people are called, by whoever knows it; the name to sign in by of the others, and of whom one may not see.

        The service account, which nobody signs in to, is the box.
        """
        found: dict[str, str] = {}
        asked = [p for p in people if self.visit.sees_people or p == self.visit.person]
        for naming in self.visit.office.naming:
            found.update(naming.names(self, [p for p in asked if p not in found], self.today))
        for person in people:
            if person not in found and (row := self.row(Person, person)) is not None:
                found[person] = gettext("the box") if row.sign_in == SIGN_IN else row.sign_in
        return found

    def _permission(self, row: msgspec.Struct) -> str:
        owners = (p.plugin for p in self.library.projections if type(row) in p.tables)
        return f"{next(owners, self.visit.area)}.view"
