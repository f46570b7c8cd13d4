"""The first page: what is due, by when and why; beside it a few numbers and how the box is."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from litestar import Response

from chibox.hooks import Due, Number
from chibox.observe.health import checks, worst
from chibox.site.looking import Looking
from chibox.site.routes import page
from chibox.site.visit import Visit

_SUNDAY: Final = 6


class Group(msgspec.Struct, frozen=True):
    """Some of what is due: `when` is late, week, later or open."""

    when: str
    dues: list[Due]


@page("/")
def home(visit: Visit) -> Response[str]:
    """What is due for the visitor, by every plugin."""
    with visit.reading("home") as look:
        dues = [due for _, ask in visit.office.box.plugins.each("due") for due in ask(look, visit.person)]
        if not visit.sees_people:
            dues = [due for due in dues if set(due.about) <= {visit.person}]
        look.show(person for due in dues for person in due.about)
        found = checks(visit.office, look)
        name = look.names([visit.person]).get(visit.person, "")
        return visit.render(
            "core/home.html", groups=grouped(dues, visit.today), numbers=_numbers(visit, look), name=name,
            worst=worst(found), found=found, newest=visit.office.box.log.size - 1, week_end=week_end(visit.today),
        )  # fmt: skip


def week_end(today: dt.date) -> dt.date:
    """The Sunday of this week."""
    return today + dt.timedelta(days=_SUNDAY - today.weekday())


def grouped(dues: Iterable[Due], today: dt.date) -> list[Group]:
    """Late, this week, later, without a day; each by day. Groups without anything are left out."""
    groups: dict[str, list[Due]] = {"late": [], "week": [], "later": [], "open": []}
    for due in sorted(dues, key=lambda due: (due.by or dt.date.max, due.what.msgid)):
        groups[_when(due.by, today)].append(due)
    return [Group(when, some) for when, some in groups.items() if some]


def _when(by: dt.date | None, today: dt.date) -> str:
    if by is None:
        return "open"
    if by < today:
        return "late"
    return "week" if by <= week_end(today) else "later"


def _numbers(visit: Visit, look: Looking) -> list[Number]:
    found: list[Number] = []
    for plugin, ask in visit.office.box.plugins.each("numbers"):
        units = visit.units(f"{plugin}.view")
        if units:
            found += ask(look, units)
    return found


PAGES: Final[list[Any]] = [home]
