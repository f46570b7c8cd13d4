"""Who has read a member's file, what is ahead of them by the calendar, and the member on paper."""

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import chibox_membership
from chibox.identity.delaying import AgreeDelay, DelayReadings
from chibox_membership.forecast import ahead
from chibox_membership.onday import Held
from chibox_membership.pages.acts import CHANGE, CORRECT, LEAVE, MOVE, NOTE, STATE
from chibox_membership.read_pages import read_pages
from chibox_membership.views import COVERED

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll
    from plugins.membership.tests.pages.conftest import Desk

WHO = "Vừ A Dếnh"
TODAY = dt.date(2026, 11, 25)


def text(html: str) -> str:
    """The words of a page, spaces single."""
    return " ".join(re.sub("<[^>]*>", " ", html).replace("\u00a0", " ").split())


def rows(html: str) -> list[str]:
    """The rows of the page's table."""
    return [text(row) for row in re.findall(r'<tr role="row">(.*?)</tr>', html, re.DOTALL)][1:]


def test_every_reading_stands_there_with_its_purpose(desk: "Desk") -> None:
    """Newest first: page, covered field that was asked for, how many others were on it; who reads next stands there too."""
    address = desk.member("Lò Thị Ón")
    desk.clerk.get(address)
    desk.clerk.post(f"{address}/show/religion")
    desk.secretary.get("/membership/")
    first = rows(desk.clerk.get(f"{address}/readers").text)
    assert [row.split(" ", 3)[2:][1] for row in first[:3]] == [
        "Công việc của chi bộ Danh sách cùng 10 đồng chí khác",
        "Quản lý hồ sơ đảng viên Hồ sơ: mở xem tôn giáo",
        "Quản lý hồ sơ đảng viên Hồ sơ",
    ]
    again = rows(desk.clerk.get(f"{address}/readers").text)
    assert again[1:] == first
    assert again[0].endswith("Ai đã xem")


def test_readings_are_for_who_may_see_the_member(desk: "Desk") -> None:
    """A secretary of another cell and an operator find no such page."""
    address = desk.member("Nguyễn Văn Ẩn")
    assert desk.secretary.get(f"{address}/readers").status_code == 404
    assert desk.operator.get(f"{address}/readers").status_code == 404
    assert desk.clerk.get("/membership/" + "0" * 32 + "/readers").status_code == 404


def test_many_readings_take_pages(desk: "Desk") -> None:
    """25 on a page; beyond the last page stands the last one."""
    address = desk.member("Mùa A Dơ")
    for _ in range(26):
        desk.clerk.get(address)
    assert len(rows(desk.clerk.get(f"{address}/readers").text)) == 25
    last = desk.clerk.get(f"{address}/readers?page=99").text
    assert "26–27 trong 27 · Trang 2/2" in text(last)


def test_the_history_begins_with_what_is_ahead(desk: "Desk") -> None:
    """The next badge by its month, said to be reckoned; on a past day as it was ahead then."""
    address = f"{desk.member(WHO)}/history"
    shown = desk.clerk.get(address).text
    assert "07/2027 · Đủ 40 năm tuổi đảng (tính từ quyết định 30/07/1987) Dự tính, chưa phải việc đã ghi." in text(
        shown
    )
    assert shown.index('class="soon"') < shown.index('class="fix"')
    then = text(desk.clerk.get(f"{address}?day=01/01/2017").text)
    assert "07/2017 · Đủ 30 năm tuổi đảng" in then
    assert "40 năm" not in then


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ({"admitted_on": dt.date(2026, 1, 5)}, [("2056-01-05", "badge"), ("2027-01-05", "probation")]),
        ({"admitted_on": dt.date(1996, 11, 25), "official_on": dt.date(1997, 11, 25)}, [("2036-11-25", "badge")]),
        ({"admitted_on": dt.date(1930, 2, 3), "official_on": dt.date(1931, 2, 3)}, []),
        ({"admitted_on": dt.date(1990, 2, 3), "status": "deceased"}, []),
        ({"admitted_on": dt.date(2026, 12, 1)}, []),
        ({}, []),
    ],
)
def test_what_is_ahead(roll: "Roll", held: dict[str, Any], said: list[tuple[str, str]]) -> None:
    """The next badge after the day, and the end of a probation that still runs; nothing of who has gone or is no member yet."""
    with roll.reading() as read:
        found = ahead(read, Held(subject="a", **held), TODAY)
    assert [(one.day.isoformat(), "badge" if "years" in one.what.params else "probation") for one in found] == said


def test_a_member_is_printed_as_the_page_shows_them(desk: "Desk") -> None:
    """Both days, details covered as on the page, the history with its receipts; who draws it up is named or dotted."""
    address = desk.member(WHO)
    assert f'href="{address}/print"' in desk.clerk.get(address).text
    said = text(desk.clerk.get(f"{address}/print").text.partition("<article")[2])
    assert "Phiếu thông tin đảng viên Vừ A Dếnh Tại ngày 25/11/2026, theo dữ liệu đã ghi đến 25/11/2026:" in said
    assert "đảng viên chính thức, đang sinh hoạt, 39 năm tuổi đảng" in said
    assert "990 068 ••••99" in said
    assert "Tôn giáo" not in said.replace("Giới tính, dân tộc, tôn giáo", "")
    assert "Sửa ghi sai: ngày sinh 13/12/1968 thành 12/12/1968" in said
    assert "Đình chỉ sinh hoạt" not in said
    assert "không in tôn giáo" in said
    past = text(desk.clerk.get(f"{address}/print?day=31/12/2025&known=1").text.partition("<article")[2])
    assert "Tại ngày 31/12/2025, theo dữ liệu đã ghi đến 31/12/2025" in past


def test_covered_values_are_printed_on_request_only(desk: "Desk") -> None:
    """Asking is a POST that the access log has; then numbers are whole and the religion stands there."""
    address = f"{desk.member('Nguyễn Thị Hương')}/print"
    assert "991068000003" not in desk.clerk.get(address).text
    whole = text(desk.clerk.post(address).text)
    assert "991 068 000 003" in whole
    assert "Phật giáo" in whole
    assert desk.read(desk.roll.clerk)[0] == ("membership.print", "covered", 1)
    listed = rows(desk.clerk.get(f"{desk.member('Nguyễn Thị Hương')}/readers").text)
    assert listed[0].endswith("In: mở xem các số và tôn giáo")


def test_a_secretary_prints_what_the_post_opens(desk: "Desk") -> None:
    """No birth date and no number, with the reason on the sheet; nothing more can be asked for."""
    shown = desk.secretary.get(f"{desk.member('Hoàng Thị An')}/print").text
    assert "Ngày sinh" not in text(shown.partition("<article")[2])
    assert "Không in những mục mà chức vụ của người in không được xem." in text(shown)
    assert "991068000000" not in desk.secretary.post(f"{desk.member('Hoàng Thị An')}/print").text


def test_every_page_by_which_members_are_read_has_words() -> None:
    """Whatever name a page gives to `visit.reading` is worded for whoever was read on it, and so is every covered field."""
    package = Path(chibox_membership.__file__).parent
    named = set()
    for path in package.rglob("*.py"):
        named |= set(re.findall(r'\.reading\("(\w+)"', path.read_text("utf-8")))
    named |= {act.path for act in (CHANGE, CORRECT, MOVE, STATE, LEAVE, NOTE)}
    worded = read_pages()
    assert sorted(named - worded.pages.keys()) == ["cells", "filters", "template"]  # on these stands no member
    assert set(COVERED) <= worded.fields.keys()


def test_what_is_read_for_an_inspection_is_not_listed_before_its_day(desk: "Desk") -> None:
    """The clerk and the secretary of the cell find it the day after; who reads and who agreed at once."""
    roll, member = desk.roll, desk.members["Quàng Văn Ẳng"]
    inspector, second = roll.someone("committee_secretary"), roll.someone("committee_secretary")
    delay = roll.subject(
        roll.ask(DelayReadings(person=member, reader=inspector, reason="supervision", until=TODAY), actor=roll.clerk)
    )
    roll.ask(AgreeDelay(asked=delay), actor=second)
    with desk.browser(inspector) as browser:
        browser.post("/settings", data={"lang": "vi", "text": "100", "purpose": "inspection"})
        browser.get(f"/membership/{member}")
    mark = "Đọc để kiểm tra, báo sau theo quy định Hồ sơ"

    def told(person: str) -> int:
        with desk.browser(person) as browser:
            return sum(mark in row for row in rows(browser.get(f"/membership/{member}/readers").text))

    assert [told(person) for person in (roll.clerk, inspector, second)] == [0, 1, 1]
    before = roll.clock.at
    roll.clock.at += 86_400_000
    assert told(roll.clerk) >= 1
    roll.clock.at = before
