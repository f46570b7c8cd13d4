"""What each post sees in the browser: IT sees nobody's data, the secretary of a cell sees that cell, and not every field."""

from typing import TYPE_CHECKING

import pytest
from tests.e2e.conftest import Opened
from tests.e2e.world import CELLS, HUONG, LATE_MOVER, World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def all_names(served: World) -> set[str]:
    """The full names of all members."""
    with served.box.reading() as read:
        return {name for held in read.facts(fields=("full_name",)).values() if (name := held["full_name"].value)}


def text(page: "Page") -> str:
    """All that a page says."""
    return page.locator("body").inner_text()


def test_an_operator_sees_the_box_and_no_member(opened: Opened, served: World) -> None:
    """State, plugins and the log's outline are open; no page shows a member's name, and members' pages are not there."""
    page, names = opened("/", "operator"), all_names(served)
    menu = [link.inner_text() for link in page.get_by_role("navigation", name="Danh mục").get_by_role("link").all()]
    assert "Đảng viên" not in menu
    for path in ("/", "/health", "/plugins", "/log", "/log/64", "/units"):
        page.goto(served.address + path)
        assert [name for name in names if name in text(page)] == [], path
    member = f"/membership/{served.members[HUONG]}"
    files = ("/membership/roll.xlsx", "/membership/roll.json", "/log/61/record", "/log/61/receipt")
    for path in ("/membership/", "/membership/import", member, f"{member}/history", f"{member}/receipts", *files):
        answer = page.goto(served.address + path)
        assert answer is not None
        assert answer.status in {403, 404}, path
        assert [name for name in names if name in text(page)] == [], path


def test_a_cell_secretary_sees_the_own_cell_with_some_fields_closed(opened: Opened, served: World) -> None:
    """The list has the members of the cell alone, a member of another one is not there, identity numbers are closed."""
    page = opened("/membership/", "cell_secretary")
    shown = [cell.inner_text() for cell in page.get_by_role("rowheader").all()]
    with served.box.reading() as read:
        held = read.facts(fields=("full_name", "cell"))
    there = {some["full_name"].value for some in held.values() if some["cell"].value == served.cells[0]}
    assert HUONG in shown
    assert set(shown) <= there
    page.get_by_role("link", name=HUONG).click()
    said = text(page)
    assert said.count("có ghi; chức vụ này không xem") == 3  # birth, religion, personal number
    assert [secret for secret in ("990000000016", "12/03/1968") if secret in said] == []
    assert page.get_by_role("link", name="Sửa ghi sai").count() == 0
    other = page.goto(f"{served.address}/membership/{served.members[LATE_MOVER]}")
    assert other is not None
    assert other.status == 404
    assert CELLS[3] not in text(page)
