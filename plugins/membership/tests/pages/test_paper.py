"""What comes out of the printer: pages counted, every letter there, no signature alone, nothing cut."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import segno
from plugins.membership.tests.pages import cells
from plugins.membership.tests.pages.conftest import Desk

from chibox.office import Office
from chibox.records.notes import to_base64
from chibox.testing import browser as look
from chibox_membership.tables import Member

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from plugins.membership.tests.conftest import Roll

pytestmark = pytest.mark.browser

_RIGHT = (210 - 15) * 72 / 25.4  # points; where the right margin of A4 begins
_DARK = 200
_STRIP = (544, 250, 14, 200)  # points: a strip around the right rule of the table, on the first page
_FINE = 600 / 25.4  # dots a mm, as a printer has them
_CORNER = (178.0, 277.0)  # mm: right of the lines at the foot, below the text
_WHITE, _UNPRINTED = 1.0, 4.2  # mm: above the code; the strip at the edge where most printers print nothing
ROW = re.compile(r"^ {0,12}(\d{2,3}) +\S", re.MULTILINE)


def _run(*command: str) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


class Paper:
    """A printed PDF: its pages as text, and where its words stand."""

    def __init__(self, file: Path) -> None:
        self._file = str(file)
        self.pages = _run("pdftotext", "-layout", self._file, "-").decode().split("\f")[:-1]
        self.text = " ".join(_run("pdftotext", "-layout", self._file, "-").decode().split())
        self.raw = " ".join(_run("pdftotext", "-raw", self._file, "-").decode().split())

    def rows(self, page: int) -> list[int]:
        """The running numbers on a page."""
        return [int(number) for number in ROW.findall(self.pages[page - 1])]

    def right(self) -> float:
        """The rightmost end of a word, in points."""
        found = _run("pdftotext", "-bbox", self._file, "-").decode()
        return max(float(x) for x in re.findall(r'xMax="([\d.]+)"', found))

    def has_right_rule(self) -> bool:
        """Whether a dark line runs down where the table ends."""
        x, y, width, height = map(str, _STRIP)
        shade = _run(*f"pdftoppm -r 72 -f 1 -l 1 -gray -x {x} -y {y} -W {width} -H {height} {self._file}".split())
        across, down = _STRIP[2:]
        dots = shade[-across * down :]
        return any(all(dots[row * across + column] < _DARK for row in range(0, down, 7)) for column in range(across))

    def code(self, page: int, across: int) -> list[list[int]]:
        """The code at the foot of a page, so many modules wide: 1 for black, read from the middle of each.

        It is found by what is dark in the corner of the margin, and lies off text and edge.
        """
        x, y = round(_CORNER[0] * _FINE), round(_CORNER[1] * _FINE)
        data = _run(*f"pdftoppm -r {round(25.4 * _FINE)} -f {page} -l {page} -gray -x {x} -y {y} {self._file}".split())
        width, height = (int(number) for number in data.split(maxsplit=3)[1:3])
        dots = data[-width * height :]
        dark = [divmod(at, width) for at, shade in enumerate(dots) if shade < _DARK]
        top, bottom = dark[0][0], dark[-1][0] + 1
        left, right = min(x for _, x in dark), max(x for _, x in dark) + 1
        assert top / _FINE > _WHITE
        assert (height - bottom) / _FINE > _UNPRINTED
        step = ((right - left) / across, (bottom - top) / across)
        middles = [[(round(top + (row + 0.5) * step[1]), round(left + (column + 0.5) * step[0])) for column in range(across)]
                   for row in range(across)]  # fmt: skip
        return [[int(dots[y * width + x] < _DARK) for y, x in row] for row in middles]


class Press:
    """A desk with cells of many sizes, and a browser of the clerk that prints."""

    def __init__(self, desk: Desk, page: "Page", base: str, folder: Path) -> None:
        self.desk, self._page, self.base, self._folder = desk, page, base, folder
        self.cells = cells.fill(desk)

    def print(self, cell: str, query: str = "") -> Paper:
        """The sheet of a cell as PDF."""
        return self.file(f"/membership/print?cell={self.cells[cell]}{query}")

    def file(self, path: str) -> Paper:
        """Any page as PDF."""
        self._page.goto(self.base + path)
        file = self._folder / f"{abs(hash(path))}.pdf"
        self._page.pdf(path=file, prefer_css_page_size=True)
        return Paper(file)

    def names(self, cell: str) -> list[str]:
        """Who is in a cell."""
        with self.desk.roll.reading() as read:
            query = read.select(Member).where(read.table(Member).cell == self.cells[cell])
            return [member.full_name for member in read.rows(Member, query)]


@pytest.fixture(scope="module")
def press(chromium: "Browser", open_roll: type["Roll"], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """One press for all tests of this file."""
    folder = tmp_path_factory.mktemp("press")
    roll = open_roll(folder / "box")
    with closing(Office(roll.box)) as office:
        desk = Desk(roll, office)
        with look.serving(desk.app) as base:
            context = look.context(chromium)
            context.add_cookies([{"name": "chibox", "value": desk.token(roll.clerk), "url": base}])
            yield Press(desk, context.new_page(), base, folder)
            context.close()
    roll.box.close()


@pytest.mark.parametrize(("cell", "rows"), [("usual", [22, 16]), ("one", [1]), ("empty", [0])])
def test_a_cell_takes_the_pages_it_needs(press: Press, cell: str, rows: list[int]) -> None:
    """38 members are 22 and 16 rows; one, or nobody, is one page with its signature."""
    paper = press.print(cell)
    assert [len(paper.rows(page)) for page in range(1, len(paper.pages) + 1)] == rows
    assert "BÍ THƯ" in paper.pages[-1]


@pytest.mark.parametrize("cell", ["usual", "many", "long"])
@pytest.mark.parametrize("size", ["a4", "large"])
def test_every_page_is_whole(press: Press, cell: str, size: str) -> None:
    """Each page has the table's head and the foot with its number, from page 2 on a number on top; nobody is missing.

    The signature has at least three rows above it; nothing reaches beyond the right margin, where the table's rule runs.
    """
    paper = press.print(cell, f"&size={size}")
    total = len(paper.pages)
    for number, page in enumerate(paper.pages, 1):
        assert re.search(r"^ *TT\b", page, re.MULTILINE), number
        assert f"trang {number}/{total} · in 08:00, 25/11/2026" in page
        assert (page.lstrip().split("\n")[0].strip() == str(number)) is (number > 1)
    found = [row for page in range(1, total + 1) for row in paper.rows(page)]
    assert found == list(range(1, len(press.names(cell)) + 1))
    assert len(paper.rows(total)) >= 3
    assert "T/M CHI BỘ" in paper.pages[-1]
    assert paper.right() <= _RIGHT
    assert paper.has_right_rule()


@pytest.mark.parametrize(("cell", "size"), [("one", "a4"), ("usual", "a4"), ("usual", "large")])
def test_every_sheet_has_a_code_that_leads_to_its_check(press: Press, cell: str, size: str) -> None:
    """One, two and three pages: each module stands where a reader of codes looks for it, below the text, above the edge.

    The code is the address of the check with number and root; both stand beside it, the root whole and in groups.
    """
    paper = press.print(cell, f"&size={size}")
    head = press.desk.roll.box.publish()
    root = to_base64(head.root)
    grouped = " ".join(root[at : at + 4] for at in range(0, 44, 4))
    short = root[:-1].replace("+", "-").replace("/", "_")
    matrix = segno.make_qr(f"{press.base}/check?number={head.size - 1}&root={short}", error="l").matrix
    wanted = [list(row) for row in matrix]
    assert len(paper.pages) == {("one", "a4"): 1, ("usual", "a4"): 2, ("usual", "large"): 3}[cell, size]
    for number, page in enumerate(paper.pages, 1):
        assert f"Mã gốc {grouped}" in page
        assert paper.code(number, len(wanted)) == wanted, number
    assert press.desk.roll.box.mark.size == head.size


@pytest.mark.parametrize(("size", "members"), [("a4", 43), ("a4", 48), ("large", 28), ("large", 45), ("large", 60)])
def test_the_signature_never_stands_alone(press: Press, size: str, members: int) -> None:
    """Also where the last row would just fill a page: the last three rows go with the signature."""
    with press.desk.roll.reading() as read:
        query = read.select(Member).where(read.table(Member).cell == press.cells["many"]).limit(members)
        ids = ",".join(member.subject for member in read.rows(Member, query))
    paper = press.file(f"/membership/print?size={size}&ids={ids}")
    assert len(paper.rows(len(paper.pages))) >= 3
    assert "BÍ THƯ" in paper.pages[-1]


@pytest.mark.parametrize("cell", ["usual", "many", "long"])
def test_the_text_keeps_every_letter(press: Press, cell: str) -> None:
    """Every name comes back from the PDF as it was entered, with all its marks, also one that took three lines."""
    raw = press.print(cell).raw
    assert [name for name in press.names(cell) if name not in raw] == []


def test_large_letters_put_fifteen_rows_on_a_page(press: Press) -> None:
    """Where names take one line: fifteen, fifteen, and the rest with the signature."""
    paper = press.print("usual", "&size=large")
    assert [len(paper.rows(page)) for page in (1, 2, 3)] == [15, 15, 8]


def test_only_the_sheet_is_printed(press: Press) -> None:
    """No menu, no hint how to print, no link of sizes on the paper; the one who signs is named."""
    paper = press.print("usual")
    assert "Ctrl+P" not in paper.text
    assert "Danh mục" not in paper.text
    assert "chữ to" not in paper.text
    with press.desk.roll.reading() as read:
        signer = next(p for some in read.picture.posts.values() for p in some if p.unit == press.cells["usual"])
        named = read.row(Member, signer.person)
    assert named is not None
    assert named.full_name in paper.pages[-1]


def test_a_member_goes_on_paper_whole(press: Press) -> None:
    """Heading, details, history and the one who draws it up; each page has its foot; what the page hides is not there."""
    with press.desk.roll.reading() as read:
        query = read.select(Member).where(read.table(Member).cell == press.cells["long"])
        member = next(m for m in read.rows(Member, query) if m.full_name == cells.LONG[0])
    paper = press.file(f"/membership/{member.subject}/print")
    total = len(paper.pages)
    assert "PHIẾU THÔNG TIN ĐẢNG VIÊN" in paper.raw
    assert cells.LONG[0] in paper.raw
    assert "NGƯỜI LẬP PHIẾU" in paper.pages[-1]
    assert [f"trang {number}/{total}" in page for number, page in enumerate(paper.pages, 1)] == [True] * total
    assert member.personal_id not in paper.raw.replace(" ", "")
    assert "Ctrl+P" not in paper.raw
    assert paper.right() <= _RIGHT
