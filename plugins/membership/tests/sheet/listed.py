"""A list of a test, read row by row as the trial reads it."""

import datetime as dt
from typing import NamedTuple

from chibox_membership.sheet.faults import Fault
from chibox_membership.sheet.headings import layout
from chibox_membership.sheet.rows import RowReader, SheetRow, list_rows, refuse_secrets
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.wire import Table, Workbook


class Checked(NamedTuple):
    """The rows without fault, and every fault."""

    rows: list[SheetRow]
    faults: list[Fault]


def checked(table: Table, units: Units, today: dt.date) -> Checked:
    """Every row of the table."""
    refuse_secrets(table)
    found = layout(Workbook([table]))
    reader, merged = RowReader(found.columns, units, today), found.merged()
    read = [reader.read(row, {}, merged.get(row.number, {})) for row in list_rows(found)]
    good = [SheetRow(row=row.row, **row.values) for row in read if not row.faults]
    return Checked(good, [fault for row in read for fault in row.faults])
