"""What is left of a file: as a sheet to mend elsewhere, and on paper to go and ask people."""

from collections.abc import Iterator
from typing import Final

import msgspec
from litestar import Response
from litestar.params import FromPath

from chibox.plugin import Draft, Looking, NotFound, Visit, Words, page, words
from chibox_membership.importing import desk as desks
from chibox_membership.importing.held import WHO, Desk, Kept
from chibox_membership.pages import seeing
from chibox_membership.pages.importing import places
from chibox_membership.pages.sheets import XLSX, as_file
from chibox_membership.tables import Member

_LEFT: Final = ("wrong", "doubtful")


class Ask(msgspec.Struct, frozen=True):
    """One thing to ask: which field, what the file has, why it is asked."""

    label: Words
    found: str
    why: str


class Person(msgspec.Struct, frozen=True):
    """Somebody to be asked, in which row of the file."""

    row: int
    name: str
    asks: tuple[Ask, ...]


@page("/import/{draft:str}/rest.xlsx", media_type=XLSX)
def rest_sheet(visit: Visit, draft: FromPath[str]) -> Response[bytes]:
    """The wrong and doubtful rows as a sheet, with what is wrong in its last columns. Whom they are about is noted."""
    found, desk = places.open_file(visit, draft, "import")
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
    stem = desk.name.rpartition(".")[0] or desk.name
    return as_file(data, f"{stem}-con-lai.xlsx")


@page("/import/{draft:str}/rest")
def rest_print(visit: Visit, draft: FromPath[str]) -> Response[str]:
    """The same on paper, by cells: what is asked of whom, with a line to write on."""
    found, desk = places.open_file(visit, draft, "import")
    if desk.phase != "checked":
        raise NotFound("There is no such page.")
    with visit.reading("import_rest") as look:
        left = list(_left(visit, found))
        _note(look, left)
        cells: dict[str, list[Person]] = {}
        for number, kept in left:
            cells.setdefault(_cell(visit, look, desk, kept), []).append(_person(visit, desk, number, kept))
        return visit.render(
            "membership/import_rest.html", frame=places.crumbs(visit, "import", words("Print to ask")), desk=desk,
            cells=sorted(cells.items(), key=lambda pair: (not pair[0], pair[0])), total=len(left), end=look.end, now=look.now,
            address=places.address("import", draft),
        )  # fmt: skip


HANDLERS: Final = (rest_sheet, rest_print)


def _left(visit: Visit, draft: Draft) -> Iterator[tuple[int, Kept]]:
    for tag in _LEFT:
        for number, _, kept in visit.drafts.items(draft, Kept, tag=tag):
            yield number, kept


def _note(look: Looking, left: object) -> None:
    """Members whom the rows are about: what is said of them comes from the roll, too."""
    members = {kept.trial.member for _, kept in left if kept.trial is not None and kept.trial.member}  # type: ignore[attr-defined]
    look.show(members)


def _cell(visit: Visit, look: Looking, desk: Desk, kept: Kept) -> str:
    """Where the person is asked: the member's cell, else what the file says; empty when it says nothing."""
    member = None if kept.trial is None or kept.trial.member is None else look.row(Member, kept.trial.member)
    if member is not None:
        return seeing.unit_name(visit, member.cell)
    place = next((place for place, key in desk.columns.items() if key == "cell"), None)
    return kept.mends.get("cell") or ("" if place is None else places.text_at(kept, place))


def _person(visit: Visit, desk: Desk, number: int, kept: Kept) -> Person:
    trial = kept.trial
    if trial is None:
        return Person(number, "", ())
    asks = [
        Ask(
            places.label(fault.key),
            places.in_file(desk, kept, fault),
            places.reason(visit, fault.why, number, fault.column),
        )
        for fault in trial.faults
    ]
    for question in trial.questions:
        why = question.why.words
        label = words("Who is it?") if question.key == WHO else places.label(question.key)
        asks.append(Ask(label, "", visit.say(why.msgid, **why.params)))
    return Person(number, trial.name, tuple(asks))
