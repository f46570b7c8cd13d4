"""How the box is: the same story on the page, as data, and as figures; each only as much as the asker may know."""

import shutil
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from tests.core.site.conftest import House

from chibox.errors import words
from chibox.hooks import Check
from chibox.observe import core_checks
from chibox.observe.health import checks, worst
from chibox.plugins import Broken


def states(house: House) -> dict[str, str]:
    """State of each check by its English name."""
    with house.made.reading() as read:
        return {str(check.name): check.state for check in checks(house.office, read)}


def test_a_box_that_runs_is_well(house: House) -> None:
    """Every check of a fresh box is good, but for the work that nobody started."""
    found = states(house)
    care = {"Backup", "Rehearsal", "Sealed sheet", "Two people"}  # a practice box needs none
    assert {name for name, state in found.items() if state != "good"} <= {"Background work", "Disk"} | care
    assert {found[name] for name in ("Background work", *care)} == {"off"}
    assert {"Recording", "The log", "Tables", "Plugins", "Clock", "Size", "Newest record"} <= found.keys()


def test_each_trouble_is_seen(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stopped writer, a changed end of the log, a stopped table, a broken plugin, a full disk, a clock that went back."""
    box = house.box
    monkeypatch.setattr(box.writer, "failed", RuntimeError("x"))
    monkeypatch.setattr(box.engine, "stopped", {box.library.projections[-1]: 3})
    monkeypatch.setattr(box.plugins, "broken", [Broken("shelf", "ImportError: x")])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1, total=10**12))
    house.clock.at -= 3_600_000
    found = states(house)
    assert {name for name, state in found.items() if state == "trouble"} == {
        "Recording",
        "Tables",
        "Plugins",
        "Disk",
        "Clock",
    }


def test_an_end_that_was_not_signed_is_seen(house: House) -> None:
    """A head whose size or note was changed in the database is a trouble, in words."""
    box = house.box
    with house.made.reading() as read:
        original = read.connection.execute("SELECT size, note FROM log_head").fetchone()
    for statement in ("UPDATE log_head SET size=size+1", "UPDATE log_head SET note=zeroblob(20)"):
        box.writer.submit(partial(_change, box, statement)).result()
        assert states(house)["The log"] == "trouble"
        box.writer.submit(partial(_change, box, "UPDATE log_head SET size=?, note=?", *original)).result()
    assert states(house)["The log"] == "good"


def _change(box: Any, statement: str, *arguments: Any) -> None:
    box.database.writer.execute(statement, arguments)
    box.batch.changed = True


def test_worst_comes_first_and_a_check_that_raises_is_told(
    house: House, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page and the data sort by state; what a plugin's check raises does not hide the others, nor show its message."""

    def failing(_: object) -> list[Check]:
        raise ValueError("Lò Thị Mẩy")

    declared = {"health": failing}
    monkeypatch.setitem(house.box.plugins._declared["guests"], "health", declared["health"])
    with house.made.reading() as read:
        found = checks(house.office, read)
    assert found[0].state == "trouble"
    assert worst(found) == "trouble"
    with house.browser(clerk) as browser:
        text = browser.get("/health").text
        assert "Mẩy" not in text
        assert text.index("Có sự cố") < text.index("Tốt")
        answer = browser.get("/health.json")
    assert answer.status_code == 503
    assert answer.json()["state"] == "trouble"


def test_the_technique_is_for_whoever_runs_the_box(house: House, clerk: str, administrator: str) -> None:
    """A clerk reads the same sentences without the technique; nobody signed in learns the state and no more."""
    with house.browser(clerk) as browser:
        plain, data = browser.get("/health").text, browser.get("/health.json").json()
    with house.browser(administrator) as browser:
        technical, own = browser.get("/health").text, browser.get("/health.json").json()
    with house.browser() as stranger:
        assert stranger.get("/health.json").json() == {"state": "good"}
    assert ("/log/1+" in plain, "/log/1+" in technical) == (False, True)
    assert not any("technique" in check for check in data["checks"])
    assert any("technique" in check for check in own["checks"])


def test_figures_are_for_the_machine_the_token_and_operators(house: House, clerk: str, administrator: str) -> None:
    """A program on the machine needs no token; what a server hands on does, and a clerk may not."""
    asked: list[tuple[Callable[..., Any], Any, dict[str, str], int]] = [
        (house.program, "", {}, 404), (house.program, house.office.token, {}, 200),
        (house.browser, clerk, {}, 404), (house.browser, administrator, {}, 200),
    ]  # fmt: skip
    for opened, who, headers, status in asked:
        with opened(who) as client:
            assert client.get("/metrics", headers=headers).status_code == status


def test_a_request_that_was_handed_on_is_not_near() -> None:
    """Loopback is near, unless a header says that a server in front asks for somebody else."""
    from chibox.site.pages.health import is_near  # noqa: PLC0415

    class Asked:
        def __init__(self, host: str, **headers: str) -> None:
            self.client = type("Client", (), {"host": host})()
            self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    assert is_near(Asked("127.0.0.1"))  # type: ignore[arg-type]
    assert is_near(Asked("::1"))  # type: ignore[arg-type]
    assert not is_near(Asked("10.0.0.7"))  # type: ignore[arg-type]
    assert not is_near(Asked("testclient"))  # type: ignore[arg-type]
    assert not is_near(Asked("127.0.0.1", x_forwarded_for="10.0.0.7"))  # type: ignore[arg-type]


def test_a_check_says_what_to_do() -> None:
    """A check that could not be made is a trouble with a next step."""
    check = core_checks.unheard("disk", ValueError("x"))
    assert (check.state, bool(check.step)) == ("trouble", True)
    assert check.sentence == words("A check could not be made: {name}.", name="disk")
