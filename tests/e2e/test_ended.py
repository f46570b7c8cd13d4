"""A session that ends while a page is open: what the script would have fetched leads to the door, and back to where one was."""

import re

import pytest
from tests.e2e.conftest import Opened
from tests.e2e.world import World

from chibox.identity.sessions import IDLE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False])
def test_a_search_after_the_session_has_ended(opened: Opened, served: World, script: bool) -> None:
    """Typing, or pressing the button, opens the door; behind it stands the list that was asked for."""
    clerk, accounts = served.people["clerk"], served.office.accounts
    accounts.choose_secret(accounts.one_time_link(clerk), "mật khẩu dài", "mật khẩu dài")
    page = opened("/membership/", "clerk", script=script)
    served.box.clock.at += IDLE
    page.locator("#f-q").press_sequentially("huong")
    if not script:
        page.get_by_role("button", name="Tìm").click()
    page.wait_for_url("**/sign-in?back=*")
    page.locator("#f-name").fill(served.office.sign_in_of(clerk))
    page.locator("#f-secret").fill("mật khẩu dài")
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(re.compile(r"/membership/?\?(.*&)?q=huong"))
    assert page.locator("#f-q").input_value() == "huong"
    assert page.get_by_role("link", name="Nguyễn Thị Hường").is_visible()
