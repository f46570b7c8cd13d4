"""The rows of a command, held to what is asked of a cell: whoever sends them read no file with our reader."""

import datetime as dt
from typing import Final

from chibox.plugin import Invalid, Words, words
from chibox_membership.checks import fault_of
from chibox_membership.commands import given
from chibox_membership.records import DETAILS
from chibox_membership.sheet.columns import BY_KEY
from chibox_membership.sheet.faults import Fault, Wrong
from chibox_membership.sheet.rows import ReadRow, SheetRow, disagreeing

_WHY: Final = words("Row {row}, column {column}: {why}")
_BESIDE: Final = ("cell", "status", "left_on")


def row_given(row: SheetRow, today: dt.date) -> ReadRow:
    """The values of a row, cleaned, and every fault in them. An empty text is an empty cell."""
    faults: list[Fault] = []
    try:
        details = given(row)
    except Invalid as refused:
        faults += [_fault(row, key, why) for key, why in refused.fields.items()]
        details = {key: getattr(row, key) for key in DETAILS if key not in refused.fields}
    values = {key: value for key, value in details.items() if value is not None}
    values |= {key: value for key in _BESIDE if (value := getattr(row, key)) is not None}
    faults += [_fault(row, key, why) for key, value in values.items() if (why := fault_of(key, value, today))]
    if not faults:
        faults += [wrong.at(row.row, BY_KEY[key].letter, key) for key, wrong in disagreeing(values)]
    return ReadRow(row.row, values, tuple(faults))


def _fault(row: SheetRow, key: str, why: Words) -> Fault:
    return Wrong(_WHY, why=why).at(row.row, BY_KEY[key].letter, key)
