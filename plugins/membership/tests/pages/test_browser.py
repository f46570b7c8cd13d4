"""The pages of the roll in a real browser: accessible, never too wide, by keyboard, without script, on paper."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from chibox.testing import browser as look

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from plugins.membership.tests.pages.conftest import Desk

pytestmark = pytest.mark.browser

JUDGES = Path(__file__).parents[4] / "tests" / "e2e" / "node_modules"
WHO = "Vừ A Dếnh"


def paths(desk: "Desk") -> list[str]:
    """Every page, with somebody on it."""
    who, gone = desk.member(WHO), "/membership/?q=zzz"
    own = (
        "", "/history", "/receipts", "/readers", "/print", "/change", "/correct", "/change/residence", "/change/person",
        "/correct/birth",
    )  # fmt: skip
    return [
        "/membership/", "/membership/?q=huong&state=official_member", "/membership/?day=31/12/2025&known=1", gone,
        "/membership/enter", "/membership/import", f"{who}/history?day=31/12/2025", f"{who}/move", f"{who}/state",
        f"{who}/leave", f"{who}/note", "/membership/?picked=all&rows=50", "/membership/bulk?do=move", "/membership/filters",
        f"/membership/bulk?do=move&ids={desk.members[WHO]}&ids={desk.members['Lò Thị Ón']}", "/membership/filters/new?q=an",
        "/membership/bulk?do=note&picked=all&q=nguyen",
        "/membership/print", "/membership/print?size=large&day=31/12/2025", "/membership/export",
        *(f"{who}{path}" for path in own),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def base(desk: "Desk") -> Iterator[str]:
    """The address of the site on loopback."""
    with look.serving(desk.app) as address:
        yield address


@pytest.fixture
def opened(chromium: "Browser", base: str, desk: "Desk") -> Iterator[Callable[..., "Page"]]:
    """Opens a page as the clerk with a window, a scheme, a size of text; contexts are closed at the end."""
    contexts = []

    def open_page(path: str, *, text: str = "100", **options: Any) -> "Page":
        context = look.context(chromium, **options)
        contexts.append(context)
        token = desk.token(desk.roll.clerk)
        context.add_cookies(
            [{"name": name, "value": value, "url": base} for name, value in (("chibox", token), ("text", text))]
        )
        page = context.new_page()
        page.goto(base + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (1280, "dark")])
def test_axe_finds_nothing(opened: Callable[..., "Page"], desk: "Desk", base: str, width: int, scheme: str) -> None:
    """WCAG 2.2 AA, best practice and contrast of 7:1 hold on every page, on a phone and at a desk, light and dark."""
    script = (JUDGES / "axe-core" / "axe.min.js").read_text("utf-8")
    page = opened("/membership/", width=width, scheme=scheme)
    found = {}
    for path in paths(desk):
        page.goto(base + path)
        found[path] = look.axe(page, script)
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    ("width", "text"), [(320, "100"), (360, "100"), (640, "100"), (1280, "100"), (360, "150"), (1280, "150")]
)
def test_no_page_is_wider_than_its_window(
    opened: Callable[..., "Page"], desk: "Desk", base: str, width: int, text: str
) -> None:
    """At 400 and 200 % zoom, on phones and desks, with large text nothing has to be moved sideways, nothing is cut."""
    page = opened("/membership/", width=width, text=text)
    found = {}
    for path in paths(desk):
        page.goto(base + path)
        found[path] = (look.overflow(page), look.cut_text(page))
    assert {path: fault for path, fault in found.items() if fault != (0, [])} == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_every_stop_of_the_tab_key_is_seen(opened: Callable[..., "Page"], desk: "Desk", width: int) -> None:
    """Each stop shows its ring and is covered by nothing; the search stands within ten stops after the content's link."""
    for path in ("/membership/", desk.member(WHO), f"{desk.member(WHO)}/correct/birth", "/membership/import"):
        stops = look.tab_stops(opened(path, width=width))
        assert [stop["name"] for stop in stops if not stop["shown"] or stop["covered"]] == [], path
        assert stops[0]["name"].endswith("Tới nội dung chính")


def test_the_search_is_near_the_content(opened: Callable[..., "Page"]) -> None:
    """From the link to the content it takes at most ten stops to the field that finds somebody."""
    page = opened("/membership/", width=1280)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "f-q":
            break
    assert page.evaluate("document.activeElement.id") == "f-q"


@pytest.mark.parametrize(("width", "script"), [(360, False), (1280, True)])
def test_a_clerk_finds_corrects_and_takes_back(
    opened: Callable[..., "Page"], desk: "Desk", width: int, script: bool
) -> None:
    """Search without marks, correct a birth date, mend what was refused, see the diff and the receipt, take it back."""
    page = opened("/membership/", width=width, script=script)
    page.get_by_label("Tìm, không cần dấu").fill("luong thi bun")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name="Lường Thị Bun").click()
    page.get_by_role("link", name="Sửa ghi sai").click()
    page.get_by_role("link", name="Ngày sinh").click()
    page.get_by_label("Ngày sinh").fill("31/02/1968")
    page.get_by_role("button", name="Lưu").click()
    assert page.title().startswith("Chưa lưu – Sửa ghi sai")
    assert page.locator(".stop").evaluate("e => e === document.activeElement")
    page.get_by_role("link", name="Ngày sinh: tháng 2 năm 1968 chỉ có 29 ngày").click()
    page.get_by_label("Ngày sinh").fill("13/02/1968")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_label("Căn cứ").fill("Lý lịch đảng viên số 26")
    page.get_by_role("button", name="Lưu").click()
    assert page.get_by_text("Đã sửa điều ghi sai.").is_visible()
    page.get_by_role("link", name="Quá trình").click()
    assert page.locator("li.fix ins").inner_text() == "13/02/1968"
    assert page.get_by_text("Đã sửa điều ghi sai.").is_visible()  # the bar stays on the next page too
    page.get_by_role("button", name="Hoàn tác").click()
    page.goto(page.url.split("/log/")[0] + desk.member("Lường Thị Bun") + "/history")
    assert page.get_by_text("hoàn tác lúc").last.is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_value_is_shown_by_request(opened: Callable[..., "Page"], desk: "Desk", script: bool) -> None:
    """The button beside the dots shows the number; no attribute and no title of the page had it before."""
    page = opened(desk.member("Nguyễn Thị Hương"), script=script)
    assert "991068000003" not in page.content()
    page.get_by_role("button", name="hiện Số định danh cá nhân").click()
    assert page.get_by_text("991 068 000 003").count() >= 1


@pytest.mark.parametrize("script", [True, False])
def test_a_sheet_goes_out_and_comes_in(opened: Callable[..., "Page"], tmp_path: Path, script: bool) -> None:
    """What was exported is chosen and sent: nothing would change, and the page says so."""
    page = opened("/membership/?state=official_member", script=script)
    with page.expect_download() as download:
        page.get_by_role("link", name="Xuất xlsx").click()
    file = tmp_path / "roll.xlsx"
    download.value.save_as(file)
    page.get_by_role("link", name="Nhập tệp").click()
    page.get_by_label("Danh sách đảng viên").set_input_files(file)
    page.get_by_role("button", name="Gửi và xem trước").click()
    page.get_by_text("Chưa có dòng nào để nhập").wait_for()
    assert page.get_by_role("link", name=re.compile("Không đổi [1-9]")).is_visible()


def test_a_list_prints_as_a_table(opened: Callable[..., "Page"]) -> None:
    """On paper the cards are a table again, without forms and buttons."""
    page = opened("/membership/", width=794)
    page.emulate_media(media="print")
    assert page.locator("tbody tr").first.evaluate("e => getComputedStyle(e).display") == "table-row"
    for gone in (".filter", ".acts", ".pager", ".nav"):
        assert not page.locator(gone).first.is_visible(), gone


def test_the_html_is_valid_and_light(opened: Callable[..., "Page"], desk: "Desk", base: str, tmp_path: Path) -> None:
    """The Nu HTML checker finds nothing; with compression a page weighs at most 8 KB."""
    request = opened("/membership/").context.request
    files, heavy = [], {}
    for number, path in enumerate(paths(desk)):
        answer = request.get(base + path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
        heavy[path] = int(answer.headers.get("content-length", "0"))
        files.append(tmp_path / f"{number}.html")
        files[-1].write_text(answer.text(), "utf-8")
    assert {path: size for path, size in heavy.items() if size > 8192} == {}
    assert look.check_html(files, JUDGES / "vnu-jar" / "build" / "dist" / "vnu.jar") == []
