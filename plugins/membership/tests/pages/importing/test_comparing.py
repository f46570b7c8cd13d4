"""Comparing a file with the roll: what differs on either side, on pages and as a sheet; nothing can be recorded."""

import re
from io import BytesIO

import openpyxl
import pytest
from plugins.membership.tests.pages.importing.conftest import Clerk, text


@pytest.fixture(scope="module")
def address(clerk: Clerk) -> str:
    """The page of a file that is compared."""
    return clerk.send_file(clerk.file(), purpose="compare")


def test_it_opens_on_what_differs(clerk: Clerk, address: str) -> None:
    """Counts on the tabs; each difference with both values, covered ones covered; no button records anything."""
    page = clerk.clerk.get(address).text
    shown = text(page)
    assert "Khác nhau 5 Chỉ có trong tệp 2 Chỉ có trong hộp 17 Không đổi 2 Chưa rõ 1 Không đọc được 6" in shown
    assert "Lò Thị Ón 10 Ngày sinh: 05/05/1965 Ngày sinh: 10/10/1969" in shown
    assert "Tôn giáo: ••• (khác nhau ở phần che)" in shown
    assert "main-act" not in page
    assert not re.findall(r'<form[^>]*method="post"[^>]*membership', page)
    size = clerk.roll.box.log.size
    assert clerk.clerk.post(f"{address}/record", data={"shown": "2.5"}).status_code in {404, 405}
    assert clerk.clerk.post(f"{address.replace('compare', 'import')}/record").status_code == 404
    assert clerk.roll.box.log.size == size


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("new", "Lý A B 2 01/02/1990 Chi bộ thôn Đông"),
        ("missing", "Vừ A Dếnh Chi bộ thôn Đoài"),
        ("same", "Phạm Quang Nghĩa 7"),
        ("doubtful", "H’Nhuôn Êban Niê Chi bộ Trạm Y tế · 09/09/1968"),
        ("wrong", "Dòng 13, cột F Số định danh cá nhân Trần Văn Bưởi 3806200417"),
    ],
)
def test_each_tab_names_its_people(clerk: Clerk, address: str, tab: str, said: str) -> None:
    """Only in the file, only in the box with their cell, the same, doubtful without a choice, not read with the reason."""
    page = clerk.clerk.get(f"{address}?tab={tab}").text
    assert said in text(page)
    assert 'type="radio"' not in page
    assert 'name="m-' not in page


def test_members_of_the_box_are_noted_as_read(clerk: Clerk, address: str) -> None:
    """Also those whom the file does not have."""
    clerk.open(f"{address}?tab=missing")
    assert clerk.read(clerk.roll.clerk)[0] == ("membership.compare", None, 17)


def test_the_differences_go_out_as_a_sheet(clerk: Clerk, address: str) -> None:
    """Every value open, so only for who sees all columns, and noted as such; no cell is a formula."""
    got = clerk.clerk.get(f"{address}/differences.xlsx")
    assert got.headers["content-disposition"] == "attachment; filename=lech-csdl-4.0-2026-11-25.xlsx"
    assert clerk.read(clerk.roll.clerk)[0][:2] == ("membership.compare", "covered")
    sheet = openpyxl.load_workbook(BytesIO(got.content)).worksheets[0]
    rows = [tuple(cell or "" for cell in row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ("Dòng", "Họ và tên", "Lệch thế nào", "Mục", "Trong tệp", "Trong hộp")
    assert ("6", "Đặng Hữu Đễ", "Khác nhau", "Số thẻ đảng viên", "991068900002", "991068000002") in rows
    assert ("10", "Lò Thị Ón", "Khác nhau", "Ngày sinh", "05/05/1965", "10/10/1969") in rows
    assert ("", "Vừ A Dếnh", "Chỉ có trong hộp", "", "", "") in rows
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_a_comparison_is_put_away(clerk: Clerk) -> None:
    """The page says what goes with it; then it is gone."""
    address = clerk.send_file(clerk.file(), purpose="compare")
    assert "Kết quả so sánh mất theo tệp; hộp giữ như cũ." in clerk.open(f"{address}/drop")
    gone = clerk.clerk.post(f"{address}/drop", follow_redirects=False)
    assert "Đã bỏ tệp." in clerk.open(gone.headers["location"])
    assert clerk.clerk.get(address).status_code == 404


def test_a_file_that_is_no_list_is_refused_here_too(clerk: Clerk) -> None:
    """In the words of the import."""
    assert "Chưa đọc được tệp" in clerk.open(clerk.send_file(b"PK\x03\x04", "x.xlsx", purpose="compare"))
