"""Printing a member: every detail as the reader may see it, and the history, as a sheet with both days on it."""

from typing import Final

from litestar import Response
from litestar.params import FromPath

from chibox.plugin import Crumb, Visit, form, page
from chibox_membership import labels
from chibox_membership.naming import full_names
from chibox_membership.pages.issuing import issuer
from chibox_membership.pages.member import events_of, group_values, see, told
from chibox_membership.views import COVERED

_FIELD: Final = "covered"
"""What the access log notes when every covered field was asked for at once."""


@page("/{member:str}/print")
def print_member(visit: Visit, member: FromPath[str]) -> Response[str]:
    """The sheet, numbers and religion covered as on the page of the member."""
    return _sheet(visit, member)


@form("/{member:str}/print")
def print_whole(visit: Visit, member: FromPath[str]) -> Response[str]:
    """The same with the covered fields shown: the access log has that they were asked for."""
    return _sheet(visit, member, whole=True)


HANDLERS: Final = (print_member, print_whole)


def _sheet(visit: Visit, member: str, *, whole: bool = False) -> Response[str]:
    with visit.reading("print", field=_FIELD if whole else None) as look:
        seen = see(visit, look, member)
        groups = group_values(visit, seen, COVERED if whole else ())
        events, names = events_of(look, seen)
        as_on = seen.as_on
        known = as_on.day if as_on.known else visit.today
        own = full_names(look, [visit.person], visit.today)
        forms = {held.form for _, _, lines in groups for _, _, held in lines}
        return visit.render(
            "membership/print_member.html", end=look.end, now=visit.now, head=seen.head, groups=groups,
            frame={"crumbs": (*visit.crumbs(seen.row.cell), Crumb(seen.head.name, f"/membership/{member}"),
                              Crumb(visit.say("Print")))},
            events=[told(visit, event) for event in events if event.back is None], names=names, labels=labels,
            by=issuer(visit, look, seen.on_day.cell or seen.row.cell), address=f"/membership/{member}",
            day=as_on.day or visit.today, known=known, whole=whole, closed="closed" in forms,
            covered=bool({"number", "covered"} & forms), own=own.get(visit.person, ""),
            number=visit.office.shown_number,
        )  # fmt: skip
