"""What membership states, for ever: a member entered, changed, corrected, moved, in another state, gone, noted; what went out."""

import datetime as dt
from typing import Final, Literal

from msgspec import UNSET, UnsetType

from chibox.plugin import Contact, Fact, Identity, Ordinary, Plain, Record, Sensitive, kind

Sex = Literal["male", "female"]
Activity = Literal["active", "exempt", "interrupted", "suspended"]
Gone = Literal["transferred", "left_party", "deceased"]
Departure = Literal["official_transfer", "removal_from_list", "resignation", "expulsion", "death"]
Ground = Literal["original_file", "identity_card", "party_card", "decision", "statement", "typing_error"]

DETAILS: Final = (
    "national_id", "full_name", "other_name", "sex", "born_on", "ethnic_group", "religion", "personal_id", "card_number",
    "card_place", "card_date", "old_card_number", "birth_place_country", "birth_place_province", "birth_place_detail",
    "home_place_country", "home_place_province", "home_place_detail", "residence_country", "residence_province",
    "residence_detail", "admitted_on", "official_on", "old_identity_number", "delete_requested",
)  # fmt: skip
"""The columns of the national entry sheet 4.0 that say something of the member himself."""


@kind(
    "membership.entered.1",
    day="admitted_on",
    facts=(*(Fact(field) for field in DETAILS), Fact("cell", "admitted_on"), Fact("status", "admitted_on")),
)
class Entered(Record, frozen=True, kw_only=True):
    """A member enters the roll with all that is known; facts hold as long as is known, cell and status from the admission on.

    What a sheet says of a later state (exempt, gone) is a record of its own beside this one.
    """

    full_name: Ordinary[str]
    sex: Ordinary[Sex]
    born_on: Identity[dt.date]
    ethnic_group: Ordinary[str]
    religion: Sensitive[str]
    personal_id: Identity[str]
    cell: Plain[str]
    admitted_on: Ordinary[dt.date]
    status: Ordinary[Activity]
    national_id: Identity[str | None] = None
    other_name: Ordinary[str | None] = None
    card_number: Identity[str | None] = None
    card_place: Ordinary[str | None] = None
    card_date: Ordinary[dt.date | None] = None
    old_card_number: Identity[str | None] = None
    birth_place_country: Ordinary[str | None] = None
    birth_place_province: Ordinary[str | None] = None
    birth_place_detail: Ordinary[str | None] = None
    home_place_country: Ordinary[str | None] = None
    home_place_province: Ordinary[str | None] = None
    home_place_detail: Ordinary[str | None] = None
    residence_country: Contact[str | None] = None
    residence_province: Contact[str | None] = None
    residence_detail: Contact[str | None] = None
    official_on: Ordinary[dt.date | None] = None
    old_identity_number: Identity[str | None] = None
    delete_requested: Ordinary[bool | None] = None
    paper: Ordinary[str | None] = None


class Some(Record, frozen=True, kw_only=True):
    """Some details of a member: one that is not given says nothing, None says that there is none."""

    national_id: Identity[str | UnsetType | None] = UNSET
    full_name: Ordinary[str | UnsetType] = UNSET
    other_name: Ordinary[str | UnsetType | None] = UNSET
    sex: Ordinary[Sex | UnsetType] = UNSET
    born_on: Identity[dt.date | UnsetType] = UNSET
    ethnic_group: Ordinary[str | UnsetType] = UNSET
    religion: Sensitive[str | UnsetType] = UNSET
    personal_id: Identity[str | UnsetType] = UNSET
    card_number: Identity[str | UnsetType | None] = UNSET
    card_place: Ordinary[str | UnsetType | None] = UNSET
    card_date: Ordinary[dt.date | UnsetType | None] = UNSET
    old_card_number: Identity[str | UnsetType | None] = UNSET
    birth_place_country: Ordinary[str | UnsetType | None] = UNSET
    birth_place_province: Ordinary[str | UnsetType | None] = UNSET
    birth_place_detail: Ordinary[str | UnsetType | None] = UNSET
    home_place_country: Ordinary[str | UnsetType | None] = UNSET
    home_place_province: Ordinary[str | UnsetType | None] = UNSET
    home_place_detail: Ordinary[str | UnsetType | None] = UNSET
    residence_country: Contact[str | UnsetType | None] = UNSET
    residence_province: Contact[str | UnsetType | None] = UNSET
    residence_detail: Contact[str | UnsetType | None] = UNSET
    admitted_on: Ordinary[dt.date | UnsetType] = UNSET
    official_on: Ordinary[dt.date | UnsetType | None] = UNSET
    old_identity_number: Identity[str | UnsetType | None] = UNSET
    delete_requested: Ordinary[bool | UnsetType | None] = UNSET


@kind("membership.changed.1", day="day", facts=DETAILS)
class Changed(Some, frozen=True, kw_only=True):
    """Details are different from `day` on: a new fact, not a mistake."""

    day: Plain[dt.date]
    paper: Ordinary[str | None] = None


@kind("membership.corrected.1", day="day", facts=tuple(Fact(field, "since") for field in DETAILS), corrects=True)
class Corrected(Some, frozen=True, kw_only=True):
    """What the records it refers to say was written down wrongly. It stands on their day and holds from when they held.

    A birth date is corrected from the original file only (notice 13-TB/TW of 17 August 2016).
    """

    day: Plain[dt.date]
    ground: Ordinary[Ground]
    since: Plain[dt.date | None] = None
    paper: Ordinary[str | None] = None


@kind("membership.moved.1", day="day", facts=("cell",))
class Moved(Record, frozen=True, kw_only=True):
    """The member belongs to another cell of the same committee from `day` on."""

    day: Plain[dt.date]
    cell: Plain[str]
    paper: Ordinary[str | None] = None


@kind("membership.status_set.1", day="day", facts=("status",))
class StatusSet(Record, frozen=True, kw_only=True):
    """The member's state of activity from `day` on."""

    day: Plain[dt.date]
    status: Ordinary[Activity]
    paper: Ordinary[str | None] = None


@kind("membership.left.1", day="day", facts=("status",))
class Left(Record, frozen=True, kw_only=True):
    """The member is no longer one of this committee from `day` on, and how."""

    day: Plain[dt.date]
    status: Ordinary[Gone]
    departure: Ordinary[Departure | None] = None
    paper: Ordinary[str | None] = None


@kind("membership.noted.1", day="day", facts=("note",))
class Noted(Record, frozen=True, kw_only=True):
    """What a clerk has to remember about the member from `day` on, in her own words; None: nothing any more."""

    day: Plain[dt.date]
    note: Ordinary[str | None]


@kind("membership.exported.1", day="day")
class Exported(Record, frozen=True, kw_only=True):
    """What changed between two positions of the log went out as a sheet for the national database; about itself.

    `since`: the last position of the export before (None: the first one), to which it refers; `until`: the last position
    that it took in; `count`: the members in the sheet. Taken back, it counts as never made: the next one begins where it began.
    """

    day: Plain[dt.date]
    until: Plain[int]
    count: Plain[int]
    since: Plain[int | None] = None


RECORDS: Final = (Entered, Changed, Corrected, Moved, StatusSet, Left, Noted, Exported)
