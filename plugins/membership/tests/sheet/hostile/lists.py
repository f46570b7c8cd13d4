"""Lists that are too much, too little, or not where one looks for them."""

import re
from typing import Final

from plugins.membership.tests.sheet.hostile.files import (
    BOOK,
    GOOD,
    READ,
    SHEET,
    Case,
    Raw,
    before,
    changed,
    packed,
    parts,
    row_xml,
    rows,
    with_part,
)
from plugins.membership.tests.sheet.hostile.sentences import END, NO_LIST

from chibox_membership.sheet.places import letters

_AFTER = "</sheetData>"
_PART = "xl/worksheets/sheet2.xml"
_EMPTY = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(9, 50_000))
_ALL_MERGED = {
    f"{letters(at)}8": f"Row 8, column {letters(at)}: the cells A1:XFD1048576 are merged. Unmerge them."
    for at in range(2, 32)
}
_ALL_LONG = {
    f"{letter}{row}": f"Row {row}, column {letter}: the cell holds 31350 characters; at most 500 are kept."
    for row in range(8, 50) for letter in GOOD if letter != "A"
}  # fmt: skip
_SECRET = "Row {at} bears a mark of secrecy. State secrets do not belong in this box: take the file off this network."
_FAR = "Sheet “DANH SÁCH ĐẢNG VIÊN”: a value stands alone in row {row}, far below the list. Delete that row."


def _merged(*refs: str) -> bytes:
    xml = parts()[SHEET].decode()
    begin, end = xml.index("<mergeCells"), xml.index("</mergeCells>")
    body = "".join(f'<mergeCell ref="{ref}"/>' for ref in refs)
    return with_part(SHEET, f"{xml[:begin]}<mergeCells>{body}{xml[end:]}")


def _many_merged(first: str, last: str) -> bytes:
    """Thousands of rows, and as many merged ranges over all of them."""
    lines = "".join(row_xml(row, GOOD) for row in range(9, 3_000))
    body = "".join(f'<mergeCell ref="{first}8:{last}{19_000 + n}"/>' for n in range(19_999))
    xml = parts()[SHEET].decode().replace(_AFTER, lines + _AFTER)
    return with_part(SHEET, re.sub("<mergeCells.*?</mergeCells>", f"<mergeCells>{body}</mergeCells>", xml))


def _heading(old: str, new: str) -> bytes:
    return changed(SHEET, f"<t>{old}</t>", f"<t>{new}</t>")


def _long_headings() -> bytes:
    """Every cell of twenty rows is a text of thousands of letters: all that an answer may hold."""
    places = [*GOOD, "B", "D", "K", "L", "M", "O", "P", "Q", "R", "S", "T", "U", "V", "W", "Z", "AB", "AC", "AD", "AE"]
    wide = {letter: f"{letter} " + "ệ/" * 12_000 for letter in places}
    xml = "".join(row_xml(row, wide) for row in range(1, 21))
    whole = parts()[SHEET].decode()
    return with_part(SHEET, whole[: whole.index("<sheetData>")] + f"<sheetData>{xml}</sheetData></worksheet>")


def _both() -> bytes:
    """A second sheet, visible, is the same list."""
    book = parts()[BOOK].replace(b' state="hidden"', b"", 1)
    return packed({**parts(), BOOK: book, _PART: parts()[SHEET]})


def _long_cells() -> bytes:
    """All the text that an answer may hold, in letters that take long to look at."""
    return rows(*[dict.fromkeys(GOOD, "Nguyeãn Thò Höôøng " * 1_650)] * 42)


CASES: Final = (
    Case("hidden rows", lambda: changed(SHEET, '<row r="8"', '<row hidden="1" r="8"'), READ),
    Case("hidden columns", lambda: changed(SHEET, "<cols>", '<cols><col min="3" max="3" hidden="1"/>'), READ),
    Case("filtered rows", lambda: before("<mergeCells", '<autoFilter ref="A7:AE8"/>'), READ),
    Case("merged cells in the list", lambda: _merged("G8:H8"), {
        "G8": "Row 8, column G: the cells G8:H8 are merged. Unmerge them.",
        "H8": "Row 8, column H: the cells G8:H8 are merged. Unmerge them.",
    }),
    Case("merged cells beside the list", lambda: _merged("BA1:BB400"), READ),
    Case("merged cells that are none", lambda: _merged("A8", "8A:9B", "", "x:y", "A0:B0", "A8:B8:C8"), END),
    Case("a merged range of everything",
         lambda: _merged("A1:XFD1048576"),
         _ALL_MERGED),
    Case("thousands of merged ranges over thousands of rows", lambda: _many_merged("C", "D"),
         "In this list many cells are merged. Unmerge them in Excel and send it again."),
    Case("thousands of merged ranges beside thousands of rows", lambda: _many_merged("BX", "BZ"), READ * 2_992),
    Case("fifty thousand formatted rows", lambda: before(_AFTER, _EMPTY), READ),
    Case("a value in the last row that there is", lambda: before(_AFTER, row_xml(1_048_576, {"A": "x"})),
         _FAR.format(row=1_048_576)),
    Case("a formula in the last row that there is", lambda: before(_AFTER, row_xml(1_048_576, {"A": Raw("", "<f>1</f>")})),
         _FAR.format(row=1_048_576)),
    Case("a value in row nine million", lambda: before(_AFTER, row_xml(9_999_999, {"A": "x"})), _FAR.format(row=9_999_999)),
    Case("a value far below, at the edge", lambda: before(_AFTER, row_xml(100_000, {"C": "x"})), (*READ, "x, None")),
    Case("a value in the last column that there is", lambda: before("</row></sheetData>", '<c r="XFD8"><v>1</v></c>'), READ),
    Case("a heading twice", lambda: _heading("Tên gọi khác", "Họ tên"),
         "Columns C and D have the same heading, “Full name”. Keep one of them and send it again."),
    Case("a column without its name", lambda: _heading("Họ và tên *", "Cột 3"), NO_LIST),
    Case("a heading of thirty thousand letters", lambda: _heading("Tên gọi khác", "x" * 30_000), READ),
    Case("headings of a million letters", _long_headings, NO_LIST),
    Case("five hundred cells of thirty thousand letters for VNI", _long_cells,
         _ALL_LONG),
    Case("headings alone", lambda: rows(dict.fromkeys(GOOD, "")), "The list is empty: no row below the headings holds anything."),
    Case("running numbers alone", lambda: rows({**dict.fromkeys(GOOD, ""), "A": "1"}),
         "The list is empty: no row below the headings holds anything."),
    Case("two lists", _both, "Sheets “DANH SÁCH ĐẢNG VIÊN” and “QUOCGIA” are both lists of members. Keep one and send it again."),
    Case("a mark of secrecy in the head", lambda: changed(SHEET, "<t>DANH", "<t>TỐI MẬT&#10;DANH"),
         _SECRET.format(at="1, column A")),
    Case("a mark of secrecy in the list", lambda: rows({"D": "Tuyệt mật"}), _SECRET.format(at="8, column D")),
    Case("a mark of secrecy in signs of its own", lambda: rows({"D": "[ MẬT ]"}), _SECRET.format(at="8, column D")),
    Case("a mark of secrecy to the right of the list", lambda: rows({"AZ": "Mật"}), _SECRET.format(at="8, column AZ")),
    Case("the word in a sentence", lambda: rows({"W": "Xóm Mật Sơn"}), READ),
)  # fmt: skip
