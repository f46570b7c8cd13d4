"""Choosing a file: what may be sent, what is not taken, what lies on the desk, and putting it away."""

import pytest
from plugins.membership.tests.pages.importing.conftest import Clerk, text

from chibox_membership.pages.importing.choosing import LIMITS


@pytest.mark.parametrize("purpose", ["import", "compare"])
def test_the_page_says_what_may_be_sent(clerk: Clerk, purpose: str) -> None:
    """Forms, largest size, what is refused; with a script the file goes in pieces."""
    shown = clerk.clerk.get(f"/membership/{purpose}").text
    assert "tệp .xlsx hoặc .csv, lớn nhất 20 MB, không có mật khẩu; không nhận tài liệu có dấu chỉ độ mật" in text(
        shown
    )
    assert 'accept=".xlsx,.csv"' in shown
    assert 'name="file_upload"' in shown
    assert shown.count("main-act") == 1


@pytest.mark.parametrize("purpose", ["import", "compare"])
def test_without_a_file_nothing_is_laid_on_the_desk(clerk: Clerk, purpose: str) -> None:
    """The field says that a file has to be chosen; the title says that nothing was saved."""
    sent = clerk.clerk.post(f"/membership/{purpose}", data={"x": ""})
    assert sent.status_code == 422
    assert "<title>Chưa lưu – " in sent.text
    assert "Chưa nhận tệp: hộp chưa đổi gì Cần chọn tệp." in text(sent.text)


def test_a_file_that_is_too_large_is_not_kept(clerk: Clerk) -> None:
    """The size stands in the sentence."""
    sent = clerk.clerk.post("/membership/import", files={"file": ("to.csv", b"a" * (LIMITS.file + 1))})
    assert sent.status_code == 422
    assert "Tệp này lớn hơn 20 MB." in text(sent.text)
    assert "to.csv" not in clerk.open("/membership/import")


def test_a_file_that_is_no_list_is_refused_in_words(clerk: Clerk) -> None:
    """Why, that nothing changed, and one button to send another; the list of files says so too, and it can be put away."""
    size = clerk.roll.box.log.size
    address = clerk.send_file(b"PK\x03\x04 no workbook", "hong.xlsx")
    shown = clerk.clerk.get(address)
    assert "<title>Không đọc được – Nhập tệp" in shown.text
    assert "Chưa đọc được tệp" in text(shown.text)
    assert "Hộp chưa đổi gì. Tệp: hong.xlsx Nhập tệp Gửi tệp khác Bỏ tệp này" in text(shown.text)
    assert shown.text.count("main-act") == 1
    assert clerk.roll.box.log.size == size
    assert "hong.xlsx gửi lúc 08:00, 25/11/2026 · chưa đọc được giữ đến 25/12/2026" in clerk.open("/membership/import")
    gone = clerk.clerk.post(f"{address}/drop", follow_redirects=False)
    assert gone.headers["location"] == "/membership/import?dropped=1"
    assert "Đã bỏ tệp." in clerk.open(gone.headers["location"])
    assert clerk.clerk.get(address).status_code == 404


def test_files_on_the_desk_say_how_far_they_are(clerk: Clerk) -> None:
    """Name, when, what can be imported, what is left, until which day; a comparison says how many differ."""
    clerk.send_file(clerk.file(), "a.csv")
    clerk.send_file(clerk.file(), "b.csv", purpose="compare")
    shown = clerk.open("/membership/import")
    assert "a.csv gửi lúc 08:00, 25/11/2026 · nhập được 5 dòng, còn 9 dòng sai và chưa rõ giữ đến 25/12/2026" in shown
    assert "b.csv" not in shown
    assert "khác nhau 5, chỉ có trong tệp 2, chỉ có trong hộp 17" in clerk.open("/membership/compare")


def test_putting_a_file_away_reads_back_what_is_given_up(clerk: Clerk) -> None:
    """A plain page with the way back; then the file is gone and the box is as it was."""
    size = clerk.roll.box.log.size
    address = clerk.send_file(clerk.file(), "c.csv")
    asked = clerk.open(f"{address}/drop")
    assert "Chưa nhập dòng nào; hộp giữ như cũ. Trong tệp còn 14 dòng. Bỏ tệp này Quay lại" in asked
    assert clerk.clerk.get(address).status_code == 200
    clerk.press(address, **{"m-13-personal_id": "991068000012"})
    assert "những chỗ đã sửa trong trang ở 2 dòng sẽ mất" in clerk.open(f"{address}/drop")
    assert clerk.clerk.post(f"{address}/drop", follow_redirects=False).status_code == 303
    assert clerk.clerk.get(address).status_code == 404
    assert clerk.roll.box.log.size == size


def test_a_file_is_its_senders_alone(clerk: Clerk) -> None:
    """Another clerk finds no page of it, whatever is asked; who records nothing finds none at all."""
    address = clerk.send_file(clerk.file())
    other = clerk.browser(clerk.roll.someone("clerk"))
    for path in ("", "/rest", "/rest.xlsx", "/drop"):
        assert other.get(address + path).status_code == 404
        assert clerk.operator.get(address + path).status_code == 404
    for path in ("", "/record", "/drop"):
        assert other.post(address + path, data={"shown": "2.3"}).status_code == 404
    assert clerk.clerk.get(address).status_code == 200
    for path in ("/membership/import", "/membership/compare"):
        assert clerk.operator.get(path).status_code == 404
        assert clerk.operator.post(path).status_code == 404
    assert clerk.clerk.get(address.replace("import", "compare")).status_code == 404
