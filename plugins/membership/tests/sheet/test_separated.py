"""Text files of separated values: decoded strictly, parted by what parts their headings, each fault of the file said."""

import pytest

from chibox_membership.sheet.child import answer
from chibox_membership.sheet.wire import KEPT_COLUMNS, Limits, Refusal, Workbook

HEADINGS = "TT,Họ và tên,Ngày sinh,CCCD"
ROW = "1,Lò Văn Ánh,02/10/1988,990168001217"


def cells(data: bytes, **limits: int) -> list[tuple[int, list[str]]]:
    """The rows that were read: number and texts."""
    found = answer(data, Limits(**limits))
    assert isinstance(found, Workbook), found
    (table,) = found.tables
    return [(row.number, [cell.text for cell in row.cells.values()]) for row in table.rows]


def refusal(data: bytes, **limits: int) -> str:
    """The sentence with which the file is refused."""
    found = answer(data, Limits(**limits))
    assert isinstance(found, Refusal), found
    return found.msgid.format(**found.params)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separator_and_encoding_are_told_by_the_file(separator: str, encoding: str) -> None:
    """Every usual separator, UTF-8 with and without its mark, UTF-16 with it."""
    text = f"{HEADINGS}\r\n\r\n{ROW}\r\n".replace(",", separator)
    assert cells(text.encode(encoding)) == [(1, HEADINGS.split(",")), (3, ROW.split(","))]


def test_a_record_is_a_row_whatever_lines_it_has() -> None:
    """A quoted line break stays in its field; a separator that the unicode standard calls a line end is none."""
    text = f'{HEADINGS}\n1,"Lò\nVăn, ""Ánh""",\u20282/10/1988,=1+1\n'
    assert cells(text.encode()) == [
        (1, HEADINGS.split(",")), (2, ["1", 'Lò\nVăn, "Ánh"', "\u20282/10/1988", "=1+1"]),
    ]  # fmt: skip


def test_columns_too_far_to_the_right_are_told() -> None:
    """They are not kept, and the table says so."""
    found = answer(",".join(["a"] * (KEPT_COLUMNS + 2)).encode(), Limits())
    assert isinstance(found, Workbook)
    assert found.tables[0].beyond == "BM1"


@pytest.mark.parametrize(
    ("data", "limits", "sentence"),
    [
        (HEADINGS.encode("cp1258", "replace") + b"\xff", {},
         "This text file is not in UTF-8. In Excel choose “CSV UTF-8”, or save it as .xlsx, and send that."),
        (b"\xff\xfe" + "a,b\x00c".encode("utf-16-le"), {},
         "This file is no text: it holds the sign NUL. Save it as .xlsx in Excel and send that."),
        ("Danh sách\nLò Văn Ánh\n".encode(), {},
         "This text file has no columns: no comma, semicolon or tab parts its first lines."),
        (f"{HEADINGS}\n{ROW}\n".encode() * 15 + f"{ROW},x\n".encode(), {},
         "Row 31 has 5 fields, the headings have 4. Look for a stray separator or quote."),
        (f'{HEADINGS}\n{ROW}\n"1,Lò Văn Ánh\n'.encode(), {},
         "After row 2 this text file is broken: a quote is not closed, or a field is too long. Save it again."),
        (f"{HEADINGS}\n{ROW}\n{'x' * 100}\n".encode(), {"cell": 90},
         "After row 2 this text file is broken: a quote is not closed, or a field is too long. Save it again."),
        (f"{HEADINGS}\n{ROW}\n{ROW}\n".encode(), {"rows": 2}, "This workbook holds more than 2 rows. Divide the list."),
        (f"{HEADINGS}\n{ROW}\n".encode(), {"answer": 30},
         "This workbook holds more text than a list does. Delete what is not of the list."),
        (b"a,b\n" * 50, {"file": 100}, "This file is larger than 0 MB."),
    ],
)  # fmt: skip
def test_a_broken_text_file_is_refused_in_words(data: bytes, limits: dict[str, int], sentence: str) -> None:
    """What it is, where, and what to do."""
    assert refusal(data, **limits) == sentence
