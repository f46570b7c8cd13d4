"""What every page of a practice box weighs on the wire, first and later, to everybody who signs in; no link leads nowhere."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from tests.bench.served import Served, running
from tests.bench.weighing import Weight, kind, weights

from chibox import demo
from chibox.testing.commune import Size

SIZE: Size = "usual"


class Practice(NamedTuple):
    """A practice box of 2,100 members, served, and the password of its accounts."""

    served: Served
    password: str


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """As `chibox demo` fills it and `chibox run` serves it."""
    folder = tmp_path_factory.mktemp("weights") / "box"
    demo.fill(folder, lambda _: None, size=SIZE)
    with running(folder) as served:
        yield Practice(served, demo.password(folder))


def heavy(pages: list[Weight]) -> list[Weight]:
    """Those that weigh more than they may."""
    return [page for page in pages if not page.is_light]


def test_the_door_is_light(practice: Practice) -> None:
    """Whoever opens the box for the first time waits for 30 KB at most: HTML, styles, font, script and pictures together."""
    pages = weights(practice.served, begin="/sign-in")
    assert len(pages) == 1
    assert pages[0].files > 9_000, "the font at least has to be counted"
    assert heavy(pages) == []


@pytest.mark.parametrize("account", [account.sign_in for account in demo.ACCOUNTS])
def test_every_page_is_light(practice: Practice, account: str) -> None:
    """First 30 KB with all its files, later 8 KB of HTML; a sheet to print or a long list more by its rows."""
    pages = weights(practice.served, practice.served.signed_in(account, practice.password))
    assert len({kind(page.path) for page in pages}) >= 8
    assert heavy(pages) == []
