"""Plugins that are put together to break one line of the contract."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.core.toys import Made, toy_plugins

from chibox.plugin import Entry, Ordinary, Projection, Record, Row
from chibox.testing.contract import Subject


def odd(
    folder: Path, records: Sequence[type[Record]] = (), projection: Projection | None = None, **hooks: Any
) -> Subject:
    """A plugin that declares this."""
    hooks |= {"kinds": records, "projections": () if projection is None else (projection,)}
    return Subject("odd", "odd", folder, hooks, toy_plugins())


def things(function: Callable[..., Any], keys: Any = None, record: type[Record] = Made) -> Projection:
    """A projection with one table and this fold."""
    projection = Projection("odd.things")

    @projection.table("thing")
    class Thing(Row, frozen=True):
        subject: str
        name: Ordinary[str | None] = None

    function.__annotations__ = {"row": Thing | None, "entry": Entry[record], "return": Thing | None}  # type: ignore[valid-type]
    projection.fold(Thing, keys=keys)(function)
    function.__dict__["row"] = Thing
    return projection
