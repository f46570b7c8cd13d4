"""Every page of core and membership before the judges: axe, the width of the window, cut text, the keyboard, valid HTML."""

from pathlib import Path
from typing import Final

import pytest
from tests.e2e.conftest import JUDGES, Opened
from tests.e2e.world import HUONG, LATE_MOVER, World

from chibox.testing import browser as look

pytestmark = pytest.mark.browser
DAY: Final = "?day=31/12/2025&known=1"
PAGES: Final[dict[str, tuple[str, ...]]] = {
    "": ("/sign-in", "/link/{token}", "/nowhere", "/-/components"),
    "clerk": (
        "/", "/?all=1", "/settings", "/health", "/units", "/units/{cell}", "/units{day}", "/log", "/log/61", "/log/65/undo",
        "/membership/", "/membership/{day}", "/membership/?q=nobody", "/membership/enter", "/membership/import",
        "/membership/{member}", "/membership/{late}{day}", "/membership/{late}/history", "/membership/{late}/receipts",
        "/membership/{member}/change", "/membership/{member}/change/residence", "/membership/{member}/correct",
        "/membership/{member}/correct/birth", "/membership/{member}/move", "/membership/{member}/leave",
        "/membership/{member}/state", "/membership/{member}/readers", "/seen", "/delays", "/delays/new/{member}",
    ),
    "administrator": (
        "/people", "/people/new", "/people/{person}", "/units/{root}/new", "/units/{cell}/rename", "/units/{cell}/move",
        "/plugins", "/signing",
    ),
    "cell_secretary": ("/membership/", "/membership/{member}"),
    "member": ("/", "/seen", "/settings"),
}  # fmt: skip


def paths(served: World, role: str) -> list[str]:
    """The addresses of the pages that whoever holds the role is asked to look at."""
    link = served.link("clerk").rpartition("/")[2]
    places = {"token": link, "cell": served.cells[0], "root": served.box.root, "person": served.people["clerk"],
              "member": served.members[HUONG], "late": served.members[LATE_MOVER], "day": DAY}  # fmt: skip
    return [path.format(**places) for path in PAGES[role]]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("role", PAGES)
def test_no_judge_finds_anything(opened: Opened, served: World, axe_script: str, role: str, width: int) -> None:
    """Light and dark: WCAG 2.2 AA and contrast of 7:1; text of 100 to 150 % is not cut and widens nothing; fingers find all."""
    page, found = opened("/nowhere", role, width=width), dict[str, list[str]]()
    for path in paths(served, role):
        answer = page.goto(served.address + path)
        assert answer is not None
        assert answer.status == (404 if path == "/nowhere" else 200), path
        if faults := look.faults(page, axe_script):
            found[path] = faults
    assert found == {}


@pytest.mark.parametrize("width", [360, 1280])
def test_every_stop_of_the_tab_key_is_seen(opened: Opened, served: World, width: int) -> None:
    """Of each page of the clerk's every stop shows its ring and is covered by nothing; the first leads to the content."""
    page, found = opened("/nowhere", "clerk", width=width), dict[str, list[str]]()
    for path in paths(served, "clerk"):
        page.goto(served.address + path)
        stops = look.tab_stops(page)
        hidden = [stop["name"] for stop in stops if not stop["shown"] or stop["covered"]]
        if hidden or not stops[0]["name"].endswith("Tới nội dung chính"):
            found[path] = hidden or [stops[0]["name"]]
    assert found == {}


def test_the_html_is_valid(opened: Opened, served: World, tmp_path: Path) -> None:
    """The Nu HTML checker finds nothing in the source of any page."""
    files = []
    for role in PAGES:
        request = opened("/nowhere", role).context.request
        for number, path in enumerate(paths(served, role)):
            file = tmp_path / f"{role}-{number}.html"
            file.write_text(request.get(served.address + path, headers={"Accept": "text/html"}).text(), "utf-8")
            files.append(file)
    assert look.check_html(files, JUDGES / "vnu-jar" / "build" / "dist" / "vnu.jar") == []
