"""The page that exports what changed: seen first, recorded with a receipt, a file that reads back and stays the same."""

import datetime as dt
import re
from typing import TYPE_CHECKING

from chibox_membership.asking import Change
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.whole import whole

if TYPE_CHECKING:
    from plugins.membership.tests.pages.conftest import Desk

TODAY = dt.date(2026, 11, 25)


def text(html: str) -> str:
    """The words of the content, spaces single."""
    return " ".join(re.sub("<[^>]*>", " ", html.partition("<main")[2]).replace("\u00a0", " ").split())


def test_changes_go_out_with_a_receipt_and_a_file(desk: "Desk") -> None:
    """All at first; then one who changed; the files are fetched from the page, read back, and are the same bytes again."""
    shown = text(desk.clerk.get("/membership/export").text)
    assert "Lần xuất đầu tiên" in shown
    assert "mới 30" in shown
    sent = desk.send("/membership/export")
    assert (sent.status_code, sent.headers["location"]) == (303, "/membership/export")
    after = desk.clerk.get("/membership/export").text
    assert "Đã ghi lần xuất." in after
    assert "Chưa có gì thay đổi từ lần xuất trước." in text(after)
    first = re.findall(r'href="(/membership/export/\d+\.xlsx)"', after)[0]
    file = desk.clerk.get(first)
    assert re.search(r"filename=dang-vien-4.0-thay-doi-2026-11-25-\d+\.xlsx", file.headers["content-disposition"])
    assert desk.read(desk.roll.clerk)[0] == ("membership.export", None, 30)
    units = Units((one.name, unit) for unit, one in desk.roll.box.picture.units.items())
    assert {row.full_name for row in whole(file.content, units, TODAY)} == desk.members.keys()

    desk.roll.ask(Change(member=desk.members["Mùa A Dơ"], day=TODAY, other_name="Dơ"))
    assert "thay đổi 1 " in text(desk.clerk.get("/membership/export").text)
    desk.send("/membership/export")
    second = re.findall(r'href="(/membership/export/\d+\.xlsx)"', desk.clerk.get("/membership/export").text)[0]
    (row,) = whole(desk.clerk.get(second).content, units, TODAY)
    assert (row.full_name, row.other_name) == ("Mùa A Dơ", "Dơ")
    assert desk.clerk.get(first).content == file.content


def test_an_export_is_for_who_sees_and_records_everything(desk: "Desk") -> None:
    """A secretary finds no page; what is no export, or no file, is not there."""
    assert desk.secretary.get("/membership/export").status_code == 404
    assert desk.secretary.post("/membership/export", data={"_act": "0" * 32}).status_code == 404
    for file in ("1.xlsx", "x.xlsx", "1.csv"):
        assert desk.clerk.get(f"/membership/export/{file}").status_code == 404
