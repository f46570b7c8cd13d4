"""The application: a plugin that cannot be mounted is named and left out, another one's pages stand below its name."""

import re
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from litestar import Response
from litestar.testing import TestClient
from tests.core.site.conftest import House
from tests.core.site.strangers.chibox_guests import plugin as guests

from chibox.app import application
from chibox.hooks import hookimpl
from chibox.office import Office
from chibox.plugin import Visit, page
from chibox.testing.boxes import plugins_of, sandbox

LINK = re.compile(r'rel="stylesheet" href="([^"]+)"')


def module(handlers: list[Any]) -> ModuleType:
    """A plugin with these pages and nothing else."""
    made = ModuleType("tests.core.site.plugin")
    made.pages = hookimpl(lambda: handlers)  # type: ignore[attr-defined]
    return made


@page("/x", "/y", "/z/{name:str}")
def plain(visit: Visit) -> Response[str]:
    """A page with several addresses."""
    return Response(visit.area, media_type="text/plain")


def test_a_broken_plugins_pages_are_left_out(tmp_path: Path) -> None:
    """The box serves the others, names the broken one with its reason, and its menu entry leads to that page."""

    class Bad:
        """No handler at all."""

    plugins = plugins_of(good=module([plain]), bad=module([Bad()]))
    with sandbox(tmp_path / "box", plugins) as made, closing(Office(made.box)) as office:
        app = application(office)
        client = TestClient(app, base_url="http://box.local")
        token, _ = office.sessions.begin(made.administrator, "", made.clock.now(), kept=False)
        client.cookies.set("chibox", token, domain="box.local")
        assert [client.get(f"/good/{path}").text for path in ("x", "y", "z/1")] == ["good"] * 3
        assert client.get("/bad/x").status_code == 404
        assert [broken.name for broken in made.box.plugins.broken] == ["bad"]
        shown = client.get("/plugins").text
        assert "pages: " in shown
        assert "không chạy" in client.get("/").text


def test_the_same_pages_serve_in_several_applications(house: House, clerk: str) -> None:
    """A process may make the application again, as tests and a reloading box do."""
    for _ in range(3):
        client = TestClient(application(house.office), base_url="http://box.local")
        token, _ = house.office.sessions.begin(clerk, "", house.clock.now(), kept=False)
        client.cookies.set("chibox", token, domain="box.local")
        assert client.get("/guests/list").status_code == 200


def test_nobody_reaches_a_page_without_signing_in(house: House) -> None:
    """Every route of core and plugins but the door, the state, figures, static files and the schema asks who it is."""
    open_ones = {
        "/sign-in", "/sign-out", "/link/{token:str}", "/health.json", "/metrics", "/-/foot.css",
        "/log/{token:str}/{generation:str}/{rest:path}", "/check", "/check/receipt",
    }  # fmt: skip
    reached = set()
    with house.browser() as stranger:
        for route in house.app.routes:
            path = route.path_format if hasattr(route, "path_format") else route.path
            if route.path.startswith(("/schema", "/static/")):
                continue
            concrete = path.replace("{position}", "0")
            for method in ("GET", "POST"):
                answer = stranger.request(method, concrete, follow_redirects=False)
                if answer.status_code not in {303, 401, 405}:
                    reached.add(route.path)
                if answer.status_code == 303 and route.path not in open_ones:
                    assert answer.headers["location"].startswith("/sign-in"), route.path
    assert reached <= open_ones


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_nobody_is_told_in_the_form_that_was_asked_for(house: House, accept: str) -> None:
    """A program gets a problem document, a browser the door."""
    with house.browser() as stranger:
        answer = stranger.get("/units", headers={"Accept": accept}, follow_redirects=False)
    assert answer.status_code == (401 if accept == "application/json" else 303)


def test_a_stopped_writer_is_told_on_every_page(house: House, clerk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading goes on; a band says that nothing new is taken."""
    monkeypatch.setattr(house.box.writer, "failed", RuntimeError("x"))
    with house.browser(clerk) as browser:
        assert "Tạm dừng nhận việc mới" in browser.get("/units").text
        assert browser.get("/guests/").status_code == 200


def test_the_stranger_is_a_plugin_like_any_other(house: House) -> None:
    """Its pages, commands and menu come from its hooks; core names none of it."""
    assert house.box.plugins.names == ["core", "guests"]
    assert len(guests.pages()) == 10


def test_a_stopped_table_is_told_on_its_plugins_pages(
    house: House, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin whose projection stopped says so on its pages, and no other's pages do."""
    guest = house.guest()
    monkeypatch.setattr(house.box.engine, "stopped", {guests.guests: 3})
    with house.browser(clerk) as browser:
        assert "Bảng tổng hợp của trang này đã dừng" in browser.get(f"/guests/{guest}/rename").text
        assert "Bảng tổng hợp của trang này đã dừng" not in browser.get("/units").text


def test_files_of_a_plugin_are_served_below_its_name(house: House) -> None:
    """Whatever lies in `static/` of the package, for anybody, with an age; nothing outside it, and core's own beside it."""
    with house.browser() as stranger:
        found = stranger.get("/static/guests/hello.txt")
        assert (found.status_code, found.text.strip()) == (200, "Chào")
        assert "max-age=3600" in found.headers["cache-control"]
        assert found.headers["x-content-type-options"] == "nosniff"
        for path in ("../plugin.py", "%2e%2e/plugin.py", "none.txt", ""):
            assert stranger.get(f"/static/guests/{path}").status_code == 404
        sheet = LINK.findall(stranger.get("/sign-in").text)[0]
        assert stranger.get(sheet).status_code == 200
