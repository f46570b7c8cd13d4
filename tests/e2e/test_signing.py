"""A restored box in the browser: everyone sees why it takes nothing, two people open the next generation, work goes on."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.e2e.conftest import Opened
from tests.e2e.world import World

from chibox.testing import browser as look

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
BAND = "Tạm dừng nhận việc mới từ"


@pytest.fixture
def halted(served: World) -> World:
    """The box as a restore leaves it."""
    (Path(served.box.folder) / "restored").write_text('{"at": 1, "made": 1, "size": 1}')
    served.box.box.look()
    return served


def text(page: "Page") -> str:
    """All that a page says."""
    return page.locator("body").inner_text()


@pytest.mark.parametrize(("width", "js"), [(360, True), (1280, True), (360, False)])
def test_two_people_open_the_next_generation(
    opened: Opened, halted: World, axe_script: str, width: int, js: bool
) -> None:
    """The band is on every page; a form is refused with the reason; the first asks, the second agrees, the box records."""
    clerk = opened("/membership/", "clerk", width=width, java_script_enabled=js)
    assert BAND in text(clerk)
    clerk.get_by_role("link", name="Xem việc cần làm").click()
    assert clerk.get_by_role("button", name="Đề nghị (người thứ nhất)").count() == 0
    first = opened("/signing", "administrator", width=width, java_script_enabled=js)
    assert "Hộp vừa được khôi phục từ bản sao lưu" in text(first)
    if js:
        assert look.faults(first, axe_script) == []
    first.get_by_role("button", name="Đề nghị (người thứ nhất)").click()
    assert "Cần người thứ hai đồng ý" in text(first)
    assert first.get_by_role("button", name="Đồng ý, mở đời thứ 2").count() == 0
    second = opened("/signing", "committee_secretary", width=width, java_script_enabled=js)
    if js:
        assert look.faults(second, axe_script) == []
    second.get_by_role("button", name="Đồng ý, mở đời thứ 2").click()
    assert "Hộp đã ghi việc trở lại." in text(second)
    assert BAND not in text(second)
    assert "Hộp được khôi phục từ bản sao lưu" in text(second)
    if js:
        assert look.faults(second, axe_script) == []
    clerk.goto(halted.address + "/log")
    assert BAND not in text(clerk)
    assert "Đã mở đời thứ 2 của nhật ký" in text(clerk)
    halted.box.unit("Chi bộ mới")


def test_an_asking_can_be_withdrawn_or_refused(opened: Opened, halted: World) -> None:
    """By the first person or by the second; the box stays as it was."""
    first = opened("/signing", "administrator")
    second = opened("/signing", "committee_secretary")
    for who, button in ((first, "Rút đề nghị"), (second, "Không đồng ý")):
        first.goto(halted.address + "/signing")
        first.get_by_role("button", name="Đề nghị (người thứ nhất)").click()
        who.goto(halted.address + "/signing")
        who.get_by_role("button", name=button).click()
        assert "Đã rút đề nghị." in text(who)
        assert BAND in text(who)
    assert halted.box.box.log.generation == 1
