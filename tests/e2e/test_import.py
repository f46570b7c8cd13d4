"""A 4.0 sheet through the browser: taken whole, refused whole, taken back, taken again."""

from io import BytesIO
from typing import TYPE_CHECKING, Final

import openpyxl
import pytest
from tests.e2e.conftest import Opened
from tests.e2e.world import FIRST_ROW, World

from chibox_membership.tables import Member

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BROKEN_ROW: Final = FIRST_ROW + 4


def send(page: "Page", data: bytes) -> None:
    """Choose the file and press the button."""
    page.get_by_label("Bảng nhập liệu 4.0").set_input_files(
        {"name": "dang-vien.xlsx", "mimeType": XLSX, "buffer": data}
    )
    page.get_by_role("button", name="Nhập", exact=True).click()


def broken(data: bytes) -> bytes:
    """The sheet with a personal number of ten digits in one row."""
    book = openpyxl.load_workbook(BytesIO(data))
    sheet = book.worksheets[0]
    sheet[f"I{BROKEN_ROW}"].value = "0110680012"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def members(served: World) -> int:
    """How many rows the roll has."""
    with served.box.reading() as read:
        return read.count(Member)


@pytest.mark.parametrize("script", [True, False])
def test_a_sheet_goes_in_whole_or_not_at_all_and_comes_out_whole(opened: Opened, served: World, script: bool) -> None:
    """A broken cell is named and nothing changes; a good sheet is one act, which its own bar takes back, and goes in again."""
    data, rows = served.sheet(seed=2)
    before = members(served)
    page = opened("/membership/import", "clerk", script=script)
    send(page, broken(data))
    assert page.locator(".stop").evaluate("e => e === document.activeElement")
    assert f"Dòng {BROKEN_ROW}, cột I" in page.get_by_role("rowheader").first.inner_text()
    assert rows[4].full_name in page.get_by_role("row").nth(1).inner_text()
    assert members(served) == before
    send(page, data)
    assert f"{len(rows)} đảng viên mới" in page.locator(".bands").inner_text()
    assert members(served) == before + len(rows)
    page.get_by_role("button", name="Hoàn tác").click()
    assert "Đã hoàn tác" in page.locator(".bands").inner_text()
    assert members(served) == before
    page.goto(served.address + "/membership/import")
    send(page, data)
    assert members(served) == before + len(rows)
    page.goto(served.address + "/log")
    again, undone, first = (page.locator("tbody tr").nth(at).inner_text() for at in range(3))
    assert ("đã hoàn tác" in first, "Đã hoàn tác" in undone, "đã hoàn tác" in again) == (True, True, False)
