"""One's own settings: kept with the account, on every device to come; the purpose with the session."""

import pytest
from tests.core.site.conftest import House

from chibox.site.who import COOKIE


def test_language_and_size_follow_the_person(house: House, clerk: str) -> None:
    """Chosen on one device they are there on the next one after signing in."""
    house.choose(clerk, "một câu dài")
    with house.browser(clerk) as browser:
        kept = browser.post("/settings", data={"lang": "en", "text": "125", "purpose": "reports"})
        assert 'lang="en" class="t125"' in kept.text
    with house.browser() as other:
        assert '<html lang="vi">' in other.get("/sign-in").text
        other.post("/sign-in", data={"name": house.sign_in_of(clerk), "secret": "một câu dài", "kept": "", "back": ""})
        assert 'lang="en" class="t125"' in other.get("/").text


def test_the_links_below_every_page_count_too(house: House, clerk: str) -> None:
    """A size chosen by the link in the footer is kept with the account."""
    with house.browser(clerk) as browser:
        browser.get("/units?text=150")
        assert 'class="t150"' in browser.get("/").text
    assert house.office.accounts.choices(clerk)["text"] == "150"


def test_the_purpose_is_noted_with_each_reading(house: House, clerk: str) -> None:
    """The post's usual one, until another one of the list is chosen for this session."""
    house.guest()
    with house.browser(clerk) as browser:
        assert 'value="files" checked' in browser.get("/settings").text
        browser.get("/guests/")
        browser.post("/settings", data={"lang": "vi", "text": "100", "purpose": "reports"})
        browser.get("/guests/")
    assert [row.purpose for row in house.office.access.by(clerk)] == ["reports", "files"]


@pytest.mark.parametrize("wrong", [{"lang": "fr"}, {"text": "400"}, {"purpose": "curiosity"}, {"purpose": ""}])
def test_other_choices_are_refused(house: House, clerk: str, wrong: dict[str, str]) -> None:
    """What is not on the list is named, and nothing is kept."""
    with house.browser(clerk) as browser:
        answer = browser.post("/settings", data={"lang": "en", "text": "125", "purpose": "files", **wrong})
    assert answer.status_code == 422
    assert house.office.accounts.choices(clerk) == {}


def test_another_secret_signs_other_devices_out(house: House, clerk: str) -> None:
    """The one that changed it goes on under a fresh session; the old secret opens nothing."""
    house.choose(clerk, "một câu dài")
    with house.browser(clerk) as here, house.browser(clerk) as there:
        before = here.cookies[COOKIE]
        form = {"old": "một câu dài", "secret": "482913", "again": "482913"}
        assert here.post("/settings/secret", data=form).status_code == 200
        assert here.cookies[COOKIE] != before
        assert here.get("/", follow_redirects=False).status_code == 200
        assert there.get("/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"old": "wrong", "secret": "482913", "again": "482913"}, "old"),
        ({"old": "", "secret": "482913", "again": "482913"}, "old"),
        ({"old": "một câu dài", "secret": "123456", "again": "123456"}, "secret"),
        ({"old": "một câu dài", "secret": "482913", "again": "482914"}, "again"),
    ],
)
def test_a_change_that_cannot_be_is_named(house: House, clerk: str, form: dict[str, str], field: str) -> None:
    """At its field, without showing what was typed; the session goes on."""
    house.choose(clerk, "một câu dài")
    with house.browser(clerk) as browser:
        answer = browser.post("/settings/secret", data=form)
        assert answer.status_code == 422
        assert f'id="e-{field}"' in answer.text
        assert 'value="482913"' not in answer.text
        assert browser.get("/", follow_redirects=False).status_code == 200
