"""The clerk's evening in a browser: her sheet with mistakes in fifteen ways, mended in the page, recorded, corrected, undone."""

import random
import re
from typing import TYPE_CHECKING, Final

import pytest
from plugins.membership.tests.importing.faults import MISTAKES, right
from plugins.membership.tests.importing.files import Line, workbook, written
from tests.e2e.conftest import Opened
from tests.e2e.world import CELLS, FIRST_ROW, World

from chibox.testing import browser as look
from chibox_membership.sheet.columns import COLUMNS
from chibox_membership.tables import Member

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEED: Final = 2
EACH: Final = 2
"""So many rows have each of the fifteen mistakes."""
MENDED: Final = 20
_KEYS: Final = [column.key for column in COLUMNS]


def evening(served: World) -> tuple[list[Line], dict[int, dict[str, str]]]:
    """The lines of a sheet of people whom the box does not know, thirty of them wrong; what mends them, by row and key."""
    _, rows = served.sheet(SEED)
    units = dict(zip(served.cells, CELLS, strict=True))
    lines: list[Line] = []
    for row in rows:
        held = {key: getattr(row, key) for key in _KEYS if key != "number"}
        lines.append({key: written(key, value, units) for key, value in held.items() if value is not None})
    dice, mends = random.Random(SEED), dict[int, dict[str, str]]()
    places = iter(dice.sample(range(len(lines)), EACH * len(MISTAKES)))
    for mistake in MISTAKES * EACH:
        place = next(places)
        good = dict(lines[place])
        lines[place] = {**good, mistake.key: mistake.typed(good)}
        mends[FIRST_ROW + place] = {mistake.key: right(good, mistake)}
    return lines, mends


def members(served: World) -> int:
    """How many rows the roll has."""
    with served.box.reading() as read:
        return read.count(Member)


class Clerk:
    """The clerk before a page; `keys`: she has no mouse."""

    def __init__(self, page: "Page", served: World, axe: str, *, keys: bool = False, script: bool = True) -> None:
        self.page, self.served, self._axe, self._keys, self._script = page, served, axe, keys, script

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press a button, or follow a link that looks like one."""
        button = (
            self.page.get_by_role("button", name=name)
            .or_(self.page.get_by_role("link", name=name))
            .locator("visible=true")
            .and_(self.page.locator(":not(.sr)"))
        )
        if self._keys:
            button.first.focus()
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        else:
            button.first.click()
            self.page.wait_for_load_state()

    def looks_right(self) -> None:
        """Nothing is found by axe, nothing is wider than the window, no text is cut. Axe needs a script to run."""
        assert look.overflow(self.page) == 0
        assert look.cut_text(self.page) == []
        assert look.axe(self.page, self._axe) == []

    def said(self) -> str:
        """What stands above the page."""
        return self.page.locator("main").inner_text() + self.page.locator("header").inner_text()

    def send(self, lines: list[Line]) -> None:
        """Choose the file, send it, wait for the preview."""
        self.page.goto(f"{self.served.address}/membership/import")
        self.page.locator("input[type=file]").set_input_files(
            {"name": "dang-vien-thang-11.xlsx", "mimeType": XLSX, "buffer": workbook(lines)}
        )
        self.press("Gửi và xem")
        preview = self.page.get_by_role("heading", level=1, name="Xem trước khi nhập")
        if self._script:
            preview.wait_for()
            return
        for _ in range(40):
            if preview.count():
                return
            self.page.wait_for_timeout(250)
            self.page.reload()
        raise TimeoutError("the preview did not come")

    def count(self, tab: str) -> int:
        """The number on a tab."""
        text = self.page.locator(".tabs a", has_text=tab).inner_text()
        return int(re.sub(r"\D", "", text))

    def mend(self, mends: dict[int, dict[str, str]], most: int) -> None:
        """Write what is right into the fields of the page, and have it checked."""
        some = [(row, key, text) for row, ones in sorted(mends.items())[:most] for key, text in ones.items()]
        for row, key, text in some:
            if not text:  # the cell was empty: a button says so, for an empty field says nothing
                self.page.locator(f"button[name=take][value='{row} {key}']").click()
                self.page.wait_for_load_state()
        for row, key, text in some:
            if text:
                field = self.page.locator(f"#m-{row}-{key}")
                if field.evaluate("e => e.tagName") == "SELECT":
                    field.select_option(text)
                else:
                    field.fill(text)
        if self._keys:
            with self.page.expect_navigation():
                self.page.locator("main input[type=text][id^=m-]").first.press("Enter")
        else:
            self.press("Kiểm tra lại các ô đã sửa")


@pytest.mark.parametrize(
    ("width", "script", "keys"), [(1280, True, False), (360, False, False), (1280, True, True), (360, True, False)]
)
def test_the_evening_of_a_clerk(
    opened: Opened, served: World, axe_script: str, width: int, script: bool, keys: bool
) -> None:
    """Thirty wrong rows are shown, twenty mended, the right ones recorded as one act; corrected, undone, done again."""
    lines, mends = evening(served)
    before = members(served)
    clerk = Clerk(opened("/", "clerk", width=width, script=script), served, axe_script, keys=keys, script=script)
    clerk.send(lines)
    assert (clerk.count("Sai"), clerk.count("Mới"), members(served)) == (30, len(lines) - 30, before)
    if script:
        clerk.looks_right()
    clerk.mend(mends, MENDED)
    assert "20 dòng hết sai, còn 10 dòng" in clerk.said()
    clerk.press(re.compile(rf"^Nhập {len(lines) - 10} dòng"))
    assert f"Đã nhập {len(lines) - 10} dòng" in clerk.said()
    assert members(served) == before + len(lines) - 10
    if script:
        clerk.looks_right()
    corrected = correct_three(clerk, lines, mends)
    undo(clerk, served, before, corrected)
    clerk.send(lines)
    assert (clerk.count("Sai"), clerk.count("Không đổi") + clerk.count("Chưa rõ")) == (30, 3)


def correct_three(clerk: Clerk, lines: list[Line], mends: dict[int, dict[str, str]]) -> int:
    """Three people whose rows were right from the start have a wrong name: sửa ghi sai, with its paper."""
    sound = [
        line
        for place, line in enumerate(lines)
        if FIRST_ROW + place not in mends and line["status"] == "Đang sinh hoạt"
    ]
    for line in sound[:3]:
        clerk.page.goto(f"{clerk.served.address}/membership?q={line['personal_id']}")
        clerk.page.get_by_role("rowheader").get_by_role("link").first.click()
        clerk.page.goto(clerk.page.url + "/correct/name")
        clerk.page.locator("#f-other_name").fill("Tư")
        clerk.page.get_by_label("Ghi khác hồ sơ gốc").check()
        clerk.page.locator("#f-paper").fill("Lý lịch đảng viên số 14, ngày 02/03/1990")
        clerk.press("Lưu")
        assert "Đã sửa điều ghi sai" in clerk.said()
    return 3


def undo(clerk: Clerk, served: World, before: int, corrected: int) -> None:
    """The import is taken back from the page of the file; who was corrected since stays, and the page says so."""
    clerk.page.goto(f"{served.address}/membership/import")
    clerk.press("dang-vien-thang-11.xlsx")
    clerk.press(re.compile("^Hoàn tác…"))
    assert f"Giữ lại {corrected} dòng: đã có việc ghi sau dựa vào" in clerk.said()
    clerk.press(re.compile("^Hoàn tác$"))
    assert members(served) == before + corrected


@pytest.mark.parametrize("width", [360, 1280])
def test_the_list_of_a_cell_is_printed_and_a_name_that_was_heard_is_found(
    opened: Opened, served: World, axe_script: str, width: int
) -> None:
    """A name without marks finds who bears it, as one types; the cell's list prints on A4 and in large letters."""
    page = opened("/membership", "clerk", width=width)
    page.locator("#f-q").type("nguyen thi huong", delay=20)
    page.wait_for_function("() => document.querySelectorAll('#found tbody tr').length === 1")
    assert "Nguyễn Thị Hường" in page.locator("#found").inner_text()
    clerk = Clerk(page, served, axe_script)
    clerk.looks_right()
    for size in ("a4", "large"):
        page.goto(f"{served.address}/membership/print?cell={served.cells[0]}&size={size}")
        assert (
            page.get_by_role("heading", name="DANH SÁCH ĐẢNG VIÊN")
            .or_(page.get_by_text("DANH SÁCH ĐẢNG VIÊN"))
            .first.is_visible()
        )
        with served.box.reading() as read:
            there = read.count(Member, read.table(Member).cell == served.cells[0])
        assert page.locator("tbody tr").count() >= there > 0
