"""Who has read a member's file: when, who, for what purpose, on which page. The reading of this page is noted too."""

from typing import Final

import msgspec
from litestar import Response
from litestar.params import FromPath

from chibox.plugin import Opened, Visit, Words, page, words
from chibox_membership import labels
from chibox_membership.pages.member import see, show

SIZE: Final = 25
_ALL: Final = "covered"
"""What a reading notes that asked for every covered field at once."""
_PAGES: Final = {
    "member": words("The file"),
    "history": words("History"),
    "receipts": words("Receipts"),
    "readers": words("Who has read it"),
    "list": words("The list"),
    "search": words("The list"),
    "print": words("Print"),
    "export": words("Export"),
    "exports": words("Export"),
    "change": words("Recording a change"),
    "correct": words("Correcting"),
    "move": words("Recording a change"),
    "state": words("Recording a change"),
    "leave": words("Recording a change"),
    "meanwhile": words("Recording a change"),
    "enter": words("Adding a member"),
    "bulk": words("Recording for several at once"),
    "import": words("Importing a sheet"),
    "compare": words("Comparing with a sheet"),
}
_CORE: Final = words("Log and receipts")
_OTHER: Final = words("another page")


class Line(msgspec.Struct, frozen=True):
    """A reading as the page shows it. `field`: the covered value that was asked for; `others`: who were shown besides."""

    time: int
    who: str
    purpose: Words
    page: Words
    field: Words | None
    others: int


@page("/{member:str}/readers")
def readers(visit: Visit, member: FromPath[str]) -> Response[str]:
    """The readings that the box still keeps, newest first, 25 a page. Raises NotFound for a member who is not the visitor's."""
    with visit.reading("readers") as look:
        seen = see(visit, look, member)
        found = look.readings(member)
        number = _page(visit.request.query_params.get("page", ""), len(found))
        some = found[(number - 1) * SIZE : number * SIZE]
        names = look.names({one.person for one in some})
        return show(
            visit, look, seen, "readers", lines=[_line(one, names) for one in some], total=len(found), number=number,
            size=SIZE, months=visit.office.box.settings.access_months,
        )  # fmt: skip


HANDLERS: Final = (readers,)


def _line(one: Opened, names: dict[str, str]) -> Line:
    return Line(one.time, names.get(one.person, ""), one.purpose, _where(one.page), _field(one.field), one.count - 1)


def _where(name: str) -> Words:
    area, _, leaf = name.partition(".")
    if area == "membership":
        return _PAGES.get(leaf, _OTHER)
    return _CORE if area == "core" else _OTHER


def _field(name: str | None) -> Words | None:
    if name is None:
        return None
    if name == _ALL:
        return words("numbers and religion")
    group = labels.GROUPS.get(name)
    return labels.FIELDS.get(name) or (None if group is None else group[0])


def _page(asked: str, count: int) -> int:
    last = max(1, -(-count // SIZE))
    return min(max(int(asked), 1), last) if asked.isascii() and asked.isdecimal() else 1
