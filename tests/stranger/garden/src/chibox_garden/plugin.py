"""The plugin garden: what it contributes to a box."""

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response

from chibox.plugin import (
    Command,
    Commands,
    Entry,
    NavEntry,
    NotFound,
    Plain,
    Projection,
    Read,
    Record,
    Row,
    Saying,
    Sensitive,
    Stated,
    Visit,
    clean,
    hookimpl,
    page,
    state,
    words,
)
from chibox_garden.records import RECORDS, Planted, Watched

plots, asked = Projection("garden.plots"), Commands("garden")


@plots.table("plot")
class Plot(Row, frozen=True):
    """A plot as it stands, and what the last watch saw."""

    subject: str
    unit: Plain[str]
    what: Plain[str | None]
    seen: Sensitive[str | None] = None


@plots.fold(Plot)
def planted(row: Plot | None, entry: Entry[Planted]) -> Plot | None:
    """Something stands there; without the body nobody knows what."""
    what = None if entry.body is None else entry.body.what
    return Plot(entry.subject, entry.unit, what, None if row is None else row.seen)


@plots.fold(Plot)
def watched(row: Plot | None, entry: Entry[Watched]) -> Plot | None:
    """The last watch counts."""
    return row if row is None or entry.body is None else msgspec.structs.replace(row, seen=entry.body.seen)


class Plant(Command, frozen=True):
    """Plant something in a new plot."""

    unit: str
    what: str


class Watch(Command, frozen=True):
    """Watch plots for a night."""

    plots: tuple[str, ...]
    seen: str


def _unit_of(plot: str, read: Read) -> str:
    row = read.row(Plot, plot)
    if row is None:
        raise NotFound("There is no such plot.")
    return row.unit


@asked.decides(needs=lambda command, _: [("garden.capture", command.unit)])
def plant(command: Plant, read: Read) -> list[Stated]:
    """A new plot."""
    return [state(Planted(day=read.today, what=clean(command.what)), read.new_id(), command.unit)]


@asked.decides(needs=lambda command, read: [("garden.capture", _unit_of(plot, read)) for plot in command.plots])
def watch(command: Watch, read: Read) -> list[Stated]:
    """All of them in one sealed act."""
    return [state(Watched(seen=clean(command.seen)), plot, _unit_of(plot, read)) for plot in command.plots]


@page("/")
def gardens(visit: Visit) -> Response[str]:
    """What grows where the visitor may look."""
    visit.demand("garden.view")
    with visit.reading("gardens") as look:
        rows = [row for row in look.rows(Plot, look.select(Plot)) if visit.may("garden.view", row.unit)]
        return visit.render("garden/plots.html", rows=rows)


@hookimpl
def kinds() -> Sequence[type[Record]]:
    """What the garden states."""
    return RECORDS


@hookimpl
def projections() -> Sequence[Projection]:
    """Its plots."""
    return (plots,)


@hookimpl
def commands() -> Commands:
    """What can be asked of it."""
    return asked


@hookimpl
def pages() -> Sequence[Any]:
    """Its page."""
    return (gardens,)


@hookimpl
def nav() -> Sequence[NavEntry]:
    """Its line in the menu."""
    return (NavEntry(words("Garden").msgid, "/garden", "garden.view"),)


@hookimpl
def sayings() -> Sequence[Saying]:
    """How its records read."""
    return (
        Saying("garden.planted.1", words("Planted: {what}").msgid),
        Saying("garden.watched.1", words("Watched").msgid),
    )
