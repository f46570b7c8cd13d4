"""Reading for a page: a snapshot that notes about whom it was read, and shows no more than the reader's posts allow."""

import sqlite3
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from chibox.errors import Forbidden
from chibox.identity.classes import classes_of, shown
from chibox.identity.tables import Person
from chibox.reading import Read

if TYPE_CHECKING:
    from chibox.site.visit import Visit


class Looking(Read):
    """A `Read` bound to who visits. Whoever is shown by it stands in the access log when its block ends."""

    def __init__(self, connection: sqlite3.Connection, visit: "Visit") -> None:
        box = visit.office.box
        super().__init__(connection, box.library, visit.picture, visit.now, actor=visit.person)
        self.visit = visit
        self.subjects: set[str] = set()

    def show(self, ids: Iterable[str]) -> None:
        """Note that data about these persons is shown. Raises Forbidden for an operator: they see nobody's."""
        found = set(ids)
        if self.visit.is_operator and found - {self.visit.person}:
            raise Forbidden("Whoever runs the box sees no data about persons.")
        self.subjects |= found

    def shown(self, row: msgspec.Struct, unit: str, permission: str = "") -> dict[str, Any]:
        """The fields of a row or record of `unit` as the visitor may see them, others `Masked`; its subject is noted."""
        subject = getattr(row, "subject", None)
        if isinstance(subject, str) and set(classes_of(type(row)).values()) - {"plain"}:
            self.show([subject])
        return shown(row, self.visit.classes(unit, permission or self._permission(row)))

    def names(self, people: Collection[str]) -> dict[str, str]:
        """What people are called, by whoever knows it; the name to sign in by of the others, and for an operator of all."""
        found: dict[str, str] = {}
        if not self.visit.is_operator:
            for naming in self.visit.office.naming:
                found.update(naming.names(self, [p for p in people if p not in found], self.today))
        for person in people:
            if person not in found and (row := self.row(Person, person)) is not None:
                found[person] = row.sign_in
        return found

    def _permission(self, row: msgspec.Struct) -> str:
        owners = (p.plugin for p in self.library.projections if type(row) in p.tables)
        return f"{next(owners, self.visit.area)}.view"
