"""The trial: a file is read, and every row of it sorted against the roll of this moment. Nothing is recorded by it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Final

import msgspec

from chibox.plugin import Draft, Drafts, Invalid, Read
from chibox_membership.checks import CELLS
from chibox_membership.commands import CAPTURE
from chibox_membership.importing.doubles import members_twice, numbers_twice
from chibox_membership.importing.held import Desk, Kept, Said, Trial
from chibox_membership.importing.roll import Roll
from chibox_membership.importing.sorting import Sorter
from chibox_membership.sheet.headings import layout
from chibox_membership.sheet.reading import read as read_file
from chibox_membership.sheet.rows import ReadRow, RowReader, list_rows, refuse_secrets
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.wire import Limits, Row
from chibox_membership.tables import GONE

Reading = Callable[[], AbstractContextManager[Read]]
LIMITS: Final = Limits()
_Written = tuple[dict[str, str], dict[str, str]]
CHUNK: Final = 1_000
MISSING: Final = 10_000_000
"""Members whom a compared file does not have stand behind its rows."""


def read_in(drafts: Drafts, draft: Draft) -> Draft:
    """Read the kept file in a process of its own and lay its rows on the desk; a file that cannot be read is refused in words.

    A crash leaves the phase "reading": the next call begins again.
    """
    desk = draft.state(Desk)
    try:
        book = read_file(drafts.content(draft), LIMITS)
        for table in book.tables:
            refuse_secrets(table)
        found = layout(book)
        merged, rows = found.merged(), list(list_rows(found))
    except Invalid as refused:
        return drafts.save(draft, msgspec.structs.replace(desk, phase="refused", refusal=Said.of(refused.words)))
    for begin in range(0, len(rows), CHUNK):
        some = rows[begin : begin + CHUNK]
        drafts.put(draft, [(row.number, "", Kept(row=row, merged=merged.get(row.number, {}))) for row in some])
    read = msgspec.structs.replace(
        desk, phase="checking", total=len(rows), done=0, unread=found.unread, columns=found.columns
    )
    return drafts.save(draft, read)


def try_all(drafts: Drafts, draft: Draft, reading: Reading, now: Callable[[], int]) -> Draft:
    """Sort every row against the roll of this moment, with what the clerk wrote and answered; tells how far it is.

    The snapshot is closed before the sorting begins. A crash leaves the phase "checking": the next call begins again.
    """
    desk = msgspec.structs.replace(draft.state(Desk), phase="checking", done=0)
    draft = drafts.save(draft, desk)
    with reading() as read:
        seen = Seen(read, draft.owner)
    reader = RowReader(desk.columns, seen.units, seen.today)
    sorter = Sorter(seen.roll, seen.cells, desk.purpose)
    rows: list[tuple[ReadRow, dict[str, str]]] = []
    said: dict[int, _Written] = {}
    for number, tag, kept in _rows(drafts, draft):
        if tag != "recorded":
            rows.append((reader.read(kept.row, kept.mends, kept.merged), kept.answers))
            if kept.mends or kept.answers:
                said[number] = kept.mends, kept.answers
    twice = numbers_twice((row for row, _ in rows), reader.letters)
    trials = {row.row: sorter.sort(row, answers, twice.get(row.row, ()), reader.letters) for row, answers in rows}
    about = [(number, trial.member) for number, trial in trials.items() if trial.member is not None]
    _add_doubles(trials, rows, about, sorter, reader)
    for begin in range(0, len(rows), CHUNK):
        numbers = [row.row for row, _ in rows[begin : begin + CHUNK]]
        drafts.amend(draft, Kept, numbers, lambda number, _, kept: _with(kept, trials[number], said.get(number)))
        desk = msgspec.structs.replace(desk, done=begin + len(numbers))
        draft = drafts.save(draft, desk)
    if desk.purpose == "compare":
        meant = {one for trial in trials.values() for question in trial.questions for one in question.candidates}
        _note_missing(drafts, draft, seen, meant | {member for _, member in about})
    took = desk.took or now() - draft.made
    return drafts.save(draft, msgspec.structs.replace(desk, phase="checked", as_of=seen.as_of, took=took))


class Seen:
    """What a trial takes from its snapshot: the roll, the units by every name, the owner's cells, the last position."""

    def __init__(self, read: Read, owner: str) -> None:
        units = read.picture.units
        self.today, self.as_of = read.today, read.size - 1
        self.roll = Roll(read)
        scope = read.picture.scope(owner, CAPTURE, read.today)
        self.cells = frozenset(unit for unit in scope if unit in units and units[unit].kind in CELLS)
        self.units = Units(((row.name, unit) for unit, row in units.items()), former_names(read))


def former_names(read: Read) -> Iterator[tuple[str, str]]:
    """Every name that a cell has borne, with its id."""
    for unit, row in read.picture.units.items():
        if row.kind in CELLS:
            for entry in read.history(unit):
                name = getattr(entry.body, "name", None)
                if isinstance(name, str):
                    yield name, unit


def _rows(drafts: Drafts, draft: Draft) -> Iterator[tuple[int, str, Kept]]:
    """Every row of the file, by parts."""
    after = -1
    while some := drafts.items(draft, Kept, after=after, limit=CHUNK):
        for item in some:
            after = item[0]
            if after < MISSING:
                yield item


def _add_doubles(
    trials: dict[int, Trial],
    rows: list[tuple[ReadRow, dict[str, str]]],
    about: list[tuple[int, str]],
    sorter: Sorter,
    reader: RowReader,
) -> None:
    """Two rows about one member, found by different numbers, are both wrong."""
    same = members_twice(about, reader.letters)
    for row, answers in rows:
        if row.row in same and not trials[row.row].faults:
            trials[row.row] = sorter.sort(row, answers, same[row.row], reader.letters)


def _with(kept: Kept, trial: Trial, said: _Written | None) -> tuple[str, Kept]:
    """A row with its trial; what the clerk wrote since it was read is not in it yet."""
    unchecked = kept.unchecked and (kept.mends, kept.answers) != (said or ({}, {}))
    return trial.what, msgspec.structs.replace(kept, trial=trial, unchecked=unchecked)


def _note_missing(drafts: Drafts, draft: Draft, seen: Seen, found: set[str]) -> None:
    """Members of the owner's cells about whom no row of the file is, nor may be."""
    before = drafts.items(draft, Kept, after=MISSING - 1)
    gone = [
        member
        for member in seen.roll.members.values()
        if member.cell in seen.cells and member.status not in GONE and member.subject not in found
    ]
    gone.sort(key=lambda member: (member.name_order, member.subject))
    items = [
        (
            MISSING + place,
            "missing",
            Kept(row=Row(0, {}), trial=Trial(what="missing", name=member.full_name, member=member.subject)),
        )
        for place, member in enumerate(gone)
    ]
    over = [(number, "", kept) for number, _, kept in before[len(items) :]]
    drafts.put(draft, [*items, *over])
