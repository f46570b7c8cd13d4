"""Reading for a page: a snapshot that notes about whom it was read, and shows no more than the reader's posts allow."""

import sqlite3
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from chibox.errors import Forbidden, Words
from chibox.identity import purposes
from chibox.identity.access import Later, Reading
from chibox.identity.classes import Masked, classes_of, shown
from chibox.identity.delays import Delay
from chibox.identity.service import SIGN_IN
from chibox.identity.tables import Person
from chibox.reading import Read
from chibox.records.log import LogReader
from chibox.records.notes import to_base64
from chibox.records.roots import root_at
from chibox.records.stated import Entry
from chibox.web.locale import gettext

if TYPE_CHECKING:
    from chibox.site.visit import Visit


class End(msgspec.Struct, frozen=True):
    """Where the log stands: its last receipt number as the reader's language writes it, and its signed root (44 signs).

    No root where the box may give none out.
    """

    number: str
    root: str


class Opened(msgspec.Struct, frozen=True):
    """An act of reading about somebody: when (ms), by whom, for what purpose, which page (`<area>.<page>`, and in words).

    `field`: the covered value that was asked for, and in words; `count`: how many people the page showed, this one among
    them. `late`: it was told later than it was done, by a delay for an inspection.
    """

    time: int
    person: str
    purpose: Words
    page: str
    field: str | None
    count: int
    where: Words
    asked: Words | None
    late: bool = False


class Looking(Read):
    """A `Read` bound to who visits. Whoever is shown by it stands in the access log when its block ends."""

    def __init__(self, connection: sqlite3.Connection, visit: "Visit", *, noted: bool = True) -> None:
        box = visit.office.box
        super().__init__(connection, box.library, visit.picture, visit.now, actor=visit.person)
        self.visit = visit
        self.subjects: set[str] = set()
        self._later: dict[str, Later] = {}
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

    def tell_later(self, person: str, later: Later) -> None:
        """Have this person told of this reading after a day: what it shows of them is about a delay, or read by one."""
        self._later[person] = later

    def told_when(self) -> dict[Later | None, set[str]]:
        """Who was shown, by when they are told: None, at once."""
        found: dict[Later | None, set[str]] = {}
        for subject in self.subjects:
            found.setdefault(self._later.get(subject), set()).add(subject)
        return found

    def readings(self, subject: str, since: int = 0, until: int | None = None, *, to: str = "") -> list[Opened]:
        """Who has read about somebody from `since` to before `until` (ms), newest first, as `to` may be told: the visitor.

        What was read for an inspection is not among them before its delay is over, but for the reader and who agreed, and
        never for the person read. For a paper that is handed to somebody give `to`: the person who gets it. This reading is
        not among them yet, and is noted, unless it is about the visitor. Raises Forbidden for who sees nobody's data but
        their own. Whether the visitor may see that person is for the page to ask before.
        """
        if subject != self.visit.person:
            self.show([subject])
        found = self.visit.office.access.about(subject, since, until)
        return [self._opened(one) for one in found if self._is_told(one, subject, to or self.visit.person)]

    def _opened(self, one: Reading) -> Opened:
        worded = self.visit.office.page_words
        field = None if one.field is None else worded.field(one.page, one.field)
        return Opened(
            one.time, one.person, purposes.said(one.purpose), one.page, one.field, len(one.subjects),
            worded.page(one.page), field, one.later is not None,
        )  # fmt: skip

    def _is_told(self, one: Reading, subject: str, to: str) -> bool:
        """Whether a reading about `subject` is told to somebody today."""
        if one.later is None:
            return True
        delay = None if one.later.delay is None else self.row(Delay, one.later.delay)
        if self.today > (one.later.until if delay is None else min(one.later.until, delay.last)):
            return True
        return to != subject and to in {one.person, None if delay is None else delay.agreed_by}

    @cached_property
    def end(self) -> End:
        """Where the log stands in this snapshot: what a printed page says at its foot. The mark is raised to it before."""
        return self.end_at(LogReader(self.connection, self.box).head().size - 1)

    def end_at(self, position: int) -> End:
        """Where the log stood when its last entry was the one at `position`: what stands on the paper of an older act."""
        log, box, number = LogReader(self.connection, self.box), self.visit.office.box, self.visit.office.shown_number
        if box.withheld is not None:
            return End(number(position), "")
        box.mark.raise_to(log.head())
        return End(number(position), to_base64(root_at(log, position + 1)))

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

    def readers(self, people: Collection[str]) -> dict[str, str]:
        """What those who have read about the visitor are called: whoever is read is told by whom, whatever posts they hold."""
        found: dict[str, str] = {}
        for naming in self.visit.office.naming:
            found.update(naming.names(self, [p for p in people if p not in found], self.today))
        return found | self.names([p for p in people if p not in found])

    def _permission(self, row: msgspec.Struct) -> str:
        owners = (p.plugin for p in self.library.projections if type(row) in p.tables)
        return f"{next(owners, self.visit.area)}.view"
