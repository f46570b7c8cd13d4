"""Readers of the log: an administrator makes an address, it is shown once, and it opens nothing once it is ended."""

import re

import pytest
from tests.core.site.conftest import House

from chibox.errors import Invalid, NotFound

ADDRESS = re.compile(r"http://box\.local/log/(r[a-z0-9]{27})/1/")


def test_an_address_is_made_shown_once_and_ended(house: House, administrator: str) -> None:
    """It opens the log at once; the list names whose it is and the day of its last use, never the address again."""
    form = {"who": "witness", "label": "Văn phòng Tỉnh ủy", "until": "31/12/2026"}
    with house.browser(administrator) as browser, house.browser() as stranger:
        made = browser.post("/readers", data=form)
        found = ADDRESS.search(made.text)
        assert found
        assert 'src="data:image/svg+xml;base64,' in made.text
        listed = browser.get("/readers").text
        assert "Văn phòng Tỉnh ủy" in listed
        assert "chưa dùng" in listed
        assert found[1] not in listed
        assert stranger.get(f"/log/{found[1]}/1/checkpoint").status_code == 200
        assert "25/11/2026</span>" in browser.get("/readers").text
        no = house.office.readers.all()[0].no
        assert browser.post("/readers/end", data={"no": str(no)}, follow_redirects=False).status_code == 303
        assert "đã khóa" in browser.get("/readers").text
        assert stranger.get(f"/log/{found[1]}/1/checkpoint").status_code == 404
    reader = house.office.readers.all()[0]
    assert (reader.who, reader.made_by) == ("witness", administrator)


def test_only_who_administers_the_box_sees_readers(house: House, clerk: str) -> None:
    """A clerk, an administrator of one cell, and nobody: for them there is no such page."""
    cell = house.made.unit("Chi bộ thôn Đông")
    for person in (clerk, house.made.someone("administrator", cell)):
        with house.browser(person) as browser:
            assert browser.get("/readers").status_code == 404
            assert browser.post("/readers", data={"who": "other", "label": "x"}).status_code == 404
            assert browser.post("/readers/end", data={"no": "1"}).status_code == 404
    assert house.office.readers.all() == []


@pytest.mark.parametrize(
    "form", [{"who": "spy", "label": "x"}, {"who": "other", "label": " "}, {"who": "other", "label": "x" * 81},
             {"who": "other", "label": "x", "until": "24/11/2026"}, {"who": "other", "label": "x", "until": "bao giờ"}]
)  # fmt: skip
def test_what_cannot_be_taken_comes_back(house: House, administrator: str, form: dict[str, str]) -> None:
    """The form comes back with what was typed; no address is made."""
    with house.browser(administrator) as browser:
        answer = browser.post("/readers", data=form)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert house.office.readers.all() == []


def test_the_store_keeps_its_rules(house: House) -> None:
    """A label that hides a sign, a kind that there is not, a number that nobody has: refused, nothing is written."""
    readers = house.office.readers
    with pytest.raises(Invalid):
        readers.make("other", "x\u202ey", now=1)
    with pytest.raises(Invalid):
        readers.make("spy", "x", now=1)
    with pytest.raises(NotFound):
        readers.end(7, 1)
    assert readers.all() == []


def test_ending_twice_keeps_the_first_hour(house: House) -> None:
    """Once ended stays ended; every token is another."""
    readers = house.office.readers
    assert readers.make("other", "A", now=1) != readers.make("other", "A", now=1)
    readers.end(1, 5)
    readers.end(1, 9)
    assert {reader.no: reader.ended for reader in readers.all()} == {1: 5, 2: None}
