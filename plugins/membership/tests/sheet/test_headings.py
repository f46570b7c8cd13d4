"""The list is found by its headings, wherever and in whatever order they stand; what cannot be told is said."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from chibox.errors import Invalid
from chibox_membership.sheet.columns import COLUMNS
from chibox_membership.sheet.headings import Layout, layout
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


def sheet(*lines: Sequence[str], name: str = "DS", first: int = 1) -> Table:
    """A sheet of these texts, its first line in row `first`."""
    rows = [
        Row(at, {place: Cell("text", text) for place, text in enumerate(line, 1) if text})
        for at, line in enumerate(lines, first)
    ]
    return Table(name, [row for row in rows if row.cells], [], [])


def refusal(*tables: Table) -> str:
    """The sentence with which a workbook of these sheets is refused."""
    with pytest.raises(Invalid) as refused:
        layout(Workbook(list(tables))).merged()
    return str(refused.value)


def keys(found: Layout) -> list[str]:
    """The keys of the columns, from the left."""
    return [key for _, key in sorted(found.columns.items())]


def test_the_national_sheet_is_one_case(table: Tables, good: Mapping[str, str]) -> None:
    """All 31 columns, the list from row 8; other visible sheets, a note for instance, do not matter."""
    note = Table("Hướng dẫn", [Row(1, {1: Cell("text", "Ghi đủ các cột")})], [], [])
    found = layout(Workbook([note, table(good)]))
    assert keys(found) == [column.key for column in COLUMNS]
    assert (found.first_row, found.unread, found.table.name) == (8, (), "DS")


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
    assert len(layout(Workbook([changed(table(), row, column, text)])).columns) == len(COLUMNS)


def test_a_list_of_ones_own_is_read_by_its_headings() -> None:
    """Fewer columns, in another order, headings in one row, a row that only counts the columns below them."""
    own = sheet(
        ["ĐẢNG BỘ XÃ SAO MAI"], [], ["TT", "Chi bộ", "Họ và tên", "CCCD", "Ngày sinh", "Ghi chú"],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"], ["1", "Chi bộ thôn Đông", "Lò Văn Ánh", "1", "2", "ốm"],
    )  # fmt: skip
    found = layout(Workbook([own]))
    assert keys(found) == ["number", "cell", "full_name", "personal_id", "born_on"]
    assert (found.first_row, found.unread) == (5, ("Ghi chú",))


def test_places_are_told_apart_by_their_group() -> None:
    """Home place and residence have the same lower headings; flattened into one row they are known too."""
    two = sheet(
        ["Họ và tên", "Ngày sinh", "Thường trú", "", "Quê quán", ""],
        ["", "", "Tỉnh/Thành", "Chi tiết", "Tỉnh", "Chi tiết"],
        ["Lò Văn Ánh", "02/10/1988", "Sơn La", "bản A", "Lai Châu", "bản B"],
    )
    one = sheet(["Họ tên", "Ngày sinh", "Thường trú: tỉnh", "Quê quán - chi tiết"], ["Lò Văn Ánh", "1", "2", "3"])
    alone = sheet(["Họ tên", "Ngày sinh", "Quê quán"], ["Lò Văn Ánh", "1", "2"])
    assert keys(layout(Workbook([two])))[2:] == [
        "residence_province", "residence_detail", "home_place_province", "home_place_detail",
    ]  # fmt: skip
    assert keys(layout(Workbook([one])))[2:] == ["residence_province", "home_place_detail"]
    assert keys(layout(Workbook([alone])))[2:] == ["home_place_detail"]


def test_a_column_far_to_the_right_is_named_as_not_read(table: Tables, good: Mapping[str, str]) -> None:
    """Nothing is dropped in silence."""
    assert layout(Workbook([table(good, beyond="BZ12")])).unread == ("BZ",)


def test_a_column_without_a_heading_is_named_as_not_read(table: Tables, good: Mapping[str, str]) -> None:
    """What stands beside the list is told by the letters of its column."""
    assert layout(Workbook([table({**good, "AG": "hỏi lại"})])).unread == ("AG",)


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ([sheet(["a", "b"], ["c", "d"])],
         "No sheet of this file is a list of members: none has the heading “Họ và tên” near its top."),
        ([sheet(["TT", "Họ và tên", "Chi bộ"], ["1", "Lò Văn Ánh", "x"])],
         "Sheet “DS” has names, but no column with a personal number, a card number or a birth date."),
        ([sheet(["Họ và tên", "Ngày sinh", "Họ tên"], ["a", "b", "c"])],
         "Columns A and C have the same heading, “Full name”. Keep one of them and send it again."),
        ([sheet(["Họ và tên", "Ngày sinh"], ["a", "b"], name="Một"), sheet(["Họ và tên", "CCCD"], ["a", "b"], name="Hai")],
         "Sheets “Một” and “Hai” are both lists of members. Keep one and send it again."),
        ([Table("DS", [Row(1, {1: Cell("text", "Họ và tên"), 2: Cell("text", "Ngày sinh")}),
                       *(Row(at, {1: Cell("text", "a")}) for at in range(2, 2_003))], [], [(2, 2_002, "A2:A2002")])],
         "In this list many cells are merged. Unmerge them in Excel and send it again."),
        ([sheet(["Họ và tên", "Ngày sinh"], ["a", "b"], first=21)],
         "No sheet of this file is a list of members: none has the heading “Họ và tên” near its top."),
    ],
)  # fmt: skip
def test_what_is_no_list_is_said(tables: list[Table], sentence: str) -> None:
    """No headings, names alone, a heading twice, two lists, headings too far below."""
    assert refusal(*tables) == sentence
