"""The first page: what is due, by when and why; beside it a few numbers and how the box is."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.response import Redirect

from chibox.erasing.dropping import dropped, put_away
from chibox.hooks import Due, NavEntry, Number
from chibox.observe.health import checks, worst
from chibox.organisation.working_days import WorkingDays
from chibox.site.dues import Dues
from chibox.site.looking import Looking
from chibox.site.routes import form, page
from chibox.site.visit import Visit
from chibox.text import given_name

_SUNDAY: Final = 6
SHOWN: Final = 10  # of a group; the rest by a link
_ACTS: Final = 2


class Line(msgspec.Struct, frozen=True):
    """Something due. `left`: working days until its day, negative when it is over; None where nobody can count them."""

    due: Due
    left: int | None


class Group(msgspec.Struct, frozen=True):
    """Some of what is due: `when` is late, week or later; `count` things, of which the first are among the lines."""

    when: str
    lines: list[Line]
    count: int
    more: int


@page("/")
def home(visit: Visit) -> Response[str]:
    """What is due for the visitor, by every plugin."""
    asked: Dues = visit.request.app.state.dues
    whole = "all" in visit.request.query_params
    with visit.reading("home") as look:
        found = asked.all(visit, look)
        groups = grouped((due for _, due in found.lines), visit.today, look.working_days, most=None if whole else SHOWN)
        look.show(person for group in groups for line in group.lines for person in line.due.about)
        health = checks(visit.office, look)
        name = look.names([visit.person]).get(visit.person, "")
        return visit.render(
            "core/home.html", groups=groups, silent=found.silent, numbers=_numbers(visit, look), name=given_name(name),
            worst=worst(health), found=health, newest=visit.office.box.log.size, week_end=week_end(visit.today),
            acts=_acts(visit), dropped=dropped(visit.office.drafts, visit.person, visit.now),
        )  # fmt: skip


@form("/dropped")
async def read_dropped(visit: Visit) -> Response[Any]:
    """The note about what an erasure dropped is put away."""
    await to_thread.run_sync(put_away, visit.office.drafts, visit.person, visit.now)
    return Redirect("/", status_code=303)


def week_end(today: dt.date) -> dt.date:
    """The Sunday of this week."""
    return today + dt.timedelta(days=_SUNDAY - today.weekday())


def grouped(dues: Iterable[Due], today: dt.date, calendar: WorkingDays, *, most: int | None = None) -> list[Group]:
    """Late, this week, later; each by day, what has no day last. Groups without anything are left out."""
    groups: dict[str, list[Due]] = {"late": [], "week": [], "later": []}
    for due in sorted(dues, key=lambda due: (due.by or dt.date.max, due.what.msgid)):
        groups[_when(due.by, today)].append(due)
    return [_group(when, some, today, calendar, most) for when, some in groups.items() if some]


def _group(when: str, dues: list[Due], today: dt.date, calendar: WorkingDays, most: int | None) -> Group:
    shown = dues[:most]
    lines = [Line(due, None if due.by is None else calendar.between(today, due.by)) for due in shown]
    count = sum(due.count for due in dues)
    return Group(when, lines, count, count - sum(due.count for due in shown))


def _when(by: dt.date | None, today: dt.date) -> str:
    if by is None:
        return "later"
    if by < today:
        return "late"
    return "week" if by <= week_end(today) else "later"


def _acts(visit: Visit) -> list[NavEntry]:
    """The buttons of the page: what the visitor does most."""
    acts = sorted(visit.office.box.plugins.flat("acts"), key=lambda act: (act.weight, act.word))
    return [act for act in acts if act.permission is None or visit.may(act.permission)][:_ACTS]


def _numbers(visit: Visit, look: Looking) -> list[Number]:
    found: list[Number] = []
    for plugin, ask in visit.office.box.plugins.each("numbers"):
        units = visit.units(f"{plugin}.view")
        if units:
            found += ask(look, units)
    return found


PAGES: Final[list[Any]] = [home, read_dropped]
