"""Picking members on the list and acting on them: with what was seen, in one act, back to the same list."""

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from plugins.membership.tests.pages.conftest import Forms

from chibox.core_commands import Undo
from chibox_membership.asking import SetStatus

if TYPE_CHECKING:
    from httpx import Response
    from plugins.membership.tests.pages.conftest import Browser, Desk

DAY = dt.date(2026, 11, 25)
SOME = ("Nguyễn Văn Ẩn", "Nguyễn Thị Hương", "Phạm Quang Nghĩa")


def asked(desk: "Desk", do: str, names: tuple[str, ...] = SOME, more: str = "") -> str:
    """The address that the list's form leads to."""
    return f"/membership/bulk?do={do}&" + "&".join(f"ids={desk.members[name]}" for name in names) + more


def press(browser: "Browser", address: str, members: list[str], **fields: Any) -> "Response":
    """Open the page of the act, fill it in, send it with these ticks, and do not follow where it leads."""
    shown = browser.get(address)
    assert shown.status_code == 200, shown.text
    action, held = next(f for f in reversed(Forms(shown.text).found) if "as_of" in f[1])
    return browser.post(action, data={**held, "members": members, **fields}, follow_redirects=False)


def concerned(text: str) -> list[tuple[str, bool]]:
    """Who stands on the page of an act, and whether they are ticked."""
    boxes = re.findall(r'<input type="checkbox" name="members" value="\w+" aria-label="([^"]*)"( checked)?', text)
    return [(name, bool(ticked)) for name, ticked in boxes]


def test_the_list_offers_boxes_and_a_bar(desk: "Desk") -> None:
    """A box a row, named by the member; the bar stands there without a script; who only reads may print."""
    shown = desk.clerk.get("/membership/?q=huong&sort=born").text
    form = shown[shown.index('<form method="get" action="/membership/bulk">') :]
    assert 'aria-label="Chọn Nguyễn Thị Hương"' in form
    assert re.findall(r'name="do" value="(\w+)"', form) == ["move", "note", "print"]
    assert '<input type="hidden" name="q" value="huong">' in form
    assert re.findall(r'name="do" value="(\w+)"', desk.secretary.get("/membership/").text) == ["print"]
    assert 'name="do"' not in desk.clerk.get("/membership/?day=31/12/2025").text


def test_nobody_picked_is_said_in_words(desk: "Desk") -> None:
    """An empty selection is a page with the way back to the same list."""
    shown = desk.clerk.get("/membership/bulk?do=move&q=nguyen&page=2")
    assert shown.status_code == 422
    assert "<h1>Chưa chọn đảng viên nào</h1>" in shown.text
    assert 'href="/membership/?q=nguyen&amp;page=2"' in shown.text


def test_several_move_and_come_back(desk: "Desk") -> None:
    """Who is unticked stays; the page that follows is the same list with the undo; undone, all is as before."""
    members = [desk.members[name] for name in SOME]
    before = [desk.roll.member(who).cell for who in members]
    address = asked(desk, "move", more="&q=n&sort=-name")
    assert concerned(desk.clerk.get(address).text) == [(name, True) for name in SOME]
    cell = desk.roll.cells[2]
    sent = press(desk.clerk, address, members[:2], cell=cell, day="01/06/2026", paper="QĐ số 12")
    assert (sent.status_code, sent.headers["location"]) == (303, "/membership/?q=n&sort=-name")
    assert [desk.roll.member(who).cell for who in members] == [cell, cell, before[2]]
    shown = desk.clerk.get(sent.headers["location"]).text
    assert "Đã chuyển 2 đảng viên sang Chi bộ Trạm Y tế." in shown
    assert "Hoàn tác" in shown
    desk.roll.ask(Undo(act=desk.roll.entry(desk.roll.box.log.size - 1).act))
    assert [desk.roll.member(who).cell for who in members] == before


def test_what_was_typed_stays_when_it_is_refused(desk: "Desk") -> None:
    """A missing cell and a day to come are said at their fields; ticks and texts are as they were, nothing was recorded."""
    members, size = [desk.members[name] for name in SOME], desk.roll.box.log.size
    sent = press(desk.clerk, asked(desk, "move"), members[1:], day="26/11/2026", paper="QĐ số 12")
    assert sent.status_code == 422
    assert 'value="QĐ số 12"' in sent.text
    assert [ticked for _, ticked in concerned(sent.text)] == [False, True, True]
    nobody = press(desk.clerk, asked(desk, "move"), [], cell=desk.roll.east, day="01/06/2026")
    assert nobody.status_code == 422
    assert "chưa chọn đảng viên nào" in nobody.text
    assert len(concerned(nobody.text)) == 3
    assert desk.roll.box.log.size == size


def test_a_colleague_who_was_faster_is_named(desk: "Desk") -> None:
    """The act is not done; the page says about whom something was recorded; sent again as it stands, it is done."""
    members, address = [desk.members[name] for name in SOME], asked(desk, "note")
    shown = desk.clerk.get(address)
    action, held = next(f for f in reversed(Forms(shown.text).found) if "as_of" in f[1])
    desk.roll.ask(SetStatus(member=members[2], day=DAY, status="exempt"))
    sent = desk.clerk.post(action, data={**held, "members": members, "note": "hẹn gặp"}, follow_redirects=False)
    assert sent.status_code in {409, 422}
    assert "đã có việc ghi thêm về Phạm Quang Nghĩa" in sent.text
    assert "hẹn gặp" in sent.text
    action, again = next(f for f in reversed(Forms(sent.text).found) if "as_of" in f[1])
    done = desk.clerk.post(action, data={**again, "members": members, "note": "hẹn gặp"}, follow_redirects=False)
    assert done.status_code == 303
    assert [desk.roll.member(who).note for who in members] == ["hẹn gặp"] * 3
    found = desk.clerk.get("/membership/?state=noted").text
    assert "3 trong 30 đảng viên" in found
    assert found.count("hẹn gặp") == 3
    desk.roll.undo(desk.roll.ask(SetStatus(member=members[2], day=DAY, status="active")))


def test_all_that_a_filter_finds(desk: "Desk") -> None:
    """“Chọn cả” picks what stands on the other pages too; its rows are marked, the boxes are gone, and one link takes it back."""
    first = desk.clerk.get("/membership/").text
    assert 'href="/membership?picked=all">Chọn cả 30</a>' in first
    assert "Chọn cả" not in desk.clerk.get("/membership/?q=huong").text
    shown = desk.clerk.get("/membership/?picked=all").text
    assert "Đã chọn 30 đảng viên" in shown
    assert 'type="checkbox"' not in shown
    assert shown.count('class="picked"') == 25
    assert 'href="/membership?picked=all&amp;page=2"' in shown
    assert len(concerned(desk.clerk.get("/membership/bulk?do=note&picked=all").text)) == 30
    assert len(concerned(desk.clerk.get("/membership/bulk?do=note&picked=all&q=huong&page=9").text)) == 3


def test_printing_a_selection(desk: "Desk") -> None:
    """Those who are ticked are named in the address of the sheet; all of a filter are printed by the filter."""
    some = desk.clerk.get(asked(desk, "print"), follow_redirects=False)
    assert some.headers["location"] == "/membership/print?ids=" + "%2C".join(desk.members[name] for name in SOME)
    assert desk.clerk.get(some.headers["location"]).text.count('role="rowheader"') == 3
    every = desk.secretary.get("/membership/bulk?do=print&picked=all&q=an&page=2", follow_redirects=False)
    assert every.headers["location"] == "/membership/print?q=an"


def test_who_only_reads_begins_no_act(desk: "Desk") -> None:
    """For a secretary the page is not there; a clerk of one cell is told how many stand elsewhere."""
    assert desk.secretary.get(asked(desk, "move")).status_code == 404
    clerk = desk.browser(desk.roll.someone("clerk", desk.roll.east))
    names = tuple(name for name, who in desk.members.items() if desk.roll.member(who).cell == desk.roll.east)[:1]
    elsewhere = next(name for name, who in desk.members.items() if desk.roll.member(who).cell == desk.roll.west)
    shown = clerk.get(asked(desk, "note", (*names, elsewhere))).text
    assert concerned(shown) == [(names[0], True)]
    assert "1 đồng chí đã chọn không nằm trong lần ghi này" in shown


def test_a_note_of_one_member(desk: "Desk") -> None:
    """Written on a page of its own, it stands at the head of the file, in the history and in the list; emptied, it is gone."""
    who = desk.member("Lò Thị Ón")
    assert f'href="{who}/note"' in desk.clerk.get(f"{who}/change").text
    assert desk.send(f"{who}/note", note="Mượn sổ gốc, hẹn trả trước ngày 10/12 tại trụ sở").status_code == 303
    assert "Ghi chú: Mượn sổ gốc, hẹn trả trước ngày 10/12 tại trụ sở" in desk.clerk.get(who).text
    assert "Mượn sổ gốc" in desk.clerk.get(f"{who}/history").text
    assert "Mượn sổ gốc, hẹn trả trước ngày 10/12 …" in desk.clerk.get("/membership/?q=lo+thi+on").text
    assert "Mượn sổ gốc" in desk.clerk.get("/membership/?q=lo+thi+on&day=25/11/2026").text
    assert desk.clerk.get("/membership/roll.json?q=lo+thi+on").json()["rows"][0]["note"].startswith("Mượn")
    assert desk.send(f"{who}/note", note="").status_code == 303
    assert "Mượn sổ gốc" not in desk.clerk.get(who).text
    refused = desk.send(f"{who}/note", note="x" * 501)
    assert refused.status_code == 422
