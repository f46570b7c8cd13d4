"""The door in a browser: the one-time link, the password, the keyboard alone."""

import re
from typing import TYPE_CHECKING

import pytest
from tests.e2e.conftest import Opened
from tests.e2e.world import HUONG, World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
SECRET = "mot hai ba bon"
_FOCUSED = "e => e === document.activeElement"


def choose(page: "Page", secret: str, again: str) -> None:
    """Fill in the page of a one-time link and send it."""
    page.get_by_label("Mã PIN hoặc mật khẩu").fill(secret)
    page.get_by_label("Gõ lại lần nữa").fill(again)
    page.get_by_role("button", name="Lưu và đăng nhập").click()


def enter(page: "Page", name: str, secret: str) -> None:
    """Fill in the page of the door and send it."""
    page.get_by_label("Tên đăng nhập").fill(name)
    page.get_by_label("Mã PIN 6 số hoặc mật khẩu").fill(secret)
    page.get_by_role("button", name="Đăng nhập").click()


def heading(page: "Page") -> str:
    """The heading of the page."""
    return page.get_by_role("heading", level=1).inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_the_clerk_chooses_a_password_and_signs_in_with_it(opened: Opened, served: World, script: bool) -> None:
    """The link asks twice for a password and is used up; the password opens the door, to the page that was asked for."""
    link = served.link("clerk")
    page = opened(link, script=script)
    choose(page, SECRET, "mot hai ba")
    assert page.locator(".stop").evaluate(_FOCUSED)
    choose(page, SECRET, SECRET)
    assert heading(page) == "Việc cần làm"
    page.get_by_role("button", name="Thoát").first.click()
    used = page.goto(link)
    assert used is not None
    assert used.status == 404
    page.goto(served.address + "/membership/")
    name = served.office.sign_in_of(served.people["clerk"])
    enter(page, name, "mot hai ba nam")
    assert page.locator(".stop").evaluate(_FOCUSED)
    assert page.get_by_label("Tên đăng nhập").input_value() == name
    enter(page, name, SECRET)
    assert heading(page) == "Đảng viên"
    assert page.url.rstrip("/") == served.address + "/membership"


def tab_to(page: "Page", name: str) -> None:
    """Press Tab until the element with this accessible name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("""() => {
          const e = document.activeElement;
          return [...(e.labels || [])].map(label => label.innerText).join(' ') || e.innerText || '';
        }""")
        if focused.strip().startswith(name):
            return
    raise AssertionError(f"Tab does not lead to {name}")


@pytest.mark.parametrize("script", [True, False])
def test_the_keyboard_alone_signs_in_and_finds_a_member(opened: Opened, served: World, script: bool) -> None:
    """Without a mouse: a PIN is chosen, the menu is followed, a name is typed without marks, the member's page opens."""
    page = opened(served.link("clerk"), script=script)
    for label in ("Mã PIN hoặc mật khẩu", "Gõ lại lần nữa"):
        tab_to(page, label)
        page.keyboard.type("482615")
    page.keyboard.press("Enter")
    page.wait_for_url(served.address + "/")
    tab_to(page, "Đảng viên")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/membership/?$"))
    tab_to(page, "Tìm")
    page.keyboard.type("nguyen thi huong")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=nguyen**")
    tab_to(page, HUONG)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/membership/{served.members[HUONG]}")
    assert heading(page) == HUONG
