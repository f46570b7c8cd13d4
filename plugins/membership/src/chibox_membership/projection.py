"""How membership's records become the roll. Pure: the same entries give the same rows, on the box and on its parent."""

from typing import Any

import msgspec
from msgspec import UNSET

from chibox.plugin import Entry, name_order
from chibox_membership.records import DETAILS, Changed, Corrected, Entered, Left, Moved, Noted, Some, StatusSet
from chibox_membership.tables import Member, key_of, members, words_of


@members.fold(Member)
def entered(_: Member | None, entry: Entry[Entered]) -> Member | None:
    """The member stands in the roll. Without the body nothing is known that a row could say: no row."""
    body = entry.body
    if body is None:
        return None
    details = {field: getattr(body, field) for field in DETAILS}
    return Member(
        subject=entry.subject,
        cell=body.cell,
        cell_since=body.admitted_on,
        status=body.status,
        status_since=body.admitted_on,
        entered_on=body.admitted_on,
        note=None,
        **_named(body.full_name, body.other_name),
        **details,
    )


@members.fold(Member)
def changed(row: Member | None, entry: Entry[Changed]) -> Member | None:
    """The details given are the latest; without the body the row stays as it was."""
    return _with(row, entry.body)


@members.fold(Member)
def corrected(row: Member | None, entry: Entry[Corrected]) -> Member | None:
    """A correction stands on the day of what it corrects, so whatever changed later comes after it."""
    return _with(row, entry.body)


@members.fold(Member)
def moved(row: Member | None, entry: Entry[Moved]) -> Member | None:
    """The member is in the new cell; without the body in the unit that the envelope names, from its day."""
    if row is None:
        return None
    cell, since = (entry.unit, entry.day) if entry.body is None else (entry.body.cell, entry.body.day)
    return msgspec.structs.replace(row, cell=cell, cell_since=since)


@members.fold(Member)
def status_set(row: Member | None, entry: Entry[StatusSet]) -> Member | None:
    """The state from that day on; without the body it stays."""
    if row is None or entry.body is None:
        return row
    return msgspec.structs.replace(row, status=entry.body.status, status_since=entry.body.day)


@members.fold(Member)
def left(row: Member | None, entry: Entry[Left]) -> Member | None:
    """The member stays in the roll as one who has gone; without the body as gone in a way that is no longer known."""
    if row is None:
        return None
    status, since = ("left_party", entry.day) if entry.body is None else (entry.body.status, entry.body.day)
    return msgspec.structs.replace(row, status=status, status_since=since)


@members.fold(Member)
def noted(row: Member | None, entry: Entry[Noted]) -> Member | None:
    """The note is the latest one; without the body it stays."""
    if row is None or entry.body is None:
        return row
    return msgspec.structs.replace(row, note=entry.body.note)


def _with(row: Member | None, some: Some | None) -> Member | None:
    if row is None or some is None:
        return row
    given = {field: value for field in DETAILS if (value := getattr(some, field)) is not UNSET}
    name, other = given.get("full_name", row.full_name), given.get("other_name", row.other_name)
    if "full_name" in given or "other_name" in given:
        given |= _named(name, other)
    return msgspec.structs.replace(row, **given)


def _named(name: str, other: str | None) -> dict[str, Any]:
    return {"name_key": key_of(name, other), "name_words": words_of(name, other), "name_order": name_order(name)}
