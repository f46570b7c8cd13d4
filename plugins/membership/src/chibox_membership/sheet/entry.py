"""From the bytes of a file to the members it lists, or to one refusal that says everything that is wrong."""

from datetime import date

from chibox_membership.sheet.faults import refusal
from chibox_membership.sheet.headings import entry_sheet
from chibox_membership.sheet.reading import read
from chibox_membership.sheet.rows import SheetRow, checked
from chibox_membership.sheet.values import Units
from chibox_membership.sheet.wire import Limits


def entered(data: bytes, units: Units, today: date, limits: Limits | None = None) -> list[SheetRow]:
    """The rows of a good 4.0 sheet, in its order.

    `units` has the ids by `search_key` of their names (`units_by_name`). Raises `Invalid`: for a file that cannot be
    read or is no 4.0 sheet, in its words; for faults in rows, with a sentence for each cell in `fields` (C318).
    Nothing is taken of a sheet with a fault. Blocks while the file is read: call it from a thread.
    """
    found = checked(entry_sheet(read(data, limits)), units, today)
    if found.faults:
        raise refusal(found.faults)
    return found.rows
