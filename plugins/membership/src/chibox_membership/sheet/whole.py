"""A whole sheet at once, for who mends nothing by hand: its rows, or one refusal that names every wrong cell."""

from datetime import date

from chibox.plugin import Invalid
from chibox_membership.sheet.headings import layout
from chibox_membership.sheet.reading import read
from chibox_membership.sheet.rows import RowReader, SheetRow, list_rows, refuse_secrets
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.wire import Limits, Workbook


def whole(data: bytes, units: Units, today: date, limits: Limits | None = None) -> list[SheetRow]:
    """The rows of a file in which every cell can be read, in its order.

    Raises `Invalid`: for a file that cannot be read or is no list of members, in its words; for wrong cells, with a
    sentence for each in `fields` (C318). Blocks while the file is read: call it from a thread.
    """
    return taken(read(data, limits), units, today)


def taken(book: Workbook, units: Units, today: date) -> list[SheetRow]:
    """The same of a file that was read."""
    for table in book.tables:
        refuse_secrets(table)
    found = layout(book)
    reader, merged = RowReader(found.columns, units, today), found.merged()
    rows = [reader.read(row, {}, merged.get(row.number, {})) for row in list_rows(found)]
    faults = [fault for row in rows for fault in row.faults]
    if faults:
        raise Invalid(
            "The sheet was not taken: {count} places in {rows} rows need a look. Nothing was changed.",
            fields={f"{fault.column}{fault.row}": fault.words for fault in faults},
            count=len(faults),
            rows=len({fault.row for fault in faults}),
        )
    return [SheetRow(row=row.row, **row.values) for row in rows]
