"""Small files that become large, or take long: only the reading process itself may meet them."""

from typing import Final

from plugins.membership.tests.sheet.hostile.files import (
    BOOK,
    LINE,
    LINKS,
    READ,
    Case,
    before,
    cell,
    rows,
    shared,
    text,
)
from plugins.membership.tests.sheet.hostile.sentences import BROKEN, MEMORY, TEXT

from chibox_membership.sheet.places import letters

_AFTER: Final = "</sheetData>"
_ROWS: Final = "This workbook holds more than 20000 rows. Divide the list."
_NAME: Final = '<definedName name="x">1</definedName>'
_RELATION: Final = '<Relationship Id="r" Type="x" Target="y"/>'


def _formatted(count: int) -> bytes:
    """Rows without a value, each cell of them with a format."""
    cells = "".join(f'<c r="{letters(place)}@" s="1"/>' for place in range(1, 32))
    lines = (f'<row r="{row}">{cells.replace("@", str(row))}</row>' for row in range(9, 9 + count))
    return before(_AFTER, "".join(lines))


def _wide(count: int) -> bytes:
    """Rows with a value in every column that is not kept."""
    cells = "".join(f'<c r="{letters(place)}@"><v>1</v></c>' for place in range(100, 16_385))
    lines = (f'<row r="{row}">{cells.replace("@", str(row))}</row>' for row in range(9, 9 + count))
    return before(_AFTER, "".join(lines))


CASES: Final = (
    Case("150 MB of space in a part", lambda: before("<sheetData>", " " * 150_000_000), READ),
    Case("150 MB of text in a cell", lambda: cell("W", "x" * 150_000_000), MEMORY),
    Case("three million empty rows", lambda: before(_AFTER, "<row/>" * 3_000_000), READ),
    Case("two hundred thousand formatted rows", lambda: _formatted(200_000), READ),
    Case("fifty thousand rows", lambda: rows(*[{}] * 50_000), _ROWS),
    Case("half a million values beyond the columns", lambda: _wide(30), READ),
    Case("a million shared strings too many", lambda: cell("D", "x", more=shared(*["<t>x</t>"] * 1_000_001)), TEXT),
    Case("a hundred thousand shared strings", lambda: cell("D", "", more=shared(*["<t>x</t>"] * 100_000)), READ),
    Case("a million styles",
         lambda: before("</cellXfs>", '<xf numFmtId="14"/>' * 1_000_000, "xl/styles.xml"), MEMORY),
    Case("two million merged ranges", lambda: before("</mergeCells>", '<mergeCell ref="A8:B8"/>' * 2_000_000), MEMORY),
    Case("a million names", lambda: before("</workbook>", f"<definedNames>{_NAME * 1_000_000}</definedNames>", BOOK), MEMORY),
    Case("a million relations", lambda: before("</Relationships>", _RELATION * 1_000_000, LINKS), MEMORY),
    Case("twenty million fields in a row", lambda: text(LINE)[:-2] + b"," * 19_900_000, MEMORY),
    Case("twenty million rows of nothing", lambda: text(LINE) + b"\n" * 19_900_000, READ),
    Case("a quote that is not closed in 20 MB", lambda: text(LINE, '1,"x', *[LINE] * 130_000), BROKEN.format(row=2)),
    Case("twenty MB of one letter", lambda: text(LINE) + b"x" * 19_900_000, BROKEN.format(row=2)),
    Case("twenty MB of quotes", lambda: text(LINE) + b'"' * 19_900_000, BROKEN.format(row=2)),
)  # fmt: skip
"""What takes more memory in a later version of a library may be refused for its memory, and the reverse."""
