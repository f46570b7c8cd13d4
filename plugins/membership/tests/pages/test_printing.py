"""A list as a sheet of paper: who issues it, who stands on it, what is left out and who was shown."""

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest

from chibox.core_commands import Appoint, RegisterPerson
from chibox.records.notes import to_base64
from chibox.text import name_order
from chibox_membership.asking import Move

if TYPE_CHECKING:
    from plugins.membership.tests.pages.conftest import Desk

TODAY = dt.date(2026, 11, 25)


def text(html: str) -> str:
    """The words of the sheet, spaces single."""
    sheet = html.partition("<article")[2].partition(">")[2].partition("</article>")[0]
    return " ".join(re.sub("<[^>]*>", " ", sheet).replace("\u00a0", " ").split())


def names(html: str) -> list[str]:
    """The names on the sheet in their order."""
    return [re.sub("<[^>]*>", "", one) for one in re.findall(r'role="rowheader">(.*?)</th>', html)]


def sheet(desk: "Desk", query: str = "") -> str:
    """The sheet of the first cell as the clerk gets it."""
    shown = desk.clerk.get(f"/membership/print?cell={desk.roll.east}{query}")
    assert shown.status_code == 200, shown.text
    return shown.text


def test_the_head_is_the_lawful_one(desk: "Desk") -> None:
    """Left the committee above and the cell, right the Party, place and day as papers write them; the count below the title."""
    said = text(sheet(desk))
    assert said.startswith(
        "Đảng bộ xã Sao Mai Chi bộ thôn Đông * Đảng Cộng sản Việt Nam Sao Mai, ngày 25 tháng 11 năm 2026 "
        "Danh sách đảng viên Tại ngày 25/11/2026: 11 đảng viên; chính thức 10, dự bị 1"
    )
    assert "T/M chi bộ Bí thư" in said
    assert "Nơi nhận: - Đảng ủy xã Sao Mai, - Lưu Chi bộ." in said


def test_rows_are_sorted_by_given_name(desk: "Desk") -> None:
    """In Vietnamese order; the given name is bold; who is not official says so."""
    shown = sheet(desk)
    assert names(shown) == sorted(names(shown), key=name_order)
    assert re.search(r"Tòng Văn <b>Mới</b>", shown)
    assert re.search(r"Tòng Văn Mới 07/11/1968 |Tòng Văn Mới .* dự bị", text(shown))


def test_the_log_and_the_hour_stand_in_the_last_line(desk: "Desk") -> None:
    """Receipt number of the log's end, its whole root, when; the style of the foot has the same."""
    shown = sheet(desk)
    line = re.search(r"Nhật ký (\d+) · in 08:00, 25/11/2026 Mã gốc ((?:\S{4} ){10}\S{3}=)", text(shown))
    assert line
    assert int(line[1]) == desk.roll.box.log.size - 1
    assert line[2].replace(" ", "") == to_base64(desk.roll.box.publish().root)
    assert desk.roll.box.mark.size == desk.roll.box.log.size
    address = re.findall(r'href="(/-/foot.css[^"]*)"', shown)[0].replace("&amp;", "&")
    style = desk.clerk.get(address)
    assert style.headers["content-type"].startswith("text/css")
    plain = re.sub(r"\\([0-9a-f]{6}) ", lambda sign: chr(int(sign[1], 16)), style.text)
    assert f'"Nhật ký {line[1]} · trang " counter(page) "/" counter(pages) " · in 08:00, 25/11/2026"' in plain
    assert f'"Mã gốc {line[2]}"' in plain


@pytest.mark.parametrize("bad", ["number=1&root=a%22%7D&at=1", "number=1&root=", "number=x&root=&at=1"])
def test_the_foot_takes_nothing_else(desk: "Desk", bad: str) -> None:
    """What is no number, no code or no time gets into no style."""
    assert desk.clerk.get(f"/-/foot.css?{bad}").status_code == 404


def test_large_letters_have_four_columns(desk: "Desk") -> None:
    """Number, name, birth and admission; the sheet says what it leaves out, and the small one is a link away."""
    shown = sheet(desk, "&size=large")
    assert shown.count('role="columnheader"') == 4
    assert "Bản chữ to không in cột chính thức và cột ghi chú." in text(shown)
    assert re.search(r'href="/membership/print\?cell=\w+">khổ A4', shown)
    assert sheet(desk).count('role="columnheader"') == 6


def test_who_may_not_see_birth_dates_prints_none(desk: "Desk") -> None:
    """The column is left out, with a note; the sheet is her own cell's."""
    shown = desk.secretary.get("/membership/print").text
    assert "Ngày sinh" not in shown
    assert "Không in ngày sinh" in text(shown)
    assert "Chi bộ thôn Đông" in text(shown)
    assert shown.count('role="columnheader"') == 5
    assert desk.secretary.get(f"/membership/print?cell={desk.roll.west}").text.count('role="rowheader"') == 0
    assert desk.operator.get("/membership/print").status_code == 404


def test_one_secretary_of_today_signs(desk: "Desk") -> None:
    """A member who holds the post is named; with nobody, or with two, there are dots."""
    unit = desk.roll.cells[2]
    assert "Bí thư ……" in text(desk.clerk.get(f"/membership/print?cell={unit}").text)
    who = desk.members["Hà Thị Yên"]
    desk.roll.ask(RegisterPerson(sign_in="hayen", person=who))
    desk.roll.ask(Appoint(person=who, role="cell_secretary", unit=unit, day=TODAY))
    assert "Bí thư Hà Thị Yên" in text(desk.clerk.get(f"/membership/print?cell={unit}").text)
    desk.roll.someone("cell_secretary", unit)
    assert "Bí thư ……" in text(desk.clerk.get(f"/membership/print?cell={unit}").text)


def test_a_selection_prints_only_the_selection(desk: "Desk") -> None:
    """As many names as were picked, repeated or with commas; whom the visitor may not see is not there."""
    some = [desk.members[name] for name in ("Vừ A Dếnh", "Lò Thị Ón", "Mùa A Dơ")]
    for query in ("&".join(f"ids={one}" for one in some), "ids=" + ",".join(some)):
        shown = desk.clerk.get(f"/membership/print?{query}").text
        assert sorted(names(shown)) == ["Lò Thị Ón", "Mùa A Dơ", "Vừ A Dếnh"]
    assert "những đồng chí đã chọn" in text(shown)
    assert "T/M đảng ủy" in text(shown)
    assert len(names(desk.secretary.get(f"/membership/print?ids={','.join(desk.members.values())}").text)) == 11
    too_many = ",".join(f"{number:032x}" for number in range(201))
    refused = desk.clerk.get(f"/membership/print?ids={too_many}")
    assert refused.status_code == 409
    assert "nhiều nhất 200 đảng viên; đang chọn 201" in refused.text


def test_a_past_day_says_both_days(desk: "Desk") -> None:
    """True on that day as known today, or as known then: the sheet says which, and shows who was there."""
    true = sheet(desk, "&day=31/12/2025")
    assert "Tại ngày 31/12/2025, theo dữ liệu đã ghi đến 25/11/2026: 12 đảng viên" in text(true)
    assert "Vừ A Dếnh" in names(true)
    known = sheet(desk, "&day=31/12/2025&known=1")
    assert "Tại ngày 31/12/2025, theo dữ liệu đã ghi đến 31/12/2025: 0 đảng viên" in text(known)
    assert "Danh sách này chưa có ai." in text(known)


def test_filters_of_the_list_narrow_the_sheet(desk: "Desk") -> None:
    """A state and a name are said below the title; somebody who moved in stands on the new cell's sheet."""
    shown = desk.clerk.get("/membership/print?state=probationary_member").text
    assert names(shown) == ["Tòng Văn Mới"]
    assert "1 đảng viên; chính thức 0, dự bị 1 Đảng viên dự bị" in text(shown)
    desk.roll.ask(Move(member=desk.members["Đặng Hữu Đễ"], cell=desk.roll.west, day=TODAY))
    found = desk.clerk.get(f"/membership/print?cell={desk.roll.west}&q=de dang").text
    assert names(found) == ["Đặng Hữu Đễ"]
    assert "Tên hoặc số: de dang" in text(found)


def test_everybody_on_the_sheet_is_in_the_access_log(desk: "Desk") -> None:
    """One line a print, with all who were shown."""
    shown = sheet(desk)
    assert desk.read(desk.roll.clerk)[0] == ("membership.print", None, len(names(shown)))


def test_the_list_leads_to_its_sheet(desk: "Desk") -> None:
    """With the filters and the day of the list; the way back has the filters too."""
    shown = desk.clerk.get("/membership/?state=official_member&day=31/12/2025").text
    assert 'href="/membership/print?day=31%2F12%2F2025&amp;state=official_member"' in shown
    assert 'href="/membership/print?state=exempt"' in desk.clerk.get("/membership/?state=exempt").text
    back = desk.clerk.get("/membership/print?state=official_member&day=31/12/2025").text
    assert 'href="/membership/?day=31%2F12%2F2025&amp;state=official_member"' in back
    assert "/membership/export" in desk.clerk.get("/membership/").text
    assert "/membership/export" not in desk.secretary.get("/membership/").text
