"""Rules of the roll that no column can hold: numbers that belong to one member only, days in their order."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from chibox.plugin import Invalid, Read, Words, words
from chibox_membership.tables import Member

UNIQUE: Final = ("personal_id", "national_id", "card_number")
_DIGITS: Final = re.compile(r"[0-9]{12}\Z")


def check_new(read: Read, details: Mapping[str, Any]) -> None:
    """Raises Invalid when a new member's details cannot be taken."""
    _refuse({**_faults(read, details), **_taken(read, None, details)})


def check_details(read: Read, row: Member, details: Mapping[str, Any]) -> None:
    """The same for details of a member who stands in the roll, with those that stay."""
    whole = {**{f: getattr(row, f) for f in ("admitted_on", "official_on", "born_on")}, **details}
    _refuse({**_faults(read, whole), **_taken(read, row.subject, details)})


def _refuse(wrong: Mapping[str, Words]) -> None:
    if wrong:
        raise Invalid("Not saved: {count} places need a look.", fields=dict(wrong), count=len(wrong))


def _faults(read: Read, details: Mapping[str, Any]) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    for field in ("personal_id", "card_number"):
        value = details.get(field)
        if value is not None and not _DIGITS.match(value):
            wrong[field] = words("12 digits are needed here; this has {count} characters.", count=len(value))
    for field in ("full_name", "ethnic_group", "religion"):
        if field in details and not details[field]:
            wrong[field] = words("This cannot be empty.")
    for field, value in details.items():
        if isinstance(value, dt.date) and value > read.today:
            wrong[field] = words("This day has not come yet.")
    admitted, official, born = (details.get(f) for f in ("admitted_on", "official_on", "born_on"))
    if official is not None and admitted is not None and official < admitted:
        wrong["official_on"] = words("Nobody is official before the admission.")
    if born is not None and admitted is not None and admitted <= born:
        wrong["admitted_on"] = words("Nobody is admitted before birth.")
    return wrong


def _taken(read: Read, subject: str | None, details: Mapping[str, Any]) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    for field in UNIQUE:
        value = details.get(field)
        if value is None:
            continue
        column = getattr(read.table(Member), field)
        others = [m for m in read.rows(Member, read.select(Member).where(column == value)) if m.subject != subject]
        if others:
            wrong[field] = words("This number stands with another member already.")
    return wrong
