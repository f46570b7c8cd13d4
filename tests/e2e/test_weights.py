"""What every page of a practice box weighs on the wire, first and later, to everybody who signs in; no link leads nowhere."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from tests.bench.practice import ACCOUNT, practice
from tests.bench.served import Served, running
from tests.bench.weighing import Weight, kind, weights

from chibox import demo


class Practice(NamedTuple):
    """A practice box of 2,100 members, served, and the password of its accounts."""

    served: Served
    password: str


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """As `chibox demo` fills it and `chibox run` serves it."""
    folder = tmp_path_factory.mktemp("weights") / "box"
    practice(folder)
    with running(folder) as served:
        yield Practice(served, demo.password(folder))


def heavy(pages: list[Weight]) -> list[Weight]:
    """Those that weigh more than they may."""
    return [page for page in pages if not page.is_light]


def test_the_door_is_light(box: Practice) -> None:
    """Whoever opens the box for the first time waits for 30 KB at most: HTML, styles, font, script and pictures together."""
    pages = weights(box.served, begin="/sign-in")
    assert [page.path for page in pages] == ["/sign-in", "/check"]
    assert pages[0].files > 9_000, "the font at least has to be counted"
    assert heavy(pages) == []


@pytest.mark.parametrize("account", [account.sign_in for account in demo.ACCOUNTS])
def test_every_page_is_light(box: Practice, account: str) -> None:
    """First 30 KB with all its files, later 8 KB of HTML; a sheet to print or a long list more by its rows."""
    pages = weights(box.served, box.served.signed_in(account, box.password))
    kinds = {kind(page.path) for page in pages}
    assert len(kinds) >= 8
    assert account != ACCOUNT or {f"/membership/import/…?{at}" for at in ("page&tab", "tab")} <= kinds, kinds
    assert heavy(pages) == []
