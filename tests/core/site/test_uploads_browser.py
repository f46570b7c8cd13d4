"""A browser sends a file to the box by pieces, over a line that breaks, and the form gets the very bytes."""

import os
from typing import TYPE_CHECKING

import pytest
from tests.core.site.conftest import House

from chibox.site.who import COOKIE
from chibox.testing import browser as look

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = pytest.mark.browser
DATA = os.urandom(900_000)


@pytest.mark.parametrize("script", [True, False])
def test_a_file_comes_whole_over_a_line_that_breaks(
    chromium: "Browser", house: House, clerk: str, script: bool
) -> None:
    """The second piece is lost on its way, the answer to the third: it goes on by itself; without a script it is one form."""
    sent: list[str] = []

    def line(route: "Route") -> None:
        sent.append(route.request.method)
        if sent.count("PATCH") == 2 and sent[-1] == "PATCH":
            route.abort("connectionreset")
        elif sent.count("PATCH") == 3 and sent[-1] == "PATCH":
            route.fetch()  # it came to the box; what the box said is lost
            route.abort("connectionreset")
        else:
            route.continue_()

    token, _ = house.office.sessions.begin(clerk, "", house.clock.now(), kept=False)
    with look.serving(house.app) as address:
        context = look.context(chromium, script=script)
        context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        page = context.new_page()
        page.route("**/uploads**", line)
        page.goto(f"{address}/guests/picture")
        page.set_input_files("#f-picture", {"name": "a.png", "mimeType": "image/png", "buffer": DATA})
        with page.expect_navigation():
            page.click("button.main-act")
        draft = page.locator("body").inner_text().strip()
        context.close()
    with house.browser(clerk) as browser:
        assert browser.get(f"/guests/picture/{draft}").content == DATA
    cut = ["POST", "PATCH", "PATCH", "HEAD", "PATCH", "HEAD", "PATCH", "PATCH"]
    assert sent == (cut if script else [])
