"""Nothing that was written is lost: a form whose session had ended waits behind the door, one that failed can be sent again."""

import html
import re

import pytest
from tests.core.site.conftest import Browser, House

from chibox.drafts.draft import Draft
from chibox.drafts.drafts import Drafts
from chibox.identity.sessions import IDLE, LONGEST
from chibox.site.pages import unsent
from chibox.web import sent

SECRET = "mật khẩu dài"
TEXT = "Lò Thị Mẩy\r\nbản Pá “Khoang” <b>"


def written(house: House, browser: Browser, **more: str) -> tuple[str, dict[str, str]]:
    """Open the form of a guest, let the session end, send it; returns the address and what was sent."""
    guest = house.guest()
    path = f"/guests/{guest}/rename"
    shown = dict(re.findall(r'name="(_act|_seen)" value="([^"]+)"', browser.get(path).text))
    house.clock.at += IDLE
    return path, {**shown, "name": "Lò Thị Mây", **more}


def waiting(text: str) -> str:
    """Where the door leads to after signing in."""
    found = re.search(r'name="back" value="([^"]*)"', text)
    assert found
    return found[1]


def fields(text: str) -> dict[str, str]:
    """What the form with the button to send again would send."""
    form = text.partition("<main")[2].partition('<form method="post"')[2].partition("</form>")[0]
    return {name: html.unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}


def sign_in(house: House, browser: Browser, person: str, back: str) -> str:
    """Sign in by the door; returns the text of the page that it leads to."""
    house.choose(person, SECRET)
    answer = browser.post("/sign-in", data={"name": house.sign_in_of(person), "secret": SECRET, "back": back})
    assert answer.status_code == 200
    return answer.text


def test_what_was_written_waits_behind_the_door(house: House, clerk: str) -> None:
    """The door says so; the same person finds it after signing in, sends it again, and it is recorded once."""
    with house.browser(clerk) as browser:
        path, form = written(house, browser)
        door = browser.post(path, data=form)
        assert door.status_code == 401
        assert "Những gì đồng chí vừa viết vẫn còn ở đây; đăng nhập rồi bấm Gửi lại." in door.text
        assert "Mây" not in door.text
        page = sign_in(house, browser, clerk, waiting(door.text))
        assert "Lò Thị Mây" in page
        assert f'action="{path}"' in page
        assert fields(page) == form
        size = house.box.log.size
        for _ in range(2):
            assert browser.post(path, data=fields(page)).status_code == 200
        assert house.box.log.size == size + 1


def test_a_wrong_secret_forgets_nothing(house: House, clerk: str) -> None:
    """The door is shown again, and still says that something waits."""
    with house.browser(clerk) as browser:
        path, form = written(house, browser)
        back = waiting(browser.post(path, data=form).text)
        again = browser.post("/sign-in", data={"name": "x", "secret": "falsch", "back": back})
        assert "Những gì đồng chí vừa viết vẫn còn ở đây" in again.text
        assert waiting(again.text) == back


def test_nobody_else_sees_it(house: House, clerk: str) -> None:
    """Whoever else signs in there comes to the first page, with no word of it; the address alone opens nothing."""
    other = house.made.someone("clerk")
    with house.browser(clerk) as browser:
        path, form = written(house, browser)
        back = waiting(browser.post(path, data=form).text)
        page = sign_in(house, browser, other, back)
        assert "<h1>Việc cần làm</h1>" in page
        assert "Mây" not in page
    with house.browser() as stranger:
        assert stranger.get(back, follow_redirects=False).headers["location"].startswith("/sign-in")


def test_texts_stay_as_they_were_written(house: House, clerk: str) -> None:
    """Lines, quotation marks and signs of HTML come back as they are; what is no text of a person is not listed."""
    with house.browser(clerk) as browser:
        path, form = written(house, browser, name=TEXT, box="on", unit="a" * 32)
        page = sign_in(house, browser, clerk, waiting(browser.post(path, data=form).text))
    assert fields(page)["name"] == TEXT
    assert page.count('<li class="kept">') == 1


@pytest.mark.parametrize(
    "why", ["signed out", "nobody", "too long", "a week later", "nothing written", "a program", "a secret"]
)
def test_what_is_not_kept_is_not_promised(house: House, clerk: str, why: str) -> None:
    """Without a session that was the person's, beyond the size of a page, of a secret or of nothing: 401, and no promise."""
    with house.browser(clerk) as browser:
        path, form = written(house, browser)
        if why == "signed out":
            browser.post("/sign-out")
        elif why == "nobody":
            browser.cookies.clear()
        elif why == "a week later":
            house.clock.at += LONGEST + 7 * 86_400_000
            house.office.sessions.purge(house.clock.now())
        elif why == "too long":
            form["name"] = "á" * sent.MOST
        elif why == "nothing written":
            del form["name"]
        elif why == "a secret":
            path, form = "/settings/secret", {"old": "a", "secret": "b", "again": "c", "name": "d"}
        elif why == "a program":
            browser.headers["Accept"] = "application/json"
        answer = browser.post(path, data=form)
    assert answer.status_code == 401
    assert "vẫn còn ở đây" not in answer.text
    assert "/unsent/" not in answer.text


def test_an_ended_session_fills_no_disk(house: House, clerk: str) -> None:
    """Of one person the last ten are kept, for a day."""
    with house.browser(clerk) as browser:
        path, form = written(house, browser)
        for number in range(13):
            door = browser.post(path, data={**form, "name": f"Lò {number}"})
        page = sign_in(house, browser, clerk, waiting(door.text))
        assert "Lò 12" in page
        drafts = [draft.state(sent.Sent).written for draft in kept(house, clerk)]
        assert drafts == [[f"Lò {number}"] for number in range(12, 2, -1)]
        house.clock.at += 86_400_000
        assert kept(house, clerk) == []


def kept(house: House, person: str) -> list[Draft]:
    """What waits for a person, newest first."""
    return Drafts(house.office.drafts, "core", person, house.box.clock.now).all(unsent.KIND)


def test_a_form_that_failed_can_be_sent_again(house: House, clerk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the box fails over what was sent, its page holds what was written, and a button that sends it again."""
    guest = house.guest()
    path = f"/guests/{guest}/rename"
    with house.browser(clerk) as browser:
        form = {**dict(re.findall(r'name="(_act|_seen)" value="([^"]+)"', browser.get(path).text)), "name": TEXT[:10]}
        with monkeypatch.context() as broken:
            broken.setattr(house.box, "perform", None)
            page = browser.post(path, data=form)
        assert page.status_code == 500
        assert "Nội dung đồng chí viết vẫn còn nguyên" in page.text
        assert fields(page.text) == form
        assert browser.post(path, data=fields(page.text)).status_code == 200
        assert "Nội dung đồng chí viết" not in browser.get("/guests/failing").text
