"""What can be asked of the roll, and how it is decided."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from msgspec import UNSET, UnsetType

from chibox.plugin import Command, Commands, Invalid, NotFound, Read, Refused, Stated, Words, clean, state, words
from chibox_membership.checks import check_details, check_new
from chibox_membership.records import (
    DETAILS,
    Activity,
    Changed,
    Corrected,
    Departure,
    Entered,
    Gone,
    Ground,
    Left,
    Moved,
    Sex,
    StatusSet,
)
from chibox_membership.tables import GONE, Member

commands = Commands("membership")
CAPTURE: Final = "membership.capture"


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


class Correct(_Some, frozen=True, kw_only=True):
    """Details were written down wrongly (sửa ghi sai); identity fields need the ground and its paper."""

    ground: Ground
    paper: str | None = None


class Move(Command, frozen=True, kw_only=True):
    """The member goes to another cell of the committee."""

    member: str
    cell: str
    day: dt.date


class SetStatus(Command, frozen=True, kw_only=True):
    """The member's state of activity changes."""

    member: str
    status: Activity
    day: dt.date


class Leave(Command, frozen=True, kw_only=True):
    """The member is no longer one of this committee."""

    member: str
    status: Gone
    day: dt.date
    departure: Departure | None = None


def member_of(read: Read, subject: str) -> Member:
    """The row of a member. Raises NotFound."""
    row = read.row(Member, subject)
    if row is None:
        raise NotFound("There is no such member in this roll.")
    return row


def _where(command: Any, read: Read) -> Sequence[tuple[str, str]]:
    return [(CAPTURE, member_of(read, command.member).cell)]


def given(command: Any) -> dict[str, Any]:
    """The details that a command gives, texts cleaned; an empty text is None."""
    found: dict[str, Any] = {}
    for field in DETAILS:
        value = getattr(command, field)
        if value is not UNSET:
            found[field] = (clean(value) or None) if isinstance(value, str) else value
    return found


@commands.decides(needs=lambda c, _: [(CAPTURE, c.cell)])
def enter(command: Enter, read: Read) -> list[Stated]:
    """Refused when the personal number, card or national id is another member's."""
    if read.unit(command.cell) is None:
        raise Invalid("Choose a cell.", fields={"cell": words("There is no such party organisation.")})
    details = given(command)
    check_new(read, details)
    record = Entered(cell=command.cell, status="active", **{k: v for k, v in details.items() if v is not None})
    return [state(record, read.new_id(), command.cell)]


@commands.decides(needs=_where, about="member")
def change(command: Change, read: Read) -> list[Stated]:
    """A new fact from a day on. A birth date does not change: it can only have been written down wrongly."""
    row = member_of(read, command.member)
    _not_to_come(command.day, read)
    details = {f: v for f, v in given(command).items() if v != getattr(row, f)}
    if "born_on" in details:
        raise Invalid(
            "A birth date does not change.", fields={"born_on": words("Correct it if it was written down wrongly.")}
        )
    if not details:
        return []
    check_details(read, row, details)
    return [state(Changed(day=command.day, **details), command.member, row.cell)]


@commands.decides(needs=_where, about="member")
def correct(command: Correct, read: Read) -> list[Stated]:
    """One correction for each record that stated something wrong; it refers to that record and stands on its day."""
    row = member_of(read, command.member)
    details = {f: v for f, v in given(command).items() if v != getattr(row, f)}
    if not details:
        return []
    _check_ground(command, details)
    check_details(read, row, details)
    return corrections(read, row, details, command.ground, command.paper)


def corrections(
    read: Read, row: Member, details: dict[str, Any], ground: Ground, paper: str | None = None
) -> list[Stated]:
    """The records that correct `details` of a member: grouped by the record that stated them."""
    known = read.facts([row.subject], fields=details).get(row.subject, {})
    by_record: dict[str | None, dict[str, Any]] = {}
    for field, value in details.items():
        fact = known.get(field)
        by_record.setdefault(None if fact is None else fact.rid, {})[field] = value
    stated = []
    for rid, some in by_record.items():
        facts = [known[f] for f in some if f in known]
        since = dt.date.fromisoformat(facts[0].since) if facts and facts[0].since else None
        entry = read.entry(facts[0].position) if facts else None
        day = since or row.admitted_on
        if entry is not None and isinstance(entry.body, Entered):
            day = entry.body.admitted_on
        record = Corrected(day=day, since=since, ground=ground, paper=paper, **some)
        stated.append(state(record, row.subject, row.cell, () if rid is None else (f"r{rid}",)))
    return stated


@commands.decides(
    needs=lambda c, read: [(CAPTURE, member_of(read, c.member).cell), (CAPTURE, c.cell)],
    about="member",
)
def move(command: Move, read: Read) -> list[Stated]:
    """Both cells are concerned."""
    row = member_of(read, command.member)
    _present(row)
    _not_to_come(command.day, read)
    if read.unit(command.cell) is None:
        raise Invalid("Choose a cell.", fields={"cell": words("There is no such party organisation.")})
    if command.cell == row.cell:
        return []
    return [state(Moved(day=command.day, cell=command.cell), command.member, command.cell)]


@commands.decides(needs=_where, about="member")
def set_status(command: SetStatus, read: Read) -> list[Stated]:
    """Only for who has not gone."""
    row = member_of(read, command.member)
    _present(row)
    _not_to_come(command.day, read)
    if command.status == row.status:
        return []
    return [state(StatusSet(day=command.day, status=command.status), command.member, row.cell)]


@commands.decides(needs=_where, about="member")
def leave(command: Leave, read: Read) -> list[Stated]:
    """Who has gone cannot go again."""
    row = member_of(read, command.member)
    _present(row)
    _not_to_come(command.day, read)
    record = Left(day=command.day, status=command.status, departure=command.departure)
    return [state(record, command.member, row.cell)]


def _present(row: Member) -> None:
    if row.status in GONE:
        raise Refused("This member has left the committee.")


def _not_to_come(day: dt.date, read: Read) -> None:
    if day > read.today:
        raise Invalid("A day to come cannot be recorded yet.", fields={"day": words("This day has not come yet.")})


def _check_ground(command: Correct, details: dict[str, Any]) -> None:
    wrong: dict[str, Words] = {}
    if "born_on" in details and command.ground != "original_file":
        wrong["ground"] = words("A birth date is corrected from the original file only (notice 13-TB/TW of 17/8/2016).")
    identity = {"born_on", "personal_id", "national_id", "card_number", "full_name"} & details.keys()
    if identity and not (command.paper and command.paper.strip()):
        wrong["paper"] = words("State the paper: what it is, its number and date.")
    if wrong:
        raise Invalid("Not saved: {count} places need a look.", fields=wrong, count=len(wrong))
