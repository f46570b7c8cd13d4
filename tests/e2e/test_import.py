"""A 4.0 sheet through the browser: looked at, a wrong row left aside, recorded, taken back, recorded again."""

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
    """Choose the file and press the button; the rows are tried in the background, or at once where nothing runs there."""
    page.get_by_label("Danh sách đảng viên").set_input_files(
        {"name": "dang-vien.xlsx", "mimeType": XLSX, "buffer": data}
    )
    page.get_by_role("button", name="Gửi và xem trước").click()
    page.get_by_role("heading", name="Xem trước khi nhập").wait_for()


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
def test_right_rows_go_in_as_one_act_and_wrong_ones_wait(opened: Opened, served: World, script: bool) -> None:
    """A broken cell is named and mended in the page; the others go in as one act, which its bar takes back, and go in again."""
    data, rows = served.sheet(seed=2)
    before = members(served)
    page = opened("/membership/import", "clerk", script=script)
    send(page, broken(data))
    assert f"Dòng {BROKEN_ROW}, cột I" in page.get_by_role("rowheader").first.inner_text().replace("\u00a0", " ")
    assert str(rows[4].full_name) in page.get_by_role("row").nth(1).inner_text()
    page.get_by_role("button", name=f"Nhập {len(rows) - 1} dòng").click()
    assert f"{len(rows) - 1} đảng viên mới" in page.locator(".bands").inner_text()
    assert members(served) == before + len(rows) - 1
    field = page.get_by_label(f"dòng {BROKEN_ROW}: sửa thành")
    field.fill(rows[4].personal_id or "")
    field.press("Enter")
    assert page.get_by_text("Đã kiểm tra lại: 1 dòng hết sai, còn 0 dòng.").is_visible()
    assert members(served) == before + len(rows) - 1
    page.get_by_role("button", name="Nhập 1 dòng").click()
    assert members(served) == before + len(rows)
    page.get_by_role("button", name="Hoàn tác").click()
    assert "Đã hoàn tác" in page.locator(".bands").inner_text()
    assert members(served) == before + len(rows) - 1
    page.goto(served.address + "/membership/import")
    send(page, data)
    page.get_by_role("button", name="Nhập 1 dòng").click()
    assert members(served) == before + len(rows)
    page.goto(served.address + "/log")
    again, undone, first = (page.locator("tbody tr").nth(at).inner_text() for at in range(3))
    assert ("đã hoàn tác" in first, "Đã hoàn tác" in undone, "đã hoàn tác" in again) == (True, True, False)
