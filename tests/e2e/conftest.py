"""A browser and a served box for each test of the flow; who opens a page, with which window, with or without JavaScript."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.e2e.world import World, world

from chibox.site.who import COOKIE
from chibox.testing import browser as look

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Opened = Callable[..., "Page"]
JUDGES = Path(__file__).parent / "node_modules"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[World]:
    """A box of the test's own."""
    with world(tmp_path / "box") as made:
        yield made


@pytest.fixture
def opened(chromium: "Browser", served: World) -> Iterator[Opened]:
    """Opens `path` as whoever holds `role`, signed in; as nobody for "". Whatever the console complains of fails the test."""
    contexts, noise = [], list[str]()

    def open_page(path: str, role: str = "", **options: Any) -> "Page":
        context = look.context(chromium, **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        if role:
            context.add_cookies([{"name": COOKIE, "value": served.token(role), "url": served.address}])
        page = context.new_page()
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.goto(path if path.startswith("http") else served.address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [line for line in noise if "the server responded with a status of 4" not in line] == []


@pytest.fixture(scope="session")
def axe_script() -> str:
    """The text of axe, installed by `npm ci --ignore-scripts` in this folder."""
    return (JUDGES / "axe-core" / "axe.min.js").read_text("utf-8")
