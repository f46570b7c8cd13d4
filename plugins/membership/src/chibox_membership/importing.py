"""Importing the national entry sheet 4.0: a good sheet becomes one act; a sheet with any wrong row changes nothing."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from chibox.plugin import Command, Conflict, Read, Stated, state, words
from chibox_membership.commands import CAPTURE, commands
from chibox_membership.records import DETAILS, Changed, Entered, Left, Moved, StatusSet
from chibox_membership.sheet.columns import BY_KEY
from chibox_membership.sheet.faults import Fault, refusal
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.tables import GONE, Member

KEYS: Final = ("national_id", "personal_id", "card_number")


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
            sentence = words("the numbers of this row belong to two members: {names}", names=", ".join(_names(found)))
            return None, Fault(row.row, BY_KEY["personal_id"].letter, "personal_id", sentence)
        return next(iter(found.values()), None), None


def _names(found: dict[str, Member]) -> list[str]:
    return sorted(member.full_name for member in found.values())


def _needs(command: ImportSheet, read: Read) -> Sequence[tuple[str, str]]:
    """Every cell that the sheet names, and every cell in which a matched member stands today."""
    roll = Roll(read)
    cells = {row.cell for row in command.rows}
    cells |= {member.cell for row in command.rows if (member := roll.match(row)[0]) is not None}
    return [(CAPTURE, cell) for cell in sorted(cells)]


@commands.decides(needs=_needs)
def import_sheet(command: ImportSheet, read: Read) -> list[Stated]:
    """New members enter, known ones change where the sheet says something else; an empty cell changes nothing.

    Refused whole when any row is wrong (Invalid names rows and columns), and when a colleague recorded something about one
    of the members since the sheet was read (Conflict).
    """
    roll = Roll(read)
    stated: list[Stated] = []
    faults: list[Fault] = []
    for row in command.rows:
        member, fault = roll.match(row)
        fault = fault or _fault(row, member, read)
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


def _fault(row: SheetRow, member: Member | None, read: Read) -> Fault | None:
    if read.unit(row.cell) is None:
        return Fault(row.row, BY_KEY["cell"].letter, "cell", words("there is no such party organisation"))
    if member is not None and member.born_on != row.born_on:
        sentence = words(
            "the birth date differs from the one recorded; it is corrected on the member's page, with its ground"
        )
        return Fault(row.row, BY_KEY["born_on"].letter, "born_on", sentence)
    if member is not None and member.status in GONE and row.status not in GONE:
        sentence = words("this member has left the committee; a return is recorded by hand")
        return Fault(row.row, BY_KEY["status"].letter, "status", sentence)
    return None


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
