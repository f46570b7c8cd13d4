"""A box with the tutorial's plugin and then without it, in the process of a reader's workbench: life.py FOLDER with|without."""

import sys
from pathlib import Path

from chibox.box import Box
from chibox.clock import GivenClock
from chibox.identity.tables import Person
from chibox.plugins import Plugins
from chibox.testing.boxes import TODAY, act, sandbox
from chibox.testing.sites import site
from chibox.verifying import verify_box


def with_it(folder: Path) -> None:
    """A letter is received by the API of a new box; its page and the schema have it."""
    with sandbox(folder, Plugins.discover()) as box, site(box.box) as signed_in:
        browser = signed_in(box.someone("clerk"))
        letter = {"unit": box.root, "sender": "Đảng ủy xã Sao Mai"}
        answer = browser.post("/api/letters/receive", json=letter, headers={"Idempotency-Key": act()})
        assert answer.status_code == 200, answer.text
        assert "Đảng ủy xã Sao Mai" in browser.get("/letters").text
        assert "Công văn của Đảng ủy xã Sao Mai" in browser.get(f"/log/{answer.json()['last']}").text
        assert "/api/letters/receive" in browser.get("/schema/openapi.json").text


def without_it(folder: Path) -> None:
    """The box opens; page and command are gone, the entry stands in the log under its kind, all verifies."""
    box = Box.open(folder, clock=GivenClock.on(TODAY), plugins=Plugins.discover())
    try:
        with box.reading() as read:
            (clerk,) = (row.subject for row in read.rows(Person, read.select(Person)) if row.sign_in.startswith("p"))
            last = read.size - 1
        with site(box) as signed_in:
            browser = signed_in(clerk)
            assert browser.get("/letters").status_code == 404
            assert browser.post("/api/letters/receive", json={}).status_code in {404, 405}
            assert "letters.received.1" in browser.get(f"/log/{last}").text
    finally:
        box.close()
    report = verify_box(folder)
    assert report.ok, list(report.lines(lambda words: words.msgid))


if __name__ == "__main__":
    {"with": with_it, "without": without_it}[sys.argv[2]](Path(sys.argv[1]))
