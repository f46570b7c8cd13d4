"""What is due: listed on the first page by day and reason, counted in the menu, and never an old number."""

import datetime as dt
import re
from typing import Any

import pytest
from tests.core.site.conftest import House

from chibox.errors import words
from chibox.hooks import Due, NavEntry, Sum
from chibox.organisation.rules import Rule
from chibox.organisation.working_days import working_days
from chibox.site import dues
from chibox.testing.boxes import TODAY

NAMES = [
    f"Lò Thị {name}" for name in ("Mẩy", "Ẳng", "Ón", "Sềnh", "Vẵng", "Bẩy", "Páo", "Sùng", "Pọm", "Xôm", "Dơ", "Ánh")
]


def count_of(text: str, address: str) -> str:
    """The number beside a line of the menu; empty when there is none."""
    line = re.search(rf'<li><a href="{address}".*?</a></li>', text, re.DOTALL)
    assert line is not None
    found = re.search(r"<b>([\d.]+)<", line[0])
    return found[1] if found else ""


def due_by_guests(house: House, monkeypatch: pytest.MonkeyPatch, ask: Any) -> None:
    """From now on the guests' plugin says so what is due."""
    monkeypatch.setitem(house.box.plugins._declared["guests"], "due", ask)


def lines(text: str) -> list[str]:
    """The texts of the first page's lines, each with its state and day."""
    plain = [re.sub(r"<[^>]+>", " ", line) for line in re.findall(r"<li><div>.*?</li>", text, re.DOTALL)]
    return [" ".join(line.split()) for line in plain]


def test_the_menu_counts_what_the_first_page_lists(house: House, clerk: str) -> None:
    """The first page counts all that is due, a plugin's line what is due there; the number follows the log."""
    for name in NAMES[:3]:
        house.guest(name)
    with house.browser(clerk) as browser:
        home = browser.get("/").text
        assert len(lines(home)) == 3
        assert [count_of(home, "/"), count_of(home, "/guests/")] == ["3", "3"]
        house.guest(NAMES[3])
        assert count_of(browser.get("/settings").text, "/") == "4"
    with house.browser(house.made.someone("operator")) as browser:
        home = browser.get("/").text
        assert lines(home) == []
        assert count_of(home, "/") == ""


def test_a_costly_count_is_left_out_until_it_is_asked_again(
    house: House, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where counting takes too long for every page, the menu has no number after a change, rather than an old one."""
    monkeypatch.setattr(dues, "COSTLY", -1.0)
    house.guest(NAMES[0])
    with house.browser(clerk) as browser:
        assert count_of(browser.get("/settings").text, "/") == "1"
        house.guest(NAMES[1])
        assert count_of(browser.get("/settings").text, "/") == ""
        assert count_of(browser.get("/").text, "/") == "2"
        assert count_of(browser.get("/settings").text, "/") == "2"


def test_a_plugin_that_cannot_say_what_is_due_is_named(
    house: House, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every page opens all the same; the first one says which plugin is silent, not why: that may hold a name."""
    due_by_guests(house, monkeypatch, lambda read, person: [Due(words("x"), "/")] * (1 // 0))
    with house.browser(clerk) as browser:
        home = browser.get("/")
        assert home.status_code == 200
        assert "guests lúc này chưa cho biết việc đến hạn" in home.text
        assert "Chưa có việc nào đến hạn" not in home.text
        assert browser.get("/settings").status_code == 200


def test_a_day_is_told_in_working_days(house: House, clerk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Late, today, this week, later, without a day: each in words with the date; today is Wednesday, 25 November 2026."""
    assert dt.date(2026, 11, 25) == TODAY
    days = [dt.date(2026, 11, 20), TODAY, dt.date(2026, 11, 27), dt.date(2026, 11, 29), dt.date(2026, 12, 15), None]
    days += [dt.date(2025, 9, 11), dt.date(2026, 11, 24)]
    due_by_guests(house, monkeypatch, lambda read, person: [Due(words("Call"), "/health", by) for by in days])
    with house.browser(clerk) as browser:
        home = browser.get("/").text
    assert lines(home) == [
        "Call Quá hạn 11/09/2025",  # the calendar does not reach so far back
        "Call Quá hạn 2 ngày làm việc 20/11/2026",  # the 24th is a day off
        "Call Quá hạn 1 ngày làm việc 24/11/2026",
        "Call Hôm nay là hạn cuối 25/11/2026",
        "Call Còn 2 ngày làm việc 27/11/2026",
        "Call Còn 2 ngày làm việc 29/11/2026",
        "Call Chưa tới hạn 15/12/2026",
        "Call Không có hạn",
    ]
    assert re.findall(r"<h2>(.*?) <small>(\d+)", home) == [("Quá hạn", "3"), ("Tuần này", "3"), ("Sắp tới", "2")]


def test_a_sum_shows_how_a_day_was_found(house: House, clerk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From where, how many working days, what was left out, each holiday with its paper, by which rule."""
    begin = dt.date(2026, 10, 22)
    counted = working_days().after(begin, 30)
    rule = Rule("guests.days", 30, "Quy định số 208-QĐ/TW", "Ban Bí thư", dt.date(2026, 7, 26), dt.date(2026, 7, 26))
    due = Due(words("Call"), "/health", counted.end, sum=Sum(words("Begun: {day}.", day=begin), (), counted, rule))
    due_by_guests(house, monkeypatch, lambda read, person: [due])
    with house.browser(clerk) as browser:
        told = lines(browser.get("/").text)[0]
    assert told == (
        "Call Vì sao là ngày 04/12/2026? Begun: 22/10/2026. "
        "Cộng 30 ngày làm việc, không tính 12 ngày thứ Bảy, Chủ nhật và 1 ngày nghỉ lễ. "
        "Nghỉ lễ 24/11/2026: Ngày Văn hóa Việt Nam, theo Nghị quyết số 80-NQ/TW (Bộ Chính trị, ngày 07/01/2026). "
        "Theo Quy định số 208-QĐ/TW (Ban Bí thư, ngày 26/07/2026). Chưa tới hạn 04/12/2026"
    )


def test_a_long_group_is_shown_by_request(house: House, clerk: str) -> None:
    """Ten lines of a group, a link to the others; only who was shown stands in the access log."""
    for name in NAMES:
        house.guest(name)
    with house.browser(clerk) as browser:
        home = browser.get("/").text
        assert len(lines(home)) == 10
        assert "Xem thêm 2 việc nữa" in home
        assert [len(one.subjects) for one in house.office.access.by(clerk)] == [10]
        assert len(lines(browser.get("/?all=1").text)) == 12


def test_a_long_menu_is_folded(house: House, clerk: str) -> None:
    """Nine lines in each place, the others under one word, which is open where the page itself is among them."""
    frame = house.app.state.pages.frame
    frame._nav += [("guests", NavEntry(f"Shelf {n}", f"/guests/shelf/{n}", None)) for n in range(9)]
    frame._nav += [("guests", NavEntry("Own", "/settings", None))]
    with house.browser(clerk) as browser:
        for path, is_open in (("/health", False), ("/settings", True)):
            menu = browser.get(path).text.partition('id="menu"')[2].partition("</nav>")[0]
            shown, _, folded = menu.partition("<details")
            assert shown.count("<li><a href") == 9
            assert folded.startswith(" open") == is_open
            assert "/guests/shelf/8" in folded
