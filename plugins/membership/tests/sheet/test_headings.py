"""The sheet of the list is found by its headings, or the first that differs is told."""

from collections.abc import Callable, Mapping

import pytest

from chibox.errors import Invalid
from chibox_membership.sheet.headings import entry_sheet
from chibox_membership.sheet.places import number
from chibox_membership.sheet.wire import Cell, Row, Table, Workbook

Tables = Callable[..., Table]


def changed(table: Table, row: int, column: str, text: str) -> Table:
    """The sheet with another heading in one cell."""
    rows = [
        Row(one.number, {**one.cells, number(column): Cell("text", text)}) if one.number == row else one
        for one in table.rows
    ]
    return Table(table.name, rows, [], [])


def refusal(*tables: Table) -> str:
    """The sentence with which a workbook of these sheets is refused."""
    with pytest.raises(Invalid) as refused:
        entry_sheet(Workbook(list(tables)))
    return str(refused.value)


def test_the_sheet_with_the_headings_is_the_list(table: Tables, good: Mapping[str, str]) -> None:
    """Other visible sheets, a note before the list for instance, do not matter."""
    note = Table("Hướng dẫn", [Row(1, {1: Cell("text", "Ghi đủ các cột")})], [], [])
    found = table(good)
    assert entry_sheet(Workbook([note, found])) is found


@pytest.mark.parametrize(
    ("row", "column", "text"),
    [
        (6, "C", "HỌ VÀ TÊN (*)"),
        (6, "C", "Họ và\ntên*"),
        (6, "F", "Ngày sinh"),
        (6, "M", "Số thẻ theo QĐ 85"),
        (6, "AC", "Đề nghị xoá"),
        (6, "U", "Nơi thường trú *"),
        (7, "P", "Tỉnh / Thành phố"),
    ],
)
def test_spelling_of_a_heading_does_not_matter(table: Tables, row: int, column: str, text: str) -> None:
    """Case, stars, brackets, line breaks and the words of other copies of the 4.0 sheet are known."""
    found = changed(table(), row, column, text)
    assert entry_sheet(Workbook([found])) is found


@pytest.mark.parametrize(
    ("row", "column", "text", "sentence"),
    [
        (6, "J", "Số thẻ", "Row 6, column J: the heading is “Số thẻ”. The 4.0 sheet has “Số thẻ Đảng *” there."),
        (6, "Y", "Ngày vào", "Row 6, column Y: the heading is “Ngày vào”. The 4.0 sheet has “Ngày chính thức *” there."),
        (7, "Q", "", "Row 7, column Q: the heading is “”. The 4.0 sheet has “Chi tiết” there."),
        (7, "A", "1", "Row 7, column A: the heading is “1”. The 4.0 sheet has “” there."),
        (6, "C", "Tên", "No sheet of this workbook has the headings of the 4.0 sheet in rows 6 and 7."),
    ],
)  # fmt: skip
def test_a_heading_that_differs_is_told(table: Tables, row: int, column: str, text: str, sentence: str) -> None:
    """The first heading that is another is named with its place, what stands there and what should."""
    assert refusal(changed(table(), row, column, text)) == sentence


def test_headings_in_another_row_are_told(table: Tables) -> None:
    """Headings that stand higher or lower say where they should stand."""
    moved = Table("DS", [Row(row.number - 3, row.cells) for row in table().rows], [], [])
    assert refusal(moved) == (
        "The headings stand in row 3. The 4.0 sheet has them in rows 6 and 7, and its list from row 8."
    )


def test_two_lists_in_one_workbook_are_refused(table: Tables, good: Mapping[str, str]) -> None:
    """When two visible sheets have the headings, neither is chosen in silence."""
    assert refusal(table(good, name="Một"), table(good, name="Hai")) == (
        "Sheets “Một” and “Hai” both have the headings of the 4.0 sheet. Keep one and send it again."
    )
