"""Importing the national entry sheet: a good one at once, as one act; one with a wrong row not at all, with every place named."""

import re
from typing import Any, Final

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.datastructures import UploadFile

from chibox.plugin import Answer, Form, Invalid, Refused, Taken, Visit, Words, ask, form, page, tell, words
from chibox_membership.importing.command import ImportSheet
from chibox_membership.labels import FIELDS
from chibox_membership.pages import seeing
from chibox_membership.records import Entered
from chibox_membership.sheet.columns import BY_KEY, COLUMNS
from chibox_membership.sheet.headings import layout
from chibox_membership.sheet.places import number
from chibox_membership.sheet.reading import read
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.whole import taken
from chibox_membership.sheet.wire import Cell, Limits, Table, Workbook

LIMITS: Final = Limits()
SHOWN: Final = 100
_ROOM: Final = 1 << 16  # what a form needs around its file
_CELL: Final = re.compile(r"([A-Z]+)([0-9]+)\Z")
_KEYS: Final = {column.letter: column.key for column in COLUMNS}
_PLACE: Final = words("Row {row}, column {column}:")


class Fault(msgspec.Struct, frozen=True):
    """A cell that is wrong, as the page shows it."""

    row: int
    column: str
    field: Words | None
    name: str
    found: str
    why: str


@page("/import")
def ask_sheet(visit: Visit) -> Response[str]:
    """What may be sent, and where to get a sheet to fill in."""
    visit.demand(seeing.CAPTURE)
    with visit.reading("import"):
        return _show(visit, visit.form())


@form("/import", request_max_body_size=LIMITS.file + _ROOM)
async def take_sheet(visit: Visit) -> Response[Any]:
    """Read the file in a process of its own; import it, or say everything that is wrong. Nothing is half imported."""
    visit.demand(seeing.CAPTURE)
    sent = await visit.request.form()
    file, act = sent.get("file"), str(sent.get("_act") or "")
    if not isinstance(file, UploadFile) or not file.filename:
        missing = Invalid("What was sent cannot be taken yet", fields={"file": words("Choose the file first.")})
        return await to_thread.run_sync(_again, visit, missing, None, "")
    table: Table | None = None
    try:
        as_of = await to_thread.run_sync(_last, visit)
        table = await to_thread.run_sync(_table, await file.read())
        command = await to_thread.run_sync(_command, visit, table, as_of)
        answer = await ask(visit, command, act)
    except Refused as refusal:
        return await to_thread.run_sync(_again, visit, refusal, table, file.filename)
    said = await to_thread.run_sync(_said, visit, command, answer)
    return await tell(visit, Taken(command, answer), "/membership/", said)


HANDLERS: Final = (ask_sheet, take_sheet)


def _table(data: bytes) -> Table:
    return layout(read(data, LIMITS)).table


def _command(visit: Visit, table: Table, as_of: int) -> ImportSheet:
    """The rows of a good sheet. Raises Invalid, naming every cell that is wrong."""
    units = Units((name, unit) for unit, name in seeing.cells(visit, seeing.CAPTURE))
    return ImportSheet(rows=tuple(taken(Workbook([table]), units, visit.today)), as_of=as_of)


def _last(visit: Visit) -> int:
    """The last position before the sheet is looked at: what is recorded later makes it ask again."""
    with visit.reading("import") as look:
        found = look.position_at(look.today)
    return -1 if found is None else found


def _said(visit: Visit, command: ImportSheet, answer: Answer) -> Words:
    """How many entered and how many changed; a row that said nothing new is told as such."""
    with visit.reading("import") as look:
        entries = [look.entry(position) for position in range(answer.first, answer.last + 1)]
    new = {entry.subject for entry in entries if isinstance(entry.body, Entered)}
    changed = {entry.subject for entry in entries} - new
    same = len(command.rows) - len(new) - len(changed)
    return words(
        "{rows} rows imported: {new} new members, {changed} with changes, {same} as they were.",
        rows=len(command.rows), new=len(new), changed=len(changed), same=same,
    )  # fmt: skip


def _again(visit: Visit, refused: Refused, table: Table | None, name: str) -> Response[str]:
    """The page with what is wrong: with the whole file, or cell by cell."""
    again = visit.form()
    again.trouble = refused.words
    cells = refused.fields if isinstance(refused, Invalid) else {}
    if "file" in cells:
        again.errors, again.trouble, cells = cells, None, {}
    faults = [] if table is None else _faults(visit, cells, table)
    with visit.reading("import"):
        return _show(visit, again, faults, name)


def _show(visit: Visit, asked: Form, faults: list[Fault] | None = None, name: str = "") -> Response[str]:
    return visit.render(
        "membership/import.html",
        frame=seeing.crumbs(visit, words("Import a sheet")),
        form=asked,
        faults=(faults or [])[:SHOWN],
        total=len(faults or []),
        rows=len({fault.row for fault in faults or []}),
        name=name,
        most=LIMITS.file // 1_000_000,
    )


def _faults(visit: Visit, cells: dict[str, Words], table: Table) -> list[Fault]:
    texts = {row.number: row.cells for row in table.rows}
    return [fault for cell, why in cells.items() if (fault := _fault(visit, cell, why, texts)) is not None]


def _fault(visit: Visit, cell: str, why: Words, texts: dict[int, dict[int, Cell]]) -> Fault | None:
    place = _CELL.match(cell)
    if place is None:
        return None
    column, row = place[1], int(place[2])
    key = _KEYS.get(column)
    label = None if key is None else FIELDS.get(key, BY_KEY[key].label)
    found, name = (_text(texts, row, letter) for letter in (column, BY_KEY["full_name"].letter))
    return Fault(row, column, label, name, found, _reason(visit, why, row, column))


def _reason(visit: Visit, why: Words, row: int, column: str) -> str:
    """The sentence without the place that it begins with: that stands in a column of its own."""
    place = visit.say(_PLACE.msgid, row=str(row), column=column)
    said = visit.say(why.msgid, **why.params).removeprefix(place).strip()
    return said[:1].upper() + said[1:]


def _text(texts: dict[int, dict[int, Cell]], row: int, column: str) -> str:
    held = texts.get(row, {}).get(number(column))
    return "" if held is None else held.text
