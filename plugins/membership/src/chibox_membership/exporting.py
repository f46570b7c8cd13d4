"""What changed since the last export for the national database: worked out from the log, so that any export can be made again."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from chibox.plugin import Command, Entry, Plain, Projection, Read, Row, Stated, name_order, state
from chibox_membership.commands import CAPTURE, commands
from chibox_membership.onday import SHOWN, value_of
from chibox_membership.records import Exported
from chibox_membership.sheet.columns import FIRST_ROW
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.tables import GONE

How = Literal["new", "changed", "gone", "withdrawn"]
exports: Final = Projection("membership.exports")
_COLUMNS: Final = tuple(name for name in SHOWN if name in SheetRow.__struct_fields__)


@exports.table("export")
class Export(Row, frozen=True):
    """An export that counts: it was not taken back. `position`: of its record."""

    subject: str
    position: Plain[int]
    day: Plain[dt.date]
    until: Plain[int]
    since: Plain[int | None]
    count: Plain[int]


@exports.fold(Export)
def exported(row: Export | None, entry: Entry[Exported]) -> Export | None:
    """One row an export; without the body nothing is known of it."""
    body = entry.body
    if body is None:
        return row
    return Export(entry.subject, entry.position, body.day, body.until, body.since, body.count)


class ExportChanges(Command, frozen=True, kw_only=True):
    """Note that what changed since the last export goes out now."""


class Change(msgspec.Struct, frozen=True):
    """A member in an export: how it is about them, and the row of the sheet but for its place.

    `withdrawn`: they were exported before, and their entry was taken back since; the row is the one that went out then.
    """

    subject: str
    how: How
    row: SheetRow


@commands.decides(needs=lambda _, read: [(CAPTURE, read.picture.root)], alone=True)
def export_changes(_: ExportChanges, read: Read) -> list[Stated]:
    """From the end of the last export up to now; nothing is stated when nothing changed."""
    last, until = last_export(read), read.size - 1
    since = None if last is None else last.until
    count = len(changes(read, since, until, read.today))
    if not count:
        return []
    refs = () if last is None else (f"r{read.entry(last.position).rid}",)
    record = Exported(day=read.today, until=until, since=since, count=count)
    return [state(record, read.new_id(), read.picture.root, refs)]


def last_export(read: Read) -> Export | None:
    """The export from whose end the next one begins; None before the first."""
    return next(iter(all_exports(read, 1)), None)


def all_exports(read: Read, most: int) -> list[Export]:
    """The last exports that count, newest first."""
    query = read.select(Export).order_by(read.table(Export).position, ascending=False).limit(most)
    return read.rows(Export, query)


def changes(read: Read, since: int | None, until: int, day: dt.date) -> list[Change]:
    """What an export holds: members about whom something stands between the positions, as known at `until`, on `day`.

    The same arguments give the same for ever, but for what was erased meanwhile. Who is as at `since` is left out; who
    left is there, with the new state. By given name.
    """
    touched = read.touched(-1 if since is None else since, until)
    now = _sheet_rows(read, touched, day, until)
    before = {} if since is None else _sheet_rows(read, touched, day, since)
    found = [change for subject in now.keys() | before.keys() if (change := _change(subject, before, now)) is not None]
    return sorted(found, key=lambda change: (name_order(change.row.full_name or ""), change.subject))


def sheet_rows(found: Sequence[Change]) -> list[SheetRow]:
    """The rows of the file, numbered; who was withdrawn is to be deleted there."""
    return [
        msgspec.structs.replace(one.row, row=place, **({"delete_requested": True} if one.how == "withdrawn" else {}))
        for place, one in enumerate(found, FIRST_ROW)
    ]


def unit_names(read: Read, rows: Collection[SheetRow], day: dt.date, until: int) -> dict[str, str]:
    """What the cells of these rows were called on `day`, as known at `until`; today's name where nothing is known of then."""
    units = {row.cell for row in rows if row.cell}
    facts = read.facts(units, fields=("name",), day=day, known=until)
    found: dict[str, str] = {}
    for unit in units:
        held, row = facts.get(unit, {}).get("name"), read.unit(unit)
        found[unit] = (held.value if held else None) or ("" if row is None else row.name)
    return found


def _change(subject: str, before: Mapping[str, SheetRow], now: Mapping[str, SheetRow]) -> Change | None:
    old, new = before.get(subject), now.get(subject)
    if new is None:
        return None if old is None else Change(subject, "withdrawn", old)
    if old is None:
        return Change(subject, "new", new)
    if old == new:
        return None
    return Change(subject, "gone" if new.status in GONE and old.status not in GONE else "changed", new)


def _sheet_rows(read: Read, subjects: Collection[str], day: dt.date, known: int) -> dict[str, SheetRow]:
    """Of those who stand in the roll as known at that position."""
    facts = read.facts(subjects, fields=(*_COLUMNS,), day=day, known=known)
    return {subject: row for subject, row in _rows(facts) if row is not None}


def _rows(facts: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, SheetRow | None]]:
    for subject, some in facts.items():
        values: dict[str, Any] = {field: value_of(field, fact) for field, fact in some.items()}
        if not values.get("full_name") or not values.get("cell"):
            yield subject, None
            continue
        status = values.setdefault("status", "active")
        since = some["status"].since if "status" in some else None
        left_on = None if status == "active" or since is None else dt.date.fromisoformat(since)
        yield subject, SheetRow(row=0, left_on=left_on, **values)
