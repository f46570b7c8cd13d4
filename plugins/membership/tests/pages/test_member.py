"""A member's pages: details, covered values, history, receipts, and the same on a past day by both meanings."""

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plugins.membership.tests.pages.conftest import Desk

WHO = "Vừ A Dếnh"


def text(html: str) -> str:
    """The words of a page, spaces single."""
    return " ".join(re.sub("<[^>]*>", " ", html).replace("\u00a0", " ").split())


def test_the_head_says_who_it_is(desk: "Desk") -> None:
    """Name, standing, cell, state and party age from the decision of admission; the window's title names nobody."""
    shown = desk.clerk.get(desk.member(WHO)).text
    assert "<h1>Vừ A Dếnh</h1>" in shown
    said = text(shown)
    assert "Đảng viên chính thức · Chi bộ thôn Đoài · Đang sinh hoạt · 39 năm tuổi đảng" in said
    assert WHO not in re.findall("<title>(.*?)</title>", shown)[0]


def test_numbers_and_religion_are_covered(desk: "Desk") -> None:
    """The page gives neither a whole number nor the religion; the access log has the page once."""
    shown = desk.clerk.get(desk.member("Nguyễn Thị Hương")).text
    assert "991068000003" not in shown
    assert "Phật giáo" not in shown
    assert "991 068 ••••03" in text(shown)
    assert desk.read(desk.roll.clerk)[0] == ("membership.member", None, 1)


@pytest.mark.parametrize(("field", "value"), [("personal_id", "991 068 000 003"), ("religion", "Phật giáo")])
def test_showing_a_value_is_a_post_that_is_noted(desk: "Desk", field: str, value: str) -> None:
    """One value is uncovered, the others stay; the access log names the field."""
    shown = desk.clerk.post(f"{desk.member('Nguyễn Thị Hương')}/show/{field}")
    assert shown.status_code == 200
    assert value in text(shown.text)
    assert desk.read(desk.roll.clerk)[0] == ("membership.member", field, 1)
    assert desk.clerk.get(f"{desk.member(WHO)}/show/{field}").status_code == 405
    assert desk.clerk.post(f"{desk.member(WHO)}/show/full_name").status_code == 404


def test_a_secretary_sees_that_there_is_something(desk: "Desk") -> None:
    """What her post does not open is named as recorded, and asking for it shows nothing; nothing is offered to record."""
    address = desk.member("Hoàng Thị An")
    shown = desk.secretary.get(address).text
    assert text(shown).count("có ghi; chức vụ này không xem") == 4
    assert "/show/" not in shown
    assert f"{address}/change" not in shown
    uncovered = desk.secretary.post(f"{address}/show/personal_id").text
    assert "991068000000" not in uncovered
    assert desk.secretary.get(f"{address}/change").status_code == 404


def test_nobody_sees_beside_their_cell(desk: "Desk") -> None:
    """A member of another cell is not there for the secretary; neither is an id that nobody has."""
    for tab in ("", "/history", "/receipts"):
        assert desk.secretary.get(f"{desk.member(WHO)}{tab}").status_code == 404
    assert desk.clerk.get("/membership/" + "0" * 32).status_code == 404


def test_the_history_is_told_newest_first(desk: "Desk") -> None:
    """Corrections and changes say what became what, ground and paper; what was taken back is shown so; late is said."""
    said = text(desk.clerk.get(f"{desk.member(WHO)}/history").text)
    pieces = [
        "25/11/2026 · Sửa ghi sai: ngày sinh 13/12/1968 thành 12/12/1968 Ghi khác hồ sơ gốc. Căn cứ: Lý lịch đảng viên số 14",
        "01/04/2026 · Đình chỉ sinh hoạt",
        "hoàn tác lúc 08:00, 25/11/2026",
        "01/03/2026 · Chuyển chi bộ Chi bộ thôn Đông thành Chi bộ thôn Đoài",
        "20/12/2025 · Thay đổi: thường trú",
        "bản Pá Khoang thành thôn Đoài Căn cứ: Sổ hộ khẩu số 14",
        "Việc năm 2025,",
        "19/08/1988 · Công nhận chính thức",
        "30/07/1987 · Quyết định kết nạp; ghi vào danh sách đảng viên",
        "Việc năm 1987,",
    ]
    places = [said.find(piece) for piece in pieces]
    assert -1 not in places, [piece for piece, place in zip(pieces, places, strict=True) if place < 0]
    assert places == sorted(places)
    assert re.search(r"Việc ngày 01/03/2026, \S+ ghi bổ sung ngày 25/11/2026", said)


def test_the_past_is_told_as_true_then_and_as_known_then(desk: "Desk") -> None:
    """On 31/12/2025 the member stood in the first cell with the new address, as known now; nothing was known then."""
    address = desk.member(WHO)
    true = text(desk.clerk.get(f"{address}?day=31/12/2025").text)
    assert "Chi bộ thôn Đông" in true
    assert "Chi tiết thôn Đoài" in true
    assert "Đang xem tại ngày 31/12/2025" in true
    assert "Ghi biến động" not in true
    known = text(desk.clerk.get(f"{address}/history?day=31/12/2025&known=1").text)
    assert "Đến ngày đó chưa ghi gì về đồng chí này" in known
    assert "Ngày đó đồng chí không phải đảng viên của đảng bộ" in known
    told = text(desk.clerk.get(f"{address}/history?day=31/12/2025").text)
    assert "Thay đổi: thường trú" in told
    assert "Chuyển chi bộ" not in told


def test_links_of_a_past_page_stay_in_the_past(desk: "Desk") -> None:
    """Tabs and the form that uncovers a value keep the day and its meaning."""
    address = desk.member(WHO)
    shown = desk.clerk.get(f"{address}?day=31/12/2025").text
    assert f'href="{address}/history?day=31%2F12%2F2025"' in shown
    assert f'action="{address}/show/personal_id?day=31%2F12%2F2025"' in shown


def test_receipts_lead_to_the_act_and_to_its_proof(desk: "Desk") -> None:
    """Every act about the member stands there once, the latest first; the file is a receipt of that act."""
    shown = desk.clerk.get(f"{desk.member(WHO)}/receipts").text
    numbers = [int(number) for number in re.findall(r'href="/log/(\d+)">', shown)]
    assert len(numbers) == len(set(numbers)) == 6
    assert numbers == sorted(numbers, reverse=True)
    assert "đã hoàn tác" in shown
    file = desk.clerk.get(f"/log/{numbers[0]}/receipt")
    assert f"{numbers[0]}/entry.json" in zipfile.ZipFile(io.BytesIO(file.content)).namelist()


def test_an_entry_taken_back_has_its_name_in_the_log(desk: "Desk") -> None:
    """The column of whom an act is about names a member whose entry was taken back: what was recorded is not nameless."""
    answer = desk.roll.ask(desk.roll.entering(full_name="Lò Thị Ửng"))
    desk.roll.undo(answer)
    shown = desk.clerk.get("/log").text
    line = next(row for row in shown.split("<tr") if f"/log/{answer.last}" in row)
    assert "Lò Thị <b>Ửng</b>" in line
