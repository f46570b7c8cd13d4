"""What is left of a file: as a sheet to mend elsewhere, and on paper to go and ask people."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec
from litestar import Response
from litestar.params import FromPath

from chibox.plugin import Draft, Looking, NotFound, Visit, Words, page, search_key, words
from chibox_membership.importing import desk as desks
from chibox_membership.importing.held import WHO, Desk, Kept
from chibox_membership.pages import seeing
from chibox_membership.pages.importing import places
from chibox_membership.pages.importing.lines import Lines
from chibox_membership.pages.sheets import XLSX, as_file
from chibox_membership.tables import Member
from chibox_membership.views import Shown

_LEFT: Final = ("wrong", "doubtful")


class Ask(msgspec.Struct, frozen=True):
    """One thing to ask: which field (None: who it is), why, what the file has, what the box has (each None: not told)."""

    label: Words | None
    why: str
    found: Shown | None = None
    stands: Shown | None = None


class Person(msgspec.Struct, frozen=True):
    """Somebody to be asked, in which row of the file."""

    row: int
    name: str
    asks: tuple[Ask, ...]


@page("/import/{draft:str}/rest.xlsx", media_type=XLSX)
def rest_sheet(visit: Visit, draft: FromPath[str]) -> Response[bytes]:
    """The wrong and doubtful rows as a sheet, with what is wrong in its last columns. Whom they are about is noted."""
    found, _ = places.open_file(visit, draft, "import")
    with visit.reading("import_rest") as look:
        _note(look, _left(visit, found))
        root = visit.picture.units.get(visit.picture.root)
        data = desks.leftover_sheet(
            visit.drafts,
            found,
            "" if root is None else root.name,
            visit.today,
            lambda said: visit.say(said.msgid, **said.params),
        )
    return as_file(data, f"dong-con-lai-{visit.today.isoformat()}.xlsx")


@page("/import/{draft:str}/rest")
def rest_print(visit: Visit, draft: FromPath[str]) -> Response[str]:
    """The same on paper, by cells: what is asked of whom, with a line to write on."""
    found, desk = places.open_file(visit, draft, "import")
    if desk.phase != "checked":
        raise NotFound("There is no such page.")
    with visit.reading("import_rest") as look:
        left = list(_left(visit, found))
        lines = Lines(visit, look, desk)
        cells: dict[str, list[Person]] = {}
        for number, kept in left:
            cells.setdefault(_cell(visit, look, desk, kept), []).append(_person(lines, number, kept))
        return visit.render(
            "membership/import_rest.html", frame=places.crumbs(visit, "import", words("Print to ask")), desk=desk,
            cells=sorted(cells.items(), key=lambda pair: (not pair[0], search_key(pair[0]))), total=len(left),
            end=look.end, now=look.now, address=places.address("import", draft),
        )  # fmt: skip


HANDLERS: Final = (rest_sheet, rest_print)


def _left(visit: Visit, draft: Draft) -> Iterator[tuple[int, Kept]]:
    for tag in _LEFT:
        for number, _, kept in visit.drafts.items(draft, Kept, tag=tag):
            yield number, kept


def _note(look: Looking, left: Iterable[tuple[int, Kept]]) -> None:
    """Members whom the rows are about: what is said of them comes from the roll, too."""
    look.show(kept.trial.member for _, kept in left if kept.trial is not None and kept.trial.member)


def _cell(visit: Visit, look: Looking, desk: Desk, kept: Kept) -> str:
    """Where the person is asked: the member's cell, else what the file says; empty when it says nothing."""
    member = None if kept.trial is None or kept.trial.member is None else look.row(Member, kept.trial.member)
    if member is not None:
        return seeing.unit_name(visit, member.cell)
    place = next((place for place, key in desk.columns.items() if key == "cell"), None)
    return kept.mends.get("cell") or ("" if place is None else places.text_at(kept, place))


def _person(lines: Lines, number: int, kept: Kept) -> Person:
    wrong = lines.wrong(number, kept)
    asks = [Ask(one.label, one.why, Shown("text", one.found) if one.found else None) for one in wrong]
    name = wrong[0].name if wrong else ""
    for one in () if wrong else lines.unclear(number, kept):
        name = one.name
        if one.key == WHO:
            asks.append(Ask(None, one.why))
        else:
            asks.append(Ask(one.label, one.why, _value(one.new), _value(one.old)))
    return Person(number, name, tuple(asks))


def _value(value: Shown | None) -> Shown | None:
    """A value that can be told on paper."""
    return None if value is None or value.form in {"none", "closed", "covered"} else value
