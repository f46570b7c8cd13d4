"""Forms: what was typed is kept, what was done is told on two pages, a double press is one act, a faster colleague is named."""

import re
from collections.abc import Callable

import pytest
from tests.core.site.conftest import House

from chibox.core_commands import Undo
from chibox.errors import Away


def ids(text: str) -> dict[str, str]:
    """The hidden act and position of a form."""
    return dict(re.findall(r'name="(_act|_seen)" value="([^"]+)"', text))


def test_a_form_is_done_once_and_told_on_two_pages(house: House, clerk: str) -> None:
    """303 to the next page; it and the one after say what was done, with receipt number and a way to take it back."""
    guest = house.guest("Lò Thị Mẩy")
    with house.browser(clerk) as browser:
        form = {**ids(browser.get(f"/guests/{guest}/rename").text), "name": "Lò Thị Mây"}
        done = [browser.post(f"/guests/{guest}/rename", data=form, follow_redirects=False) for _ in range(2)]
        assert [answer.status_code for answer in done] == [303, 303]
        size = house.box.log.size
        pages = [browser.get("/units").text for _ in range(3)]
    assert ["Lò Thị Mây" in page for page in pages] == [True, True, False]
    assert f"/log/{size - 1}/undo" in pages[0]
    assert house.made.entry(size - 1).act == form["_act"]
    assert house.made.entry(size - 2).act != form["_act"]


def test_a_part_of_a_page_is_no_next_page(house: House, clerk: str) -> None:
    """What a script fetches to change a part of the page does not use up what the next pages tell."""
    guest = house.guest("Lò Thị Mẩy")
    with house.browser(clerk) as browser:
        form = {**ids(browser.get(f"/guests/{guest}/rename").text), "name": "Lò Thị Mây"}
        browser.post(f"/guests/{guest}/rename", data=form, follow_redirects=False)
        told = ["Lò Thị Mây" in browser.get("/units", headers={"X-Part": "1"}).text for _ in range(3)]
        pages = [browser.get("/units").text for _ in range(3)]
    assert told == [True, True, True]
    assert ["Lò Thị Mây" in page for page in pages] == [True, True, False]


def test_what_was_typed_is_kept(house: House, clerk: str) -> None:
    """A field that cannot be read: 422, the same form with the same act and position, and the reason at the field."""
    guest = house.guest()
    with house.browser(clerk) as browser:
        shown = ids(browser.get(f"/guests/{guest}/rename").text)
        again = browser.post(f"/guests/{guest}/rename", data={**shown, "name": " "})
        assert again.status_code == 422
        assert ids(again.text) == shown
        assert 'id="e-name"' in again.text
        assert "Chưa lưu" in re.findall("<title>(.*?)</title>", again.text)[0]


def test_a_refusal_by_a_rule_keeps_the_form(house: House, clerk: str) -> None:
    """What a rule refuses is told above the form, which still holds what was typed; nothing is recorded."""
    guest, size = house.guest("Lò Thị Mẩy"), house.box.log.size
    with house.browser(clerk) as browser:
        shown = ids(browser.get(f"/guests/{guest}/rename").text)
        again = browser.post(f"/guests/{guest}/rename", data={**shown, "name": "Lò Thị Mẩy"})
    assert again.status_code == 422
    assert 'value="Lò Thị Mẩy"' in again.text
    assert house.box.log.size == size


def test_when_a_colleague_was_faster_both_values_are_shown(house: House, clerk: str) -> None:
    """The form comes back with who recorded what meanwhile, and may be sent again as it stands."""
    guest, colleague = house.guest("Lò Thị Mẩy"), house.made.someone("clerk")
    with house.browser(clerk) as slow, house.browser(colleague) as fast:
        mine = {**ids(slow.get(f"/guests/{guest}/rename").text), "name": "Tên một"}
        theirs = {**ids(fast.get(f"/guests/{guest}/rename").text), "name": "Tên hai"}
        fast.post(f"/guests/{guest}/rename", data=theirs)
        again = slow.post(f"/guests/{guest}/rename", data=mine)
        assert again.status_code == 422
        assert house.sign_in_of(colleague) in again.text
        assert "Tên hai" in again.text
        assert 'value="Tên một"' in again.text
        assert ids(again.text)["_act"] == mine["_act"]
        assert int(ids(again.text)["_seen"]) > int(mine["_seen"])
        sent = {**ids(again.text), "name": "Tên một"}
        assert slow.post(f"/guests/{guest}/rename", data=sent, follow_redirects=False).status_code == 303


def test_meanwhile_shows_no_more_than_the_reader_may_see(house: House) -> None:
    """The faster colleague's record is told by the classes of the one who is told."""
    cell = house.made.unit("Chi bộ 1")
    guest = house.guest("Lò Thị Mẩy", cell, faith="Tin lành")
    keeper = house.made.someone("cell_secretary", cell)
    with house.browser(keeper) as browser:
        answer = browser.post(f"/guests/{guest}/rename", data={"_act": "a" * 32, "_seen": "0", "name": "x"})
    assert answer.status_code == 403
    clerk = house.made.someone("clerk", cell)
    with house.browser(clerk) as browser:
        told = browser.post(f"/guests/{guest}/rename", data={"_act": "a" * 32, "_seen": "0", "name": "x"}).text
    assert "Tin lành" in told
    assert guest in {s for row in house.office.access.by(clerk) for s in row.subjects}


def test_a_form_without_its_act_is_refused(house: House, clerk: str) -> None:
    """A form that was not opened in the box has no act, and does nothing."""
    guest, size = house.guest(), house.box.log.size
    with house.browser(clerk) as browser:
        assert browser.post(f"/guests/{guest}/rename", data={"name": "x", "_seen": "99"}).status_code == 422
    assert house.box.log.size == size


def test_the_page_knows_its_subject_itself(house: House, clerk: str) -> None:
    """A subject that is smuggled into the form does not replace the one of the address."""
    guest, other = house.guest("Một"), house.guest("Hai")
    with house.browser(clerk) as browser:
        form = {**ids(browser.get(f"/guests/{guest}/rename").text), "name": "Ba", "guest": other}
        browser.post(f"/guests/{guest}/rename", data=form)
    assert house.made.entry(house.box.log.size - 1).subject == guest


def test_steps_carry_paper_and_helper(house: House, clerk: str, fresh_act: Callable[[], str]) -> None:
    """A page that asks in steps may say from paper and on behalf; both stand in the record's context."""
    form = {"_act": fresh_act(), "unit": house.made.root, "name": "Vừ A Dếnh"}
    with house.browser(clerk) as browser:
        assert browser.post("/guests/receive", data=form, follow_redirects=False).status_code == 303
    entry = house.made.entry(house.box.log.size - 1)
    assert entry.context["from_paper"] is True
    assert entry.context["on_behalf"] == clerk


def test_the_band_takes_back_by_one_press(house: House, clerk: str) -> None:
    """The button of the band is a form; pressed, the act counts as never done, and that is told in turn."""
    guest = house.guest("Một")
    with house.browser(clerk) as browser:
        form = {**ids(browser.get(f"/guests/{guest}/rename").text), "name": "Hai"}
        page = browser.post(f"/guests/{guest}/rename", data=form).text
        path, act = re.findall(r'action="(/log/\d+/undo)"><input type="hidden" name="_act" value="(\w+)"', page)[0]
        browser.post(path, data={"_act": act})
        with house.made.reading() as read:
            assert read.past.is_retracted(read.entry(house.box.log.size - 2))
    assert house.made.stated(house.made.ask(Undo(act=act), actor=clerk))


def test_a_box_that_is_away_keeps_the_form(house: House, clerk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing can be recorded the form comes back with what was typed; sent later it is done once."""
    guest = house.guest()

    async def away(*_: object) -> None:
        raise Away("The box is stopping.")

    with house.browser(clerk) as browser:
        form = {**ids(browser.get(f"/guests/{guest}/rename").text), "name": "Tên mới"}
        with monkeypatch.context() as stopped:
            stopped.setattr(house.box, "perform", away)
            again = browser.post(f"/guests/{guest}/rename", data=form)
        assert 'value="Tên mới"' in again.text
        assert ids(again.text) == {key: form[key] for key in ("_act", "_seen")}
        assert browser.post(f"/guests/{guest}/rename", data=form, follow_redirects=False).status_code == 303
