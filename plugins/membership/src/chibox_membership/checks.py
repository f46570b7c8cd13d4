"""Rules of the roll that no column can hold: numbers that belong to one member only, days in their order."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from chibox.plugin import Invalid, Read, Words, words
from chibox_membership.sheet.codes import CODES
from chibox_membership.sheet.columns import BY_KEY, Kind
from chibox_membership.tables import Member

UNIQUE: Final = ("personal_id", "national_id", "card_number")
CELLS: Final = frozenset({"cell", "grassroots_cell"})
LONGEST: Final = 500
FIRST_YEAR: Final = 1900
"""The national entry sheet knows no earlier day."""
_DIGITS: Final = re.compile(r"[0-9]+\Z")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_CODED: Final = {key: CODES[column.kind] for key, column in BY_KEY.items() if column.kind in CODES}
NEEDED: Final = frozenset(("full_name", "sex", "born_on", "ethnic_group", "religion", "personal_id", "admitted_on"))


def check_new(read: Read, details: Mapping[str, Any]) -> None:
    """Raises Invalid when a new member's details cannot be taken."""
    refuse({**_faults(read, details), **_taken(read, None, details)})


def check_details(read: Read, row: Member, details: Mapping[str, Any]) -> None:
    """The same for details of a member who stands in the roll, with those that stay."""
    days = {f: getattr(row, f) for f in ("admitted_on", "official_on", "born_on")}
    refuse({**_faults(read, details, days), **_taken(read, row.subject, details)})


def check_cell(read: Read, cell: str) -> None:
    """Raises Invalid unless a member can belong to the unit."""
    unit = read.unit(cell)
    if unit is None or unit.kind not in CELLS:
        refuse({"cell": words("Choose a cell of this committee.")})


def check_day(read: Read, row: Member, day: dt.date) -> None:
    """Raises Invalid for a day to come, and for one on which the member was none yet."""
    if day > read.today:
        refuse({"day": words("This day has not come yet.")})
    if day < row.admitted_on:
        refuse({"day": words("The admission was later, on {day}.", day=row.admitted_on)})


def refuse(wrong: Mapping[str, Words]) -> None:
    """Raises Invalid when anything is wrong, with the sentence of each field."""
    if wrong:
        raise Invalid("Not saved: {count} places need a look.", fields=dict(wrong), count=len(wrong))


def fault_of(field: str, value: Any, today: dt.date) -> Words | None:
    """What is wrong with a detail by itself: None is nothing for what is needed."""
    if value is None:
        return words("This cannot be empty.") if field in NEEDED else None
    if isinstance(value, dt.date):
        return _day_fault(value, today)
    return _text_fault(field, value) if isinstance(value, str) else None


def _faults(read: Read, details: Mapping[str, Any], days: Mapping[str, Any] | None = None) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    for field, value in details.items():
        fault = fault_of(field, value, read.today)
        if fault is not None:
            wrong[field] = fault
    sound = {field: value for field, value in details.items() if field not in wrong}
    return {**_order({**(days or {}), **sound}, sound), **wrong}


def _order(whole: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Words]:
    """Birth, admission, recognition follow one another; what is wrong is said at a field that was given."""
    born, admitted, official = (whole.get(f) for f in ("born_on", "admitted_on", "official_on"))
    wrong: dict[str, Words] = {}
    if official is not None and admitted is not None and official < admitted:
        if "official_on" in given:
            wrong["official_on"] = words("Nobody is official before the admission, {day}.", day=admitted)
        else:
            wrong["admitted_on"] = words("The member is official since {day}.", day=official)
    if born is not None and admitted is not None and admitted <= born:
        if "admitted_on" in given:
            wrong["admitted_on"] = words("Nobody is admitted before birth, {day}.", day=born)
        else:
            wrong["born_on"] = words("The admission was on {day}.", day=admitted)
    return wrong


def _text_fault(field: str, value: str) -> Words | None:
    kind = BY_KEY[field].kind
    if kind is Kind.DIGITS:
        return _digits_fault(value, BY_KEY[field].digits)
    if kind is Kind.UUID and not _UUID.match(value):
        return words("An ID has 32 hexadecimal digits in five groups; this has not.")
    if field in _CODED and value not in _CODED[field]:
        return words("Choose one from the list.")
    if len(value) > LONGEST:
        return words("At most {most} characters are kept; this has {count}.", most=LONGEST, count=len(value))
    return None


def _day_fault(day: dt.date, today: dt.date) -> Words | None:
    if day > today:
        return words("This day has not come yet.")
    if day.year < FIRST_YEAR:
        return words("The year is {year}; the roll begins with {first}.", year=str(day.year), first=str(FIRST_YEAR))
    return None


def _digits_fault(value: str, lengths: tuple[int, ...]) -> Words | None:
    if not _DIGITS.match(value):
        return words("Only digits stand here.")
    if lengths and len(value) not in lengths:
        count = len(value)
        if len(lengths) > 1:
            return words("{one} or {other} digits are needed here; this has {count}.",
                         one=lengths[0], other=lengths[1], count=count)  # fmt: skip
        return words("{needed} digits are needed here; this has {count}.", needed=lengths[0], count=count)
    return None


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
