"""Exporting what changed since the last time, for the national database: seen, noted, then a file that can be made again."""

from typing import Any, Final

from litestar import Response
from litestar.params import FromPath

from chibox.plugin import Form, Looking, NotFound, Visit, form, page, take, words
from chibox_membership.exporting import (
    Change,
    Export,
    ExportChanges,
    all_exports,
    changes,
    last_export,
    sheet_rows,
    unit_names,
)
from chibox_membership.pages import seeing
from chibox_membership.pages.sheets import XLSX, as_file, demand_all
from chibox_membership.sheet.writing import write

EARLIER: Final = 10
"""So many exports are listed."""
SHOWN: Final = 50
"""So many members are named before the file is made."""
HOWS: Final = {
    "new": words("new"),
    "changed": words("changed"),
    "gone": words("gone"),
    "withdrawn": words("entry taken back: deletion is requested"),
}


@page("/export")
def ask_export(visit: Visit) -> Response[str]:
    """What changed since the last export, who it is about, and the exports before."""
    return _show(visit, visit.form())


@form("/export")
async def export(visit: Visit) -> Response[Any]:
    """Notes that it goes out; the next page has the file."""
    _demand(visit)
    return await take(
        visit, ExportChanges, again=lambda asked: _show(visit, asked), to="/membership/export",
        said=words("The export is recorded. Its file is below."),
    )  # fmt: skip


@page("/export/{file:str}", media_type=XLSX)
def export_file(visit: Visit, file: FromPath[str]) -> Response[bytes]:
    """The file `<position>.xlsx` of an export, the same whenever it is asked for: as known then. Who is in it is noted."""
    _demand(visit)
    name, _, ending = file.partition(".")
    position = int(name) if name.isascii() and name.isdecimal() and ending == "xlsx" else -1
    with visit.reading("export") as look:
        one = next((e for e in look.rows(Export, _at(look, position))), None)
        if one is None:
            raise NotFound("There is no such export, or it was taken back.")
        found = changes(look, one.since, one.until, one.day)
        look.show(change.subject for change in found)
        rows = sheet_rows(found)
        root = visit.picture.units.get(visit.picture.root)
        names = unit_names(look, rows, one.day, one.until)
        data = write(rows, names, committee="" if root is None else root.name, day=one.day)
        return as_file(data, f"dang-vien-4.0-thay-doi-{one.day.isoformat()}-{position}.xlsx")


HANDLERS: Final = (ask_export, export, export_file)


def _demand(visit: Visit) -> None:
    """The whole roll goes out: for who records in the whole committee, and may see every column."""
    visit.demand(seeing.CAPTURE, visit.picture.root)
    demand_all(visit, visit.units(seeing.VIEW))


def _at(look: Looking, position: int) -> Any:
    return look.select(Export).where(look.table(Export).position == position)


def _show(visit: Visit, asked: Form) -> Response[str]:
    _demand(visit)
    with visit.reading("exports") as look:
        last = last_export(look)
        found = changes(look, None if last is None else last.until, look.size - 1, visit.today)
        earlier = [(one, look.entry(one.position)) for one in all_exports(look, EARLIER)]
        some = found[:SHOWN]
        look.show(change.subject for change in some)
        return visit.render(
            "membership/export.html", frame=seeing.crumbs(visit, words("Export what changed")), form=asked,
            counts=_counts(found), total=len(found), some=some, hows=HOWS, earlier=earlier, last=last,
            names=look.names({entry.by for _, entry in earlier}), number=visit.office.shown_number,
        )  # fmt: skip


def _counts(found: list[Change]) -> list[tuple[str, int]]:
    """How many of each, in the order of the page; what there is none of is left out."""
    counts = [(how, sum(change.how == how for change in found)) for how in HOWS]
    return [(how, count) for how, count in counts if count]
