"""Reading for an inspection, through the pages: asked, agreed, chosen, read, told afterwards."""

import datetime as dt
import io
import re
import zipfile

import pytest
from tests.core.site.conftest import Browser, House

from chibox.clock import GivenClock
from chibox.core_commands import RegisterPerson
from chibox.erasing.commands import AskErasure, Erase
from chibox.erasing.finding import holding
from chibox.evidence.pack import pack
from chibox.identity.delays import Delay
from chibox.identity.purposes import INSPECTION
from chibox.site.who import COOKIE
from chibox.testing.boxes import TODAY

DAY = dt.timedelta(days=1)
NAME = "Lò Thị Mẩy"


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the last form of a page."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w*)"', html))


class Story:
    """A clerk who asks, a secretary who agrees, an inspector who reads, a guest who is read, another guest beside."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.clerk, self.secretary = house.made.someone("clerk"), house.made.someone("committee_secretary")
        self.inspector = house.made.someone("committee_secretary")
        self.guest, self.beside = house.guest(NAME), house.guest("Vừ A Dếnh")
        for number, one in enumerate((self.guest, self.beside)):
            house.made.ask(RegisterPerson(sign_in=f"guest{number}", person=one))

    def asked(self, until: dt.date = TODAY + 10 * DAY) -> None:
        """Through the page."""
        with self.house.browser(self.clerk) as browser:
            form = hidden(browser.get(f"/delays/new/{self.guest}").text)
            fields = {"reader": self.inspector, "reason": "denunciation", "until": f"{until:%d/%m/%Y}"}
            answer = browser.post(f"/delays/new/{self.guest}", data={**form, **fields})
            assert answer.url.path == "/delays", answer.text
            assert "Đã đề nghị." in answer.text

    def agreed(self) -> None:
        """Through the page, by the one button there."""
        with self.house.browser(self.secretary) as browser:
            page = browser.get("/delays").text
            (action,) = re.findall(r'action="(/delays/\w+/agree)"', page)
            form = dict(re.findall(r'name="(_\w+)" value="(\w*)"', page.partition(action)[2]))
            assert "Đã đồng ý." in browser.post(action, data=form).text

    def choose(self, browser: Browser) -> int:
        """The inspector chooses the purpose under the settings."""
        return browser.post("/settings", data={"lang": "vi", "text": "100", "purpose": INSPECTION}).status_code

    def seen(self, person: str) -> list[tuple[str, bool]]:
        """What somebody is told: the readers and whether it was told later."""
        with self.house.browser(person) as browser:
            return [(one["who"], one["told_later"]) for one in browser.get("/seen.json").json()["readings"]]

    def on(self, day: dt.date) -> None:
        """The clock goes to that day."""
        self.house.clock.at = GivenClock.on(day).at


@pytest.fixture
def story(house: House) -> Story:
    """Nothing has happened yet."""
    return Story(house)


def test_from_asking_to_telling(story: Story) -> None:
    """Not a line is told of asking, agreeing and reading before the day is over; then each is, as told later."""
    story.asked()
    story.agreed()
    with story.house.browser(story.inspector) as browser:
        assert "Cho 1 hồ sơ, đến hết ngày 05/12/2026; báo sau" in browser.get("/settings").text
        assert story.choose(browser) == 200
        browser.get(f"/guests/{story.guest}")
        browser.get("/guests/")
    rows = story.house.office.access.by(story.inspector)
    assert [(row.page, row.purpose, set(row.subjects), row.later is None) for row in rows] == [
        ("guests.list", "leading", {story.beside}, True)
        if row.later is None
        else (row.page, INSPECTION, {story.guest}, False)
        for row in rows
    ]
    assert {row.page for row in rows if row.later is not None} == {"guests.guest", "guests.list"}
    inspector = story.house.sign_in_of(story.inspector)
    for day in (TODAY, TODAY + 10 * DAY):
        story.on(day)
        assert story.seen(story.guest) == []
        assert story.seen(story.beside) == [(inspector, False)]
    story.on(TODAY + 11 * DAY)
    told = story.seen(story.guest)
    assert told.count((inspector, True)) == 2
    assert all(late for _, late in told)


def test_the_purpose_is_for_who_reads_by_a_delay_only(story: Story) -> None:
    """Before it is agreed, for others, and once it is over the purpose is refused; readings are then noted as usual."""
    story.asked(TODAY + 2 * DAY)
    with story.house.browser(story.inspector) as browser:
        token, _ = story.house.office.sessions.begin(story.inspector, "", story.house.clock.now(), kept=True)
        browser.cookies.set(COOKIE, token, domain="box.local")
        assert story.choose(browser) == 422
        story.agreed()
        assert story.choose(browser) == 200
        with story.house.browser(story.clerk) as other:
            assert story.choose(other) == 422
        story.on(TODAY + 3 * DAY)
        browser.get(f"/guests/{story.guest}")
        assert 'value="leading" checked' in browser.get("/settings").text
        assert INSPECTION not in browser.get("/settings").text
    last = story.house.office.access.by(story.inspector)[0]
    assert (last.purpose, last.later) == ("leading", None)


def test_who_sees_that_there_is_a_delay(story: Story) -> None:
    """Whoever may agree is told on the first page that one waits, nobody by name; once agreed only those three see it."""
    story.asked()
    other = story.house.made.someone("committee_secretary")
    with story.house.browser(story.secretary) as browser:
        assert "<b>Xem đề nghị đọc để kiểm tra</b>" in browser.get("/").text
    with story.house.browser(other) as browser:
        assert NAME in browser.get("/delays").text
    story.agreed()
    for person, sees in ((story.clerk, True), (story.secretary, True), (story.inspector, True), (other, False)):
        with story.house.browser(person) as browser:
            assert (NAME in browser.get("/delays").text) is sees
    with story.house.browser(story.guest) as browser:
        assert browser.get("/delays").status_code == 404
        assert browser.get(f"/delays/new/{story.beside}").status_code == 404


def test_whoever_it_is_about_never_sees_it(story: Story) -> None:
    """Also when they hold the post that agrees: neither on the first page nor on the list, nor by the command."""
    from chibox.core_commands import Appoint  # noqa: PLC0415

    story.asked()
    story.house.made.ask(Appoint(person=story.guest, role="committee_secretary", unit=story.house.made.root, day=TODAY))
    with story.house.browser(story.guest) as browser:
        assert "Xem đề nghị đọc để kiểm tra" not in browser.get("/").text
        page = browser.get("/delays").text
    assert "/agree" not in page
    assert "Chưa có đề nghị nào." in page


def test_it_is_ended_early(story: Story) -> None:
    """By the button; what was read is told from the next day on."""
    story.asked()
    story.agreed()
    with story.house.browser(story.inspector) as browser:
        story.choose(browser)
        browser.get(f"/guests/{story.guest}")
        page = browser.get("/delays").text
        (action,) = re.findall(r'action="(/delays/\w+/end)"', page)
        form = dict(re.findall(r'name="(_\w+)" value="(\w*)"', page.partition(action)[2]))
        assert "Đã kết thúc." in browser.post(action, data=form).text
    assert story.seen(story.guest) == []
    story.on(TODAY + DAY)
    assert (story.house.sign_in_of(story.inspector), True) in story.seen(story.guest)


def test_a_form_that_cannot_be_taken_is_shown_again(story: Story) -> None:
    """With the field named, what was typed kept; nothing is recorded."""
    size = story.house.box.log.size
    with story.house.browser(story.clerk) as browser:
        form = hidden(browser.get(f"/delays/new/{story.guest}").text)
        fields = {"reader": story.inspector, "reason": "supervision", "until": "01/01/2030"}
        answer = browser.post(f"/delays/new/{story.guest}", data={**form, **fields})
        assert answer.status_code == 422
        assert "Từ hôm nay, muộn nhất là 24/05/2027" in answer.text
        assert 'value="01/01/2030"' in answer.text
        assert browser.get("/delays/new/" + "0" * 32).status_code == 404
    assert story.house.box.log.size == size


def _pack(story: Story, actor: str) -> bytes:
    """Everything about the guest, for somebody."""
    box = story.house.box
    head = box.publish()
    with box.reading(actor) as read:
        return pack(read, head, story.guest).data


def test_no_paper_about_the_person_has_it_before_its_day(story: Story) -> None:
    """Neither what they are handed nor what a clerk can have names one entry more; afterwards the clerk's does."""
    before = [_names(_pack(story, actor)) for actor in (story.guest, story.clerk)]
    story.asked()
    story.agreed()
    assert [_names(_pack(story, actor)) for actor in (story.guest, story.clerk)] == before
    story.on(TODAY + 11 * DAY)
    assert _names(_pack(story, story.guest)) == before[0]
    assert len(_names(_pack(story, story.clerk))) > len(before[1])


def test_an_erased_delay_holds_nothing_back(story: Story) -> None:
    """Once it is over it goes with everything else about the person; what was read by it is still told."""
    story.asked()
    story.agreed()
    with story.house.browser(story.inspector) as browser:
        story.choose(browser)
        browser.get(f"/guests/{story.guest}")
    story.on(TODAY + 11 * DAY)
    told = story.seen(story.guest)
    with story.house.box.reading(story.clerk) as read:
        (row,) = read.rows(Delay, read.select(Delay))
        assert row.record in holding(read, story.guest).records
    clerk, secretary = story.clerk, story.secretary
    asked = story.house.made.ask(AskErasure(subject=story.guest, reason="request"), actor=clerk)
    story.house.made.ask(Erase(asked=story.house.made.entry(asked.first).rid), actor=secretary)
    with story.house.box.reading() as read:
        assert read.rows(Delay, read.select(Delay)) == []
    assert told
    assert len(story.seen(story.guest)) == len(told)


def _names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        return sorted(found.namelist())
