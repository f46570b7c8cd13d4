"""The rows of the tree, and how records become them."""

import datetime as dt

import msgspec

from chibox.identity.classes import Plain
from chibox.organisation.records import Founded, UnitCreated, UnitMoved, UnitRenamed
from chibox.projections.folds import Projection
from chibox.projections.rows import Row
from chibox.records.stated import Entry

organisation = Projection("core.organisation")


@organisation.table("unit")
class Unit(Row, frozen=True):
    """A party organisation as it stands; how it stood on a day is told by its dated facts."""

    subject: str
    name: Plain[str]
    kind: Plain[str]
    parent: Plain[str | None]
    since: Plain[dt.date | None]


@organisation.table("box")
class BoxRow(Row, frozen=True):
    """The box itself: the name of its log, its root unit."""

    subject: str
    name: Plain[str]
    key: Plain[str]
    unit: Plain[str]
    above: Plain[str]


@organisation.fold(BoxRow)
def founded(row: BoxRow | None, entry: Entry[Founded]) -> BoxRow | None:
    """The box begins. Its founding is never erased; without the body nothing is known of it."""
    body = entry.body
    return row if body is None else BoxRow(entry.subject, body.name, body.key, entry.unit, body.above)


@organisation.fold(Unit, keys=lambda entry: [(entry.unit,)])
def committee(row: Unit | None, entry: Entry[Founded]) -> Unit | None:
    """The committee is the root of the box's tree."""
    body = entry.body
    return row if body is None else Unit(entry.unit, body.committee, body.committee_kind, None, body.day)


@organisation.fold(Unit)
def created(row: Unit | None, entry: Entry[UnitCreated]) -> Unit | None:
    """A unit begins; without the body it is a unit without a name."""
    body = entry.body
    if body is None:
        return row or Unit(entry.subject, "", "cell", entry.unit, None)
    return Unit(entry.subject, body.name, body.kind, body.parent, body.day)


@organisation.fold(Unit)
def renamed(row: Unit | None, entry: Entry[UnitRenamed]) -> Unit | None:
    """The unit bears its new name; without the body it keeps the old one."""
    return row if row is None or entry.body is None else msgspec.structs.replace(row, name=entry.body.name)


@organisation.fold(Unit)
def moved(row: Unit | None, entry: Entry[UnitMoved]) -> Unit | None:
    """The unit stands under its new parent; without the body it stays."""
    return row if row is None or entry.body is None else msgspec.structs.replace(row, parent=entry.body.parent)
