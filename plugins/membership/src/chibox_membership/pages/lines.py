"""A member as a line of the list: what the reader may see, and whatever is unusual in one column."""

import datetime as dt
from collections.abc import Callable
from typing import Final

import msgspec

from chibox.plugin import Looking, Masked, Words, words
from chibox_membership import labels
from chibox_membership.onday import OnDay
from chibox_membership.pages import seeing
from chibox_membership.rules import AHEAD, ends_probation
from chibox_membership.tables import GONE, Member

_SHORT: Final = 40
"""So many letters of a note stand in the list; the member's page has all of it."""


class Sign(msgspec.Struct, frozen=True):
    """What is unusual about a member: a word with its state, or a plain one."""

    said: Words
    state: str = ""


class Line(msgspec.Struct, frozen=True):
    """A member in the list. What the reader may not see is `Masked`; a `note` is cut between words."""

    subject: str
    name: str
    born_on: dt.date | Masked | None
    cell: str
    standing: Words
    admitted_on: dt.date | None
    sign: Sign | None
    note: str


def line(look: Looking, row: Member | OnDay, unit: str, day: dt.date, name: Callable[[str], str]) -> Line:
    """The line of a member whose cell is, by which it is decided what is seen, `unit`; `name` says what cells are called."""
    shown = look.shown(row, unit, seeing.VIEW)
    note = shown["note"]
    return Line(
        subject=row.subject,
        name=shown["full_name"],
        born_on=shown["born_on"],
        cell=name(row.cell),
        standing=labels.STANDINGS_SHORT[row.standing(day)],
        admitted_on=shown["admitted_on"],
        sign=_sign(look, row, day),
        note=_cut(note) if isinstance(note, str) else "",
    )


def _cut(note: str) -> str:
    return note if len(note) <= _SHORT else note[:_SHORT].rsplit(" ", 1)[0] + " …"


def _sign(look: Looking, row: Member | OnDay, day: dt.date) -> Sign | None:
    """One thing at most: gone or not active, else a probation that ends."""
    if row.status != "active":
        return Sign(labels.STATES[row.status], "none" if row.status in GONE else "")
    if row.standing(day) == "probationary_member" and row.admitted_on is not None:
        ends = ends_probation(look, row.admitted_on)
        if ends <= day:
            return Sign(words("Probation over since {day}", day=ends), "bad")
        if ends <= day + AHEAD:
            return Sign(words("Probation ends on {day}", day=ends), "wait")
    return None
