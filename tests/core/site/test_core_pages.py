"""Core's own pages: open to whom they should be, in both languages, without a script, and never with somebody else's data."""

import re
from collections.abc import Iterator

import pytest
from tests.core.site.conftest import Browser, House

from chibox.testing.boxes import TODAY

ROLES = ["administrator", "operator", "clerk", "committee_secretary", "cell_secretary", ""]
LINK = re.compile(r'(?:href)="(/[^"#]*)"')
MOST = 60


def linked(browser: Browser, start: str = "/") -> Iterator[tuple[str, str, int]]:
    """Every page that can be reached by links: its address, its text, its status."""
    ahead, seen = [start], {"/sign-out"}
    while ahead and len(seen) < MOST:
        path = ahead.pop(0)
        if path in seen or path.startswith("/static") or re.search(r"[?&](lang|text)=", path):
            continue
        seen.add(path)
        answer = browser.get(path)
        is_page = answer.headers["content-type"].startswith("text/html")
        yield path, answer.text if is_page else "", answer.status_code
        if is_page:
            ahead += [found.replace("&amp;", "&") for found in LINK.findall(answer.text)]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_link_leads_somewhere(house: House, role: str, language: str) -> None:
    """Whoever visits, no link of a page leads to an error; each page speaks one language and says it."""
    cell = house.made.unit("Chi bộ 1")
    house.guest("Lò Thị Mẩy", cell)
    person = house.made.someone(role, cell if role == "cell_secretary" else "") if role else nobody_special(house)
    with house.browser(person, lang=language) as browser:
        pages = list(linked(browser))
    assert [(path, status) for path, _, status in pages if status != 200] == []
    assert len(pages) >= 3
    for path, text, _ in pages:
        assert not text or f'<html lang="{language}"' in text, path
        assert "{" not in re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL), path


def nobody_special(house: House) -> str:
    """A person with an account and no post."""
    from chibox.core_commands import RegisterPerson  # noqa: PLC0415

    return house.made.subject(house.made.ask(RegisterPerson(sign_in="yen")))


@pytest.mark.parametrize("role", ["administrator", "operator"])
def test_whoever_runs_the_box_sees_nobodys_data(house: House, role: str) -> None:
    """No page that an operator can reach holds a person's name or number, on lists, in the log, on receipts."""
    guest = house.guest("Lò Thị Mẩy", phone="0987000111", faith="Tin lành")
    person = house.made.someone(role)
    last = house.box.log.size - 3
    with house.browser(person) as browser:
        texts = [text for _, text, _ in linked(browser)]
        texts += [
            browser.get(path).text for path in (f"/guests/{guest}", f"/log/{last}", "/log", "/guests/", "/metrics")
        ]
    for planted in ("Mẩy", "0987000", "0987 000", "Tin lành"):  # a shorter number may stand in any id
        assert not [text for text in texts if planted in text]
    assert {one.subjects for one in house.office.access.by(person)} <= {(person,)}  # what is held on themselves


def test_head_answers_as_get_without_a_body(house: House, administrator: str) -> None:
    """Monitors and link checkers ask by HEAD, of every page."""
    with house.browser(administrator) as browser:
        for path in ("/", "/health", "/health.json", "/metrics", "/units", "/people", "/log", "/plugins", "/settings"):
            answer = browser.head(path)
            assert (path, answer.status_code, answer.content) == (path, 200, b"")
    with house.browser() as stranger:
        assert stranger.head("/sign-in").status_code == 200
        assert stranger.head("/units", follow_redirects=False).status_code == 303


def test_the_menu_is_by_permission(house: House, clerk: str) -> None:
    """A clerk's menu has guests and no people and posts; an operator's has no guests; without a post only check and state."""
    menus = {}
    for person in (clerk, house.made.someone("operator"), house.made.administrator, nobody_special(house)):
        with house.browser(person) as browser:
            menu = browser.get("/").text.partition('id="menu"')[2].partition("</nav>")[0]
            menus[person] = {path for path in LINK.findall(menu) if path != "/sign-out"}
    guests, operator, administrator, nobody = menus.values()
    assert {"/guests/", "/log"} <= guests
    assert not {"/people", "/plugins"} & guests
    assert operator == {"/", "/check", "/health", "/plugins"}
    assert administrator == {"/", "/units", "/people", "/check", "/readers", "/health", "/plugins"}
    assert nobody == {"/", "/check", "/health"}


def test_what_is_due_names_whom_it_concerns(house: House, clerk: str) -> None:
    """The first page shows what is due and a few numbers, notes who is named by it, and names nobody to an operator."""
    guest = house.guest("Lò Thị Mẩy")
    with house.browser(clerk) as browser:
        text = browser.get("/").text
    assert "Greet Lò Thị Mẩy" in text
    assert ">1</span>" in text
    assert [row.subjects for row in house.office.access.by(clerk)] == [(guest,)]
    with house.browser(house.made.someone("operator")) as browser:
        assert "Mẩy" not in browser.get("/").text


def test_a_page_of_the_past_keeps_its_day_and_has_no_acts(house: House, administrator: str) -> None:
    """The tree as on a day is marked as such, shows the names of that day, and offers no act."""
    from chibox.core_commands import RenameUnit  # noqa: PLC0415

    cell = house.made.unit("Chi bộ Cũ")
    house.made.ask(RenameUnit(unit=cell, name="Chi bộ Mới", day=TODAY))
    with house.browser(administrator) as browser:
        now, then = browser.get("/units").text, browser.get("/units?day=01/06/2026").text
        before = browser.get("/units?day=01/06/2019").text
        known = browser.get("/units?day=01/06/2026&known=1").text
        bad = browser.get("/units?day=31/02/2026")
    assert ("Chi bộ Mới" in now, "Chi bộ Cũ" in now, "/new" in now) == (True, False, True)
    assert ("Chi bộ Mới" in then, "Chi bộ Cũ" in then, "/new" in then) == (False, True, False)
    assert "band wait" in then
    assert "Chi bộ Cũ" not in before
    assert "Chi bộ Cũ" not in known
    assert bad.status_code == 422
