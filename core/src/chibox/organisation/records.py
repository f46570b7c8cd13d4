"""Core's kinds about the box and its party organisations: founded, created, renamed, moved.

They may go up whole: a parent shows the tree below it by them, and of people they name the first administrator only.
"""

import datetime as dt
from typing import Literal

from chibox.identity.classes import Plain
from chibox.records.record import Record, kind

UnitKind = Literal[
    "centre",
    "province",
    "above_grassroots_committee",
    "grassroots_committee",
    "subordinate_committee",
    "part_committee",
    "grassroots_cell",
    "cell",
]


@kind("core.founded.1", day="day", goes_up="parts", final=True)
class Founded(Record, frozen=True):
    """The birth of a box: its log, its committee (the entry's unit), its first administrator. The first entry of every log."""

    name: Plain[str]  # the log's name without generation: its origin is <name>/log/<generation>
    key: Plain[str]  # base64 of the raw Ed25519 public key
    day: Plain[dt.date]
    committee: Plain[str]
    committee_kind: Plain[UnitKind]
    administrator: Plain[str]  # person id
    sign_in: Plain[str]
    above: Plain[str] = ""  # name of the party organisation above, for heads and breadcrumbs


@kind("core.unit_created.1", day="day", facts=("name", "kind", "parent"), goes_up="parts")
class UnitCreated(Record, frozen=True):
    """A party organisation begins, under `parent`."""

    day: Plain[dt.date]
    name: Plain[str]
    kind: Plain[UnitKind]
    parent: Plain[str]


@kind("core.unit_renamed.1", day="day", facts=("name",), goes_up="parts")
class UnitRenamed(Record, frozen=True):
    """A party organisation bears another name from `day` on."""

    day: Plain[dt.date]
    name: Plain[str]


@kind("core.unit_moved.1", day="day", facts=("parent",), goes_up="parts")
class UnitMoved(Record, frozen=True):
    """A party organisation stands under another from `day` on: one act on the unit, no transfer of its members."""

    day: Plain[dt.date]
    parent: Plain[str]


RECORDS = (Founded, UnitCreated, UnitRenamed, UnitMoved)
