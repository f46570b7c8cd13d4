"""Acts on several members: who is concerned, the fields, then one act that is taken back as one."""

from collections.abc import Sequence
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urlencode

import msgspec
from litestar import Response
from litestar.response import Redirect

from chibox.plugin import Command, Form, Looking, Taken, Visit, Words, form, page, take, words
from chibox_membership import listing
from chibox_membership.asking import MoveAll, NoteAll
from chibox_membership.pages import seeing
from chibox_membership.pages.lines import line
from chibox_membership.pages.roll import FILTERS, Listed, find
from chibox_membership.several import MOST
from chibox_membership.tables import Member

_BACK: Final = "back"
_PART: Final = 500


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of act: its name in addresses, its title, the command, what is said when it is done."""

    path: str
    title: Words
    shape: type[Command]
    button: Words


MOVE: Final = Act(path="move", title=words("Move members to another cell"), shape=MoveAll, button=words("Move them"))
NOTE: Final = Act(path="note", title=words("Note several members"), shape=NoteAll, button=words("Save the note"))
ACTS: Final = {act.path: act for act in (MOVE, NOTE)}


class Picked(Listed, frozen=True, kw_only=True):
    """Who was picked on the list, all that it finds or those of `ids`; and for what."""

    ids: tuple[str, ...] = ()
    do: Literal["move", "note", "print"] = "move"


@page("/bulk")
def begin(visit: Visit) -> Response[Any]:
    """From the list with those who are picked to the page of the act; for nobody, or too many, why it is not begun."""
    picked, scope = seeing.asked(visit, Picked), seeing.scope(visit)
    if not picked.ids and picked.picked is None:
        return _not_begun(visit, picked, words("Nobody is selected"),
                          words("Tick those whom it is about in the list, then press the button again."))  # fmt: skip
    if picked.do == "print":
        narrowed = {field: value for field in FILTERS if (value := getattr(picked, field))}
        asked = narrowed if picked.picked else {"ids": ",".join(picked.ids)}
        return Redirect(f"/membership/print?{urlencode(asked)}", status_code=303)
    visit.demand(seeing.CAPTURE)
    with visit.reading("list") as look:
        rows, count = _rows(visit, look, picked.ids), len(set(picked.ids))
        if picked.picked is not None:
            rows, count = _found(visit, look, scope, picked)
        if count <= MOST:
            return _page(visit, look, ACTS[picked.do], rows, visit.form(day=visit.today), count, _address(picked))
    return _not_begun(visit, picked, words("These are {count} members", count=count),
                      words("One act concerns at most {most}. Narrow the list, by a cell for instance.", most=MOST))  # fmt: skip


@form("/bulk/move")
async def move(visit: Visit) -> Response[Any]:
    """All of them belong to another cell."""
    return await _take(visit, MOVE)


@form("/bulk/note")
async def note(visit: Visit) -> Response[Any]:
    """All of them bear the note."""
    return await _take(visit, NOTE)


HANDLERS: Final = (begin, move, note)


def _not_begun(visit: Visit, picked: Picked, trouble: Words, what: Words) -> Response[str]:
    with visit.reading("list"):
        return visit.render(
            "membership/unpicked.html", frame=seeing.crumbs(visit, trouble), status=422, trouble=trouble, what=what,
            back=f"/membership/?{_address(picked)}",
        )  # fmt: skip


def _address(listed: Listed) -> str:
    """The list from which they were picked."""
    asked = {field: value for field in (*FILTERS, "sort", "page", "rows") if (value := getattr(listed, field))}
    return urlencode(asked)


def _found(visit: Visit, look: Looking, scope: listing.Scope, picked: Picked) -> tuple[list[Member], int]:
    """The members of today whom the list finds where the visitor records, as far as one act goes; and how many it finds."""
    found = find(visit, look, scope, msgspec.structs.replace(picked, page=None), MOST)
    may = visit.units(seeing.CAPTURE)
    return [row for row in found.rows if isinstance(row, Member) and row.cell in may], found.count


def _rows(visit: Visit, look: Looking, ids: Sequence[str]) -> list[Member]:
    """Those of them in whose cells the visitor records."""
    may = visit.units(seeing.CAPTURE) & visit.units(seeing.VIEW)
    known, rows = sorted(set(ids)), []
    for at in range(0, len(known), _PART):
        part = known[at : at + _PART]
        rows += look.found(Member, f"subject IN ({', '.join('?' * len(part))})", part)
    return sorted((row for row in rows if row.cell in may), key=lambda row: (row.name_order, row.subject))


async def _take(visit: Visit, act: Act) -> Response[Any]:
    sent = [(name, str(value)) for name, value in (await visit.request.form()).items()]
    ids = [value for name, value in sent if name == "members"]
    back = urlencode(parse_qsl(next((value for name, value in sent if name == _BACK), "")))

    def again(asked: Form) -> Response[str]:
        visit.demand(seeing.CAPTURE)
        with visit.reading("list") as look:
            chosen = next((value for name, value in sent if name == "listed"), "").split(",")
            return _page(visit, look, act, _rows(visit, look, chosen), asked, len(chosen), back, picked=set(ids))

    return await take(
        visit, act.shape, again=again, to=f"/membership/?{back}" if back else "/membership/",
        said=lambda taken: _said(visit, act, taken), beside=(_BACK, "listed"),
    )  # fmt: skip


def _said(visit: Visit, act: Act, taken: Taken) -> Words:
    count = taken.answer.last - taken.answer.first + 1
    if act is MOVE:
        return words("{count} members moved to {cell}.", count=count, cell=seeing.unit_name(visit, taken.command.cell))
    return words("{count} members noted.", count=count)


def _page(
    visit: Visit, look: Looking, act: Act, rows: Sequence[Member], asked: Form, count: int, back: str,
    picked: set[str] | None = None,
) -> Response[str]:  # fmt: skip
    """The page of the act. It states the last position that it shows: whoever records behind it is named when it is sent."""
    name = seeing.short_names(visit)
    asked.put("as_of", None)
    return visit.render(
        "membership/bulk.html", frame=seeing.crumbs(visit, act.title), act=act, form=asked, as_of=look.size - 1,
        lines=[line(look, row, row.cell, visit.today, name) for row in rows], left_out=count - len(rows),
        picked={row.subject for row in rows} if picked is None else picked, back=back,
        cells=seeing.cells(visit, seeing.CAPTURE),
    )  # fmt: skip
