"""Two clerks at one form: both values side by side, either may stand, nothing is lost and nothing is overwritten unseen."""

import re
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from plugins.membership.tests.pages import conftest

from chibox.office import Office
from chibox.testing import browser as look
from chibox_membership.asking import Change, SetStatus
from chibox_membership.records import Corrected

if TYPE_CHECKING:
    from httpx import Response
    from playwright.sync_api import Browser, Page
    from plugins.membership.tests.conftest import Roll
    from plugins.membership.tests.pages.conftest import Desk


def text(html: str) -> str:
    """The words of a page, spaces single."""
    return " ".join(re.sub("<[^>]*>", " ", html).replace("\u00a0", " ").split())


class Sheet:
    """A form that a clerk has open while a colleague records something."""

    def __init__(self, desk: "Desk", name: str, path: str) -> None:
        self.desk, self.member = desk, desk.members[name]
        self.address = f"{desk.member(name)}/{path}"
        self.fields = self._of(desk.clerk.get(self.address).text)

    def _of(self, html: str) -> dict[str, Any]:
        return next(held for _, held in reversed(conftest.Forms(html).found) if "_act" in held)

    def send(self, **typed: str) -> "Response":
        """Send what stands in the form, with what was typed."""
        answer = self.desk.clerk.post(self.address, data={**self.fields, **typed}, follow_redirects=False)
        if answer.status_code == 422:
            self.fields = self._of(answer.text)
        return answer

    def records(self) -> list[Any]:
        """What stands about the member, the last first."""
        with self.desk.roll.reading() as read:
            return [e.body for e in sorted(read.history(self.member), key=lambda e: -e.position)]


def change_place(sheet: Sheet, **details: Any) -> None:
    """The colleague's act."""
    day = sheet.desk.roll.member(sheet.member).admitted_on
    colleague = sheet.desk.roll.someone("clerk")
    sheet.desk.roll.ask(Change(member=sheet.member, day=day, **details), actor=colleague)


def test_both_values_are_shown_and_mine_may_stand(desk: "Desk") -> None:
    """Per field what was typed and what the colleague recorded; sent again as it stands, what was typed is recorded."""
    sheet = Sheet(desk, "Lò Văn Ánh", "correct/residence")
    change_place(sheet, residence_detail="thôn Trung", residence_province="tỉnh Lam Sơn")
    met = sheet.send(residence_detail="thôn Thượng", ground="statement")
    assert met.status_code == 422
    said = text(met.text)
    assert "Hai đồng chí ghi khác nhau" in said
    assert re.search(r"Chi tiết thôn Thượng thôn Trung ", said)
    assert 'value="mine" checked' in met.text
    assert 'name="residence_province" value="tỉnh Lam Sơn"' in met.text  # only the colleague touched it: theirs stands
    assert sheet.send().status_code == 303
    assert isinstance(sheet.records()[0], Corrected)
    row = desk.roll.member(sheet.member)
    assert (row.residence_detail, row.residence_province) == ("thôn Thượng", "tỉnh Lam Sơn")


def test_the_colleagues_value_may_be_taken(desk: "Desk") -> None:
    """Chosen for every field, nothing is recorded; for one of two, the other is."""
    sheet = Sheet(desk, "Vì Văn Chom", "correct/residence")
    change_place(sheet, residence_detail="thôn Trung")
    sheet.send(residence_detail="thôn Thượng", ground="statement")
    size = desk.roll.box.log.size
    done = sheet.send(_keep_residence_detail="theirs")
    assert (done.status_code, done.headers["location"]) == (303, f"/membership/{sheet.member}")
    assert desk.roll.box.log.size == size
    assert sheet.send(_keep_residence_detail="theirs", residence_province="tỉnh Lam Sơn").status_code == 303
    row = desk.roll.member(sheet.member)
    assert (row.residence_detail, row.residence_province) == ("thôn Trung", "tỉnh Lam Sơn")


def test_the_same_typed_twice_is_no_collision(desk: "Desk") -> None:
    """Who typed what the colleague recorded is told so, and has nothing to choose."""
    sheet = Sheet(desk, "Cà Văn Pọm", "correct/residence")
    change_place(sheet, residence_detail="thôn Trung")
    met = sheet.send(residence_detail="thôn Trung", ground="statement")
    assert met.status_code == 422
    assert "Hai đồng chí ghi khác nhau" not in met.text
    assert "Trong lúc đồng chí viết" in met.text


def test_numbers_are_compared_whole_on_their_own_page(desk: "Desk") -> None:
    """The page shows the number in its field, so both stand there whole; on another page it stays covered."""
    sheet = Sheet(desk, "Hà Thị Yên", "correct/card")
    change_place(sheet, card_number="990111000111")
    met = sheet.send(card_number="990222000222", ground="party_card", paper="Thẻ")
    assert "990222000222 990111000111" in text(met.text)
    other = Sheet(desk, "Hà Thị Yên", "correct/residence")
    change_place(other, card_number="990333000333")
    elsewhere = other.send(residence_detail="thôn Thượng", ground="statement")
    assert elsewhere.status_code == 422
    assert "990333000333" not in elsewhere.text


def test_two_states_stand_side_by_side(desk: "Desk") -> None:
    """An act that is one thing: both are named, saving records what was typed, the link keeps what is."""
    sheet = Sheet(desk, "Tòng Thị Xôm", "state")
    day = desk.roll.member(sheet.member).admitted_on
    desk.roll.ask(SetStatus(member=sheet.member, day=day, status="exempt"), actor=desk.roll.someone("clerk"))
    met = sheet.send(status="suspended", day="1/3/2026")
    assert "Trạng thái hoạt động Đình chỉ sinh hoạt Miễn sinh hoạt" in text(met.text)
    assert "_keep_" not in met.text
    assert sheet.send().status_code == 303
    assert desk.roll.member(sheet.member).status == "suspended"


@pytest.fixture(scope="module")
def two(open_roll: type["Roll"], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple["Desk", str]]:
    """An office of its own behind a server."""
    roll = open_roll(tmp_path_factory.mktemp("two") / "box")
    with closing(Office(roll.box)) as office:
        desk = conftest.Desk(roll, office)
        conftest.fill(desk)
        with look.serving(desk.app) as base:
            yield desk, base
    roll.box.close()


def _open(browser: "Browser", two: tuple["Desk", str], person: str, path: str, *, script: bool) -> "Page":
    desk, base = two
    context = look.context(browser, width=360, script=script)
    context.add_cookies([{"name": "chibox", "value": desk.token(person), "url": base}])
    page = context.new_page()
    page.goto(base + path)
    return page


@pytest.mark.browser
@pytest.mark.parametrize(("script", "stands"), [(True, "theirs"), (False, "mine")])
def test_two_clerks_correct_one_birth_date(
    chromium: "Browser", two: tuple["Desk", str], script: bool, stands: str
) -> None:
    """Both have the form open; the second is shown both days and chooses; nothing is wider than a phone."""
    desk, _ = two
    name = "Lường Thị Bun" if script else "Quàng Văn Ẳng"
    path = f"{desk.member(name)}/correct/birth"
    first, second = (
        _open(chromium, two, person, path, script=script) for person in (desk.roll.clerk, desk.roll.someone("clerk"))
    )
    for page, day in ((first, "01/02/1969"), (second, "02/02/1969")):
        page.get_by_label("Ngày sinh", exact=True).fill(day)
        page.get_by_label("Căn cứ").fill("Lý lịch đảng viên số 7")
        page.get_by_role("button", name="Lưu").click()
    assert first.get_by_text("Đã sửa điều ghi sai.").is_visible()
    assert second.title().startswith("Chưa lưu – Sửa ghi sai")
    assert second.get_by_text("01/02/1969").first.is_visible()
    assert look.overflow(second) == 0
    second.locator(f'input[name="_keep_born_on"][value="{stands}"]').check()
    second.get_by_role("button", name="Lưu").click()
    second.wait_for_url(f"**{desk.member(name)}")
    born = desk.roll.member(desk.members[name]).born_on
    assert born.isoformat() == ("1969-02-01" if stands == "theirs" else "1969-02-02")
