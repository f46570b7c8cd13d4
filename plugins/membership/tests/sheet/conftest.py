"""A good sheet of synthetic members, and the tools to spoil it: by its cells, and by its bytes."""

import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from io import BytesIO

import pytest

from chibox.testing.commune import Commune, Size, commune
from chibox_membership.sheet.child import answer
from chibox_membership.sheet.columns import COLUMNS, HEADING_ROWS
from chibox_membership.sheet.places import letters
from chibox_membership.sheet.places import number as place_of
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.wire import Cell, Limits, Refusal, Row, Table, Workbook
from chibox_membership.sheet.writing import write

TODAY = date(2026, 11, 25)

GOOD = {
    "A": "1", "C": "Nguyễn Thị Hường", "E": "Nữ", "F": "07/05/1968", "G": "Kinh", "H": "Không", "I": "990168001217",
    "J": "990168001217", "N": "Chi bộ thôn Đông", "X": "03/02/1990", "Y": "03/02/1991", "AA": "Đang sinh hoạt",
}  # fmt: skip


@pytest.fixture(scope="session")
def today() -> date:
    """The day on which sheets are read."""
    return TODAY


@pytest.fixture(scope="session")
def people() -> Callable[[Size, int], tuple[Commune, list[SheetRow], dict[str, str]]]:
    """A commune by size and seed: itself, its members as rows of the sheet, the names of its units by id."""

    def make(size: Size, seed: int) -> tuple[Commune, list[SheetRow], dict[str, str]]:
        its = commune(size, seed=seed, today=TODAY)
        names = {f"{place:032x}": cell.name for place, cell in enumerate(its.cells)}
        rows = []
        for number, person in enumerate(its.members, 8):
            told = {key: getattr(person, key) for key in person.__slots__ if key not in {"departure", "cell"}}
            rows.append(SheetRow(row=number, cell=f"{person.cell:032x}", **told))
        return its, rows, names

    return make


@pytest.fixture(scope="session")
def units() -> Units:
    """Two units with names of their own, and two that share one."""
    return Units(
        [("Chi bộ thôn Đông", "a" * 32), ("Chi bộ Công an xã", "b" * 32), ("Chi bộ Hợp tác xã", "c" * 32),
         ("Chi bộ Hợp Tác Xã", "d" * 32)]
    )  # fmt: skip


@pytest.fixture(scope="session")
def good() -> Mapping[str, str]:
    """The cells of one good row by letter."""
    return GOOD


@pytest.fixture(scope="session")
def table() -> Callable[..., Table]:
    """A sheet with the right headings and these rows from row 8 on; a cell is its text, or a Cell."""

    def make(*rows: Mapping[str, str | Cell], name: str = "DS", **more: object) -> Table:
        headings = [
            Row(row, {place: Cell("text", column.heading[line]) for place, column in enumerate(COLUMNS, 1)})
            for line, row in enumerate(HEADING_ROWS)
        ]
        members = [
            Row(number, {place_of(at): Cell("text", it) if isinstance(it, str) else it for at, it in cells.items()})
            for number, cells in enumerate(rows, 8)
        ]
        return Table(name, [*headings, *members], **{"hidden": [], "merged": [], **more})  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def sheet() -> bytes:
    """A good file with one member."""
    row = SheetRow(
        row=8, full_name="Nguyễn Thị Hường", sex="female", born_on=date(1968, 5, 7), ethnic_group="01", religion="00",
        personal_id="990168001217", card_number="990168001217", cell="a" * 32, admitted_on=date(1990, 2, 3),
        official_on=date(1991, 2, 3), status="active",
    )  # fmt: skip
    return write([row], {"a" * 32: "Chi bộ thôn Đông"}, committee="Đảng bộ xã Sao Mai", day=TODAY)


@pytest.fixture(scope="session")
def parts(sheet: bytes) -> dict[str, bytes]:
    """The parts of the good file by name."""
    with zipfile.ZipFile(BytesIO(sheet)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


@pytest.fixture(scope="session")
def zipped() -> Callable[..., bytes]:
    """Parts packed into a file; a part may come twice."""

    def make(parts: Mapping[str, bytes], *more: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
        out = BytesIO()
        with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
            warnings.simplefilter("ignore")  # doubled names are meant
            for name, content in [*parts.items(), *more]:
                archive.writestr(name, content)
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def told() -> Callable[..., Workbook | Refusal]:
    """What the reading process answers to a file, asked in this process for speed."""

    def read(data: bytes, **limits: int) -> Workbook | Refusal:
        return answer(data, Limits(**limits))

    return read


@pytest.fixture(scope="session")
def refused(told: Callable[..., Workbook | Refusal]) -> Callable[..., str]:
    """The sentence with which a file is refused."""

    def sentence(data: bytes, **limits: int) -> str:
        refusal = told(data, **limits)
        assert isinstance(refusal, Refusal), "the file was read"
        return refusal.msgid.format(**refusal.params)

    return sentence


@pytest.fixture(scope="session")
def tables(told: Callable[..., Workbook | Refusal]) -> Callable[..., list[Table]]:
    """The sheets of a file that is read."""

    def read(data: bytes, **limits: int) -> list[Table]:
        book = told(data, **limits)
        assert isinstance(book, Workbook), book
        return book.tables

    return read


@pytest.fixture(scope="session")
def rows_part() -> Callable[[Sequence[tuple[int, str]]], bytes]:
    """The XML of a sheet whose rows are given as number and the XML of their cells."""

    def make(rows: Sequence[tuple[int, str]]) -> bytes:
        body = "".join(f'<row r="{number}">{cells}</row>' for number, cells in rows)
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        return f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'.encode()

    return make


@pytest.fixture(scope="session")
def cell_xml() -> Callable[[int, int, str], str]:
    """The XML of one inline text cell at a column and row."""

    def make(column: int, row: int, text: str) -> str:
        return f'<c r="{letters(column)}{row}" t="inlineStr"><is><t>{text}</t></is></c>'

    return make
