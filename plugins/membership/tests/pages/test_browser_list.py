"""The list in a real browser: a search as one types, picking by keyboard, one act for several on a phone without script."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from chibox.testing import browser as look

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from plugins.membership.tests.pages.conftest import Desk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def base(desk: "Desk") -> Iterator[str]:
    """The address of the site on loopback."""
    with look.serving(desk.app) as address:
        yield address


@pytest.fixture
def opened(chromium: "Browser", base: str, desk: "Desk") -> Iterator[Callable[..., "Page"]]:
    """Opens a page as the clerk with a window, a scheme, a size of text; contexts are closed at the end."""
    contexts = []

    def open_page(path: str, **options: Any) -> "Page":
        context = look.context(chromium, **options)
        contexts.append(context)
        context.add_cookies([{"name": "chibox", "value": desk.token(desk.roll.clerk), "url": base}])
        page = context.new_page()
        page.goto(base + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_the_list_follows_what_is_typed(opened: Callable[..., "Page"]) -> None:
    """Without a button the list narrows, the address keeps up, the count is said aloud, ticks and the place in the field stay."""
    page = opened("/membership/")
    page.get_by_label("Chọn Nguyễn Thị Hương", exact=True).check()
    page.get_by_label("Tìm, không cần dấu").press_sequentially("huong")
    page.get_by_text("3 trong 30 đảng viên").first.wait_for()
    assert page.locator("tbody tr").count() == 3
    assert page.url.endswith("q=huong&cell=&state=")
    assert page.get_by_label("Chọn Nguyễn Thị Hương", exact=True).is_checked()
    assert page.get_by_text("Đã chọn 1 đảng viên").is_visible()
    assert page.evaluate("document.activeElement.id") == "f-q"
    assert "3 trong 30" in (page.locator("p.sr[role=status]").text_content() or "")
    assert "q=huong" in (page.get_by_role("link", name="Xuất xlsx").get_attribute("href") or "")
    page.get_by_label("Chi bộ").select_option(label="Chi bộ thôn Đông")
    page.get_by_text("1 trong 30 đảng viên").first.wait_for()
    page.get_by_role("link", name="Bỏ hết").click()
    assert page.get_by_text("30 trong 30 đảng viên").first.is_visible()


@pytest.mark.parametrize(("width", "shown"), [(360, False), (1280, True)])
def test_filters_fold_on_a_phone(opened: Callable[..., "Page"], width: int, shown: bool) -> None:
    """On a phone two fields stand behind one line, which opens them; at a desk they stand beside the search."""
    page = opened("/membership/", width=width, script=False)
    assert page.get_by_label("Chi bộ").is_visible() is shown
    line = page.get_by_text("Lọc thêm: chi bộ, tình trạng sinh hoạt")
    assert line.is_visible() is not shown
    if not shown:
        line.click()
        page.get_by_label("Loại, trạng thái").select_option(label="Đảng viên dự bị")
        page.get_by_role("button", name="Tìm").click()
        assert page.get_by_text("1 trong 30 đảng viên").is_visible()
        assert page.get_by_label("Loại, trạng thái").is_visible()


@pytest.mark.parametrize(("width", "script"), [(360, False), (1280, True)])
def test_several_are_moved_and_taken_back(
    opened: Callable[..., "Page"], desk: "Desk", width: int, script: bool
) -> None:
    """Tick, press, choose the cell, save; the bar above the same list takes all of it back."""
    page = opened("/membership/?q=huong", width=width, script=script)
    names = ("Nguyễn Thị Hương", "Nguyễn Thị Hường")
    before = [desk.roll.member(desk.members[name]).cell for name in names]
    for name in names:
        page.get_by_label(f"Chọn {name}", exact=True).check()
    page.get_by_role("button", name="Chuyển chi bộ").click()
    page.get_by_label("Chuyển về chi bộ").select_option(label="Chi bộ thôn Đoài")
    page.get_by_label("Từ ngày").fill("01/06/2026")
    page.get_by_role("button", name="Chuyển chi bộ").click()
    assert page.get_by_text("Đã chuyển 2 đảng viên sang Chi bộ thôn Đoài.").is_visible()
    assert page.locator("tbody tr").count() == 3
    assert [desk.roll.member(desk.members[name]).cell for name in names] == [desk.roll.west] * 2
    page.get_by_role("button", name="Hoàn tác").click()
    assert [desk.roll.member(desk.members[name]).cell for name in names] == before


def test_picking_needs_no_mouse(opened: Callable[..., "Page"]) -> None:
    """From the search by Tab to the bar and to the first box; space ticks it, the bar counts, Enter begins the act."""
    page = opened("/membership/?q=ngu", width=1280)
    page.get_by_label("Tìm, không cần dấu").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "ids":
            break
    page.keyboard.press("Space")
    assert page.get_by_text("Đã chọn 1 đảng viên").is_visible()
    while page.evaluate("document.activeElement.value") != "note":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/membership/bulk?**")
    assert page.get_by_role("heading", name="Ghi chú cho nhiều đảng viên").is_visible()
    page.get_by_label("Ghi chú", exact=True).focus()
    assert [stop["name"] for stop in look.tab_stops(page) if not stop["shown"] or stop["covered"]] == []


@pytest.mark.parametrize("width", [360, 1280])
def test_an_ordinary_row_is_short(opened: Callable[..., "Page"], width: int) -> None:
    """At a desk a row without a note is one line of at most 40 px; on a phone its card has at most four lines."""
    page = opened("/membership/?q=nguyen", width=width)
    heights = page.locator("tbody tr").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().height)")
    assert max(heights) <= (40 if width == 1280 else 200)
