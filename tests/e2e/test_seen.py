"""Who has read my file, in a browser: a member without a post reads it on a telephone, by the keyboard, without a script."""

from pathlib import Path
from typing import Final

import pytest
from tests.e2e.conftest import JUDGES, Opened
from tests.e2e.world import HUONG, TODAY, World

from chibox.clock import GivenClock
from chibox.identity.access import Later
from chibox.identity.delaying import AgreeDelay, DelayReadings
from chibox.testing import browser as look

pytestmark = pytest.mark.browser
PAGES: Final = ("/seen", "/seen?year=2025", "/seen?year=2023", "/seen?page=2")


@pytest.fixture
def read(served: World) -> World:
    """The member was read thirty times: on lists, with a covered value shown, last year, and for an inspection that is over."""
    access, member, others = (
        served.office.access,
        served.members[HUONG],
        [m for n, m in served.members.items() if n != HUONG],
    )
    clerk, secretary = served.people["clerk"], served.people["committee_secretary"]
    for number in range(28):
        day = TODAY.replace(day=1 + number % 24)
        time = GivenClock.on(day if number > 3 else day.replace(year=2025), 7 + number % 10).at
        page, field = (("list", None), ("member", None), ("member", "religion"), ("export", None))[number % 4]
        subjects = {member, *(others if page != "member" else ())}
        person, purpose = (secretary, "leading") if number % 3 else (clerk, "files")
        access.write(
            time=time, person=person, purpose=purpose, page=f"membership.{page}", subjects=subjects, field=field
        )
    for until in (TODAY.replace(day=24), TODAY):
        access.write(
            time=served.box.clock.now(), person=secretary, purpose="inspection", page="membership.member",
            subjects={member}, later=Later(None, until),
        )  # fmt: skip
    return served


@pytest.mark.parametrize("width", [360, 1280])
def test_no_judge_finds_anything_on_what_was_read(opened: Opened, read: World, axe_script: str, width: int) -> None:
    """Full, of a year, without a line, the second page: light and dark, text up to 150 %, nothing cut, nothing too small."""
    page, found = opened("/seen", "member", width=width), dict[str, list[str]]()
    for path in PAGES:
        page.goto(read.address + path)
        if faults := look.faults(page, axe_script):
            found[path] = faults
    assert found == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_delays_have_no_judge_against_them(opened: Opened, read: World, axe_script: str, width: int) -> None:
    """One that waits and one that runs, for who agrees; the form of who asks; the settings of who reads."""
    clerk, second = read.people["clerk"], read.people["committee_secretary"]
    reader = read.people["cell_secretary"]
    for person, agreed in ((read.members[HUONG], True), (read.members["Vừ A Dếnh"], False)):
        asked = read.box.ask(
            DelayReadings(person=person, reader=reader, reason="supervision", until=TODAY), actor=clerk
        )
        if agreed:
            read.box.ask(AgreeDelay(asked=read.box.subject(asked)), actor=second)
    found = dict[str, list[str]]()
    for role, path in (
        ("committee_secretary", "/delays"),
        ("cell_secretary", "/delays"),
        ("cell_secretary", "/settings"),
    ):
        page = opened(path, role, width=width)
        if faults := look.faults(page, axe_script):
            found[f"{role} {path}"] = faults
    assert found == {}


def test_a_member_gets_there_without_a_script(opened: Opened, read: World) -> None:
    """From the first page by the link at its foot; a year, the next page; nothing of the inspection that is not over."""
    page = opened("/", "member", width=360, script=False)
    page.get_by_role("link", name="Ai đã xem hồ sơ của tôi").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Ai đã xem hồ sơ của tôi"
    assert page.get_by_text("Đọc để kiểm tra, báo sau theo quy định").count() == 1
    assert "1–25 trong 29" in page.locator(".pager").inner_text().replace("\u00a0", " ")
    page.get_by_role("link", name="Trang sau").click()
    assert page.locator("tbody tr").count() == 4
    page.get_by_label("Năm").select_option("2025")
    page.get_by_role("button", name="Lọc").click()
    assert page.locator("tbody tr").count() == 4
    assert "11/2025" in page.locator("tbody tr").first.inner_text()


def test_the_keyboard_reaches_everything(opened: Opened, read: World) -> None:
    """Every stop shows its ring and is covered by nothing; the year is among the first of the content."""
    for width in (360, 1280):
        page = opened("/seen", "member", width=width)
        stops = look.tab_stops(page)
        assert [stop["name"] for stop in stops if not stop["shown"] or stop["covered"]] == []
        assert stops[0]["name"].endswith("Tới nội dung chính")


def test_its_html_is_valid(opened: Opened, read: World, tmp_path: Path) -> None:
    """The Nu HTML checker finds nothing."""
    files = []
    request = opened("/seen", "member").context.request
    for number, path in enumerate(PAGES):
        file = tmp_path / f"{number}.html"
        file.write_text(request.get(read.address + path, headers={"Accept": "text/html"}).text(), "utf-8")
        files.append(file)
    assert look.check_html(files, JUDGES / "vnu-jar" / "build" / "dist" / "vnu.jar") == []
