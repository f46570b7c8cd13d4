"""The command that records the rows of a sheet: all of them, as one act, or none."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from chibox.plugin import Command, Conflict, Invalid, Read, Stated, Words, state, words
from chibox_membership.checks import CELLS
from chibox_membership.commands import CAPTURE, commands
from chibox_membership.importing.doubles import members_twice, numbers_twice
from chibox_membership.importing.given import rows_given
from chibox_membership.importing.held import NEW, TAKE, WHO, Trial
from chibox_membership.importing.roll import Roll
from chibox_membership.importing.sorting import Sorter
from chibox_membership.records import DETAILS, Changed, Entered, Left, Moved, StatusSet
from chibox_membership.sheet.columns import BY_KEY
from chibox_membership.sheet.rows import ReadRow, SheetRow
from chibox_membership.tables import GONE, Member

_LARGEST: Final = 32 << 20
"""Bytes: twenty thousand rows, with every column filled in."""
NAMED: Final = "full_name"
"""Where it is said that nobody knows about whom a row is."""
_QUESTION: Final = words("Row {row}, column {column}: {why}")


class ImportSheet(Command, frozen=True, kw_only=True):
    """The rows of a sheet as the roll stood at position `as_of`. `member`, `is_new` of a row are a person's answers."""

    rows: tuple[SheetRow, ...]
    as_of: int


def _roll(read: Read) -> Roll:
    return read.once(Roll, lambda: Roll(read))


def _given(command: ImportSheet, read: Read) -> list[ReadRow]:
    return read.once(ImportSheet, lambda: rows_given(command.rows, read.today))


def _needs(command: ImportSheet, read: Read) -> Sequence[tuple[str, str]]:
    """Every cell that the sheet names, and every cell in which a matched member stands today."""
    roll = _roll(read)
    cells = {row.cell for row in command.rows if row.cell is not None}
    for row in command.rows:
        if row.member in roll.members:
            cells.add(roll.members[row.member].cell)
    for given in _given(command, read):
        cells |= {member.cell for member in roll.by_numbers(given.values)}
    return [(CAPTURE, cell) for cell in sorted(cells)]


@commands.decides(needs=_needs, largest=_LARGEST, alone=True)
def import_sheet(command: ImportSheet, read: Read) -> list[Stated]:
    """New members enter, known ones change where the sheet says something else; an empty cell changes nothing.

    Refused whole when any row is wrong or doubtful (Invalid names rows and columns), and when a colleague recorded
    something about one of the members since the sheet was tried (Conflict).
    """
    trials = _tried(command, read)
    roll = _roll(read)
    stated: list[Stated] = []
    for row, trial in zip(_given(command, read), trials, strict=True):
        if trial.member is None:
            stated += _new(row.values, read)
            continue
        member = roll.members[trial.member]
        if (read.last(member.subject) or 0) > command.as_of:
            raise Conflict(
                "Meanwhile somebody recorded something about {name}. Look at it again.", name=member.full_name
            )
        stated += _known(row.values, {difference.key for difference in trial.differences}, member, read)
    return stated


def _tried(command: ImportSheet, read: Read) -> list[Trial]:
    """Every row sorted as the pages sort it. Raises Invalid when one is wrong or doubtful."""
    cells = {unit for unit, row in read.picture.units.items() if row.kind in CELLS}
    sorter = Sorter(_roll(read), cells)
    rows = _given(command, read)
    if len({row.row for row in rows}) < len(rows):
        raise Invalid("Two of these rows bear the same number. Each row of a sheet has its own.")
    twice = numbers_twice(rows)
    trials = [
        sorter.sort(one, _answers(row), twice.get(one.row, ())) for row, one in zip(command.rows, rows, strict=True)
    ]
    same = members_twice((one.row, trial.member) for one, trial in zip(rows, trials, strict=True) if trial.member)
    faults: dict[str, Words] = {f"{f.column}{f.row}": f.words for some in same.values() for f in some}
    for one, trial in zip(rows, trials, strict=True):
        faults |= {f"{fault.column}{one.row}": fault.why.words for fault in trial.faults}
        for question in () if trial.faults else trial.questions:
            column = BY_KEY[NAMED if question.key == WHO else question.key].letter
            placed = {"row": str(one.row), "column": column, "why": question.why.words}
            faults[f"{column}{one.row}"] = _QUESTION._replace(params=placed)
    if faults:
        raise refusal(
            faults, len(same | {r.row: None for r, t in zip(rows, trials, strict=True) if t.faults or t.questions})
        )
    return trials


def refusal(faults: dict[str, Words], rows: int) -> Invalid:
    """What answers a sheet with faults: nothing was taken; `fields` has each sentence by its cell, C318."""
    return Invalid(
        "The sheet was not taken: {count} places in {rows} rows need a look. Nothing was changed.",
        fields=faults,
        count=len(faults),
        rows=rows,
    )


def _answers(row: SheetRow) -> dict[str, str]:
    if row.member is not None:
        return {WHO: row.member, NAMED: TAKE}
    return {WHO: NEW} if row.is_new else {}


def _new(values: Mapping[str, Any], read: Read) -> Iterator[Stated]:
    subject, cell = read.new_id(), values["cell"]
    details = {field: values[field] for field in DETAILS if field in values}
    yield state(Entered(cell=cell, status="active", **details), subject, cell)
    if values.get("status", "active") != "active":
        yield state(_status(values, read), subject, cell)


def _known(values: Mapping[str, Any], keys: set[str], member: Member, read: Read) -> Iterator[Stated]:
    details: dict[str, Any] = {field: values[field] for field in DETAILS if field in keys}
    if details:
        yield state(Changed(day=read.today, **details), member.subject, member.cell)
    cell = member.cell
    if "cell" in keys and member.status not in GONE:
        cell = values["cell"]
        yield state(Moved(day=read.today, cell=cell), member.subject, cell)
    if "status" in keys:
        yield state(_status(values, read), member.subject, cell)


def _status(values: Mapping[str, Any], read: Read) -> StatusSet | Left:
    """The state that the sheet gives, from the day it gives; without one, from today."""
    told = {"day": values.get("left_on") or read.today, "status": values["status"]}
    return msgspec.convert(told, Left) if told["status"] in GONE else msgspec.convert(told, StatusSet)
