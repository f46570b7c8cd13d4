"""Importing the national entry sheet 4.0: a good sheet becomes one act; a sheet with any wrong row changes nothing."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from chibox.plugin import Command, Conflict, Read, Stated, Words, state, words
from chibox_membership.checks import CELLS
from chibox_membership.commands import CAPTURE, commands
from chibox_membership.records import DETAILS, Changed, Entered, Left, Moved, StatusSet
from chibox_membership.sheet.columns import BY_KEY
from chibox_membership.sheet.faults import Fault, Wrong, refusal
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.tables import GONE, Member

KEYS: Final = ("national_id", "personal_id", "card_number")
_LARGEST: Final = 32 << 20
"""Bytes: twenty thousand rows, with every column filled in."""
_FIXED: Final = ("born_on", "admitted_on", "official_on")
"""Days that do not change: where a sheet says something else, one of the two is wrong."""
_TWO_MEMBERS: Final = words("Row {row}, column {column}: the numbers of this row belong to two members, {names}.")
_TWICE: Final = words("Row {row}, column {column}: row {other} is about the same member.")
_NO_CELL: Final = words("Row {row}, column {column}: members belong to cells; this is none.")
_DIFFERS: Final = words(
    "Row {row}, column {column}: “{label}” is recorded as {day}. What was written down wrongly is corrected on the member's page."
)
_GONE: Final = words("Row {row}, column {column}: this member left the committee on {day}. A sheet brings nobody back.")
_EARLIER: Final = words("Row {row}, column {column}: {day} lies before the recorded state, which began on {since}.")


class ImportSheet(Command, frozen=True, kw_only=True):
    """The rows of a sheet that was read and found without fault, as the roll stood at position `as_of`."""

    rows: tuple[SheetRow, ...]
    as_of: int


class Roll:
    """The roll by the numbers that a row is matched by."""

    def __init__(self, read: Read) -> None:
        self._by: dict[str, dict[str, Member]] = {key: {} for key in KEYS}
        for member in read.rows(Member, read.select(Member)):
            for key in KEYS:
                if (number := getattr(member, key)) is not None:
                    self._by[key][number] = member

    def match(self, row: SheetRow) -> tuple[Member | None, Fault | None]:
        """The member whom a row is about (None: a new one), or the fault when its numbers lead to two members."""
        found: dict[str, Member] = {}
        for key in KEYS:
            number = getattr(row, key)
            member = None if number is None else self._by[key].get(number)
            if member is not None:
                found.setdefault(member.subject, member)
        if len(found) > 1:
            return None, _at(row, "personal_id", _TWO_MEMBERS, names=", ".join(_names(found)))
        return next(iter(found.values()), None), None


def _names(found: dict[str, Member]) -> list[str]:
    return sorted(member.full_name for member in found.values())


def _roll(read: Read) -> Roll:
    return read.once(Roll, lambda: Roll(read))


def _needs(command: ImportSheet, read: Read) -> Sequence[tuple[str, str]]:
    """Every cell that the sheet names, and every cell in which a matched member stands today."""
    roll = _roll(read)
    cells = {row.cell for row in command.rows}
    cells |= {member.cell for row in command.rows if (member := roll.match(row)[0]) is not None}
    return [(CAPTURE, cell) for cell in sorted(cells)]


@commands.decides(needs=_needs, largest=_LARGEST, alone=True)
def import_sheet(command: ImportSheet, read: Read) -> list[Stated]:
    """New members enter, known ones change where the sheet says something else; an empty cell changes nothing.

    Refused whole when any row is wrong (Invalid names rows and columns), and when a colleague recorded something about one
    of the members since the sheet was read (Conflict).
    """
    roll = _roll(read)
    stated: list[Stated] = []
    faults: list[Fault] = []
    rows: dict[str, int] = {}
    for row in command.rows:
        member, fault = roll.match(row)
        fault = fault or _fault(row, member, read, rows)
        if fault is not None:
            faults.append(fault)
        elif member is None:
            stated += _new(row, read)
        else:
            if (read.last(member.subject) or 0) > command.as_of:
                raise Conflict(
                    "Meanwhile somebody recorded something about {name}. Send the sheet again.", name=row.full_name
                )
            stated += _known(row, member, read)
    if faults:
        raise refusal(faults)
    return stated


def _fault(row: SheetRow, member: Member | None, read: Read, rows: dict[str, int]) -> Fault | None:
    unit = read.unit(row.cell)
    if unit is None or unit.kind not in CELLS:
        return _at(row, "cell", _NO_CELL)
    return None if member is None else _against(row, member, rows)


def _against(row: SheetRow, member: Member, rows: dict[str, int]) -> Fault | None:
    """What of a row cannot be taken as a change of the member whom it is about."""
    other = rows.setdefault(member.subject, row.row)
    if other != row.row:
        return _at(row, "personal_id", _TWICE, other=str(other))
    for field in _FIXED:
        value, stands = getattr(row, field), getattr(member, field)
        if value is not None and stands is not None and value != stands:
            return _at(row, field, _DIFFERS, label=BY_KEY[field].label, day=stands)
    if member.status in GONE and row.status not in GONE:
        return _at(row, "status", _GONE, day=member.status_since)
    if row.status != member.status and row.left_on is not None and row.left_on < member.status_since:
        return _at(row, "left_on", _EARLIER, day=row.left_on, since=member.status_since)
    return None


def _at(row: SheetRow, field: str, sentence: Words, **params: object) -> Fault:
    return Wrong(sentence, **params).at(row.row, BY_KEY[field].letter, field)


def _new(row: SheetRow, read: Read) -> Iterator[Stated]:
    subject = read.new_id()
    details = {field: value for field in DETAILS if (value := getattr(row, field)) is not None}
    yield state(Entered(cell=row.cell, status="active", **details), subject, row.cell)
    if row.status != "active":
        yield state(_status(row, read), subject, row.cell)


def _known(row: SheetRow, member: Member, read: Read) -> Iterator[Stated]:
    details: dict[str, Any] = {}
    for field in DETAILS:
        value = getattr(row, field)
        if value is not None and value != getattr(member, field):
            details[field] = value
    if details:
        yield state(Changed(day=read.today, **details), member.subject, member.cell)
    if row.cell != member.cell and member.status not in GONE:
        yield state(Moved(day=read.today, cell=row.cell), member.subject, row.cell)
    if row.status != member.status:
        yield state(_status(row, read), member.subject, row.cell)


def _status(row: SheetRow, read: Read) -> StatusSet | Left:
    """The state that the sheet gives, from the day it gives; without one, from today."""
    day = row.left_on or read.today
    if row.status in GONE:
        return msgspec.convert({"day": day, "status": row.status}, Left)
    return msgspec.convert({"day": day, "status": row.status}, StatusSet)
