"""Lines of log: one event a line, in two forms, and nobody's data in them, whatever fails."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.core.site.strangers.chibox_guests import plugin as guests

from chibox.app import application
from chibox.observe.logs import configure
from chibox.office import Office
from chibox.site.who import COOKIE
from chibox.testing.boxes import plugins_of, sandbox
from chibox.work.queue import Work
from chibox.work.tasks import Task

PLANTED = "Lò Thị Mẩy"


@pytest.fixture
def root() -> Iterator[logging.Logger]:
    """The root logger, as it was afterwards."""
    logger = logging.getLogger()
    handlers, level = list(logger.handlers), logger.level
    yield logger
    logger.handlers[:], logger.level = handlers, level


def logged(form: str, *events: Any) -> str:
    """What is written of some calls of a logger."""
    stream = io.StringIO()
    configure(form, stream)
    log = logging.getLogger("chibox.test")
    for event in events:
        event(log)
    return stream.getvalue()


def failing(log: logging.Logger) -> None:
    """Logs an error with its traceback and in its arguments."""
    try:
        _fail()
    except ValueError as error:
        log.error("it failed: %s", error, exc_info=error)  # noqa: TRY400 - as some libraries do


def _fail() -> None:
    try:
        dict[str, str]()[PLANTED]
    except KeyError as error:
        raise ValueError(f"no {PLANTED}") from error


def test_an_error_is_told_by_class_and_place(root: logging.Logger) -> None:
    """Never by its message: that may hold a person's data. The whole chain is told, on one line."""
    text = logged("lines", failing)
    assert text.count("\n") == 1
    assert "builtins.ValueError at" in text
    assert "builtins.KeyError at" in text
    assert "test_logs.py" in text
    assert PLANTED not in text


def test_objects_are_json_one_a_line(root: logging.Logger) -> None:
    """For machines: time, level, logger, message, and the error apart."""
    lines = logged("json", failing, lambda log: log.warning("two\nlines %d", 3)).splitlines()
    first, second = map(json.loads, lines)
    assert first["level"] == "error"
    assert first["message"] == "it failed: ValueError"
    assert "KeyError" in first["error"]
    assert second["message"] == "two lines 3"
    assert second["time"].endswith("Z")
    assert PLANTED not in "".join(lines)


def test_nobodys_data_reaches_a_line_or_a_figure(root: logging.Logger, tmp_path: Path) -> None:
    """A planted name goes through pages, forms, refusals, API, failing pages and tasks, and is found in no line of log."""
    stream = io.StringIO()
    with sandbox(tmp_path / "box", plugins_of(guests=guests)) as made, closing(Office(made.box)) as office:
        clerk = made.someone("clerk")
        configure("json", stream)
        client = TestClient(application(office), base_url="http://box.local")
        client.headers.update({"Sec-Fetch-Site": "same-origin", "Accept": "text/html"})
        token, _ = office.sessions.begin(clerk, "", made.clock.now(), kept=False)
        client.cookies.set(COOKIE, token, domain="box.local")
        guest = made.subject(made.ask(guests.Receive(unit=made.root, name=PLANTED, phone="0987000111"), actor=clerk))
        assert client.get("/guests/").status_code == 200
        assert client.get("/guests/failing").status_code == 500
        assert client.get(f"/guests/{PLANTED}").status_code == 404
        form = {"_act": "a" * 32, "_seen": "0", "name": PLANTED}
        assert client.post(f"/guests/{guest}/rename", data=form).status_code == 422
        assert (
            client.post("/sign-in", data={"name": PLANTED, "secret": PLANTED, "back": "", "kept": ""}).status_code
            == 401
        )
        headers = {"Idempotency-Key": "b" * 32}
        assert client.post("/api/guests/receive", json={"unit": PLANTED}, headers=headers).status_code == 400

        def fail(_: object) -> None:
            raise RuntimeError(PLANTED)

        with closing(Work(made.box, [Task("fails", fail)], immediate=True)) as work:
            work.hint("core.fails")
        figures = client.get("/metrics", headers={"Authorization": f"Bearer {office.token}"}).text
    text = stream.getvalue()
    assert "incident" in text
    for planted in (PLANTED, "Mẩy", "0987000111", "M\\u1ea9y"):
        assert planted not in text
        assert planted not in figures
    for path in (tmp_path / "box").glob("access.db*"):
        assert PLANTED.encode() not in path.read_bytes()
