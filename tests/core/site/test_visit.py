"""Pages read through one door: by posts, by classes of field, and never unnoticed."""

import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.core.site.conftest import House
from tests.core.site.strangers.chibox_guests import plugin as guests

from chibox.errors import Forbidden
from chibox.identity import purposes
from chibox.records.notes import to_base64


def test_a_page_shows_the_visitors_part_of_the_tree_only(house: House) -> None:
    """A cell's secretary sees the guests of that cell, not those beside or above it."""
    own, beside = house.made.unit("Chi bộ 1"), house.made.unit("Chi bộ 2")
    secretary = house.made.someone("cell_secretary", own)
    seen, hidden = house.guest("Lò Thị Mẩy", own), house.guest("Vừ A Dếnh", beside)
    above = house.guest("Hà Thị Yên")
    with house.browser(secretary) as browser:
        listed = browser.get("/guests/").text
        assert ("Lò Thị Mẩy" in listed, "Vừ A Dếnh" in listed, "Hà Thị Yên" in listed) == (True, False, False)
        assert [browser.get(f"/guests/{guest}").status_code for guest in (seen, hidden, above)] == [200, 404, 404]


def test_classes_of_field_are_enforced(house: House) -> None:
    """A cell's secretary sees contact and ordinary, a clerk everything, an operator no person at all."""
    cell = house.made.unit("Chi bộ 1")
    house.guest("Lò Thị Mẩy", cell, phone="0987000111", faith="Tin lành")
    with house.browser(house.made.someone("cell_secretary", cell)) as browser:
        assert browser.get("/guests/").text == "Lò Thị Mẩy|0987000111|Masked(known=True)"
    with house.browser(house.made.someone("clerk")) as browser:
        assert browser.get("/guests/").text == "Lò Thị Mẩy|0987000111|Tin lành"
    with house.browser(house.made.someone("operator")) as browser:
        assert browser.get("/guests/").text == ""
        assert browser.get("/guests/failing").status_code == 403


def test_each_act_of_reading_is_one_row(house: House, clerk: str) -> None:
    """A list is noted once with all whom it showed, a page about one singly, with time, purpose and page; empty ones not."""
    with house.browser(clerk) as browser:
        browser.get("/guests/")
        one, two = house.guest("Lò Thị Mẩy"), house.guest("Vừ A Dếnh")
        browser.get("/guests/")
        browser.get(f"/guests/{two}")
        browser.post(f"/guests/{two}/reveal")
    rows = house.office.access.by(clerk)
    assert [(row.page, row.field, set(row.subjects)) for row in rows] == [
        ("guests.guest", "phone", {two}), ("guests.guest", None, {two}), ("guests.list", None, {one, two}),
    ]  # fmt: skip
    assert {(row.purpose, row.time) for row in rows} == {("files", house.clock.now())}
    assert [row.page for row in house.office.access.about(one)] == ["guests.list"]


def test_who_has_read_is_told_with_purpose_and_page(house: House, clerk: str) -> None:
    """Newest first, in words why; telling it is a reading of its own; nobody else's data for who holds no post."""
    from chibox.site.visit import Visit  # noqa: PLC0415
    from chibox.site.who import Who  # noqa: PLC0415

    one, _ = house.guest("Lò Thị Mẩy"), house.guest("Vừ A Dếnh")
    with house.browser(clerk) as browser:
        browser.get("/guests/")
        browser.post(f"/guests/{one}/reveal")
    visit = Visit(_NoRequest(), house.office, Who(clerk, "x"))  # type: ignore[arg-type]
    with visit.reading("readers") as look:
        told = [(o.person, o.purpose.msgid, o.page, o.field, o.count) for o in look.readings(one)]
    assert told == [
        (clerk, "Keeping the members' files", "guests.guest", "phone", 1),
        (clerk, "Keeping the members' files", "guests.list", None, 2),
    ]
    assert house.office.access.about(one)[0].page == "core.readers"
    nobody = Visit(_NoRequest(), house.office, Who(house.made.someone("operator"), "y"))  # type: ignore[arg-type]
    with nobody.reading("readers") as look, pytest.raises(Forbidden):
        look.readings(one)


def test_a_purpose_that_the_list_never_had_is_told_by_its_name() -> None:
    """What was noted stays readable."""
    assert (purposes.said("own").msgid, purposes.said("later").msgid) == ("My own affairs", "later")


def test_the_end_of_the_log_is_of_the_snapshot(house: House, clerk: str) -> None:
    """Number and root that is signed, as they stood when the page began."""
    from chibox.site.visit import Visit  # noqa: PLC0415
    from chibox.site.who import Who  # noqa: PLC0415

    head = house.box.publish()
    visit = Visit(_NoRequest(), house.office, Who(clerk, "x"))  # type: ignore[arg-type]
    with visit.reading("sheet") as look:
        look.count(guests.Guest)  # the snapshot begins with the first question
        house.guest()
        end = look.end
    assert (end.number, end.root) == (str(head.size - 1), to_base64(head.root))
    assert house.box.mark.size == head.size


class _NoRequest:
    """A request of nobody's page."""

    scope: dict[str, object] = {}  # noqa: RUF012


def test_a_reading_is_noted_when_the_page_fails(house: House, clerk: str) -> None:
    """What was read before a page failed stands in the access log all the same."""
    guest = house.guest()
    with house.browser(clerk) as browser:
        assert browser.get("/guests/failing").status_code == 500
    assert [(row.page, row.subjects) for row in house.office.access.about(guest)] == [("guests.failing", (guest,))]


def test_no_page_is_sent_that_cannot_be_noted(house: House, clerk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the access log cannot be written the page is an error, and holds nobody's name."""
    house.guest("Lò Thị Mẩy")

    def full(**_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with house.browser(clerk) as browser:
        monkeypatch.setattr(house.office.access, "write", full)
        answer = browser.get("/guests/")
    assert answer.status_code == 500
    assert "Mẩy" not in answer.text


def test_a_second_snapshot_inside_the_first_is_an_error(house: House, clerk: str) -> None:
    """A page that opens a block inside a block is told so, instead of waiting for ever when the box is busy."""
    from chibox.site.visit import Visit  # noqa: PLC0415
    from chibox.site.who import Who  # noqa: PLC0415

    visit = Visit(_NoRequest(), house.office, Who(clerk, "x"))  # type: ignore[arg-type]
    with visit.reading("one"), pytest.raises(RuntimeError), visit.reading("two"):
        pass


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parents=st.lists(st.integers(0, 30), min_size=4, max_size=12), post=st.integers(0, 11), role=st.integers(0, 2))
def test_nobody_sees_beside_their_subtree(house: House, parents: list[int], post: int, role: int) -> None:
    """In any tree, whoever holds a post sees exactly the guests at or below its unit, on lists and on single pages."""
    units = [house.made.root]
    for number, parent in enumerate(parents):
        units.append(house.made.unit(f"Chi bộ {number}", units[parent % len(units)]))
    place = units[post % len(units)]
    person = house.made.someone(["clerk", "committee_secretary", "cell_secretary"][role], place)
    keeper = house.made.someone("clerk")
    found = {
        unit: house.made.subject(house.made.ask(guests.Receive(unit=unit, name=f"G{unit}"), actor=keeper))
        for unit in units
    }
    below = {unit for unit in units if place in house.box.picture.path(unit)}
    with house.browser(person) as browser:
        listed = {line.split("|")[0][1:] for line in browser.get("/guests/").text.splitlines()}
        assert listed & set(units) == below
        answers = {unit: browser.get(f"/guests/{guest}").status_code for unit, guest in found.items()}
        assert answers == {unit: 200 if unit in below else 404 for unit in units}
        seen = {unit: browser.get(f"/units/{unit}").status_code for unit in units}
        assert seen == {unit: 200 if unit in below else 404 for unit in units}
