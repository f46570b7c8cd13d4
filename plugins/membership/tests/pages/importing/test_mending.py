"""Mending in the page, answering, checking again, recording: nothing that was written is lost, nothing is recorded unseen."""

import datetime as dt
import re

import pytest
from plugins.membership.tests.pages.conftest import Forms
from plugins.membership.tests.pages.importing.conftest import Clerk, text

from chibox.drafts.drafts import Drafts
from chibox_membership.asking import Change, SetStatus
from chibox_membership.importing import desk as desks
from chibox_membership.importing.held import Kept
from chibox_membership.tables import Member

TODAY = dt.date(2026, 11, 25)


@pytest.fixture
def address(own: Clerk) -> str:
    """The page of a file with rows of every kind."""
    return own.send_file(own.file())


def kept(own: Clerk, address: str, row: int) -> Kept:
    """A row as it lies on the desk."""
    drafts = Drafts(own.office.drafts, "membership", own.roll.clerk, own.roll.clock.now)
    item = drafts.item(drafts.get(address.rpartition("/")[2], desks.KIND), row, Kept)
    assert item is not None
    return item[1]


def count(own: Clerk) -> int:
    """How many stand in the roll."""
    with own.roll.reading() as read:
        return read.count(Member)


def test_mended_cells_are_checked_again(own: Clerk, address: str) -> None:
    """The page stays on its tab and page and says how many rows are right now; what stays wrong keeps what was written."""
    sent = own.press(
        f"{address}?tab=wrong&page=1",
        **{"m-12-born_on": "12/12/1971", "m-13-personal_id": "99106800001", "m-15-ethnic_group": "Kinh"},
    )
    assert (sent.status_code, sent.headers["location"]) == (303, f"{address}?tab=wrong&page=1&checked=6")
    shown = own.clerk.get(sent.headers["location"]).text
    assert "Đã kiểm tra lại: 3 dòng hết sai, còn 3 dòng." in text(shown)  # the guess of row 14 was sent, too
    assert 'tabindex="-1" autofocus' in shown
    assert 'value="99106800001"' in shown
    assert "3806200417" in text(shown)  # what stands in the file stays beside what was written
    assert kept(own, address, 13).mends == {"personal_id": "99106800001"}
    assert "Nhập 6 dòng" in text(shown)


def test_the_first_button_of_the_form_checks(own: Clerk, address: str) -> None:
    """Enter in a field sends the form by its first button: that one checks, and never records."""
    shown = own.clerk.get(address).text
    form = shown[shown.index('<input type="hidden" name="shown"') :]
    first = re.findall(r"<button[^>]*>", form)[0]
    assert first == '<button class="sr" tabindex="-1">'
    assert "formaction" not in first
    assert f'formaction="{address}/record"' in form


def test_a_reading_is_taken_with_all_that_was_written(own: Clerk, address: str) -> None:
    """It stands in its field on the next page, unchecked, beside what was written; an untouched guess says nothing."""
    sent = own.press(address, take="12 born_on 28/02/1961", **{"m-16-admitted_on": "01/04/2026"})
    assert sent.headers["location"] == f"{address}?tab=wrong&page=1#m-12-born_on"
    shown = own.clerk.get(f"{address}?tab=wrong&page=1").text
    assert 'aria-describedby="y-12-born_on" value="28/02/1961"' in shown
    assert 'aria-describedby="y-16-admitted_on" value="01/04/2026"' in shown
    assert "6 dòng sai" in text(shown)
    assert kept(own, address, 14).mends == {}


def test_a_cell_is_left_empty_by_its_button_only(own: Clerk, address: str) -> None:
    """An empty field says nothing; the button says that the cell is empty, and an empty cell changes nothing."""
    own.press(address)
    assert kept(own, address, 17).mends == {}
    own.press(address, take="17 official_on")
    assert kept(own, address, 17).mends == {"official_on": ""}
    assert "Ô này để trống." in own.open(address)
    own.press(address)
    assert "Quàng Văn Ẳng" in own.open(f"{address}?tab=same")


def test_turning_the_page_keeps_what_was_written(own: Clerk, address: str) -> None:
    """The button to another page writes it down first."""
    sent = own.press(address, go="2", **{"m-12-born_on": "12/12/1971"})
    assert sent.headers["location"] == f"{address}?tab=wrong&page=2"
    assert kept(own, address, 12).mends == {"born_on": "12/12/1971"}
    assert own.press(address, go="x").headers["location"] == f"{address}?tab=wrong&page=1"
    odd = own.clerk.post(f"{address}?tab=wrong&page=1%0d%0aX:1", data={"go": "x"}, follow_redirects=False)
    assert odd.headers["location"] == f"{address}?tab=wrong"


def test_answers_make_rows_clear_and_can_be_taken_back(own: Clerk, address: str) -> None:
    """A candidate makes it a change of that member, keep leaves it; what was answered can be asked again; none is left aside."""
    doubtful = f"{address}?tab=doubtful"
    sent = own.press(doubtful, **{"a-9-who": own.members["H’Nhuôn Êban Niê"], "a-11-full_name": "take"})
    shown = own.open(sent.headers["location"])
    assert "Đã kiểm tra lại: " in shown
    assert "Giàng Thị Sềnh thành Lò Thị Thắm" in own.open(f"{address}?tab=changed")
    assert "đã chọn: họ và tên chọn lại" in own.open(f"{address}?tab=changed")
    assert "Lò Thị Ón" in own.open(doubtful)
    again = own.clerk.post(f"{address}?tab=changed", data={"ask": "11 full_name"}, follow_redirects=False)
    assert again.headers["location"] == f"{address}?tab=doubtful"
    assert "lấy theo tệp: Lò Thị Thắm" in own.open(doubtful)


def test_an_answer_that_was_not_offered_says_nothing(own: Clerk, address: str) -> None:
    """A member who is no candidate, a field that may only be kept, a row that is not there, a field that is none."""
    own.press(
        f"{address}?tab=doubtful",
        **{"a-9-who": own.members["Bùi Hữu Ngữ"], "a-10-born_on": "take", "a-99-who": "new", "m-12-nothing": "x",
           "m-7-full_name": ""},
    )  # fmt: skip
    assert (kept(own, address, 9).answers, kept(own, address, 10).answers, kept(own, address, 7).mends) == ({}, {}, {})
    assert own.press(address, take="x y z").status_code == 303


def test_the_right_rows_are_recorded_as_one_act(own: Clerk, address: str) -> None:
    """The next page has the receipt and the way back, what was recorded, and what is left; it is all undone by one act."""
    before, size = count(own), own.roll.box.log.size
    sent = own.press(address, f"{address}/record")
    assert (sent.status_code, sent.headers["location"]) == (303, address)
    position = own.roll.box.log.size - 1
    shown = own.clerk.get(address).text
    assert "Đã nhập 5 dòng: 2 đảng viên mới, 3 đảng viên có thay đổi." in shown
    assert f"Biên nhận {position}." in shown
    assert f'href="/log/{position}"' in shown
    assert (
        f"Lần nhập lúc 08:00, 25/11/2026 Đã nhập: 2 đảng viên mới, 3 đảng viên có thay đổi biên nhận {position} Hoàn tác…"
        in text(shown)
    )
    assert "đã nhập 5 dòng" in text(shown)
    assert "Mới 0 Thay đổi 0 Không đổi 2 Chưa rõ 3 Sai 6" in text(shown)
    assert "Chưa có dòng nào để nhập" in text(shown)
    assert "main-act" not in shown
    assert (count(own), len({own.roll.entry(p).act for p in range(size, position + 1)})) == (before + 2, 1)
    assert own.press(address, f"{address}/record").headers["location"] == address
    assert own.roll.box.log.size == position + 1
    own.send(f"/log/{position}/undo")
    assert count(own) == before
    assert "Đã hoàn tác: 2 đảng viên mới, 3 đảng viên có thay đổi" in own.open(address)
    assert "chưa ghi gì" not in own.open(address)
    assert "· đã nhập rồi hoàn tác" in own.open(address)
    assert "Những dòng đã nhập vẫn còn nguyên." in own.open(f"{address}/drop")


def test_an_undo_that_left_something_is_told(own: Clerk, address: str) -> None:
    """Where later work rests on a row, the page says that not all of it was taken back."""
    own.press(address, f"{address}/record")
    position = own.roll.box.log.size - 1
    own.roll.ask(SetStatus(member=own.members["Nguyễn Văn Ẩn"], day=TODAY, status="exempt"))
    assert own.send(f"/log/{position}/undo").status_code == 303
    assert "Đã hoàn tác, trừ dòng đã có việc ghi sau: 2 đảng viên mới" in own.open(address)


def test_what_was_written_is_never_recorded_unseen_nor_dropped(own: Clerk, address: str) -> None:
    """What is not checked is checked first; when that changes what would be recorded, nothing is, and the page says so."""
    size = own.roll.box.log.size
    sent = own.press(address, f"{address}/record", **{"m-12-born_on": "", "m-15-ethnic_group": "Tày"})
    assert sent.headers["location"] == f"{address}?again=5"
    assert own.roll.box.log.size == size
    shown = own.open(sent.headers["location"])
    assert "Chưa nhập. Mọi dòng đã kiểm tra lại trước: nay nhập được 6 dòng, lúc trước 5 dòng." in shown
    assert own.press(address, f"{address}/record").headers["location"] == address
    assert own.roll.member(own.members["Lý Mẩy Chẩn"]).ethnic_group == "02"


def test_what_a_reading_wrote_is_checked_before_recording(own: Clerk, address: str) -> None:
    """A reading that was taken and not checked changes the counts on the way to recording; the page says so."""
    own.press(address, take="15 ethnic_group Tày")
    sent = own.press(f"{address}?tab=changed", f"{address}/record")
    assert sent.headers["location"] == f"{address}?again=5"
    assert kept(own, address, 15).trial.what == "changed"  # type: ignore[union-attr]  # it was tried


def test_an_untouched_guess_does_not_stop_recording(own: Clerk, address: str) -> None:
    """A guess that the page filled in is no writing of the clerk's: the right rows are recorded, its row is left."""
    assert own.press(address, f"{address}/record").headers["location"] == address
    assert "Đỗ Thị Bẩy" in own.open(f"{address}?tab=wrong")


def test_a_colleague_who_was_faster_is_told(own: Clerk, address: str) -> None:
    """Nothing is recorded; who, when, what, with which value; the rows are tried against it, and then they go in."""
    own.clerk.get(address)
    colleague = own.roll.someone("clerk")
    own.roll.ask(Change(member=own.members["Hoàng Thị An"], day=TODAY, other_name="Chị An"), actor=colleague)
    size = own.roll.box.log.size
    sent = own.press(address, f"{address}/record")
    assert re.fullmatch(rf"{address}\?again=5&late=\d+", sent.headers["location"])
    assert own.roll.box.log.size == size
    shown = own.open(sent.headers["location"])
    assert "Chưa nhập: có đồng chí vừa ghi trước" in shown
    assert re.search(r"08:00, 25/11/2026: Thay đổi thông tin, Hoàng Thị An Tên gọi khác: hiện ghi Chị An", shown)
    assert "Tên gọi khác: Chị An thành Anh An" in own.open(f"{address}?tab=changed")
    assert own.press(address, f"{address}/record").headers["location"] == address


def test_what_the_box_no_longer_takes_is_told(own: Clerk, address: str) -> None:
    """Somebody entered with the number of a new row meanwhile: nothing is recorded, the rows are tried again."""
    own.roll.enter(
        full_name="Lý A B", personal_id="993190000000", born_on=dt.date(1990, 2, 1), admitted_on=dt.date(2020, 1, 1),
        official_on=dt.date(2021, 1, 1),
    )  # fmt: skip
    size = own.roll.box.log.size
    sent = own.press(address, f"{address}/record")
    assert sent.headers["location"] == f"{address}?again=5"
    assert own.roll.box.log.size == size
    assert "nay nhập được 4 dòng, lúc trước 5 dòng" in own.open(sent.headers["location"])


def test_two_pages_of_one_file_do_not_record_twice(own: Clerk, address: str) -> None:
    """The second page still shows the rows; what it asks is not what is left, and nothing is recorded."""
    _, stale = next(f for f in Forms(own.clerk.get(address).text).found if "shown" in f[1])
    own.press(address, f"{address}/record")
    size = own.roll.box.log.size
    sent = own.clerk.post(f"{address}/record", data=stale, follow_redirects=False)
    assert sent.headers["location"] == f"{address}?again=5"
    assert own.roll.box.log.size == size
