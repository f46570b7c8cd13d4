"""Sheets in and out: imported, undone and imported again, refused in words; exports that read back."""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest

from chibox_membership.asking import SetStatus
from chibox_membership.pages.sheets import sheet_row
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.whole import whole
from chibox_membership.sheet.writing import write
from chibox_membership.tables import Member

if TYPE_CHECKING:
    from plugins.membership.tests.pages.conftest import Desk

TODAY = dt.date(2026, 11, 25)


def row(desk: "Desk", number: int, **other: Any) -> SheetRow:
    """A row about somebody new."""
    usual: dict[str, Any] = {
        "row": 7 + number, "full_name": f"Lý A {'ABCDEFGH'[number]}", "sex": "male", "born_on": dt.date(1990, 1, number),
        "ethnic_group": "01", "religion": "00", "personal_id": f"993190{number:06}", "cell": desk.roll.east,
        "admitted_on": dt.date(2026, 1, number), "status": "active",
    }  # fmt: skip
    return SheetRow(**{**usual, **other})


def names(desk: "Desk") -> dict[str, str]:
    """What the units are called."""
    return {unit: one.name for unit, one in desk.roll.box.picture.units.items()}


def file_of(desk: "Desk", *rows: SheetRow) -> bytes:
    """The sheet with these rows."""
    return write(rows, names(desk), committee="Đảng bộ xã Sao Mai", day=TODAY)


def send(desk: "Desk", data: bytes, name: str = "dang-vien.xlsx") -> str:
    """Choose the file on the page and send it; returns the address of its page."""
    sent = desk.clerk.post("/membership/import", files={"file": (name, data)}, follow_redirects=False)
    assert sent.status_code == 303
    return str(sent.headers["location"])


def imported(desk: "Desk", data: bytes) -> str:
    """Send the file and record what is right in it; returns the page after that."""
    address = send(desk, data)
    shown = re.findall('name="shown" value="([^"]*)"', desk.clerk.get(address).text)[0]
    sent = desk.clerk.post(f"{address}/record", data={"shown": shown}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, address)
    return desk.clerk.get(address).text


def count(desk: "Desk") -> int:
    """How many stand in the roll."""
    with desk.roll.reading() as read:
        return read.count(Member)


def test_a_good_sheet_is_imported_undone_and_imported_again(desk: "Desk") -> None:
    """The page says how many came, with the receipt; the undo bar takes all back; the same file enters them again."""
    before, data = count(desk), file_of(desk, row(desk, 1), row(desk, 2), row(desk, 3))
    shown = imported(desk, data)
    assert "Đã nhập 3 dòng: 3 đảng viên mới, 0 đảng viên có thay đổi." in shown
    number = desk.roll.box.log.size - 1
    assert f"Biên nhận {number}." in shown
    assert count(desk) == before + 3
    act = re.findall(r'undo"><input type="hidden" name="_act" value="([^"]*)"', shown)[0]
    undone = desk.clerk.post(f"/log/{number}/undo", data={"_act": act}, follow_redirects=False)
    assert (undone.status_code, count(desk)) == (303, before)
    imported(desk, data)
    assert count(desk) == before + 3


def test_undoing_an_import_shows_what_would_be_left(desk: "Desk") -> None:
    """With later work on one of them the page lists it, leaves that member, and takes the others back."""
    before = count(desk)
    imported(desk, file_of(desk, row(desk, 4), row(desk, 5)))
    number = desk.roll.box.log.size - 1
    who = desk.roll.entry(number).subject
    desk.roll.ask(SetStatus(member=who, day=TODAY, status="exempt"))
    asked = desk.send(f"/log/{number}/undo", listed=None)
    assert asked.status_code == 200
    assert "Đổi trạng thái hoạt động" in asked.text
    assert count(desk) == before + 2
    assert desk.send(f"/log/{number}/undo").status_code == 303
    assert count(desk) == before + 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Tệp này trống."),
        (b"%PDF-1.7", "Đây là tệp PDF, không phải tệp Excel."),
        (b"PK\x03\x04nothing", "Tệp này hỏng hoặc thiếu."),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_in_words(desk: "Desk", data: bytes, said: str) -> None:
    """What cannot be read is answered by one sentence, and nothing changed."""
    assert said in desk.clerk.get(send(desk, data)).text


def test_the_exported_roll_reads_back(desk: "Desk") -> None:
    """The sheet of the list holds everybody with every column, is noted as a reading, and imported again changes nothing."""
    got = desk.clerk.get("/membership/roll.xlsx?state=official_member")
    assert got.headers["content-disposition"] == "attachment; filename=dang-vien-4.0-2026-11-25.xlsx"
    units = Units((name, unit) for unit, name in names(desk).items())
    rows = [one for one in whole(got.content, units, TODAY) if one.full_name in desk.members]
    with desk.roll.reading() as read:
        for one in rows:
            member = read.row(Member, desk.members[one.full_name or ""])
            assert member is not None
            assert one == sheet_row(one.row, member)
    page, _, about = desk.read(desk.roll.clerk)[0]
    assert (page, about) == ("membership.export", len(rows))
    again = desk.clerk.get(send(desk, got.content)).text
    assert re.findall(r"\?tab=(\w+)\"[^>]*>[^<]*<b>(\d+)", again) == [
        ("new", "0"), ("changed", "0"), ("same", str(len(whole(got.content, units, TODAY)))), ("doubtful", "0"), ("wrong", "0"),
    ]  # fmt: skip


def test_an_export_is_for_who_sees_every_column(desk: "Desk") -> None:
    """A secretary without identity fields is offered no sheet and gets none; the empty sheet she may have."""
    assert "/membership/roll.xlsx" in desk.clerk.get("/membership/").text
    assert "/membership/roll.xlsx" not in desk.secretary.get("/membership/").text
    assert desk.secretary.get("/membership/roll.xlsx").status_code == 403
    empty = desk.secretary.get("/membership/template.xlsx")
    assert empty.status_code == 200
    assert "Danh sách trống" in desk.clerk.get(send(desk, empty.content)).text
