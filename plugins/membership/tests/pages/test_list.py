"""The list of members: found, narrowed, sorted, turned over, on a day, and only what the visitor may see."""

import datetime as dt
import itertools
import re
from typing import TYPE_CHECKING, Any

import pytest

from chibox_membership import listing
from chibox_membership.rules import due_until

if TYPE_CHECKING:
    from plugins.membership.tests.pages.conftest import Browser, Desk

ROW = re.compile(r'<th scope="row" role="rowheader"><a href="([^"]*)">(.*?)</a></th>')


def names(browser: "Browser", query: str = "") -> list[str]:
    """The names on a page of the list."""
    shown = browser.get(f"/membership/{query}")
    assert shown.status_code == 200, shown.text
    return [re.sub("<.*?>", "", name) for _, name in ROW.findall(shown.text)]


def test_members_stand_in_the_order_of_their_given_names(desk: "Desk") -> None:
    """As in a ă â, e ê, o ô ơ; the tone comes after the letters; 25 stand on the first page, with the count above."""
    shown = desk.clerk.get("/membership/").text
    assert names(desk.clerk)[:4] == ["Hoàng Thị An", "Lò Văn Ánh", "Quàng Văn Ẳng", "Nguyễn Văn Ẩn"]
    assert len(names(desk.clerk)) == 25
    assert "30 trong 30 đảng viên · hôm nay, 25/11/2026" in shown
    assert "Hoàng Thị <b>An</b>" in shown
    assert len(names(desk.clerk, "?page=2")) == 5
    assert names(desk.clerk, "?page=9") == names(desk.clerk, "?page=2")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=nguyen+thi+huong", ["Nguyễn Thị Hương", "Nguyễn Thị Thu Hương", "Nguyễn Thị Hường"]),
        ("?q=Nguyễn+Thị+Hường", ["Nguyễn Thị Hường", "Nguyễn Thị Hương", "Nguyễn Thị Thu Hương"]),
        ("?q=huong+nguyen", ["Nguyễn Thị Hương", "Nguyễn Thị Thu Hương", "Nguyễn Thị Hường"]),
        ("?q=de+dang", ["Đặng Hữu Đễ"]),
        ("?q=nhuon", ["H’Nhuôn Êban Niê"]),
        ("?q=H'Nhu", ["H’Nhuôn Êban Niê"]),
        ("?q=991+068+000+003", ["Nguyễn Thị Hương"]),
        ("?q=%25", []),
        ("?q=uong", []),
        ("?state=probationary_member", ["Tòng Văn Mới"]),
        ("?state=due", ["Tòng Văn Mới"]),
        ("?sort=-born&q=huong", ["Nguyễn Thị Hường", "Nguyễn Thị Thu Hương", "Nguyễn Thị Hương"]),
        ("?sort=admitted&q=huong", ["Nguyễn Thị Hương", "Nguyễn Thị Thu Hương", "Nguyễn Thị Hường"]),
    ],
)
def test_search_filter_and_sort(desk: "Desk", query: str, found: list[str]) -> None:
    """Marks, order of words and groups of a number make no difference; what was typed with marks comes first."""
    assert names(desk.clerk, query) == found


def test_filters_are_links_that_take_themselves_out(desk: "Desk") -> None:
    """Each filter stands above the list as a link to the list without it; the list narrows by all of them."""
    cell = desk.roll.west
    shown = desk.clerk.get(f"/membership/?cell={cell}&state=official_member&q=nguyen").text
    assert f'href="/membership?cell={cell}&amp;state=official_member"' in shown
    assert f'href="/membership?cell={cell}&amp;q=nguyen"' in shown
    assert names(desk.clerk, f"?cell={cell}&q=a") == ["Vừ A Dếnh", "Vừ A Páo", "Lò Văn Ánh", "Nguyễn Văn Ẩn"]


def test_an_empty_list_says_what_to_do(desk: "Desk") -> None:
    """Nobody found: what was looked for, where, and what to try."""
    shown = desk.clerk.get("/membership/?q=zzz").text
    assert "Không thấy ai tên gần “zzz” trong 3 chi bộ. Thử bỏ bớt chữ, hoặc tìm theo số định danh." in shown


def test_one_column_says_what_is_unusual(desk: "Desk") -> None:
    """A probation that ends is named with its day."""
    assert "Hết thời gian dự bị ngày 10/12/2026" in desk.clerk.get("/membership/?q=moi").text


def test_a_past_day_is_yellow_and_offers_no_acts(desk: "Desk") -> None:
    """The band, both meanings, links that keep the day; nothing to add, import or export."""
    shown = desk.clerk.get("/membership/?day=31/12/2025&known=1").text
    assert "Đang xem tại ngày 31/12/2025" in shown
    assert 'value="1" checked' in shown
    assert "0 trong 0 đảng viên · tại ngày 31/12/2025" in shown
    assert "/membership/enter" not in shown
    late = desk.clerk.get("/membership/?day=31/12/2025&q=denh").text
    assert "1 trong 30 đảng viên" in late
    assert f"{desk.member('Vừ A Dếnh')}?day=31%2F12%2F2025" in late
    assert desk.clerk.get("/membership/?day=26/11/2026").status_code == 422
    assert desk.clerk.get("/membership/?day=abc").status_code == 422


def test_a_secretary_sees_her_cell_and_no_identity(desk: "Desk") -> None:
    """The members of one cell, no birth date, no way to find or sort by what is not shown, nothing to enter."""
    shown = desk.secretary.get("/membership/").text
    cell = desk.roll.east
    assert "11 trong 11 đảng viên" in shown
    assert "Ngày sinh" not in shown
    assert "/membership/enter" not in shown
    assert names(desk.secretary, "?q=991068") == []
    assert names(desk.secretary, "?sort=-born") == names(desk.secretary)
    assert names(desk.secretary, f"?cell={desk.roll.west}") == []
    assert names(desk.secretary, "?day=20/12/2025") == names(desk.clerk, f"?cell={cell}")


def test_who_came_from_another_cell_is_seen_there(desk: "Desk") -> None:
    """A past day shows today's members of the cell where they stood then, with what the secretary may see of them."""
    browser = desk.browser(desk.roll.someone("cell_secretary", desk.roll.west))
    shown = browser.get("/membership/?day=20/12/2025&q=denh").text
    assert [re.sub("<.*?>", "", name) for _, name in ROW.findall(shown)] == ["Vừ A Dếnh"]
    assert "thôn Đông" in shown
    assert names(desk.secretary, "?day=20/12/2025&q=denh") == []


def test_who_runs_the_box_sees_nobody(desk: "Desk") -> None:
    """For an operator the roll is not there."""
    for path in ("/membership/", "/membership/roll.json", "/membership/roll.xlsx", desk.member("Vừ A Dếnh")):
        assert desk.operator.get(path).status_code == 404


def test_reading_the_list_is_noted_once(desk: "Desk") -> None:
    """One line in the access log, with everybody on the page."""
    before = len(desk.read(desk.roll.clerk))
    names(desk.clerk)
    assert desk.read(desk.roll.clerk)[0] == ("membership.list", None, 25)
    assert len(desk.read(desk.roll.clerk)) == before + 1


def test_the_twin_for_programs(desk: "Desk") -> None:
    """The same list as JSON: counts and rows, without the fields that the visitor may not see."""
    told = desk.clerk.get("/membership/roll.json?q=denh").json()
    assert (told["count"], told["total"], told["day"]) == (1, 30, "2026-11-25")
    assert told["rows"][0]["full_name"] == "Vừ A Dếnh"
    assert told["rows"][0]["born_on"] == "1968-12-12"
    secret = desk.secretary.get("/membership/roll.json?q=an").json()["rows"][0]
    assert "born_on" not in secret
    assert "personal_id" not in secret
    assert secret["admitted_on"] == "2000-01-01"


@pytest.mark.parametrize("state", [None, "official_member", "probationary_member", "due", "active", "exempt"])
def test_today_and_a_day_agree(desk: "Desk", state: Any) -> None:
    """Rows and facts give the same list for today, whatever is asked."""
    scope = listing.Scope(frozenset(desk.roll.cells), frozenset(desk.roll.cells[:2]))
    sorts: tuple[Any, ...] = (None, "-name", "born", "-admitted")
    with desk.roll.reading() as read:
        due = due_until(read, dt.date(2026, 11, 25))
        for q, sort in itertools.product((None, "a", "van", "thi h", "9910", "Nguyễn Thị Hường", "đ"), sorts):
            wanted = listing.Wanted(q=q, state=state, sort=sort)
            rows = listing.today(read, scope, wanted, due, 100)
            facts = listing.on(read, scope, wanted, dt.date(2026, 11, 25), due, None, 100)
            assert [row.subject for row in rows.rows] == [row.subject for row in facts.rows], (q, sort)
            assert (rows.count, rows.total) == (facts.count, facts.total)
