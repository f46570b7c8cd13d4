"""Entries as pages show them: in words, by whom, when, under which receipt number, and whether they were taken back."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec

from chibox.records.record import day_of
from chibox.records.stated import Entry
from chibox.site.looking import Looking


class Line(msgspec.Struct, frozen=True):
    """An entry on a page. `day`: on which it holds, where the record names one; `back`: it was taken back."""

    position: int
    number: str
    when: int
    day: dt.date
    who: str
    about: str  # what the person or the unit is called, where there is a name
    is_person: bool
    said: str
    back: bool


def listed(look: Looking, entries: Iterable[Entry[Any]]) -> list[Line]:
    """Those of the entries that the visitor may see, in the order given. Whoever they are about is noted."""
    some = [entry for entry in entries if look.may_see(entry)]
    names = look.names({entry.by for entry in some} | {entry.subject for entry in some})
    return [_line(look, entry, names) for entry in some]


def _line(look: Looking, entry: Entry[Any], names: dict[str, str]) -> Line:
    return Line(
        position=entry.position,
        number=look.visit.office.shown_number(entry.position),
        when=entry.time,
        day=day_of(look.library.kinds.get(entry.kind), entry.body) or entry.day,
        who=names.get(entry.by, ""),
        about=_about(look, entry, names),
        is_person=entry.subject not in look.picture.units,
        said=look.saying(entry),
        back=look.past.is_retracted(entry),
    )


def _about(look: Looking, entry: Entry[Any], names: dict[str, str]) -> str:
    unit = look.picture.units.get(entry.subject)
    if unit is not None:
        return unit.name
    name = names.get(entry.subject, "")
    if name and look.visit.sees_people:
        look.show([entry.subject])
    return name
