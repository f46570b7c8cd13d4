"""The log for people: the last acts, one act, its receipt, and taking it back with what rests on it."""

import io
import re
import zipfile

import pytest
from tests.core.site.conftest import House
from tests.core.site.strangers.chibox_guests import plugin as guests

from chibox.core_commands import Undo
from chibox.site.pages.log import number_of


@pytest.mark.parametrize(
    ("typed", "number"),
    [("4711", 4711), ("4.711", 4711), (" 48.390 ", 48390), ("4711/2", 4711), ("0", 0), ("x", None), ("4.7", None)],
)
def test_a_receipt_number_is_read_as_people_write_it(typed: str, number: int | None) -> None:
    """With dots, blanks or a generation; anything else is no number."""
    assert number_of(typed) == number


def test_an_act_is_found_by_its_number(house: House, clerk: str) -> None:
    """The search leads to the act, whichever of its entries is named; an unknown number is told so."""
    house.guest("Lò Thị Mẩy")
    last = house.box.log.size - 1
    with house.browser(clerk) as browser:
        assert browser.get(f"/log?number={last}", follow_redirects=False).headers["location"] == f"/log/{last}"
        page = browser.get(f"/log/{last}").text
        assert "Lò Thị Mẩy" in page
        assert "99.999" in browser.get("/log?number=99.999").text
        assert browser.get("/log/99999").status_code == 404


def test_older_acts_are_paged(house: House, clerk: str) -> None:
    """Each act stands on one page of the list, newest first."""
    for number in range(30):
        house.made.ask(guests.Receive(unit=house.made.root, name=f"Khách {number:02}"), actor=clerk)
    with house.browser(clerk) as browser:
        first = browser.get("/log").text
        older = browser.get(re.findall(r'href="(/log\?before=\d+)"', first)[0]).text
    shown = [[int(n) for n in re.findall(r"Khách (\d\d)", text)] for text in (first, older)]
    numbers = list(dict.fromkeys(shown[0] + shown[1]))
    assert numbers == list(range(29, -1, -1))
    assert not set(shown[0]) & set(shown[1])


def test_acts_of_other_parts_of_the_tree_are_not_there(house: House) -> None:
    """A cell's clerk sees the acts of that cell and her own, on the list, by number, and as a receipt."""
    own, beside = house.made.unit("Chi bộ 1"), house.made.unit("Chi bộ 2")
    house.guest("Lò Thị Mẩy", own)
    seen = house.box.log.size - 1
    house.guest("Vừ A Dếnh", beside)
    hidden = house.box.log.size - 1
    with house.browser(house.made.someone("clerk", own)) as browser:
        listed = browser.get("/log").text
        assert (f"/log/{seen}" in listed, f"/log/{hidden}" in listed) == (True, False)
        for what in ("", "/receipt", "/record", "/undo"):
            assert [browser.get(f"/log/{act}{what}").status_code for act in (seen, hidden)] == [200, 404]


def test_a_receipt_is_a_zip_with_the_parts_that_may_be_read(house: House, clerk: str) -> None:
    """Of the act without parts; of the record with its body for who may read all of it, and that reading is noted."""
    cell = house.made.unit("Chi bộ 1")
    guest = house.guest("Lò Thị Mẩy", cell, faith="Tin lành")
    last = house.box.log.size - 1

    def names(person: str, what: str) -> set[str]:
        with house.browser(person) as browser:
            answer = browser.get(f"/log/{last}/{what}")
        assert answer.headers["content-type"] == "application/zip"
        assert answer.headers["content-disposition"].startswith("attachment")
        return set(zipfile.ZipFile(io.BytesIO(answer.content)).namelist())

    proof = {"receipt.txt", f"{last}/entry.json", f"{last}/proof.tlog-proof"}
    assert names(clerk, "receipt") == proof
    assert names(clerk, "record") == proof | {f"{last}/part/body", f"{last}/salt/body"}
    assert names(house.made.someone("cell_secretary", cell), "record") == proof
    assert guest in {s for row in house.office.access.by(clerk) if row.page == "core.receipt" for s in row.subjects}
    assert house.box.mark.size > last


def test_what_rests_on_an_act_is_shown_before_it_is_taken_back(house: House, clerk: str) -> None:
    """With later work on it, the press shows first what stays; chosen later acts go along."""
    guest = house.made.subject(house.made.ask(guests.Receive(unit=house.made.root, name="Một"), actor=clerk))
    position = house.box.log.size - 1
    later = house.made.ask(guests.Rename(guest=guest, name="Hai"), actor=clerk)
    size = house.box.log.size
    with house.browser(clerk) as browser:
        shown = browser.post(f"/log/{position}/undo", data={"_act": "c" * 32})
        assert shown.status_code == 200
        assert later.act in shown.text
        assert house.box.log.size == size
        refused = browser.post(f"/log/{position}/undo", data={"_act": "c" * 32, "listed": "1", "also": ""})
        assert refused.status_code == 422
        done = browser.post(f"/log/{position}/undo", data={"_act": "c" * 32, "listed": "1", "also": later.act})
    assert done.url.path == f"/log/{position}"
    with house.made.reading() as read:
        assert read.row(guests.Guest, guest) is None


def test_who_may_not_take_back_is_told_why(house: House, clerk: str) -> None:
    """Somebody else's act is not hers to take back: the page says why and has no button."""
    house.guest("Lò Thị Mẩy")
    last = house.box.log.size - 1
    with house.browser(clerk) as browser:
        page = browser.get(f"/log/{last}").text
        assert f"/log/{last}/undo" not in page
        answer = browser.post(f"/log/{last}/undo", data={"_act": "c" * 32})
    assert answer.status_code == 403


def test_what_was_sealed_is_taken_back_unseen(house: House, clerk: str) -> None:
    """That somebody took something sealed back stands in nobody else's log: its place alone would tell a tale."""
    guest, colleague = house.guest("Lò Thị Mẩy"), house.made.someone("clerk")
    told = house.made.ask(guests.Confide(guest=guest, words="kín"), actor=clerk)
    back = house.made.ask(Undo(act=told.act), actor=clerk)
    assert house.made.entry(back.last).kind == "core.sealed_retracted.1"
    for person, status in ((clerk, 200), (colleague, 404), (house.made.administrator, 404)):
        with house.browser(person) as browser:
            assert browser.get(f"/log/{back.last}").status_code == status
            assert (f"/log/{back.last}" in browser.get("/log").text) is (status == 200)


def test_an_act_twice_taken_back_says_so(house: House, clerk: str) -> None:
    """The page of what was taken back marks it, and the undo page says that it was before."""
    house.made.ask(guests.Receive(unit=house.made.root, name="Một"), actor=clerk)
    position = house.box.log.size - 1
    with house.browser(clerk) as browser:
        browser.post(f"/log/{position}/undo", data={"_act": "c" * 32})
        assert "đã hoàn tác" in browser.get(f"/log/{position}").text
        again = browser.get(f"/log/{position}/undo")
    assert again.status_code == 200
    assert "<button" not in again.text.partition("<main")[2]
