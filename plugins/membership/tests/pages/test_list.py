"""The list of members: found, narrowed, sorted, turned over, on a day, and only what the visitor may see."""

import re
from typing import TYPE_CHECKING

import pytest

from chibox_membership.sheet.headings import layout
from chibox_membership.sheet.reading import read
from chibox_membership.sheet.rows import list_rows

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


def test_pages_of_fifty_and_a_hundred(desk: "Desk") -> None:
    """How many stand on a page is a link; what is asked otherwise stays; other numbers are refused."""
    assert len(names(desk.clerk, "?rows=50&sort=-name")) == 30
    shown = desk.clerk.get("/membership/?sort=-name&page=2").text
    assert 'href="/membership?sort=-name&amp;rows=50"' in shown
    assert desk.clerk.get("/membership/?rows=30").status_code == 422
    assert '<input type="hidden" name="rows" value="50">' in desk.clerk.get("/membership/?rows=50").text


@pytest.mark.parametrize("sort", ["born", "cell", "standing", "admitted"])
def test_every_column_sorts_both_ways(desk: "Desk", sort: str) -> None:
    """The head of the column is a link to the other way, and says by which it is sorted."""
    shown = desk.clerk.get(f"/membership/?sort={sort}").text
    assert f'aria-sort="ascending"><a href="/membership?sort=-{sort}">' in shown
    turned = desk.clerk.get(f"/membership/?sort=-{sort}").text
    assert f'aria-sort="descending"><a href="/membership?sort={sort}">' in turned
    assert shown.count("aria-sort") == turned.count("aria-sort") == 1


def test_what_a_search_as_one_types_changes_stands_outside_its_form(desk: "Desk") -> None:
    """The form names the parts that follow it: the count, the acts of the page, the list; they are there when nobody is found."""
    for query in ("", "?q=zzz"):
        shown = desk.clerk.get(f"/membership/{query}").text
        form = shown[shown.index('<form class="filter"') : shown.index("</form>", shown.index('<form class="filter"'))]
        assert 'data-live="#count, #acts, #found"' in form
        assert all(
            shown.count(f'id="{part}"') == 1 and f'id="{part}"' not in form for part in ("count", "acts", "found")
        )


def test_who_has_no_card_is_told_to_whom_it_may_be(desk: "Desk") -> None:
    """A card number is of the identity: who does not see it is not told that it is missing."""
    assert names(desk.clerk, "?state=no_card") == ["Tòng Văn Mới"]
    assert names(desk.secretary, "?state=no_card") == []
    assert 'value="no_card"' not in desk.secretary.get("/membership/").text


def test_twins_follow_the_list(desk: "Desk") -> None:
    """The same filters, order and pages as JSON and as xlsx; a secretary gets no file, and no link to one."""
    query = f"?cell={desk.roll.west}&q=a&sort=-name"
    told = desk.clerk.get(f"/membership/roll.json{query}&rows=25").json()
    assert [row["full_name"] for row in told["rows"]] == names(desk.clerk, query)
    some = desk.clerk.get("/membership/roll.json?rows=25&page=2").json()
    assert [row["full_name"] for row in some["rows"]] == names(desk.clerk, "?page=2")
    book = read(desk.clerk.get(f"/membership/roll.xlsx{query}").content)
    table = layout(book)
    column = next(place for place, key in table.columns.items() if key == "full_name")
    listed = [row.cells[column].text for row in list_rows(table)]
    assert listed == names(desk.clerk, query)
    assert desk.secretary.get("/membership/roll.xlsx").status_code == 403
    assert "roll.xlsx" not in desk.secretary.get("/membership/").text


def test_a_cell_is_named_by_the_beginning_of_its_id(desk: "Desk") -> None:
    """The field holds eight letters of the id; the address understands them and the whole; what fits no cell finds nobody."""
    cell = desk.roll.west
    shown = desk.clerk.get(f"/membership/?cell={cell}").text
    assert f'<option value="{cell[:8]}" selected>' in shown
    short, whole = names(desk.clerk, f"?cell={cell[:8]}"), names(desk.clerk, f"?cell={cell}")
    assert short == whole
    assert len(whole) in range(1, 25)
    assert f'/membership/print?cell={cell}"' in desk.clerk.get(f"/membership/?cell={cell[:8]}").text
    assert names(desk.clerk, "?cell=zzzzzzzz") == []
