"""Folding step by step, in batches, with bodies coming late, gives what folding from nothing gives."""

import datetime as dt
import os
from typing import Literal

import msgspec
import pytest

from chibox.projections.folds import Projection
from chibox.projections.rows import Row
from chibox.records.record import Fact, Record, kind
from chibox.records.stated import Entry
from chibox.testing.folding import check_folds


@kind("toy.opened.1", day="since", facts=(Fact("name"), Fact("colour", "since", "until")))
class Opened(Record, frozen=True):
    """Something begins."""

    name: str
    since: dt.date
    until: dt.date | None = None
    colour: Literal["red", "blue"] | None = None


@kind("toy.noted.1", facts=("note",))
class Noted(Record, frozen=True):
    """A note, dated by its entry."""

    note: str | None


@kind("toy.corrected.1", day="day", corrects=True, facts=(Fact("name"), Fact("colour", "day")))
class Corrected(Record, frozen=True):
    """Some field was wrong."""

    day: dt.date
    name: str | msgspec.UnsetType | None = msgspec.UNSET
    colour: Literal["red", "blue"] | msgspec.UnsetType | None = msgspec.UNSET


@kind("toy.hidden.1", opaque=True, day="day", facts=(Fact("grade", "day"),))
class Hidden(Record, frozen=True):
    """Nobody may see whom this is about."""

    day: dt.date
    grade: int
    other: str = ""


toys = Projection("toy.things")


@toys.table("thing")
class Thing(Row, frozen=True):
    """The order of folding shows in `trace`."""

    subject: str
    trace: str


@toys.table("pair", key=("subject", "word"))
class Pair(Row, frozen=True):
    """Keyed by a tuple that is computed from the body."""

    subject: str
    word: str
    count: int
    trace: str


def _trace(row: Thing | None, entry: Entry[Record]) -> Thing:
    return Thing(entry.subject, f"{row.trace if row else ''}|{entry.position}:{entry.body}")


@toys.fold(Thing)
def opened(row: Thing | None, entry: Entry[Opened]) -> Thing | None:
    """A thing begins; blue ones vanish again."""
    return None if entry.body and entry.body.colour == "blue" else _trace(row, entry)


@toys.fold(Thing)
def noted(row: Thing | None, entry: Entry[Noted]) -> Thing | None:
    """A note changes only what is there."""
    return None if row is None else _trace(row, entry)


@toys.fold(Thing)
def corrected(row: Thing | None, entry: Entry[Corrected]) -> Thing | None:
    """A correction shows in the trace."""
    return _trace(row, entry)


@toys.fold(Thing)
def hidden(row: Thing | None, entry: Entry[Hidden]) -> Thing | None:
    """So does something hidden."""
    return _trace(row, entry)


def _keys(entry: Entry[Opened]) -> list[tuple[str, ...]]:
    word = "gone" if entry.body is None else str(entry.body.colour)
    return [(entry.subject, word), (entry.by, word)]


@toys.fold(Pair, keys=_keys)
def paired(row: Pair | None, entry: Entry[Opened]) -> Pair | None:
    """Counts what was opened, by colour."""
    before = row or Pair(entry.subject, "", 0, "")
    return Pair(before.subject, before.word, before.count + 1, f"{before.trace}|{entry.position}")


@toys.fold(Pair, keys=lambda entry: [(entry.case, "case"), *([(entry.body.other, "other")] if entry.body else [])])
def hidden_pair(row: Pair | None, entry: Entry[Hidden]) -> Pair | None:
    """Keyed by the case, and by a word that only the body knows."""
    return Pair("", "", (row.count if row else 0) + 1, f"{row.trace if row else ''}|{entry.position}")


TOYS = (Opened, Noted, Corrected, Hidden)


@pytest.mark.parametrize("seed", range(5000 if os.environ.get("CHIBOX_LONG") else 150))
def test_every_way_of_folding_gives_the_same_state(seed: int) -> None:
    """Retractions, joins, erasures, late facts and late bodies leave rows, facts and index as one fold from nothing does."""
    check_folds(TOYS, (toys,), seed)
