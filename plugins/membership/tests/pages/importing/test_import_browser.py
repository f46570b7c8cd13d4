"""The pages of an import in a real browser: accessible, never too wide, by keyboard, with and without a script, light."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from plugins.membership.tests.pages.importing.conftest import Clerk

from chibox.drafts.drafts import Drafts
from chibox.testing import browser as look
from chibox.work.queue import Work
from chibox_membership.importing import desk as desks
from chibox_membership.importing.held import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
JUDGES = Path(__file__).parents[5] / "tests" / "e2e" / "node_modules"
Opened = Callable[..., "Page"]


@pytest.fixture(scope="module")
def pages(clerk: Clerk) -> list[str]:
    """Every state of every page."""
    file, compared = clerk.send_file(clerk.file()), clerk.send_file(clerk.file(), purpose="compare")
    refused = clerk.send_file(b"PK\x03\x04", "hong.xlsx")
    drafts = Drafts(clerk.office.drafts, "membership", clerk.roll.clerk, clerk.roll.clock.now)
    state = Desk(purpose="import", name="lon.csv", size=1, digest="", phase="checking", done=1200, total=2128)
    working = [drafts.begin(desks.KIND, msgspec.structs.replace(state, phase=p)).id for p in ("reading", "checking")]
    recorded = clerk.send_file(clerk.file())
    clerk.press(recorded, f"{recorded}/record")
    return [
        "/membership/import", "/membership/import?dropped=1", "/membership/compare", refused, recorded,
        *(f"/membership/import/{one}" for one in working),
        *(f"{file}?tab={tab}" for tab in ("new", "changed", "same", "doubtful", "wrong")),
        *(f"{file}{more}" for more in ("?tab=wrong&checked=9", "?again=4", "?late=20&again=4", "/drop", "/rest")),
        *(f"{compared}?tab={tab}" for tab in ("changed", "new", "missing", "same", "doubtful", "wrong")),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def base(clerk: Clerk) -> Iterator[str]:
    """The address of the site on loopback."""
    with look.serving(clerk.app) as address:
        yield address


@pytest.fixture
def opened(chromium: "Browser", base: str, clerk: Clerk) -> Iterator[Opened]:
    """Opens a page as the clerk; contexts are closed at the end."""
    contexts = []

    def open_page(path: str, *, text: str = "100", **options: Any) -> "Page":
        context = look.context(chromium, **options)
        contexts.append(context)
        cookies = {"chibox": clerk.token(clerk.roll.clerk), "text": text}
        context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
        page = context.new_page()
        page.goto(base + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (1280, "dark")])
def test_axe_finds_nothing(opened: Opened, pages: list[str], base: str, width: int, scheme: str) -> None:
    """WCAG 2.2 AA, best practice and contrast of 7:1 hold in every state, on a phone and at a desk, light and dark."""
    script = (JUDGES / "axe-core" / "axe.min.js").read_text("utf-8")
    page = opened(pages[0], width=width, scheme=scheme)
    found = {}
    for path in pages:
        answer = page.goto(base + path)
        assert answer is not None
        found[path] = [f"status {answer.status}"] if answer.status != 200 else look.axe(page, script)
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(("width", "text"), [(320, "100"), (360, "150"), (1280, "100"), (1280, "150")])
def test_no_page_is_wider_than_its_window(opened: Opened, pages: list[str], base: str, width: int, text: str) -> None:
    """At 400 % zoom, on a phone and at a desk with large text nothing has to be moved sideways, nothing is cut."""
    page = opened(pages[0], width=width, text=text)
    found = {}
    for path in pages:
        page.goto(base + path)
        found[path] = (look.overflow(page), look.cut_text(page))
    assert {path: fault for path, fault in found.items() if fault != (0, [])} == {}


def test_the_html_is_valid_and_light(opened: Opened, pages: list[str], base: str, tmp_path: Path) -> None:
    """The Nu HTML checker finds nothing; with compression a page weighs at most 8 KB."""
    request = opened(pages[0]).context.request
    files, heavy = [], {}
    for number, path in enumerate(pages):
        answer = request.get(base + path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
        heavy[path] = int(answer.headers.get("content-length", "0"))
        files.append(tmp_path / f"{number}.html")
        files[-1].write_text(answer.text(), "utf-8")
    assert {path: size for path, size in heavy.items() if size > 8192} == {}
    assert look.check_html(files, JUDGES / "vnu-jar" / "build" / "dist" / "vnu.jar") == []


@pytest.mark.parametrize("width", [360, 1280])
def test_every_stop_of_the_tab_key_is_seen(opened: Opened, pages: list[str], width: int) -> None:
    """Each stop shows its ring and is covered by nothing; the button that Enter presses is no stop of its own."""
    for path in [one for one in pages if "import/" in one and "tab=wrong" in one][:1] + pages[:1]:
        stops = look.tab_stops(opened(path, width=width))
        assert [stop["name"] for stop in stops if not stop["shown"] or stop["covered"]] == [], path
        assert sum("Kiểm tra lại" in stop["name"] for stop in stops) == ("tab=wrong" in path)


@pytest.mark.parametrize(("width", "script"), [(360, False), (1280, True), (1280, False)])
def test_a_file_is_looked_at_mended_and_recorded(
    chromium: "Browser", own: Clerk, tmp_path: Path, width: int, script: bool
) -> None:
    """Choose, look, take a reading, write, press Enter, answer, record, take back: with and without a script."""
    path = tmp_path / "danh-sach.csv"
    path.write_bytes(own.file())
    with look.serving(own.app) as address, look.context(chromium, width=width, script=script) as context:
        context.add_cookies([{"name": "chibox", "value": own.token(own.roll.clerk), "url": address}])
        _evening(context.new_page(), own, address, path)


def _evening(page: "Page", own: Clerk, address: str, path: Path) -> None:
    size = own.roll.box.log.size
    page.goto(f"{address}/membership/import")
    page.get_by_label("Danh sách đảng viên").set_input_files(path)
    page.get_by_role("button", name="Gửi và xem trước").click()
    page.get_by_role("heading", name="Xem trước khi nhập").wait_for()
    page.get_by_label("Số định danh cá nhân, dòng 13: sửa thành").fill("991068000012")
    page.get_by_role("button", name="28/02/1961 Ngày sinh, dòng 12").click()
    assert page.get_by_label("Ngày sinh, dòng 12: sửa thành").input_value() == "28/02/1961"
    assert page.get_by_label("Số định danh cá nhân, dòng 13: sửa thành").input_value() == "991068000012"
    page.get_by_label("Ngày sinh, dòng 12: sửa thành").fill("12/12/1971")
    page.get_by_label("Ngày sinh, dòng 12: sửa thành").press("Enter")
    assert page.get_by_text(re.compile("Đã kiểm tra lại: 3 dòng hết sai, còn 3 dòng.")).is_visible()
    assert own.roll.box.log.size == size
    assert page.evaluate("document.activeElement.textContent.includes('kiểm tra lại')")
    page.get_by_role("link", name=re.compile("Chưa rõ")).click()
    page.get_by_label("lấy theo tệp: Lò Thị Thắm").check()
    page.get_by_role("button", name="Kiểm tra lại các dòng đã chọn").last.click()
    assert page.get_by_text("1 dòng đã rõ, còn 2 dòng chưa rõ.").is_visible()
    page.get_by_role("button", name=re.compile(r"Nhập \d+ dòng")).click()
    assert page.get_by_text(re.compile(r"Đã nhập \d+ dòng: 2 đảng viên mới")).is_visible()
    page.locator(".bands").get_by_role("button", name="Hoàn tác").click()
    assert page.get_by_text("Đã hoàn tác.").is_visible()
    page.goto(f"{address}/membership/import")
    page.get_by_role("link", name="danh-sach.csv").first.click()
    assert page.get_by_text(re.compile("Đã hoàn tác: 2 đảng viên mới")).is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_the_bar_is_followed_to_the_rows(chromium: "Browser", own: Clerk, tmp_path: Path, script: bool) -> None:
    """Where the box reads in the background, a script opens the rows when they are there; without one a link does."""
    path = tmp_path / "danh-sach.csv"
    path.write_bytes(own.file())
    own.office.work = work = Work(own.roll.box, [])
    try:
        with look.serving(own.app) as address, look.context(chromium, script=script) as context:
            context.add_cookies([{"name": "chibox", "value": own.token(own.roll.clerk), "url": address}])
            page = context.new_page()
            page.goto(f"{address}/membership/import")
            page.get_by_label("Danh sách đảng viên").set_input_files(path)
            page.get_by_role("button", name="Gửi và xem trước").click()
            page.get_by_role("heading", name="Đang đọc tệp").wait_for()
            work.run("membership.trial")
            if not script:
                page.get_by_role("link", name="Xem lại").click()
            page.get_by_role("heading", name="Xem trước khi nhập").wait_for()
    finally:
        own.office.work = None
        work.close()


def test_what_is_left_prints_as_tables(opened: Opened, pages: list[str]) -> None:
    """On paper only the sheet is left, its tables are tables, and every letter is there."""
    page = opened(next(path for path in pages if path.endswith("/rest")), width=794)
    page.emulate_media(media="print")
    assert page.locator("tbody tr").first.evaluate("e => getComputedStyle(e).display") == "table-row"
    assert not page.locator(".no-print").first.is_visible()
    assert page.get_by_text("Quàng Văn Ẳng").is_visible()
