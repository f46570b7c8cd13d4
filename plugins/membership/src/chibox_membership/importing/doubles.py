"""What the rows of one file say against each other: numbers that stand twice, and two rows about one member."""

from collections.abc import Iterable, Mapping
from typing import Final

from chibox.plugin import words
from chibox_membership.sheet.columns import BY_KEY
from chibox_membership.sheet.faults import Fault, Wrong
from chibox_membership.sheet.rows import ReadRow

_UNIQUE: Final = {
    "national_id": words("Row {row}, column {column}: row {other} has the same ID."),
    "personal_id": words("Row {row}, column {column}: row {other} has the same personal number."),
    "card_number": words("Row {row}, column {column}: row {other} has the same party card number."),
    "old_card_number": words("Row {row}, column {column}: row {other} has the same old card number."),
}
_TWICE: Final = words("Row {row}, column {column}: row {other} is about the same member.")


def numbers_twice(rows: Iterable[ReadRow], letters: Mapping[str, str] = {}) -> dict[int, list[Fault]]:
    """Faults by row, of every row that shares a number with another: a person sees both."""
    first: dict[str, dict[str, int]] = {key: {} for key in _UNIQUE}
    again: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        for key, seen in first.items():
            if (value := row.values.get(key)) and (before := seen.setdefault(value, row.row)) != row.row:
                again.setdefault((key, value), [before]).append(row.row)
    found: dict[int, list[Fault]] = {}
    for (key, value), places in again.items():
        for here in places:
            other = next(place for place in places if place != here)
            fault = Wrong(_UNIQUE[key], other=str(other)).at(here, letters.get(key, BY_KEY[key].letter), key, value)
            found.setdefault(here, []).append(fault)
    return found


def members_twice(about: Iterable[tuple[int, str]], letters: Mapping[str, str] = {}) -> dict[int, list[Fault]]:
    """Faults by row, of every row that is about a member whom another is about too."""
    rows: dict[str, list[int]] = {}
    for row, member in about:
        rows.setdefault(member, []).append(row)
    found: dict[int, list[Fault]] = {}
    for places in rows.values():
        for row in places if len(places) > 1 else ():
            other = next(place for place in places if place != row)
            column = letters.get("full_name", BY_KEY["full_name"].letter)
            found[row] = [Wrong(_TWICE, other=str(other)).at(row, column, "full_name")]
    return found
