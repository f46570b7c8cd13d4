"""Party organisations, people and posts: recorded by forms, refused beside one's part of the tree, taken back."""

import re
from typing import Any

import pytest
from httpx import Response
from tests.core.site.conftest import Browser, House

from chibox.identity.tables import Person


def filled(browser: Browser, path: str, to: str = "", **values: str) -> Response:
    """The form of a page, filled in and sent; followed to the page after it."""
    hidden = dict(re.findall(r'name="(_act|_seen)" value="([^"]+)"', browser.get(path).text))
    return browser.post(to or path, data={**hidden, **values})


def test_a_unit_is_created_renamed_and_moved(house: House, administrator: str) -> None:
    """Each by its form, each told with a receipt, each in the unit's history."""
    root = house.made.root
    with house.browser(administrator) as browser:
        filled(browser, f"/units/{root}/new", name="Chi bộ 1", kind="cell", day="01/02/2026")
        filled(browser, f"/units/{root}/new", name="Đảng bộ bộ phận", kind="part_committee", day="01/02/2026")
        cell, part = (u for u in house.box.picture.units.values() if u.parent == root)
        filled(browser, f"/units/{cell.subject}/rename", name="Chi bộ Một", day="03/02/2026")
        page = filled(browser, f"/units/{cell.subject}/move", parent=part.subject, day="04/02/2026")
        text = browser.get(f"/units/{cell.subject}").text
    now = house.box.picture.units[cell.subject]
    assert (now.name, now.parent) == ("Chi bộ Một", part.subject)
    assert page.status_code == 200
    assert "04/02/2026" in page.text
    assert text.count('href="/log/') >= 3


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "", "kind": "cell", "day": "01/02/2026"}, "name"),
        ({"name": "x", "kind": "club", "day": "01/02/2026"}, "kind"),
        ({"name": "x", "kind": "cell", "day": "31/02/2026"}, "day"),
        ({"name": "x", "kind": "cell", "day": "01/02/2027"}, "day"),
    ],
)
def test_what_cannot_be_recorded_is_named(house: House, administrator: str, values: dict[str, str], field: str) -> None:
    """The field is named, nothing is recorded."""
    size, root = house.box.log.size, house.made.root
    with house.browser(administrator) as browser:
        answer = filled(browser, f"/units/{root}/new", **values)
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text
    assert house.box.log.size == size


def test_a_unit_does_not_stand_under_itself(house: House, administrator: str) -> None:
    """The form offers no place below the unit, and a forged one is refused."""
    upper = house.made.unit("Trên")
    lower = house.made.unit("Dưới", upper)
    with house.browser(administrator) as browser:
        assert f'value="{lower}"' not in browser.get(f"/units/{upper}/move").text
        answer = filled(browser, f"/units/{upper}/move", parent=lower, day="01/02/2026")
    assert answer.status_code == 422
    assert house.box.picture.units[upper].parent == house.made.root


def test_only_who_administers_there_may(house: House, clerk: str) -> None:
    """A clerk finds no form; the administrator of one cell finds those of that cell and no other's."""
    own, beside = house.made.unit("Chi bộ 1"), house.made.unit("Chi bộ 2")
    keeper = house.made.someone("administrator", own)
    for person, unit, status in (
        (clerk, own, 404),
        (keeper, own, 200),
        (keeper, beside, 404),
        (keeper, house.made.root, 404),
    ):
        with house.browser(person) as browser:
            answers = {browser.get(f"/units/{unit}/{act}").status_code for act in ("new", "rename")}
            assert answers == {status}


def test_a_person_is_registered_appointed_and_released(house: House, administrator: str) -> None:
    """From a name to a post to its end, by three forms."""
    with house.browser(administrator) as browser:
        page = filled(browser, "/people/new", sign_in="Yến.Hà")
        with house.made.reading() as read:
            person = next(row.subject for row in read.rows(Person, read.select(Person)) if row.sign_in == "yến.hà")
        assert page.url.path == f"/people/{person}"
        filled(
            browser,
            page.url.path,
            f"/people/{person}/appoint",
            role="clerk",
            unit=house.made.root,
            day="01/02/2026",
            until="",
        )
        (post,) = house.box.picture.posts[person]
        assert (post.role, post.until) == ("clerk", None)
        ended = filled(browser, f"/people/{person}/end/{post.subject}", day="01/03/2026")
    assert ended.status_code == 200
    assert str(house.box.picture.posts[person][0].until) == "2026-03-01"
    assert "core.appointed" not in ended.text


@pytest.mark.parametrize(
    ("values", "field"),
    [({"role": ""}, "role"), ({"role": "king"}, "role"), ({"day": ""}, "day"), ({"until": "32/01/2026"}, "until")],
)
def test_an_appointment_that_cannot_be_is_named(
    house: House, administrator: str, clerk: str, values: dict[str, Any], field: str
) -> None:
    """The person's page comes back with the field named and the rest kept."""
    good = {"role": "clerk", "unit": house.made.root, "day": "01/02/2026", "until": ""}
    with house.browser(administrator) as browser:
        answer = filled(browser, f"/people/{clerk}", f"/people/{clerk}/appoint", **{**good, **values})
    assert answer.status_code == 422
    assert f'id="e-{field}"' in answer.text


def test_the_list_shows_who_is_the_visitors_to_administer(house: House, administrator: str) -> None:
    """The box's administrator sees everybody and the service marked as no person; a cell's sees the cell's people only."""
    own, beside = house.made.unit("Chi bộ 1"), house.made.unit("Chi bộ 2")
    inside, outside = house.made.someone("clerk", own), house.made.someone("clerk", beside)
    with house.browser(administrator) as browser:
        text = browser.get("/people").text
    assert all(f"/people/{person}" in text for person in (inside, outside, administrator))
    assert "không phải người" in text
    with house.browser(house.made.someone("administrator", own)) as browser:
        text = browser.get("/people").text
        assert (f"/people/{inside}" in text, f"/people/{outside}" in text) == (True, False)
        assert [browser.get(f"/people/{p}").status_code for p in (inside, outside)] == [200, 404]
        assert browser.get("/people/new").status_code == 404
    with house.browser(inside) as browser:
        assert browser.get("/people").status_code == 404
