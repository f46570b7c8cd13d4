"""The fixtures that a plugin author gets by installing chibox. What they need is imported when they are asked for."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from chibox.clock import GivenClock
    from chibox.testing.boxes import Sandbox
    from chibox.testing.sites import SignedIn


@pytest.fixture
def clock() -> "GivenClock":
    """A clock that stands at eight in the morning of 25 November 2026; set its `at` to let time pass."""
    from chibox.clock import GivenClock  # noqa: PLC0415  imported before coverage starts otherwise
    from chibox.testing.boxes import TODAY  # noqa: PLC0415

    return GivenClock.on(TODAY)


@pytest.fixture
def box(tmp_path: Path, clock: "GivenClock") -> Iterator["Sandbox"]:
    """A new box with every installed plugin, on `clock`. Its administrator may appoint others: see `Sandbox.someone`."""
    from chibox.plugins import Plugins  # noqa: PLC0415
    from chibox.testing.boxes import sandbox  # noqa: PLC0415

    with sandbox(tmp_path / "box", Plugins.discover(), clock=clock) as made:
        yield made


@pytest.fixture
def signed_in(box: "Sandbox") -> Iterator["SignedIn"]:
    """A function person -> a browser of that person, signed in to the site of `box`: `signed_in(clerk).get("/letters/")`."""
    from chibox.testing.sites import site  # noqa: PLC0415

    with site(box.box) as browsers:
        yield browsers


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """Debian's Chromium without a window, one for all tests of a file: see `chibox.testing.browser` for what to do with it."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a requirement of browser tests only

    from chibox.testing import browser  # noqa: PLC0415

    with sync_playwright() as playwright:  # of a file, not of a run: while it stands, its thread has a running loop
        launched = browser.launch(playwright)
        yield launched
        launched.close()
