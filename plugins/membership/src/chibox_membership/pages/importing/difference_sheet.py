"""Differences as an .xlsx file, every cell as text, so that no cell is ever a formula."""

import datetime as dt
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Final

from xlsxwriter import Workbook

Row = tuple[str, str, str, str, str, str]
_WIDTHS: Final = (7, 28, 18, 28, 28, 40)


def difference_sheet(heads: Sequence[str], rows: Iterable[Row], day: dt.date) -> bytes:
    """A sheet with these headings and rows; the same rows and day give the same bytes."""
    out = BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": dt.datetime.combine(day, dt.time())})
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "text_wrap": True})
    sheet = book.add_worksheet()
    for place, (width, label) in enumerate(zip(_WIDTHS, heads, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, label, head)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, cell, text)
    book.close()
    return out.getvalue()
