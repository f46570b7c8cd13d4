"""What can be asked of the roll: the shapes of its commands, which are the bodies of the interface and of the forms."""

import datetime as dt

from msgspec import UNSET, UnsetType

from chibox.plugin import Command
from chibox_membership.records import Activity, Departure, Gone, Ground, Sex


class Enter(Command, frozen=True, kw_only=True):
    """A member enters the roll."""

    cell: str
    full_name: str
    sex: Sex
    born_on: dt.date
    ethnic_group: str
    religion: str
    personal_id: str
    admitted_on: dt.date
    official_on: dt.date | None = None
    national_id: str | None = None
    other_name: str | None = None
    card_number: str | None = None
    card_place: str | None = None
    card_date: dt.date | None = None
    old_card_number: str | None = None
    birth_place_country: str | None = None
    birth_place_province: str | None = None
    birth_place_detail: str | None = None
    home_place_country: str | None = None
    home_place_province: str | None = None
    home_place_detail: str | None = None
    residence_country: str | None = None
    residence_province: str | None = None
    residence_detail: str | None = None
    old_identity_number: str | None = None
    delete_requested: bool | None = None
    paper: str | None = None


class _Some(Command, frozen=True, kw_only=True):
    """Some details; what is not sent stays."""

    member: str
    national_id: str | UnsetType | None = UNSET
    full_name: str | UnsetType = UNSET
    other_name: str | UnsetType | None = UNSET
    sex: Sex | UnsetType = UNSET
    born_on: dt.date | UnsetType = UNSET
    ethnic_group: str | UnsetType = UNSET
    religion: str | UnsetType = UNSET
    personal_id: str | UnsetType = UNSET
    card_number: str | UnsetType | None = UNSET
    card_place: str | UnsetType | None = UNSET
    card_date: dt.date | UnsetType | None = UNSET
    old_card_number: str | UnsetType | None = UNSET
    birth_place_country: str | UnsetType | None = UNSET
    birth_place_province: str | UnsetType | None = UNSET
    birth_place_detail: str | UnsetType | None = UNSET
    home_place_country: str | UnsetType | None = UNSET
    home_place_province: str | UnsetType | None = UNSET
    home_place_detail: str | UnsetType | None = UNSET
    residence_country: str | UnsetType | None = UNSET
    residence_province: str | UnsetType | None = UNSET
    residence_detail: str | UnsetType | None = UNSET
    admitted_on: dt.date | UnsetType = UNSET
    official_on: dt.date | UnsetType | None = UNSET
    old_identity_number: str | UnsetType | None = UNSET
    delete_requested: bool | UnsetType | None = UNSET


class Change(_Some, frozen=True, kw_only=True):
    """Details are different from a day on (thay đổi từ ngày)."""

    day: dt.date
    paper: str | None = None


class Correct(_Some, frozen=True, kw_only=True):
    """Details were written down wrongly (sửa ghi sai); identity fields need the ground and its paper."""

    ground: Ground
    paper: str | None = None


class Move(Command, frozen=True, kw_only=True):
    """The member goes to another cell of the committee."""

    member: str
    cell: str
    day: dt.date
    paper: str | None = None


class SetStatus(Command, frozen=True, kw_only=True):
    """The member's state of activity changes."""

    member: str
    status: Activity
    day: dt.date
    paper: str | None = None


class Leave(Command, frozen=True, kw_only=True):
    """The member is no longer one of this committee."""

    member: str
    status: Gone
    day: dt.date
    departure: Departure | None = None
    paper: str | None = None


class Note(Command, frozen=True, kw_only=True):
    """What is to be remembered about the member from a day on; None takes the note away."""

    member: str
    day: dt.date
    note: str | None = None


class MoveAll(Command, frozen=True, kw_only=True):
    """Several members go to another cell, all or none. `as_of`: the last position that the asker had seen."""

    members: tuple[str, ...]
    cell: str
    day: dt.date
    as_of: int
    paper: str | None = None


class NoteAll(Command, frozen=True, kw_only=True):
    """The same note for several members, all or none. `as_of`: the last position that the asker had seen."""

    members: tuple[str, ...]
    day: dt.date
    as_of: int
    note: str | None = None
