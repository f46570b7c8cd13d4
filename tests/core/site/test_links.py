"""The one-time link: made by whoever administers, opened without using it up, used once."""

import re

import pytest
from tests.core.site.conftest import House

from chibox.identity.service import service_of
from chibox.site.who import COOKIE


def made_link(house: House, administrator: str, person: str) -> tuple[str, str]:
    """The page that shows a link, and the link's path."""
    with house.browser(administrator) as browser:
        text = browser.post(f"/people/{person}/link").text
    address = re.findall(r"http://box\.local(/link/[a-z0-9-]+)", text)
    return text, address[0]


def test_a_link_is_shown_once_and_lets_its_person_in(house: House, administrator: str, clerk: str) -> None:
    """The page holds the address to print; by it a secret is chosen and a session begun; the second time it is over."""
    text, path = made_link(house, administrator, clerk)
    assert "14 ngày" in text
    chosen = {"secret": "482913", "again": "482913"}
    with house.browser() as browser:
        assert browser.get(path).status_code == 200
        assert browser.head(path).status_code == 200
        entered = browser.post(path, data=chosen, follow_redirects=False)
        assert (entered.status_code, entered.headers["location"]) == (303, "/")
        assert browser.get("/", follow_redirects=False).status_code == 200
    with house.browser() as stranger:
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, data=chosen).status_code == 404
        assert COOKIE not in stranger.cookies
    with house.browser(administrator) as browser:
        assert path not in browser.get(f"/people/{clerk}").text


def test_a_secret_that_may_not_be_is_asked_again(house: House, administrator: str, clerk: str) -> None:
    """The page comes back with what is wrong at its field, and never with what was typed."""
    _, path = made_link(house, administrator, clerk)
    with house.browser() as browser:
        answer = browser.post(path, data={"secret": "123456", "again": "123456"})
        assert answer.status_code == 422
        assert 'id="e-secret"' in answer.text
        assert 'value="123456"' not in answer.text
        assert "123456" not in re.sub(r"<p class=\"err\".*?</p>|<li>.*?</li>", "", answer.text, flags=re.DOTALL)
        assert (
            browser.post(path, data={"secret": "482913", "again": "482913"}, follow_redirects=False).status_code == 303
        )


def test_other_sessions_end_when_the_secret_is_another(house: House, administrator: str, clerk: str) -> None:
    """Whoever lost a device is rid of it by a new link."""
    with house.browser(clerk) as lost:
        _, path = made_link(house, administrator, clerk)
        with house.browser() as browser:
            browser.post(path, data={"secret": "482913", "again": "482913"})
        assert lost.get("/", follow_redirects=False).status_code == 303


def test_only_who_administers_makes_links(house: House, clerk: str, administrator: str) -> None:
    """A clerk makes none, nobody makes one for the service account, and an administrator of a cell none for those beside."""
    cell = house.made.unit("Chi bộ 1")
    beside = house.made.someone("clerk", house.made.unit("Chi bộ 2"))
    own = house.made.someone("clerk", cell)
    keeper = house.made.someone("administrator", cell)
    service = service_of(house.box.picture)
    asked = [(clerk, own, 404), (administrator, service, 404), (keeper, beside, 404), (keeper, own, 200)]
    for actor, person, status in asked:
        with house.browser(actor) as browser:
            assert browser.post(f"/people/{person}/link").status_code == status


@pytest.mark.parametrize("token", ["x", "aaaa-aaaa-aaaa-aaaa-aaaa", "%00"])
def test_no_other_token_opens_anything(house: House, token: str) -> None:
    """A token that was never made is told like one that was used."""
    with house.browser() as browser:
        assert browser.get(f"/link/{token}").status_code == 404
