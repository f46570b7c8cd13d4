"""The door: one sentence for every failure, a fresh session for each success, and nothing that leads elsewhere."""

import re

import pytest
from tests.core.site.conftest import House

from chibox.identity.sessions import IDLE, KEPT_LONGEST, LONGEST
from chibox.site.who import COOKIE

SECRET = "một câu dài"
FORM = {"secret": SECRET, "kept": "", "back": ""}


def sent(house: House, person: str, **more: str) -> dict[str, str]:
    """The form of the door, filled in rightly."""
    return {**FORM, "name": house.sign_in_of(person), **more}


def test_whoever_is_not_signed_in_is_sent_to_the_door_and_back(house: House, clerk: str) -> None:
    """A page asked for by nobody leads to the door; after signing in it is the page that comes."""
    house.choose(clerk, SECRET)
    with house.browser() as browser:
        asked = browser.get("/log?number=1", follow_redirects=False)
        assert asked.status_code == 303
        door = browser.get(asked.headers["location"])
        assert "/log?number=1" in door.text
        back = re.findall(r'name="back" value="([^"]+)"', door.text)[0].replace("&amp;", "&")
        signed = browser.post("/sign-in", data=sent(house, clerk, back=back), follow_redirects=False)
    assert (signed.status_code, signed.headers["location"]) == (303, "/log?number=1")


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/", "/\\evil.example", "evil", "javascript:alert(1)"]
)
def test_the_way_back_stays_in_the_box(house: House, clerk: str, back: str) -> None:
    """An address that would lead to another site leads to the first page."""
    house.choose(clerk, SECRET)
    with house.browser() as browser:
        signed = browser.post("/sign-in", data=sent(house, clerk, back=back), follow_redirects=False)
    assert (signed.status_code, signed.headers["location"]) == (303, "/")


def test_every_failure_looks_alike(house: House, clerk: str) -> None:
    """A wrong secret, an unknown name and a person without a secret get the same page but for the name typed."""
    house.choose(clerk, SECRET)
    pages = []
    for name in (house.sign_in_of(clerk), "nobody", house.sign_in_of(house.made.someone("clerk"))):
        with house.browser() as browser:
            answer = browser.post("/sign-in", data={**FORM, "name": name, "secret": "wrong"})
            pages.append((answer.status_code, answer.text.replace(f'value="{name}"', "")))
            assert COOKIE not in browser.cookies
    assert pages[0][0] == 401
    assert pages[0] == pages[1] == pages[2]


def test_a_lock_says_until_when_for_any_name(house: House) -> None:
    """After five wrong tries the page names the time, and a program is told by Retry-After."""
    with house.browser() as browser:
        answers = [browser.post("/sign-in", data={**FORM, "name": "nobody"}) for _ in range(5)]
    assert "Retry-After" not in answers[3].headers
    assert answers[4].headers["Retry-After"] == "300"
    assert "08:05" in answers[4].text


def test_what_is_missing_is_named_at_its_field(house: House) -> None:
    """An empty form is not a try, and the name that was typed is kept."""
    with house.browser() as browser:
        answer = browser.post("/sign-in", data={**FORM, "name": "lua", "secret": ""})
    assert answer.status_code == 422
    assert 'id="e-secret"' in answer.text
    assert 'value="lua"' in answer.text


def test_a_session_that_was_planted_is_never_taken_over(house: House, clerk: str) -> None:
    """The token is made when somebody signs in: one that the browser had before, known or not, ends and is not reused."""
    house.choose(clerk, SECRET)
    planted, _ = house.office.sessions.begin(house.made.someone("operator"), "", house.clock.now(), kept=False)
    for token in ("planted", planted):
        with house.browser(**{COOKIE: token}) as browser:
            signed = browser.post("/sign-in", data=sent(house, clerk), follow_redirects=False)
            fresh = re.findall(rf"{COOKIE}=([^;]+)", signed.headers["set-cookie"])[0]
        assert fresh != token
        assert house.office.sessions.find(token, house.clock.now()) is None
        found = house.office.sessions.find(fresh, house.clock.now())
        assert found
        assert found.person == clerk


def test_the_cookie_is_for_this_box_only(house: House, clerk: str) -> None:
    """HttpOnly, SameSite, without a date unless it is kept for 90 days; Secure when people come by https."""
    house.choose(clerk, SECRET)
    with house.browser() as browser:
        plain = browser.post("/sign-in", data=sent(house, clerk), follow_redirects=False).headers["set-cookie"]
        kept = browser.post("/sign-in", data=sent(house, clerk, kept="on"), follow_redirects=False).headers[
            "set-cookie"
        ]
        browser.base_url = "https://box.local"
        secure = browser.post("/sign-in", data=sent(house, clerk), follow_redirects=False).headers["set-cookie"]
    assert ("HttpOnly" in plain, "SameSite=lax" in plain, "Path=/" in plain) == (True, True, True)
    assert ("Max-Age" in plain, "Secure" in plain) == (False, False)
    assert f"Max-Age={KEPT_LONGEST // 1000}" in kept
    assert "Secure" in secure


@pytest.mark.parametrize(("after", "status"), [(IDLE - 1, 200), (IDLE, 303), (LONGEST, 303)])
def test_a_session_ends_by_itself(house: House, clerk: str, after: int, status: int) -> None:
    """Left alone for hours it is over, and the door opens again."""
    with house.browser(clerk) as browser:
        house.clock.at += after
        assert browser.get("/", follow_redirects=False).status_code == status


def test_signing_out_ends_this_device_or_all(house: House, clerk: str) -> None:
    """Signing out ends the session in the box, not only the cookie; signing out everywhere ends those of other devices."""
    with house.browser(clerk) as here, house.browser(clerk) as there:
        token = here.cookies[COOKIE]
        assert here.post("/sign-out", follow_redirects=False).headers["location"] == "/sign-in"
        assert house.office.sessions.find(token, house.clock.now()) is None
        assert there.get("/", follow_redirects=False).status_code == 200
        there.post("/settings/sign-out-everywhere")
        assert house.office.sessions.count(clerk, house.clock.now()) == 0


def test_whoever_is_no_longer_known_is_nobody(house: House, administrator: str) -> None:
    """When a registration is taken back, the sessions of that person open nothing."""
    from chibox.core_commands import RegisterPerson, Undo  # noqa: PLC0415

    answer = house.made.ask(RegisterPerson(sign_in="yen"), actor=administrator)
    person = house.made.subject(answer)
    with house.browser(person) as browser:
        assert browser.get("/settings", follow_redirects=False).status_code == 200
        house.made.ask(Undo(act=answer.act), actor=administrator)
        assert browser.get("/settings", follow_redirects=False).status_code == 303


def test_forms_from_another_site_do_nothing(house: House, clerk: str) -> None:
    """The door, the settings and every command refuse what another site makes a browser send."""
    house.choose(clerk, SECRET)
    with house.browser(clerk) as browser:
        browser.headers["Sec-Fetch-Site"] = "cross-site"
        for path in ("/sign-in", "/sign-out", "/settings", "/guests/receive", "/api/core/undo"):
            assert browser.post(path, data={}).status_code == 403
        browser.headers["Sec-Fetch-Site"] = "same-origin"
        assert browser.get("/", follow_redirects=False).status_code == 200
