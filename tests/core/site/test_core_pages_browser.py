"""Core's pages in a real browser: accessible, no wider than the window, no text cut, whole tasks without a script."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.core.site.strangers.chibox_guests import plugin as guests

from chibox.app import application
from chibox.identity.sessions import IDLE
from chibox.office import Office
from chibox.testing import browser as look
from chibox.testing.boxes import Sandbox, plugins_of, sandbox

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[2] / "e2e" / "node_modules" / "axe-core" / "axe.min.js"
SECRET = "một câu dài"


class Served:
    """A box with people in it, behind a real server."""

    def __init__(self, made: Sandbox, office: Office, address: str) -> None:
        self.made, self.office, self.address = made, office, address
        self.cell = made.unit("Chi bộ Trường Trung học phổ thông dân tộc nội trú huyện Ẵng Nưa")
        self.people = {"administrator": made.administrator, "clerk": made.someone("clerk")}
        made.ask(guests.Receive(unit=made.root, name="H’Nhuôn Êban Niê"), actor=self.people["clerk"])
        for person in self.people.values():
            office.accounts.choose_secret(office.accounts.one_time_link(person), SECRET, SECRET)

    def paths(self, role: str) -> list[str]:
        """The pages of core that the role opens."""
        last = self.made.box.log.size - 1
        checks = [
            "/check",
            "/check?number=x&root=y",
            "/check?number=0&root=AAAAAAAAAAAA",
            "/check?number=99.999&root=AAAAAAAAAAAA",
        ]
        shared = ["/", "/health", "/settings", f"/log/{last}", f"/log/{last}/print", "/nowhere", *checks]
        root, cell, clerk = self.made.root, self.cell, self.people["clerk"]
        if role == "clerk":
            return [*shared, "/log", "/log?number=77.777", f"/log/{last}/undo", f"/units/{cell}"]
        past = ["/units?day=01/06/2026", "/units?day=31/02/2026"]
        forms = [
            f"/units/{root}/new",
            f"/units/{cell}/rename",
            f"/units/{cell}/move",
            "/people/new",
            f"/people/{clerk}",
        ]
        return [*shared, "/units", "/people", "/readers", "/plugins", *past, *forms]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One box for all tests of this file."""
    folder = tmp_path_factory.mktemp("served") / "box"
    with (
        sandbox(folder, plugins_of(guests=guests)) as made,
        closing(Office(made.box)) as office,
        look.serving(application(office)) as address,
    ):
        yield Served(made, office, address)


def signed_in(page: "Page", served: Served, role: str) -> None:
    """Sign in by the door."""
    page.goto(f"{served.address}/sign-in")
    page.fill("#f-name", served.office.sign_in_of(served.people[role]))
    page.fill("#f-secret", SECRET)
    page.click("button.main-act")
    page.wait_for_selector("h1")


@pytest.mark.parametrize("role", ["administrator", "clerk"])
@pytest.mark.parametrize(
    ("width", "scheme", "text"), [(1280, "light", "100"), (360, "dark", "100"), (360, "light", "150")]
)
def test_pages_are_accessible_and_fit(
    chromium: "Browser", served: Served, role: str, width: int, scheme: str, text: str
) -> None:
    """Axe finds nothing, contrast of 7:1 among it; no page is wider than the window; no box cuts text."""
    context = look.context(chromium, width=width, scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    signed_in(page, served, role)
    context.add_cookies([{"name": "text", "value": text, "url": served.address}])
    script, found = AXE.read_text(), []
    for path in served.paths(role):
        page.goto(served.address + path)
        faults = look.axe(page, script) if text == "100" else []
        wide = look.overflow(page)
        found += [
            f"{path}: {fault}" for fault in [*faults, *look.cut_text(page), *([f"{wide} px too wide"] if wide else [])]
        ]
    context.close()
    assert found == []


def test_the_door_is_accessible(chromium: "Browser", served: Served) -> None:
    """The door, with a failure too, and the page of a link."""
    person = served.made.someone("clerk")
    link = f"/link/{served.office.accounts.one_time_link(person)}"
    context = look.context(chromium, width=360)
    page = context.new_page()
    script, found = AXE.read_text(), []
    for path in ("/sign-in", link):
        page.goto(served.address + path)
        found += look.axe(page, script)
        page.click("button.main-act")
        found += [*look.axe(page, script), *look.cut_text(page)]
    context.close()
    assert found == []


def test_an_administrators_day_without_a_script(chromium: "Browser", served: Served) -> None:
    """Scripts off: sign in, record a cell, see the band on two pages, take it back, make a link, sign out."""
    context = look.context(chromium, width=360, script=False)
    page = context.new_page()
    signed_in(page, served, "administrator")
    page.goto(f"{served.address}/units/{served.made.root}/new")
    page.fill("#f-name", "Chi bộ thôn Đoài")
    page.fill("#f-day", "1/2/2026")
    page.click("main button.main-act")
    assert "Chi bộ thôn Đoài" in page.inner_text(".band.ok")
    page.goto(f"{served.address}/units")
    assert page.locator(".band.ok").count() == 1
    page.click(".band.ok button")
    assert "Đã hoàn tác" in page.inner_text(".band.ok")
    page.goto(f"{served.address}/people/{served.people['clerk']}")
    page.click("text=Lập đường dẫn dùng một lần")
    assert "/link/" in page.inner_text("main code")
    page.click("a.menu")
    page.click(".who-phone button")
    assert page.url.endswith("/sign-in")
    context.close()


@pytest.mark.parametrize(("script", "width"), [(True, 1280), (False, 360)])
def test_a_form_after_the_session_has_ended(chromium: "Browser", served: Served, script: bool, width: int) -> None:
    """With and without script: what was typed waits behind the door, is shown, and is sent by one press."""
    context = look.context(chromium, width=width, script=script)
    page = context.new_page()
    signed_in(page, served, "administrator")
    page.goto(f"{served.address}/units/{served.made.root}/new")
    page.fill("#f-name", f"Chi bộ thôn {width}")
    page.fill("#f-day", "1/2/2026")
    served.made.clock.at += IDLE
    page.click("main button.main-act")
    judged = AXE.read_text() if script else ""  # axe waits for a script of its own
    found = look.axe(page, judged) if script else []
    assert page.get_by_text("Những gì đồng chí vừa viết vẫn còn ở đây").is_visible()
    page.fill("#f-name", served.office.sign_in_of(served.people["administrator"]))
    page.fill("#f-secret", SECRET)
    page.click("button.main-act")
    found += [*(look.axe(page, judged) if script else []), *look.cut_text(page)]
    assert page.title() == "Chưa gửi – Bản tập huấn"
    page.get_by_role("button", name="Gửi lại").click()
    assert f"Chi bộ thôn {width}" in page.inner_text(".band.ok")
    assert found == []
    context.close()
