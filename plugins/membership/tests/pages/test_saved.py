"""Filters under a name: on the list as links, one's own, and taken away again."""

from typing import TYPE_CHECKING

from chibox_membership.pages.saved import MOST

if TYPE_CHECKING:
    from httpx import Response
    from plugins.membership.tests.pages.conftest import Browser, Desk


def save(browser: "Browser", query: str, name: str) -> "Response":
    """Give the filter of that address a name."""
    return browser.post(f"/membership/filters/new?{query}", data={"name": name}, follow_redirects=False)


def test_a_filter_gets_a_name(desk: "Desk") -> None:
    """The list offers to save what narrows it; saved, it is a link, and the list that it leads to bears its name."""
    query = f"cell={desk.roll.east}&q=nguyen&state=official_member"
    assert (
        f"/membership/filters/new?q=nguyen&amp;cell={desk.roll.east}&amp;state=official_member"
        in desk.clerk.get(f"/membership/?{query}&sort=born&page=1").text
    )
    assert "filters/new" not in desk.clerk.get("/membership/").text
    asked = desk.clerk.get(f"/membership/filters/new?{query}").text
    assert "Tên hoặc số: nguyen · Chi bộ thôn Đông · Đảng viên chính thức" in asked
    sent = save(desk.clerk, query, "Gặp mặt  đầu xuân")
    assert sent.headers["location"] == f"/membership/?q=nguyen&cell={desk.roll.east}&state=official_member"
    address = sent.headers["location"].replace("&", "&amp;")
    assert f'<a class="alone" href="{address}">Gặp mặt đầu xuân</a>' in desk.clerk.get("/membership/").text
    shown = desk.clerk.get(sent.headers["location"]).text
    assert "Bộ lọc: Gặp mặt đầu xuân" in shown
    assert "Lưu bộ lọc này" not in shown
    assert "Gặp mặt đầu xuân" not in desk.secretary.get("/membership/").text
    assert save(desk.clerk, "q=an", "Gặp mặt đầu xuân").status_code == 422


def test_a_name_is_needed_and_short(desk: "Desk") -> None:
    """Without a name, with a long one, or without a filter nothing is kept; what was typed stays."""
    assert save(desk.clerk, "q=an", " ").status_code == 422
    long = save(desk.clerk, "q=an", "x" * 61)
    assert long.status_code == 422
    assert "x" * 61 in long.text
    assert "nhiều nhất 60" in long.text
    assert save(desk.clerk, "sort=born", "Mọi người").status_code == 409
    assert desk.clerk.get("/membership/filters/new").status_code == 409


def test_a_filter_is_taken_away_by_its_owner(desk: "Desk") -> None:
    """Nobody else finds it; gone, the list is as before."""
    save(desk.secretary, "q=an", "Tên An")
    shown = desk.secretary.get("/membership/filters").text
    address = shown[shown.index("/membership/filters/") :].split('"')[0]
    assert "Tên An" in shown
    assert desk.clerk.post(address).status_code == 404
    assert desk.secretary.post(address, follow_redirects=False).headers["location"] == "/membership/filters"
    assert "Chưa lưu bộ lọc nào" in desk.secretary.get("/membership/filters").text
    assert desk.operator.get("/membership/filters").status_code == 404


def test_so_many_and_no_more(desk: "Desk") -> None:
    """Beyond the most that are kept, one has to go first."""
    browser = desk.browser(desk.roll.someone("clerk"))
    for place in range(MOST):
        assert save(browser, f"q=a{place}", f"Bộ lọc {place}").status_code == 303
    assert "nhiều nhất 20 bộ lọc" in save(browser, "q=b", "Một bộ nữa").text
