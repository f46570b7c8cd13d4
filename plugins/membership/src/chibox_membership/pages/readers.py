"""Who has read a member's file: when, who, for what purpose, on which page. The reading of this page is noted too."""

from typing import Final

import msgspec
from litestar import Response
from litestar.params import FromPath

from chibox.plugin import Opened, Visit, page
from chibox_membership.pages.member import see, show

SIZE: Final = 25


class Line(msgspec.Struct, frozen=True):
    """A reading as the page shows it; `others`: how many were shown besides."""

    told: Opened
    who: str
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
            may_delay=member != visit.person and visit.may("core.capture", visit.picture.root),
        )  # fmt: skip


HANDLERS: Final = (readers,)


def _line(one: Opened, names: dict[str, str]) -> Line:
    return Line(one, names.get(one.person, ""), one.count - 1)


def _page(asked: str, count: int) -> int:
    last = max(1, -(-count // SIZE))
    return min(max(int(asked), 1), last) if asked.isascii() and asked.isdecimal() else 1
