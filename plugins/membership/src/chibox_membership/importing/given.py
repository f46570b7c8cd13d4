"""The rows of a command, held to what is asked of a cell: whoever sends them read no file with our reader."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

from chibox.plugin import Words, words
from chibox_membership.checks import fault_of
from chibox_membership.commands import told
from chibox_membership.records import DETAILS
from chibox_membership.sheet.columns import BY_KEY
from chibox_membership.sheet.faults import Fault, Wrong
from chibox_membership.sheet.rows import ReadRow, SheetRow, disagreeing

_WHY: Final = words("Row {row}, column {column}: {why}")
_BESIDE: Final = ("cell", "status", "left_on")
_Found = tuple[Any, Words | None]


def rows_given(rows: Iterable[SheetRow], today: dt.date) -> list[ReadRow]:
    """The values of each row, cleaned, and every fault in them. An empty text is an empty cell."""
    known: dict[tuple[str, Any], _Found] = {}  # of places and codes thousands of rows have the same
    return [_given(row, today, known) for row in rows]


def _given(row: SheetRow, today: dt.date, known: dict[tuple[str, Any], _Found]) -> ReadRow:
    values = {key: value for key in _BESIDE if (value := getattr(row, key)) is not None}
    faults: list[Fault] = []
    for key in DETAILS:
        value = getattr(row, key)
        if value is not None:
            found = known.get((key, value))
            if found is None:
                found = known[key, value] = _looked_at(key, value, today)
            if found[1] is not None:
                faults.append(_fault(row, key, found[1]))
            elif found[0] is not None:
                values[key] = found[0]
    if row.left_on is not None and (why := fault_of("left_on", row.left_on, today)):
        faults.append(_fault(row, "left_on", why))
    if not faults:
        faults += [wrong.at(row.row, BY_KEY[key].letter, key) for key, wrong in disagreeing(values)]
    return ReadRow(row.row, values, tuple(faults))


def _looked_at(key: str, value: Any, today: dt.date) -> _Found:
    if isinstance(value, str):
        value, why = told(key, value)
        if why is not None or value is None:
            return value, why
    return value, fault_of(key, value, today)


def _fault(row: SheetRow, key: str, why: Words) -> Fault:
    return Wrong(_WHY, why=why).at(row.row, BY_KEY[key].letter, key)
