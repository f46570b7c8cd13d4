"""What is left of a file: a sheet to mend elsewhere and send again, and paper to go and ask people."""

import re
from io import BytesIO

import openpyxl
import pytest
from plugins.membership.tests.pages.importing.conftest import Clerk, csv_file, text


@pytest.fixture(scope="module")
def address(clerk: Clerk) -> str:
    """The page of a file with rows of every kind."""
    return clerk.send_file(clerk.file())


def test_what_is_left_goes_out_as_a_sheet(clerk: Clerk, address: str) -> None:
    """Nine rows, each with why it was left; whom they are about is noted; sent again it asks the same."""
    got = clerk.clerk.get(f"{address}/rest.xlsx")
    assert got.headers["content-disposition"] == "attachment; filename=dong-con-lai-2026-11-25.xlsx"
    assert clerk.read(clerk.roll.clerk)[0] == ("membership.import_rest", None, 7)
    sheet = openpyxl.load_workbook(BytesIO(got.content)).worksheets[0]
    rows = [row for row in sheet.iter_rows(min_row=8, values_only=True) if row[2]]
    assert [row[2] for row in rows][:2] == ["H’Nhuôn Êban Niê", "Lò Thị Ón"]
    assert (len(rows), {row[29] for row in rows}) == (9, {"Sai", "Chưa rõ"})
    again = clerk.open(clerk.send_file(got.content, "con-lai.xlsx"))
    assert "Mới 0 Thay đổi 0 Không đổi 0 Chưa rõ 3 Sai 6" in again


def test_what_is_left_is_printed_by_cells(clerk: Clerk, address: str) -> None:
    """Who is asked in which cell, what the file and the box have, why, a line to write on; numbers stay covered."""
    page = clerk.clerk.get(f"{address}/rest").text
    shown = text(page)
    cells = re.findall(r"<h3>([^<]*)</h3>", page)
    assert cells == ["Chi bộ thôn Đoài (2)", "Chi bộ thôn Đông (5)", "Chi bộ Trạm Y tế (2)"]
    assert "Lê Đình Vẵng Dòng 12 Ngày sinh , tệp ghi 30/02/1961: Tháng 2 năm 1961 chỉ có 28 ngày. ……" in shown
    assert "Ngày sinh , tệp ghi 05/05/1965, hộp ghi 10/10/1969: " in shown
    assert "Họ và tên , tệp ghi Lò Thị Thắm, hộp ghi Giàng Thị Sềnh" in shown
    assert len(re.findall("[…]{9,}", shown)) == 10  # a line for each thing that is asked
    assert 'class="paper"' in page
    assert clerk.read(clerk.roll.clerk)[0] == ("membership.import_rest", None, 8)


def test_nothing_left_is_nothing_to_ask(clerk: Clerk) -> None:
    """A file of right rows only says so on paper, and nobody is named."""
    address = clerk.send_file(csv_file(clerk.newcomer(5)))
    assert "Không còn gì phải hỏi." in clerk.open(f"{address}/rest")


def test_a_file_without_cells_is_asked_about_all_the_same(clerk: Clerk) -> None:
    """Whom the file puts nowhere stands under a heading that says so, last."""
    address = clerk.send_file(csv_file(clerk.newcomer(6, cell=""), clerk.newcomer(7, born="1/1/91")))
    page = clerk.clerk.get(f"{address}/rest").text
    assert re.findall(r"<h3>([^<]*)</h3>", page)[-1] == "Tệp không ghi chi bộ (1)"
