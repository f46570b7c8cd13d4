"""Pages in a real browser: accessible, never wider than the window, usable by keyboard and without script, printable."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from litestar import Litestar

from chibox.testing import browser as look

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

JUDGES = Path(__file__).parents[2] / "e2e" / "node_modules"
PATHS = ["/people", "/people?q=x", "/people/new", "/sheet", "/done", "/sign-in", "/nowhere", "/-/components"]
SPACING = """for (const e of document.querySelectorAll('*')) {
  e.style.lineHeight = '1.5'; e.style.letterSpacing = '.12em'; e.style.wordSpacing = '.16em';
}"""


@pytest.fixture(scope="module")
def base(make_site: Callable[[], Litestar]) -> Iterator[str]:
    """The address of the sample on loopback."""
    with look.serving(make_site()) as address:
        yield address


@pytest.fixture
def opened(chromium: "Browser", base: str) -> Iterator[Callable[..., "Page"]]:
    """Opens a page as a reader with a window, a scheme, a size of text; the contexts are closed at the end."""
    contexts = []

    def open_page(path: str, *, text: str = "100", **options: Any) -> "Page":
        context = look.context(chromium, **options)
        contexts.append(context)
        context.add_cookies([{"name": "text", "value": text, "url": base}])
        page = context.new_page()
        page.goto(base + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def axe_script() -> str:
    """The text of axe, installed by `npm ci --ignore-scripts` in tests/e2e."""
    return (JUDGES / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(opened: Callable[..., "Page"], axe_script: str, path: str, width: int, scheme: str) -> None:
    """WCAG 2.2 AA, best practice and contrast of 7:1 hold on a phone and at a desk, light and dark."""
    assert look.axe(opened(path, width=width, scheme=scheme), axe_script) == []


@pytest.mark.parametrize(
    ("width", "text"),
    [(320, "100"), (360, "100"), (640, "100"), (1280, "100"), (360, "125"), (1280, "125"), (360, "150"), (1280, "150")],
)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_never_wider_than_the_window(opened: Callable[..., "Page"], path: str, width: int, text: str) -> None:
    """At 400 and 200 % zoom, on phones and desks, at every size of text nothing has to be moved sideways, nothing is cut."""
    page = opened(path, width=width, text=text)
    assert (look.overflow(page), look.cut_text(page)) == (0, [])


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", PATHS)
def test_wider_spacing_of_text_fits(opened: Callable[..., "Page"], path: str, width: int) -> None:
    """A reader's own line height, letter and word spacing (1.4.12) widen nothing."""
    page = opened(path, width=width)
    page.evaluate(SPACING)
    assert look.overflow(page) == 0


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/people", "/people/new", "/-/components", "/sign-in"])
def test_every_stop_of_the_tab_key_is_seen(opened: Callable[..., "Page"], path: str, width: int) -> None:
    """Each stop shows its ring and is covered by nothing; the first leads to the content."""
    stops = look.tab_stops(opened(path, width=width))
    assert len(stops) > 5
    assert [stop["name"] for stop in stops if not stop["shown"] or stop["covered"]] == []
    if path != "/-/components":  # there the summary of a refused form takes the focus first
        assert stops[0]["name"].endswith("Tới nội dung chính")


def test_the_html_is_valid(opened: Callable[..., "Page"], base: str, tmp_path: Path) -> None:
    """The Nu HTML checker finds nothing in the source of any page."""
    request = opened("/people").context.request
    files = [tmp_path / f"{number}.html" for number in range(len(PATHS))]
    for file, path in zip(files, PATHS, strict=True):
        file.write_text(request.get(base + path, headers={"Accept": "text/html"}).text(), "utf-8")
    assert look.check_html(files, JUDGES / "vnu-jar" / "build" / "dist" / "vnu.jar") == []


@pytest.mark.parametrize("script", [True, False])
def test_a_form_is_refused_mended_and_taken(opened: Callable[..., "Page"], script: bool) -> None:
    """With and without script: the summary has the focus, its link leads to the field, the mended form is taken."""
    page = opened("/people/new", width=360, script=script)
    page.get_by_label("Họ và tên").fill("Vừ A Dếnh")
    page.get_by_label("Ngày sinh").fill("31/02/1968")
    page.get_by_label("dự bị").check()
    page.get_by_role("button", name="Lưu").click()
    assert page.title() == "Chưa lưu – Thêm đảng viên"
    assert page.locator(".stop").evaluate("e => e === document.activeElement")
    page.get_by_role("link", name="Ngày sinh: tháng 2 năm 1968 chỉ có 29 ngày").click()
    assert page.locator("#f-born").evaluate("e => e === document.activeElement")
    assert page.get_by_label("Họ và tên").input_value() == "Vừ A Dếnh"
    page.get_by_label("Ngày sinh").fill("13/12/1968")
    page.get_by_role("button", name="Lưu").click()
    assert "added=1968-12-13" in page.url


def test_the_menu_of_a_phone_opens_without_script(opened: Callable[..., "Page"]) -> None:
    """The menu is a link to itself; closing it leads to the content."""
    page = opened("/people", width=360, script=False)
    menu = page.get_by_role("navigation", name="Danh mục")
    assert not menu.is_visible()
    page.get_by_role("link", name="Danh mục", exact=True).click()
    assert menu.get_by_role("link", name="Việc cần làm").is_visible()
    page.get_by_role("link", name="Đóng danh mục").click()
    assert not menu.is_visible()


def test_the_count_of_picked_rows_follows_the_boxes(opened: Callable[..., "Page"]) -> None:
    """With script the bar above the table counts along."""
    page = opened("/people")
    assert page.locator("[data-count]").inner_text() == "Đã chọn 1 đảng viên"
    page.get_by_label("Đặng Hữu Đễ").check()
    assert page.locator("[data-count]").inner_text() == "Đã chọn 2 đảng viên"


def test_a_form_is_not_sent_twice(opened: Callable[..., "Page"]) -> None:
    """A second press while the first is under way is stopped; a page that comes back by the back button is free again."""
    stopped = opened("/people/new").evaluate("""() => {
      const form = document.querySelector('main form'), found = [];
      addEventListener('submit', event => { found.push(event.defaultPrevented); event.preventDefault(); });
      form.requestSubmit(); form.requestSubmit(); dispatchEvent(new Event('pageshow')); form.requestSubmit();
      return found;
    }""")
    assert stopped == [False, True, False]


def test_a_table_is_dense_at_a_desk_and_its_head_stays(opened: Callable[..., "Page"]) -> None:
    """A row is at most 40 px high, so that 18 stand in 720 px; the head sticks to the top of the window."""
    page = opened("/people")
    rows = page.locator("tbody tr")
    assert rows.nth(0).evaluate("e => e.getBoundingClientRect().height") <= 40
    assert page.locator("thead th").first.evaluate("e => getComputedStyle(e).position") == "sticky"


def test_a_card_keeps_the_roles_of_its_table(opened: Callable[..., "Page"]) -> None:
    """On a phone a row is a card; a screen reader still finds table, row and row heading."""
    page = opened("/people", width=360)
    assert page.get_by_role("table", name="Đảng viên").get_by_role("row").count() == 6
    assert page.get_by_role("rowheader", name="Hoàng Thị An").evaluate("e => getComputedStyle(e).display") == "block"


@pytest.mark.parametrize("path", ["/people", "/people/new", "/sign-in", "/-/components", "/sheet"])
def test_a_finger_has_48_pixels(opened: Callable[..., "Page"], path: str) -> None:
    """Buttons, fields, links that stand alone and the labels of boxes are at least 48 px high on a phone."""
    page = opened(path, width=360)
    assert look.small_targets(page) == []


def test_no_text_is_smaller_than_18_pixels(opened: Callable[..., "Page"]) -> None:
    """18 px is the smallest text anywhere."""
    assert look.small_text(opened("/-/components")) == []


def test_forced_colours_keep_the_shapes(opened: Callable[..., "Page"]) -> None:
    """With the colours of the system the tick inside the disc is still another colour than the disc."""
    page = opened("/-/components", forced_colors="active")
    disc, tick = (
        page.locator(f".state.ok svg {part}").first.evaluate(f"e => getComputedStyle(e).{what}")
        for part, what in ((".f", "fill"), (".in", "stroke"))
    )
    assert disc != tick


def test_a_list_prints_as_a_table_without_buttons(opened: Callable[..., "Page"]) -> None:
    """On paper, which is narrow, the cards are a table again; menu, buttons and boxes are gone, the letter is Times."""
    page = opened("/people", width=794)
    page.emulate_media(media="print")
    assert page.locator("tbody tr").first.evaluate("e => getComputedStyle(e).display") == "table-row"
    for gone in (".strip", ".nav", "footer", ".selbar", ".pager", ".head .acts", ".pick >> nth=0"):
        assert not page.locator(gone).first.is_visible(), gone
    shown = "rows => rows.map(row => [...row.cells].filter(cell => cell.offsetParent).length)"
    assert set(page.locator("tr").evaluate_all(shown)) == {6}
    assert page.locator("html").evaluate("e => getComputedStyle(e).fontFamily").startswith('"Times New Roman"')


def test_nothing_comes_from_elsewhere_and_the_console_is_silent(opened: Callable[..., "Page"], base: str) -> None:
    """Under the policy no page asks another host, and nothing on it is refused."""
    page = opened("/people")
    noise: list[str] = []
    page.on("console", lambda message: noise.append(message.text))
    page.on("request", lambda request: noise.append(request.url) if not request.url.startswith(base) else None)
    for path in PATHS:
        if path != "/nowhere":  # a page that is not there is named in the console by the browser itself
            page.goto(base + path)
    assert noise == []
