"""One member in the browser: found, corrected with a ground, seen as on a day, proved to somebody who trusts nobody."""

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from tests.e2e.conftest import Opened
from tests.e2e.world import CELLS, HUONG, LATE_MOVER, LEAVER, YEAR_END, World

from chibox.cli import main as chibox
from chibox.records.log import LogReader

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
PAPER: Final = "Lý lịch của người xin vào Đảng, ngày 12/04/1994"
DAY: Final = f"{YEAR_END:%d/%m/%Y}"


@pytest.mark.parametrize("script", [True, False])
def test_a_birth_date_is_corrected_with_its_ground(opened: Opened, served: World, script: bool) -> None:
    """Found without marks; without a ground the form comes back with what was typed; then the history has old and new."""
    page = opened("/membership/", "clerk", script=script)
    page.get_by_label("Tìm, không cần dấu").fill("nguyen thi huong")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name=HUONG).click()
    page.get_by_role("link", name="Sửa ghi sai").click()
    page.get_by_role("link", name="Ngày sinh").click()
    page.get_by_label("Ngày sinh").fill("21/03/1968")
    page.get_by_role("button", name="Lưu").click()
    assert page.title().startswith("Chưa lưu – ")
    assert page.locator(".stop").evaluate("e => e === document.activeElement")
    assert page.get_by_label("Ngày sinh").input_value() == "21/03/1968"
    page.locator(".stop").get_by_role("link").click()
    assert page.get_by_label("Căn cứ").evaluate("e => e === document.activeElement")
    page.get_by_label("Căn cứ").fill(PAPER)
    page.get_by_role("button", name="Lưu").click()
    assert "Biên nhận" in page.locator(".bands").inner_text()
    assert "21/03/1968" in page.get_by_role("main").inner_text()
    page.get_by_role("link", name="Quá trình").click()
    told = page.get_by_role("main").inner_text()
    assert [text for text in ("12/03/1968", "21/03/1968", PAPER) if text not in told] == []


def as_on(page: "Page", *, known: bool) -> None:
    """Ask for the end of last year, late entries included or only what was known then."""
    if page.locator("details").count():
        page.locator("details > summary").last.click()
    page.get_by_label("Xem tại ngày").fill(DAY)
    page.get_by_label("Chỉ những gì đã ghi đến ngày đó" if known else "Kể cả việc ghi bổ sung sau này").check()
    page.get_by_role("button", name="Xem", exact=True).click()


def row_of(page: "Page", name: str) -> str:
    """The row of a member in the list; empty when there is none."""
    rows = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name))
    return rows.first.inner_text() if rows.count() else ""


@pytest.mark.parametrize("script", [True, False])
def test_the_roll_of_a_day_as_it_was_and_as_it_was_known(opened: Opened, served: World, script: bool) -> None:
    """Who left since then is in it; a move recorded late shows the new cell, and the old one by what was known then."""
    page = opened("/membership/?q=denh", "clerk", script=script)
    assert row_of(page, LEAVER) == ""
    as_on(page, known=False)
    assert f"tại ngày {DAY}" in page.locator(".head").inner_text()
    assert "Chính thức" in row_of(page, LEAVER)
    page.get_by_label("Tìm, không cần dấu").fill("lo van muon")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("rowheader", name=LATE_MOVER).wait_for()
    assert "Công an xã" in row_of(page, LATE_MOVER)
    page.get_by_role("link", name=LATE_MOVER).click()
    assert CELLS[3] in page.locator(".head").inner_text()
    as_on(page, known=True)
    assert CELLS[1] in page.locator(".head").inner_text()
    assert page.get_by_role("link", name="Sửa ghi sai").count() == 0


@pytest.mark.parametrize("script", [True, False])
def test_a_receipt_and_the_log_are_verified_without_the_box(
    opened: Opened, served: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], script: bool
) -> None:
    """A receipt downloaded from a member's page and the exported log bear each other out; another member's byte does not."""
    page = opened(f"/membership/{served.members[HUONG]}/receipts", "clerk", script=script)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải").first.click()
    receipt, log = tmp_path / waiting.value.suggested_filename, tmp_path / "log"
    waiting.value.save_as(receipt)
    with served.box.box.database.reading() as connection:
        reader = LogReader(connection)
        key = reader.verifier(reader.head()).vkey
    assert chibox(["export-log", str(served.box.folder), str(log)]) == 0
    assert chibox(["verify", "--receipt", str(receipt), "--key", key]) == 0
    assert chibox(["verify", str(log), "--receipt", str(receipt), "--key", key]) == 0
    assert chibox(["verify", str(served.box.folder), "--key", key]) == 0
    _flip(receipt, "entry.json")
    assert chibox(["verify", str(log), "--receipt", str(receipt), "--key", key]) == 1
    assert capsys.readouterr().out


def _flip(receipt: Path, ending: str) -> None:
    """Change one byte of a file in a receipt."""
    with zipfile.ZipFile(receipt) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name in files if name.endswith(ending))
    files[name] = files[name][:-9] + bytes([files[name][-9] ^ 1]) + files[name][-8:]
    with zipfile.ZipFile(receipt, "w") as archive:
        for member, content in files.items():
            archive.writestr(member, content)
