"""The page “Kiểm tra”: a receipt typed or as a file, for anybody; the whole box, for who runs or sees it."""

import datetime as dt
import re
from contextlib import closing, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.site.conftest import House
from tests.core.whole import merkle_root

from chibox.checking.child import main
from chibox.checking.claims import read_claim
from chibox.checking.pace import Pace
from chibox.core_commands import RegisterPerson
from chibox.errors import Invalid
from chibox.records.log import LogReader
from chibox.records.notes import to_base64
from chibox.testing.boxes import sandbox
from chibox.work.checking import whole_task
from chibox.work.queue import Work


def grow(house: House, count: int) -> None:
    """So many entries more."""
    for _ in range(count):
        house.made.ask(RegisterPerson(sign_in=f"p{house.box.log.size}"))


def root_of(house: House, size: int) -> str:
    """The root of the first `size` entries, computed from the entries as RFC 6962 says it."""
    with house.box.database.reading() as connection:
        log = LogReader(connection)
        return to_base64(merkle_root([log.entry(position) for position in range(size)]))


def said(html: str) -> str:
    """The words of the page."""
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub("<[^>]*>", " ", main).split())


def asked(house: House, number: str, root: str, person: str = "") -> str:
    """What the page answers to a receipt typed."""
    with house.browser(person) as browser:
        return said(browser.get("/check", params={"number": number, "root": root}).text)


@pytest.mark.parametrize("position", [0, 1, 254, 255, 256, 299])
def test_a_right_receipt_is_told_with_its_day_and_what_came_after(house: House, position: int) -> None:
    """Nobody is signed in; any number of the log, the whole root, ten signs of it, blanks in it, signs of an address."""
    grow(house, 300 - house.box.log.size)
    root = root_of(house, position + 1)
    grouped = " ".join(root[at : at + 4] for at in range(0, 44, 4))
    coded = root[:-1].replace("+", "-").replace("/", "_")
    for typed in (root, root[:10], grouped, coded):
        told = asked(house, f"{position}", typed)
        assert "Khớp với nhật ký" in told
        assert f"Khi ghi đến số {position}, ngày 25/11/2026" in told
        assert f"sau đó đã ghi thêm {299 - position} mục" in told


def test_the_size_of_a_checkpoint_is_taken_for_its_number(house: House) -> None:
    """A receipt file names how many entries there were: one more than the number of the last; both are understood."""
    size = house.box.log.size
    assert f"Khi ghi đến số {size - 1}," in asked(house, str(size), root_of(house, size))


def test_a_wrong_root_is_told_with_what_to_do(house: House) -> None:
    """Where most signs agree, the one that was misread is named; nothing about anybody stands in the answer."""
    size = house.box.log.size
    root = root_of(house, size)
    wrong = root[:20] + ("A" if root[20] != "A" else "B") + root[21:]
    told = asked(house, str(size - 1), wrong)
    assert "Không khớp với nhật ký" in told
    assert "20 ký tự đầu khớp: xem lại ký tự thứ 21" in told
    assert "báo cấp ủy cấp trên" in told
    assert "ký tự đầu khớp" not in asked(house, str(size - 1), "A" * 43)


def test_a_number_beyond_the_log_is_told(house: House) -> None:
    """A digit misread, another box, or lost entries: the page says all three."""
    told = asked(house, "9.999.999", "A" * 43)
    assert "Nhật ký chưa ghi đến số 9.999.999" in told
    assert "nhật ký đã mất mục" in told
    assert "không có đời thứ 7" in asked(house, "1/7", "A" * 43)


@pytest.mark.parametrize(
    ("number", "root"), [("x", "A" * 44), ("1", "A" * 9), ("1", "A*" * 20), ("1.2", "A" * 44), ("", "A" * 44)]
)
def test_what_cannot_be_read_is_named_by_its_field(house: House, number: str, root: str) -> None:
    """The page comes back with what was typed, and says which field."""
    with house.browser() as browser:
        answer = browser.get("/check", params={"number": number, "root": root})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert root in answer.text


def test_a_receipt_file_is_held_against_the_log(house: House, administrator: str) -> None:
    """One of this log holds, a byte of it changed does not; one of another log is named as such; junk is no receipt."""
    with house.browser(administrator) as browser:
        data = browser.get("/log/0/receipt").content
    grow(house, 3)

    def told(content: bytes) -> str:
        with house.browser() as browser:
            return said(browser.post("/check/receipt", files={"file": ("a.zip", content)}).text)

    assert "Biên nhận đúng" in told(data)
    changed = data.replace(b"core.founded", b"core.foundes", 1)
    assert changed != data
    for broken in (changed, data[:-40], b"junk"):
        assert "Biên nhận không đúng" in told(broken)
    with house.browser() as browser:
        assert browser.post("/check/receipt", files={"file": ("", b"")}).status_code == 422


def test_a_receipt_of_another_log_is_named(house: House, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its origin stands in the answer."""
    from chibox.receipting import act_receipt  # noqa: PLC0415

    with sandbox(tmp_path_factory.mktemp("other") / "box", name="demo.khac") as other:
        head = other.box.publish()
        with other.box.reading(other.administrator) as read:
            data = act_receipt(read, head, 0)
    with house.browser() as browser:
        told = said(browser.post("/check/receipt", files={"file": ("a.zip", data)}).text)
    assert "Đây là biên nhận của nhật ký khác: demo.khac/log/1." in told


def test_who_is_not_signed_in_is_kept_to_a_pace(house: House, clerk: str) -> None:
    """Thirty a minute from one address; then 429 until the next minute. Who is signed in asks on."""
    for _ in range(30):
        asked(house, "0", "A" * 10)
    with house.browser() as browser:
        late = browser.get("/check", params={"number": "0", "root": "A" * 10})
        assert (late.status_code, late.headers["retry-after"]) == (429, "60")
        assert browser.get("/check").status_code == 200
    assert "Không khớp" in asked(house, "0", "A" * 10, clerk)
    house.clock.at += 60_000
    assert "Không khớp" in asked(house, "0", "A" * 10)


@given(number=st.text(max_size=30), root=st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(number: str, root: str) -> None:
    """No text gets further than a claim, or a sentence about a field."""
    with suppress(Invalid):
        claim = read_claim(number, root)
        assert claim.position >= 0
        assert 10 <= len(claim.root) <= 43


def test_the_pace_bounds_all_together() -> None:
    """Many addresses cannot load the box either, and what is remembered of them is bounded."""
    pace = Pace(2, 5)
    assert [pace.take("a", 0), pace.take("a", 0), pace.take("a", 0)] == [True, True, False]
    assert [pace.take(f"{n}", 0) for n in range(4)] == [True, True, True, False]
    assert pace.take("a", 60_000)


def test_a_root_costs_a_few_tiles(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old root is computed from tiles: no more bundles are unpacked than the one of the entry whose day is told."""
    grow(house, 600 - house.box.log.size)
    root = root_of(house, 520)
    unpacked: list[int] = []
    whole = LogReader._bundle

    def noted(self: LogReader, n: int) -> list[bytes] | None:
        unpacked.append(n)
        return whole(self, n)

    monkeypatch.setattr(LogReader, "_bundle", noted)
    assert "Khớp" in asked(house, "519", root)
    assert unpacked in ([], [2])


class Checked:
    """A house with background work, done at once when it is hinted at."""

    def __init__(self, house: House) -> None:
        self.house = house
        house.office.work = self.work = Work(house.box, [whole_task(house.office)], immediate=True)


def test_the_whole_box_is_checked_when_somebody_asks(house: House, clerk: str) -> None:
    """In a process of its own; time, size and result stand on the page; who may not see the box's state may not ask."""
    with closing(Checked(house).work), house.browser(clerk) as browser:
        assert "Chưa kiểm tra lần nào" in browser.get("/check").text
        answer = browser.post("/check/whole", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, "/check")
        told = said(browser.get("/check").text)
    # the child runs core alone: the tables of the guests of this test are none of an installed plugin
    assert re.search(rf"Đã kiểm tra 08:00, 25/11/2026: {house.box.log.size} mục", told)
    nobody = house.made.subject(house.made.ask(RegisterPerson(sign_in="nobody")))
    with house.browser(nobody) as browser:
        assert browser.post("/check/whole").status_code == 404
        assert "Kiểm tra cả hộp" not in browser.get("/check").text
    with house.browser() as stranger:
        assert stranger.post("/check/whole", follow_redirects=False).status_code in {303, 401}


def test_a_check_that_was_broken_off_is_done_by_the_next_start(house: House) -> None:
    """What was asked and not ended when the box ended is found again; until it ends the result before it stays."""
    whole = house.office.whole
    whole.ask()
    now, last = whole.read()
    assert (now is not None, last) == (True, None)
    again = type(whole)(house.box.folder, house.clock)
    again.run()
    now, last = again.read()
    assert now is None
    assert last is not None
    assert last.result is not None
    assert last.result.size == house.box.log.size
    again.run()
    assert again.read() == (None, last)


def test_the_child_tells_how_far_it_is(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """A line of progress at once, the result at last; the page shows a check under way, and until it ends the one before."""
    assert main(str(house.box.folder)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"progress \d+ \d+", lines[0])
    assert lines[-1].startswith('result {"ok":')
    house.office.whole.ask()
    with house.browser(house.made.someone("operator")) as browser:
        assert '<progress max="1" value="0"' in browser.get("/check").text


def test_a_fault_is_named_with_its_place(house: House, clerk: str) -> None:
    """What the verifier finds stands on the page in Vietnamese; the check says nothing is good that is not."""
    house.box.database.writer.execute("UPDATE log_head SET last_time=last_time+1")
    house.office.whole.ask()
    house.office.whole.run()
    with house.browser(clerk) as browser:
        told = said(browser.get("/check").text)
    assert "chỗ sai" in told
    assert "log_head" in told


def test_a_check_that_breaks_off_is_told(house: House, clerk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that ends without a result is no good result."""
    monkeypatch.setattr("sys.executable", "/bin/false")
    house.office.whole.ask()
    house.office.whole.run()
    with house.browser(clerk) as browser:
        assert "dừng giữa chừng" in browser.get("/check").text


def test_an_act_leads_to_its_check_and_its_paper(house: House, administrator: str) -> None:
    """The link has number and root filled in; the sheet has both, a code, who and when; the mark stands at what was given out."""
    grow(house, 2)
    last = house.box.log.size - 2
    with house.browser(administrator) as browser:
        shown = browser.get(f"/log/{last}").text
        link = re.search(r'href="(/check\?number=[^"]+)"', shown)
        assert link
        assert "Khớp với nhật ký" in said(browser.get(link[1].replace("&amp;", "&")).text)
        sheet = browser.get(f"/log/{last}/print").text
    assert house.box.mark.size == house.box.log.size
    root = root_of(house, last + 1)
    assert f"Biên nhận {last}" in said(sheet)
    assert " ".join(root[at : at + 4] for at in range(0, 44, 4)) in said(sheet)
    assert "quantri" in said(sheet)
    assert 'src="data:image/svg+xml;base64,' in sheet
    assert dt.date(2026, 11, 25).strftime("%d/%m/%Y") in said(sheet)


def test_the_page_says_what_it_does_not_prove(house: House) -> None:
    """A box that was tampered with can say anything: the page says so, and by what that is met."""
    with house.browser() as browser:
        told = said(browser.get("/check").text)
    assert "hộp tự nói về mình" in told
    assert "verify.py trên máy khác" in told
