"""The page of a file on the desk: how far it is, why it was refused, or what every row of it is and would do."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from litestar import Response
from litestar.params import FromPath

from chibox.plugin import Draft, Looking, Visit, Words, page, words
from chibox_membership.importing import desk as desks
from chibox_membership.importing.held import DAYS, Desk, Kept, What
from chibox_membership.pages import seeing
from chibox_membership.pages.importing import past, places
from chibox_membership.pages.importing.lines import Lines

SIZE: Final = desks.SIZE
TABS: Final[Mapping[What, Words]] = {
    "new": words("New rows"),
    "changed": words("Changed rows"),
    "same": words("Same rows"),
    "doubtful": words("Doubtful rows"),
    "wrong": words("Wrong rows"),
}
_FIRST: Final[tuple[What, ...]] = ("wrong", "doubtful", "changed", "new", "same")
"""The page opens on the first of these that has rows."""


class Wanted(msgspec.Struct, frozen=True):
    """What the address asks for, and what the page says has just happened.

    `checked`: so many rows were on this tab before the last check; `again`: so many rows would have been recorded before
    what was written was checked; `late`: the last position before a colleague was faster.
    """

    tab: str = ""
    page: int = 1
    checked: int | None = None
    again: int | None = None
    late: int | None = None


class _Why(msgspec.Struct, frozen=True):
    msgid: str


class _Fault(msgspec.Struct, frozen=True):
    why: _Why


class _Tried(msgspec.Struct, frozen=True):
    faults: tuple[_Fault, ...] = ()


class _Row(msgspec.Struct, frozen=True):
    """As much of a row as says in how many ways rows are wrong."""

    trial: _Tried | None = None


@page("/import/{draft:str}")
def preview(visit: Visit, draft: FromPath[str]) -> Response[str]:
    """How the file stands: a bar while the box works on it, a sentence when it was refused, else its rows."""
    found, desk = places.open_file(visit, draft, "import")
    if places.is_at_work(desk):
        return working(visit, found, desk)
    if desk.phase == "refused":
        return refused(visit, found, desk)
    return _rows(visit, found, desk)


HANDLERS: Final = (preview,)


def working(visit: Visit, draft: Draft, desk: Desk) -> Response[str]:
    """The bar; the page may be left and found again."""
    return visit.render(
        "membership/import_progress.html", frame=places.crumbs(visit, desk.purpose, words("Preview")), desk=desk,
        draft=draft, address=places.address(desk.purpose, draft.id), names=places.STEPS,
    )  # fmt: skip


def refused(visit: Visit, draft: Draft, desk: Desk) -> Response[str]:
    """Why nothing of the file was taken."""
    why = None if desk.refusal is None else desk.refusal.words
    return visit.render(
        "membership/import_refused.html", frame=places.crumbs(visit, desk.purpose, words("Not read")), desk=desk,
        draft=draft, why=why, other=f"/membership/{desk.purpose}", names=places.STEPS,
    )  # fmt: skip


def tab_of(asked: str, counts: Mapping[What, int], tabs: Mapping[What, Words], first: tuple[What, ...]) -> What:
    """The tab that is asked for; without a word the first that has rows."""
    for what in (*(what for what in tabs if what == asked), *(what for what in first if counts[what])):
        return what
    return first[0]


def page_of(asked: int, rows: int) -> int:
    """The page that is asked for, or the last that there is."""
    return max(1, min(asked, -(-rows // SIZE)))


def lines_of(lines: Lines, tab: What, rows: Iterable[tuple[int, Kept]]) -> dict[str, Any]:
    """What a tab shows of its rows: cells that are wrong, questions, or a line each."""
    shown: dict[str, Any] = {"wrong": [], "unclear": [], "lines": []}
    for number, kept in rows:
        if tab == "wrong":
            shown["wrong"] += lines.wrong(number, kept)
        elif tab == "doubtful":
            shown["unclear"] += lines.unclear(number, kept)
        else:
            shown["lines"].append(lines.line(number, kept))
    return shown


def _rows(visit: Visit, draft: Draft, desk: Desk) -> Response[str]:
    wanted = visit.query(Wanted)
    found = places.counts(visit, draft)
    tab = tab_of(wanted.tab, found, TABS, _FIRST)
    at = page_of(wanted.page, found[tab])
    some = desks.rows(visit.drafts, draft, tab, page=at)
    with visit.reading("import") as look:
        shown = lines_of(Lines(visit, look, desk), tab, some)
        return visit.render(
            "membership/import_preview.html", frame=places.crumbs(visit, "import", words("Preview")),
            draft=draft, desk=desk, counts=found, tab=tab, at=at, size=SIZE, tabs_=TABS, names=places.STEPS, days=DAYS,
            pages=max(1, -(-found[tab] // SIZE)), going=places.going(found), left=places.left_aside(found),
            kinds=_kinds(visit, draft) if tab == "wrong" else 0, until=places.until(draft),
            cells=_cells(visit, shown["wrong"]), wanted=wanted, address=f"/membership/import/{draft.id}",
            recorded=past.recorded(look, desk), number=visit.office.shown_number,
            faster=_faster(visit, look, draft, wanted), **shown,
        )  # fmt: skip


def _kinds(visit: Visit, draft: Draft) -> int:
    """In how many ways rows are wrong."""
    rows = visit.drafts.items(draft, _Row, tag="wrong")
    return len({fault.why.msgid for _, _, row in rows if row.trial is not None for fault in row.trial.faults})


def _cells(visit: Visit, lines: list[Any]) -> list[str]:
    """The cells to choose from, when one has to be mended."""
    if all(line.control != "cell" for line in lines):
        return []
    return [name for _, name in seeing.cells(visit, seeing.CAPTURE)]


def _faster(visit: Visit, look: Looking, draft: Draft, wanted: Wanted) -> list[past.Faster]:
    return [] if wanted.late is None else past.faster(visit, look, draft, wanted.late)
