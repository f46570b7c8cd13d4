"""Comparing a file of the national database with the roll: who and what differs. Nothing can be recorded from here."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Response
from litestar.params import FromPath
from litestar.response import Redirect

from chibox.plugin import Draft, Visit, Words, form, page, words
from chibox_membership.importing import desk as desks
from chibox_membership.importing.held import Desk, Kept, What
from chibox_membership.pages import seeing
from chibox_membership.pages.importing import places, preview
from chibox_membership.pages.importing.difference_sheet import Row, difference_sheet
from chibox_membership.pages.importing.lines import Line, Lines
from chibox_membership.pages.importing.mending import drop_page
from chibox_membership.pages.sheets import XLSX, as_file, demand_all

TABS: Final[Mapping[What, Words]] = {
    "changed": words("Different"),
    "new": words("Only in the file"),
    "missing": words("Only in the box"),
    "same": words("Same rows"),
    "doubtful": words("Doubtful rows"),
    "wrong": words("Not read"),
}
_FIRST: Final[tuple[What, ...]] = ("changed", "new", "missing", "doubtful", "wrong", "same")
_TOLD: Final[tuple[What, ...]] = ("changed", "new", "missing", "doubtful", "wrong")


@page("/compare/{draft:str}")
def comparison(visit: Visit, draft: FromPath[str]) -> Response[str]:
    """How the file and the roll differ, by tabs."""
    found, desk = places.open_file(visit, draft, "compare")
    if places.is_at_work(desk):
        return preview.working(visit, found, desk)
    if desk.phase == "refused":
        return preview.refused(visit, found, desk)
    return _rows(visit, found, desk)


@page("/compare/{draft:str}/differences.xlsx", media_type=XLSX)
def sheet(visit: Visit, draft: FromPath[str]) -> Response[bytes]:
    """Everything that differs as a sheet, every value open: for who may see every column."""
    found, desk = places.open_file(visit, draft, "compare")
    demand_all(visit, visit.units(seeing.VIEW))
    with visit.reading("compare", field="covered") as look:
        lines = Lines(visit, look, desk, uncovered=True)
        rows = [
            row
            for what in _TOLD
            for number, _, kept in visit.drafts.items(found, Kept, tag=what)
            for row in _told(visit, lines, what, number, kept)
        ]
        heads = [visit.say(head.msgid) for head in HEADS]
        return as_file(difference_sheet(heads, rows, visit.today), f"lech-csdl-4.0-{visit.today.isoformat()}.xlsx")


@page("/compare/{draft:str}/drop")
def ask_drop(visit: Visit, draft: FromPath[str]) -> Response[str]:
    """What is given up when the file is put away."""
    return drop_page(visit, *places.open_file(visit, draft, "compare"))


@form("/compare/{draft:str}/drop")
def drop(visit: Visit, draft: FromPath[str]) -> Response[Any]:
    """Put the file away."""
    found, _ = places.open_file(visit, draft, "compare")
    visit.drafts.drop(found)
    return Redirect("/membership/compare?dropped=1", status_code=303)


HANDLERS: Final = (comparison, sheet, ask_drop, drop)
HEADS: Final = (
    words("Row"), words("Full name"), words("What differs"), words("Field"), words("In the file"), words("In the box"),
)  # fmt: skip


def _rows(visit: Visit, draft: Draft, desk: Desk) -> Response[str]:
    wanted = visit.query(preview.Wanted)
    found = places.counts(visit, draft)
    tab = preview.tab_of(wanted.tab, found, TABS, _FIRST)
    at = preview.page_of(wanted.page, found[tab])
    with visit.reading("compare") as look:
        some = desks.rows(visit.drafts, draft, tab, page=at)
        shown = preview.lines_of(Lines(visit, look, desk), tab, some)
        return visit.render(
            "membership/compare_rows.html", frame=places.crumbs(visit, "compare", words("Differences")),
            draft=draft, desk=desk, counts=found, tab=tab, at=at, size=preview.SIZE, tabs_=TABS,
            until=places.until(draft), address=f"/membership/compare/{draft.id}", **shown,
        )  # fmt: skip


def _told(visit: Visit, lines: Lines, what: What, number: int, kept: Kept) -> list[Row]:
    said = visit.say(TABS[what].msgid)
    place = "" if what == "missing" else str(number)
    if what == "wrong":
        return [
            (place, one.name, said, visit.say(one.label.msgid), one.found, one.why) for one in lines.wrong(number, kept)
        ]
    line = lines.line(number, kept)
    if not line.changes:
        return [(place, line.name, said, "", "", "")]
    return [_difference(visit, place, line, said, change) for change in line.changes]


def _difference(visit: Visit, place: str, line: Line, said: str, change: tuple[Words, Any, Any]) -> Row:
    label, old, new = change
    return place, line.name, said, visit.say(label.msgid), _text(visit, new), _text(visit, old)


def _text(visit: Visit, shown: Any) -> str:
    value = shown.value
    if shown.form == "day":
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    return visit.say(value.msgid) if isinstance(value, Words) else "" if value is None else str(value)
