"""Figures: what happened is counted, by closed words, for each box apart."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.core.site.strangers.chibox_guests import plugin as guests

from chibox.app import application
from chibox.errors import Refused
from chibox.office import Office
from chibox.testing.boxes import Sandbox, plugins_of, sandbox


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Sandbox]:
    """A box with guests."""
    with sandbox(tmp_path / "box", plugins_of(guests=guests)) as opened:
        yield opened


def figures(office: Office) -> dict[str, float]:
    """Every figure by its name with labels."""
    lines = [line for line in office.metrics.text().decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_what_is_appended_is_counted(made: Sandbox) -> None:
    """Records, batches and commits of what was done while the office was open; the log's own size on asking."""
    with closing(Office(made.box)) as office:
        clerk = made.someone("clerk")
        made.ask(guests.Receive(unit=made.root, name="Lò Thị Mẩy"), actor=clerk)
        found = figures(office)
    assert found["chibox_records_total"] == 3
    assert found["chibox_batch_records_count"] == found["chibox_commit_seconds_count"] == 3
    assert 0 < found["chibox_commit_seconds_sum"] < 5


def test_refusals_and_requests_are_counted_by_class(made: Sandbox) -> None:
    """By the class of the refusal, by the plugin whose page it was and the class of its answer; never by address."""
    with closing(Office(made.box)) as office:
        client = TestClient(application(office), base_url="http://box.local")
        client.headers["Authorization"] = f"Bearer {office.token}"
        for name in ("Nobody", "Lò Thị Mẩy"):
            body = {"unit": made.root, "name": name}
            client.post("/api/guests/receive", json=body, headers={"Idempotency-Key": name.encode().hex()[:2] * 16})
        client.get(f"/guests/{'0' * 32}")
        found = figures(office)
        text = client.get("/metrics").text
    assert found['chibox_refusals_total{refusal="Refused"}'] == 1
    assert found['chibox_request_seconds_count{answer="2xx",group="api"}'] == 1
    assert found['chibox_request_seconds_count{answer="4xx",group="api"}'] == 1
    assert found['chibox_request_seconds_count{answer="4xx",group="guests"}'] == 1
    assert f"chibox_log_records {made.box.log.size:.1f}" in text
    assert "0" * 32 not in text


def test_two_boxes_do_not_mix(made: Sandbox, tmp_path: Path) -> None:
    """Each box has its own figures, also in one process."""
    with sandbox(tmp_path / "other") as other, closing(Office(made.box)) as one, closing(Office(other.box)) as two:
        made.someone("clerk")
        assert (figures(one)["chibox_records_total"], figures(two)["chibox_records_total"]) == (2, 0)


def test_a_batch_that_failed_is_not_counted(made: Sandbox) -> None:
    """A refusal commits nothing, so no batch is counted."""
    with closing(Office(made.box)) as office:
        clerk = made.someone("clerk")
        before = figures(office)["chibox_batch_records_count"]
        with pytest.raises(Refused):
            made.ask(guests.Receive(unit=made.root, name="Nobody"), actor=clerk)
        assert figures(office)["chibox_batch_records_count"] == before
