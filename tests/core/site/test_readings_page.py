"""The page that tells a person who has read about them, and its twin for programs."""

import datetime as dt
import re
from pathlib import Path

import pytest
from tests.core.site.conftest import House

import chibox.site
from chibox.clock import GivenClock
from chibox.core_commands import RegisterPerson
from chibox.identity.access import Later
from chibox.pagewords import READ_PAGES
from chibox.testing.boxes import TODAY

DAY = dt.timedelta(days=1)


def text(html: str) -> str:
    """The words of a page, spaces single."""
    return " ".join(re.sub("<[^>]*>", " ", html).replace("\u00a0", " ").split())


def member(house: House, name: str = "Lò Thị Mẩy") -> str:
    """A guest who may sign in, and holds no post."""
    guest = house.guest(name)
    house.made.ask(RegisterPerson(sign_in=f"m{house.box.log.size}", person=guest))
    return guest


def test_a_person_without_a_post_is_told_who_read(house: House, clerk: str) -> None:
    """Time, who and in which post, what for, which page, which covered value, how many others; own readings are not listed."""
    guest = member(house)
    house.guest("Vừ A Dếnh")
    with house.browser(clerk) as browser:
        browser.get("/guests/")
        browser.post(f"/guests/{guest}/reveal")
    with house.browser(guest) as browser:
        assert browser.get("/").status_code == 200
        assert 'href="/seen"' in browser.get("/").text
        page = browser.get("/seen")
        found = browser.get("/seen.json").json()
        assert browser.get("/delays").status_code == 404
    assert page.status_code == 200
    assert "08:00, 25/11/2026" in text(page.text)
    assert "cùng 1 người khác" in text(page.text)
    assert 'href="/delays"' not in page.text
    assert (found["total"], found["page"], found["size"], found["year"]) == (2, 1, 25, None)
    who = house.sign_in_of(clerk)
    assert found["readings"][1] == {
        "time": "2026-11-25T08:00:00+07:00", "who": who, "post": "Cán bộ hồ sơ đảng viên", "purpose": "Quản lý hồ sơ đảng viên",
        "where": "trang khác", "field": None, "others": 1, "told_later": False,
    }  # fmt: skip
    assert found["readings"][0]["field"] == "một ô được che"


def test_whoever_signs_in_with_a_secret_gets_there(house: House) -> None:
    """Without a post: through the door, to the first page, to the settings and to who has read."""
    guest = member(house)
    house.choose(guest, "một câu dài")
    with house.browser() as browser:
        form = {"name": house.sign_in_of(guest), "secret": "một câu dài", "kept": "", "back": "/seen"}
        answer = browser.post("/sign-in", data=form)
        assert answer.status_code == 200
        assert answer.url.path == "/seen"
        assert "Chưa có ai khác xem hồ sơ của đồng chí." in text(answer.text)
        assert [browser.get(path).status_code for path in ("/", "/settings", "/health", "/seen.json")] == [200] * 4


def test_the_post_is_the_one_of_then(house: House) -> None:
    """Who held a post when they read, and holds none now, stands with it."""
    guest = member(house)
    clerk = house.made.someone("clerk", until=TODAY + DAY)
    with house.browser(clerk) as browser:
        browser.get(f"/guests/{guest}")
    house.clock.at = GivenClock.on(TODAY + 2 * DAY).at
    with house.browser(guest) as browser:
        assert browser.get("/seen.json").json()["readings"][0]["post"] == "Cán bộ hồ sơ đảng viên"


def test_pages_and_years(house: House, clerk: str) -> None:
    """25 a page, the last page for one beyond it; a year narrows, another word does not; kept months bound the years."""
    guest = member(house)
    for day, count in ((dt.date(2025, 12, 31), 3), (TODAY, 27)):
        for _ in range(count):
            house.office.access.write(
                time=GivenClock.on(day, 23).at, person=clerk, purpose="files", page="core.receipt", subjects={guest}
            )
    with house.browser(guest) as browser:
        totals = {
            query: (len(found["readings"]), found["total"], found["page"], found["year"])
            for query in ("", "?page=2", "?page=99", "?year=2025", "?year=1999", "?page=x")
            if (found := browser.get(f"/seen.json{query}").json())
        }
        page = browser.get("/seen?year=2024").text
    assert totals == {
        "": (25, 30, 1, None), "?page=2": (5, 30, 2, None), "?page=99": (5, 30, 2, None), "?year=2025": (3, 3, 1, 2025),
        "?year=1999": (25, 30, 1, None), "?page=x": (25, 30, 1, None),
    }  # fmt: skip
    assert re.findall(r'<option value="(\d*)"', page) == ["", "2026", "2025", "2024", "2023"]
    assert "Năm 2024 chưa có ai khác xem hồ sơ của đồng chí." in text(page)


@pytest.mark.parametrize("role", ["operator", "administrator"])
def test_operators_are_told_of_readings_about_themselves(house: House, role: str) -> None:
    """Whatever post one holds, the page tells of oneself only."""
    person = house.made.someone(role)
    house.guest()
    with house.browser(person) as browser:
        assert browser.get("/seen.json").json()["readings"] == []
        assert browser.get("/seen").status_code == 200
    assert house.office.access.by(person) == []


def test_a_delayed_reading_appears_the_day_after(house: House, clerk: str) -> None:
    """On the last day neither page nor data has it; from the day after on both do, and say that it was told later."""
    guest = member(house)
    until = TODAY + 3 * DAY
    house.office.access.write(
        time=house.clock.now(), person=clerk, purpose="inspection", page="core.receipt", subjects={guest},
        later=Later(None, until),
    )  # fmt: skip
    for day, shown in ((TODAY, False), (until, False), (until + DAY, True), (until + 30 * DAY, True)):
        house.clock.at = GivenClock.on(day, 23).at
        with house.browser(guest) as browser:
            assert (browser.get("/seen.json").json()["total"] == 1) is shown
            assert ("Đọc để kiểm tra, báo sau theo quy định" in text(browser.get("/seen").text)) is shown


def test_nobody_is_told_who_is_not_signed_in(house: House) -> None:
    """The page sends to the door, the data says 401."""
    with house.browser() as browser:
        assert browser.get("/seen", follow_redirects=False).status_code == 303
        assert (
            browser.get("/seen.json", headers={"Accept": "application/json"}, follow_redirects=False).status_code == 401
        )


def test_every_page_of_core_by_which_people_are_read_has_words() -> None:
    """Whatever name a page of core gives to `visit.reading` is worded for whoever was read on it."""
    named = set()
    for path in Path(chibox.site.__file__).parent.rglob("*.py"):
        named |= set(re.findall(r'\.reading\(\s*"(\w+)"', path.read_text("utf-8")))
    assert sorted(named - READ_PAGES.pages.keys() - {"units", "health"}) == []  # on those two stands nobody
