"""What the script shortens, each with the script on, and the same task with it off."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from litestar import Litestar

from chibox.testing import browser as look

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser
Opened = Callable[..., "Page"]
PIECE = 256 * 1024
FOUND = "#found tbody tr"


@pytest.fixture(scope="module")
def base(make_site: Callable[[], Litestar]) -> Iterator[str]:
    """The address of the sample on loopback."""
    with look.serving(make_site()) as address:
        yield address


@pytest.fixture
def opened(chromium: "Browser", base: str) -> Iterator[Opened]:
    """Opens a page, with the script or without; what the console complains of, a cut line apart, fails the test."""
    contexts, noise = [], list[str]()

    def open_page(path: str, **options: Any) -> "Page":
        context = look.context(chromium, **options)
        contexts.append(context)
        context.set_default_timeout(5_000)
        page = context.new_page()
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.goto(base + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [line for line in noise if "Failed to load resource" not in line] == []


class Uploads:
    """The box's side of an upload, in the browser's own network: one file, cut off or refused as a test wishes."""

    def __init__(self) -> None:
        self.data, self.length, self.metadata = b"", 0, ""
        self.calls: list[str] = []
        self.cut: set[int] = set()  # which PATCH, counted from 1, is lost on its way
        self.refuses = False

    def __call__(self, route: "Route") -> None:
        """Answer as tus 1.0.0 has it."""
        request = route.request
        self.calls.append(request.method)
        headers = {"Tus-Resumable": "1.0.0"}
        if self.refuses:
            route.fulfill(status=413, headers=headers)
        elif request.method == "POST":
            self.length = int(request.headers["upload-length"])
            self.metadata = request.headers["upload-metadata"]
            route.fulfill(status=201, headers={**headers, "Location": "/uploads/abc123"})
        elif request.method == "HEAD":
            route.fulfill(status=200, headers={**headers, "Upload-Offset": str(len(self.data))})
        elif self.calls.count("PATCH") in self.cut:
            route.abort("connectionreset")
        else:
            assert int(request.headers["upload-offset"]) == len(self.data)
            self.data += request.post_data_buffer or b""
            route.fulfill(status=204, headers={**headers, "Upload-Offset": str(len(self.data))})


@pytest.fixture
def uploads() -> Uploads:
    """Nothing has been sent yet."""
    return Uploads()


def file_of(size: int) -> Any:
    """A file as a person chooses it, with a Vietnamese name."""
    return {"name": "Bảng nhập.csv", "mimeType": "text/csv", "buffer": bytes(at % 251 for at in range(size))}


def questions(page: "Page") -> list[str]:
    """What the page asks for from now on, pictures apart."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/static/" not in request.url else None)
    return asked


@pytest.mark.parametrize("script", [True, False])
def test_a_list_is_searched(opened: Opened, script: bool) -> None:
    """With the script the list follows the keys and the address with it; without, the button does the same."""
    page = opened("/people", script=script)
    page.locator("#f-q").press_sequentially("hương")
    if not script:
        page.get_by_role("button", name="Tìm").click()
    page.wait_for_url("**/people?q=h%C6%B0%C6%A1ng&where=")
    assert page.locator(FOUND).count() == 1
    assert page.locator("#f-q").input_value() == "hương"
    assert page.get_by_text("1–25 trong 2.104").first.is_visible()
    if script:
        assert page.evaluate("document.activeElement.id") == "f-q"
        assert "1–25 trong 2.104" in page.locator("p.sr[role=status]").inner_text()
        assert "q=h%C6%B0" in str(page.locator("#foot a", has_text="English").get_attribute("href"))


def test_one_question_is_asked_for_a_word(opened: Opened) -> None:
    """Keys in quick succession make one request, and a list that is chosen from asks at once."""
    page = opened("/people")
    asked = questions(page)
    page.locator("#f-q").press_sequentially("hương", delay=20)
    page.wait_for_url("**q=h*")
    page.locator("#f-where").select_option("pk")
    page.wait_for_url("**where=pk")
    assert len(asked) == 2


def test_a_syllable_is_not_searched_before_it_is_whole(opened: Opened) -> None:
    """While an input method still puts a syllable together nothing is asked; when it is done, it is."""
    page = opened("/people")
    asked = questions(page)
    keys = page.context.new_cdp_session(page)
    page.locator("#f-q").focus()
    for part in ("h", "hu", "hư"):
        keys.send("Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)})
        page.wait_for_timeout(300)
    assert asked == []
    keys.send("Input.insertText", {"text": "hương"})
    page.wait_for_url("**q=h%C6%B0%C6%A1ng*")
    assert page.locator(FOUND).count() == 1


def test_an_old_answer_is_dropped(opened: Opened) -> None:
    """An answer that comes after the next question was asked changes nothing."""
    page = opened("/people")
    held: list[Route] = []
    page.route("**/people?q=d*", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks what it calls
    page.locator("#f-q").fill("dế")
    page.wait_for_timeout(400)
    page.locator("#f-q").fill("hương")
    page.wait_for_url("**q=h*")
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_timeout(300)
    assert "q=h" in page.url
    assert page.locator(FOUND).count() == 1


def test_a_box_that_does_not_answer_is_named(opened: Opened) -> None:
    """The old list stays, a sentence says so, and the next answer takes the sentence away."""
    page = opened("/people")
    page.route("**/people?q=h*", lambda route: route.abort())
    page.locator("#f-q").fill("hương")
    page.get_by_text("Hộp chưa trả lời.").first.wait_for()
    assert page.locator(FOUND).count() == 5
    page.locator("#f-q").fill("an")
    page.wait_for_url("**q=an*")
    assert page.locator("[data-failed]").count() == 0


def test_pressing_the_button_ends_the_search(opened: Opened) -> None:
    """What is still being asked when the form is sent is given up: the page that comes answers, and nothing is called lost."""
    page = opened("/people")
    held: list[Route] = []
    page.route("**/people?q=h*", lambda route: held.append(route))  # noqa: PLW0108 - playwright marks what it calls
    page.locator("#f-q").fill("hương")
    page.evaluate("document.querySelector('form.filter').addEventListener('submit', event => event.preventDefault())")
    page.locator("#f-q").press("Enter")
    page.wait_for_timeout(400)
    assert page.locator("[data-failed]").count() == 0
    assert len(held) <= 1


def test_what_was_picked_and_opened_stays_so(opened: Opened) -> None:
    """A row that is still there keeps its tick, and the count follows; what was unfolded stays open."""
    page = opened("/people")
    page.evaluate("document.querySelector('#found details').open = true")
    page.get_by_label("Hoàng Thị An").check()
    assert page.get_by_text("Đã chọn 2 đảng viên").is_visible()
    page.locator("#f-q").fill("an")
    page.wait_for_url("**q=an*")
    assert page.get_by_label("Hoàng Thị An").is_checked()
    assert page.locator("#found details").evaluate("e => e.open")


@pytest.mark.parametrize("script", [True, False])
def test_a_long_job_is_followed_to_its_end(opened: Opened, script: bool) -> None:
    """With the script the bar moves by itself and the page opens anew at the end; without, a link looks again."""
    page = opened(f"/job?name={script}", script=script)
    assert page.get_by_text("1 trên 4 dòng").is_visible()
    if not script:
        for _ in range(3):
            page.get_by_role("link", name="Xem lại").click()
    page.get_by_text("Đã đọc hết các dòng.").wait_for(timeout=15_000)
    assert page.title() == "Việc đã xong"


@pytest.mark.parametrize("script", [True, False])
def test_a_file_is_sent(opened: Opened, uploads: Uploads, script: bool) -> None:
    """With the script the file goes in pieces and the form carries its number; without, the form carries the file."""
    page = opened("/sheet", script=script)
    page.route("**/uploads**", uploads)
    page.get_by_label("Bảng").set_input_files(file_of(PIECE + 7))
    page.get_by_role("button", name="Gửi").click()
    page.locator("#took").wait_for()
    if script:
        assert page.locator("#took").inner_text() == "abc123"
        assert uploads.calls == ["POST", "PATCH", "PATCH"]
        assert uploads.data == file_of(PIECE + 7)["buffer"]
        assert uploads.metadata == "filename QuG6o25nIG5o4bqtcC5jc3Y="
    else:
        assert page.locator("#took").inner_text() == f"Bảng nhập.csv {PIECE + 7}"


def test_an_upload_goes_on_after_a_cut(opened: Opened, uploads: Uploads) -> None:
    """A lost piece is sent again from where the box stands; meanwhile the page says how far it came."""
    uploads.cut = {2}
    page = opened("/sheet")
    page.route("**/uploads**", uploads)
    page.get_by_label("Bảng").set_input_files(file_of(4 * PIECE))
    page.get_by_role("button", name="Gửi").click()
    page.get_by_text("Mạng bị ngắt khi đã gửi 25%.").first.wait_for()
    assert page.locator("progress").evaluate("e => e.value / e.max") == 0.25
    page.locator("#took").wait_for()
    assert uploads.calls == ["POST", "PATCH", "PATCH", "HEAD", "PATCH", "PATCH", "PATCH"]
    assert uploads.data == file_of(4 * PIECE)["buffer"]


def test_an_upload_goes_on_after_a_reload(opened: Opened, uploads: Uploads) -> None:
    """The same file, chosen again after the page was opened anew, goes on; nothing but its name, size and time was kept."""
    uploads.cut = {2, 3}
    page = opened("/sheet")
    page.route("**/uploads**", uploads)
    page.evaluate("f = new File(['x'.repeat(600000)], 'a.csv', {lastModified: 5}); 0")
    choose = """() => { const file = new File(['x'.repeat(600000)], 'a.csv', {lastModified: 5}), put = new DataTransfer();
      put.items.add(file); document.querySelector('#f-sheet').files = put.files; }"""
    page.evaluate(choose)
    page.get_by_role("button", name="Gửi").click()
    page.get_by_text("Mạng bị ngắt").first.wait_for()
    page.reload()
    assert page.evaluate("Object.entries(sessionStorage)") == [["upload a.csv 600000 5", "/uploads/abc123"]]
    uploads.cut = set()
    uploads.calls.clear()
    page.evaluate(choose)
    page.get_by_role("button", name="Gửi").click()
    page.locator("#took").wait_for()
    assert uploads.calls == ["HEAD", "PATCH", "PATCH"]
    assert uploads.data == b"x" * 600_000


def test_a_refused_upload_is_sent_with_the_form(opened: Opened, uploads: Uploads) -> None:
    """When the box takes no upload the form itself carries the file, and its page answers."""
    uploads.refuses = True
    page = opened("/sheet")
    page.route("**/uploads**", uploads)
    page.get_by_label("Bảng").set_input_files(file_of(10))
    page.get_by_role("button", name="Gửi").click()
    page.locator("#took").wait_for()
    assert page.locator("#took").inner_text() == "Bảng nhập.csv 10"


def test_a_form_that_comes_back_keeps_its_upload(opened: Opened, uploads: Uploads) -> None:
    """The button that was pressed is the one that is sent; the refused form says that the file is here, and sends its number."""
    page = opened("/sheet")
    page.route("**/uploads**", uploads)
    page.get_by_label("Bảng").set_input_files(file_of(10))
    page.get_by_role("button", name="Chỉ xem").click()
    page.get_by_text("Tệp đã gửi vẫn còn ở đây.").wait_for()
    assert page.title().startswith("Chưa lưu – ")
    page.get_by_role("button", name="Gửi").click()
    page.locator("#took").wait_for()
    assert page.locator("#took").inner_text() == "abc123"
    assert uploads.calls == ["POST", "PATCH"]
