"""The page about drafts is true: its plugin takes a list, reads it in the background and lets its owner mend it."""

import importlib
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.docs.pages import files_of, page, rows_of

from chibox.app import application
from chibox.office import Office
from chibox.plugin import Draft, Drafts
from chibox.site.who import COOKIE
from chibox.testing.boxes import Sandbox, plugins_of, sandbox
from chibox.work.queue import Work

PAGE = "extend/drafts.md"


class Desk(NamedTuple):
    """A box with the plugin of the page, its office and its work."""

    made: Sandbox
    office: Office
    work: Work

    def browser(self, person: str) -> TestClient[Litestar]:
        """A browser of a person, signed in."""
        client = TestClient(application(self.office), base_url="http://box.local")
        token, _ = self.office.sessions.begin(person, "", self.made.clock.now(), kept=False)
        client.cookies.set(COOKIE, token, domain="box.local")
        return client


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """What a reader has who typed the page."""
    (code,) = files_of(page(PAGE)).values()
    package = tmp_path / "src" / "chibox_piles"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "plugin.py").write_text(code, "utf-8")
    monkeypatch.syspath_prepend(str(package.parent))
    piles = importlib.import_module("chibox_piles.plugin")
    with (
        sandbox(tmp_path / "box", plugins_of(piles=piles)) as made,
        closing(Office(made.box)) as office,
        closing(Work(made.box, [], immediate=True)) as work,
    ):
        office.work = work
        yield Desk(made, office, work)
    for name in ("chibox_piles.plugin", "chibox_piles"):
        del sys.modules[name]


@pytest.mark.parametrize("pieces", [True, False])
def test_the_plugin_of_the_page_works(desk: Desk, pieces: bool) -> None:
    """A list is read by the task, its wrong line is mended by its owner, and is not there for anybody else."""
    browser, data = desk.browser(desk.made.someone("clerk")), "Đảng ủy\n\nChi bộ 1".encode()
    if pieces:
        tus = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(data)), "Upload-Offset": "0"}
        address = browser.post("/uploads", headers=tus).headers["Location"]
        tus["Content-Type"] = "application/offset+octet-stream"
        assert browser.patch(address, content=data, headers=tus).status_code == 204
        shown = browser.post("/piles/", data={"list_upload": address.rsplit("/", 1)[1]})
    else:
        shown = browser.post("/piles/", files={"list": ("l.txt", data)})
    assert shown.text == "read {'good': 2, 'wrong': 1}\n2: Letter(sender='', mended='')"
    assert browser.post(f"{shown.url.path}/2", data={"sender": "Tỉnh ủy"}).text == "read {'good': 3}"
    assert desk.browser(desk.made.someone("clerk")).get(shown.url.path).status_code == 404
    assert browser.post("/piles/", files={"list": ("", b"")}).status_code == 422


def test_what_the_page_names_is_there() -> None:
    """Every method in the table is one of drafts or of a draft, and none is left out."""
    told = {name for cells in rows_of(page(PAGE)) for cell in cells[:1] for name in _names(cell)}
    has = {name for name in dir(Drafts) if not name.startswith("_")} | {"state"}
    assert told == has
    assert {"id", "kind", "owner", "made", "changed", "until", "revision", "state"} <= set(dir(Draft))


def _names(cell: str) -> list[str]:
    return [call.strip("` ").split("(")[0].removeprefix("draft.") for call in cell.split("`, `")]
