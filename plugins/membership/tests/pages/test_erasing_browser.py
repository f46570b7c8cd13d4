"""The pages of an erasure and of an evidence pack in a real browser: asked, done, what is left; whole without script."""

import os
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
PICTURES = os.environ.get("CHIBOX_PICTURES", "")


@pytest.fixture(scope="module")
def base(desk: "Desk") -> Iterator[str]:
    """The address of the site on loopback."""
    with look.serving(desk.app) as address:
        yield address


@pytest.fixture(scope="module")
def secretary(desk: "Desk") -> str:
    """Who approves everywhere."""
    return desk.roll.someone("committee_secretary")


@pytest.fixture
def opened(chromium: "Browser", base: str, desk: "Desk") -> Iterator[Callable[..., "Page"]]:
    """Opens a page as somebody, with or without script."""
    contexts = []

    def open_page(person: str, path: str, **options: Any) -> "Page":
        context = look.context(chromium, **options)
        contexts.append(context)
        context.add_cookies([{"name": "chibox", "value": desk.token(person), "url": base}])
        page = context.new_page()
        page.goto(base + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def erased(
    opened: Callable[..., "Page"], desk: "Desk", secretary: str, name: str, *stops: Callable[["Page", str], None]
) -> str:
    """Two people erase a member by the pages; each page is given to `stops`. Returns the address of the member."""

    def stop(page: "Page", what: str) -> None:
        for one in stops:
            one(page, what)

    who = desk.member(name)
    clerk = opened(desk.roll.clerk, who, script=False)
    clerk.get_by_role("link", name="Đề nghị xóa hồ sơ này").click()
    stop(clerk, "ask")
    clerk.get_by_label("người ấy yêu cầu").check()
    clerk.get_by_role("button", name="Đề nghị xóa dữ liệu").click()
    stop(clerk, "asked")
    other = opened(secretary, "/", script=False)
    other.get_by_role("link", name="Duyệt đề nghị xóa dữ liệu về một người").click()
    stop(other, "request")
    count = other.get_by_role("heading", name="bản ghi sẽ bị xóa nội dung").inner_text().split()[0]
    other.get_by_label("Gõ số bản ghi").fill(count)
    other.get_by_role("button", name="Xóa vĩnh viễn").click()
    assert other.get_by_text("Đã xóa nội dung.").is_visible()
    stop(other, "done")
    other.goto(f"{other.url.split('/erasing')[0]}/erasing")
    stop(other, "list")
    other.goto(f"{other.url.split('/erasing')[0]}{who}")
    stop(other, "gone")
    return who


def test_two_people_erase_without_a_script(opened: Callable[..., "Page"], desk: "Desk", secretary: str) -> None:
    """From the member's page to what is left of it; the member is not found any more, a tab says why."""
    who = erased(opened, desk, secretary, "Vừ A Dếnh")
    page = opened(desk.roll.clerk, who)
    assert page.get_by_role("heading", name="Đã xóa nội dung").is_visible()
    assert page.goto(f"{page.url}/history").status == 404  # type: ignore[union-attr]
    assert "Đã xóa nội dung về đảng viên này ngày" in page.inner_text("main")
    assert "Dếnh" not in opened(desk.roll.clerk, "/membership/?q=denh").inner_text("main")


@pytest.mark.parametrize(("width", "name"), [(360, "Lò Thị Ón"), (1280, "Nguyễn Thị Thu Hương")])
def test_nothing_is_wrong_with_the_pages(
    opened: Callable[..., "Page"], desk: "Desk", secretary: str, width: int, name: str
) -> None:
    """Accessible, never too wide, no text cut, no target too small: on a phone and at a desk."""
    script = (JUDGES / "axe-core" / "axe.min.js").read_text("utf-8")
    found: dict[str, list[str]] = {}

    def judge(page: "Page", what: str) -> None:
        sized = opened(secretary if what in {"request", "done", "list", "gone"} else desk.roll.clerk, "/", width=width)
        sized.goto(page.url)
        found[what] = look.faults(sized, script)
        picture(sized, f"{what}-{width}")
        if what == "request":
            sized.get_by_label("Gõ số bản ghi").fill("0")
            sized.get_by_role("button", name="Xóa vĩnh viễn").click()
            assert sized.get_by_text("Chưa đúng số bản ghi; số ấy là 1").first.is_visible()
            found["wrong"] = look.faults(sized, script)
            picture(sized, f"wrong-{width}")

    who = desk.members[name]
    for path, what in ((f"/evidence/{who}", "evidence"), (f"/membership/{who}", "member")):
        page = opened(desk.roll.clerk, path, width=width)
        found[what] = look.faults(page, script)
        picture(page, f"{what}-{width}")
    erased(opened, desk, secretary, name, judge)
    assert {what: faults for what, faults in found.items() if faults} == {}


def picture(page: "Page", name: str) -> None:
    """For whoever wants to look."""
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)


def test_a_pack_is_downloaded(opened: Callable[..., "Page"], desk: "Desk") -> None:
    """From the member's page, by two clicks."""
    page = opened(desk.roll.clerk, desk.member("Hà Thị Yên"))
    page.get_by_role("link", name="Tải hồ sơ chứng cứ").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải hồ sơ chứng cứ").click()
    assert download.value.suggested_filename.startswith("chung-cu-")
