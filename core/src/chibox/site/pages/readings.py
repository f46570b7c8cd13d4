"""Who has read my file: every reading about the visitor that they may be told of, for people and, with .json, for programs."""

import datetime as dt
from typing import Any, Final

import msgspec
from litestar import Response

from chibox.clock import VIETNAM, local
from chibox.identity.access import kept_from
from chibox.identity.service import ROLE
from chibox.site.looking import Looking, Opened
from chibox.site.routes import page
from chibox.site.visit import Visit
from chibox.web.filling import Form
from chibox.web.locale import translate

SIZE: Final = 25


class Line(msgspec.Struct, frozen=True):
    """A reading as the page shows it: by whom, in which post then ("": none is known), how many others were shown."""

    told: Opened
    who: str
    post: str
    others: int


class Seen(msgspec.Struct, frozen=True):
    """A page of readings, and what it was asked by: `year` None for all that are kept, `years` that may be asked."""

    lines: list[Line]
    total: int
    number: int
    year: int | None
    years: list[int]


@page("/seen")
def seen(visit: Visit) -> Response[str]:
    """Newest first, 25 a page, of one year or all; for everybody who is signed in, with a post or without."""
    with visit.reading("seen") as look:
        found = _seen(visit, look)
        settings = visit.office.box.settings
        return visit.render(
            "core/seen.html", here=visit.say("Who has read my file"), found=found, size=SIZE,
            years=[(str(one), str(one)) for one in found.years],
            asked=Form.blank(year=None if found.year is None else str(found.year)), months=settings.access_months,
            helper=settings.help_name, phone=settings.help_phone, delays=_delays(visit),
        )  # fmt: skip


@page("/seen.json", media_type="application/json")
def seen_json(visit: Visit) -> Response[Any]:
    """The same as data: times in Viet Nam, words in the visitor's language."""
    with visit.reading("seen") as look:
        found = _seen(visit, look)
        return Response(
            {
                "total": found.total, "page": found.number, "size": SIZE, "year": found.year,
                "readings": [_data(line) for line in found.lines],
            },
            media_type="application/json",
        )  # fmt: skip


def _seen(visit: Visit, look: Looking) -> Seen:
    """Own readings are left out: everybody knows of them."""
    first = kept_from(visit.today, visit.office.box.settings.access_months).year
    years = list(range(visit.today.year, first - 1, -1))
    asked = visit.request.query_params.get("year", "")
    year = next((one for one in years if str(one) == asked), None)
    since, until = (0, None) if year is None else (_midnight(year), _midnight(year + 1))
    found = [one for one in look.readings(visit.person, since, until) if one.person != visit.person]
    number = _page(visit.request.query_params.get("page", ""), len(found))
    some = found[(number - 1) * SIZE : number * SIZE]
    names = look.readers({one.person for one in some})
    return Seen([_line(visit, one, names) for one in some], len(found), number, year, years)


def _line(visit: Visit, one: Opened, names: dict[str, str]) -> Line:
    return Line(one, names.get(one.person, ""), post_then(visit, one.person, local(one.time).date()), one.count - 1)


def post_then(visit: Visit, person: str, day: dt.date) -> str:
    """Which posts somebody held on a day, as far as the box knows; nothing for the box itself."""
    root, units = visit.picture.root, visit.picture.units
    found = []
    for post in visit.picture.held(person, day):
        if post.role != ROLE:
            label = visit.say(visit.picture.roles[post.role].label)
            found.append(label if post.unit == root or post.unit not in units else f"{label}, {units[post.unit].name}")
    return "; ".join(dict.fromkeys(found))


def _data(line: Line) -> dict[str, Any]:
    one = line.told
    return {
        "time": local(one.time).isoformat(timespec="seconds"), "who": line.who, "post": line.post,
        "purpose": translate(one.purpose), "where": translate(one.where),
        "field": None if one.asked is None else translate(one.asked), "others": line.others, "told_later": one.late,
    }  # fmt: skip


def _delays(visit: Visit) -> bool:
    """Whether the visitor has to do with delays: may ask for one, or agree to one."""
    return any(visit.may(permission, visit.picture.root) for permission in ("core.capture", "core.approve"))


def _midnight(year: int) -> int:
    return int(dt.datetime(year, 1, 1, tzinfo=VIETNAM).timestamp()) * 1000


def _page(asked: str, count: int) -> int:
    last = max(1, -(-count // SIZE))
    return min(max(int(asked), 1), last) if asked.isascii() and asked.isdecimal() else 1


PAGES: Final[list[Any]] = [seen, seen_json]
