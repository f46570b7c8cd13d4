"""What a clerk records from pages: enter, change, correct, move, set a state, leave; errors keep what was typed."""

import re
from typing import TYPE_CHECKING, Any

import pytest

from chibox_membership.asking import Change
from chibox_membership.records import Changed, Corrected, Left, Moved, StatusSet

if TYPE_CHECKING:
    from plugins.membership.tests.pages.conftest import Desk


def last(desk: "Desk") -> Any:
    """The record that was stated last."""
    return desk.roll.entry(desk.roll.box.log.size - 1).body


def entry_of(desk: "Desk", **fields: str) -> dict[str, str]:
    """What is typed to enter somebody."""
    usual = {
        "cell": desk.roll.east, "full_name": "Ly A Tủa", "sex": "male", "born_on": "2/9/1999", "ethnic_group": "08",
        "religion": "00", "personal_id": "992 099 000 001", "admitted_on": "03022026",
    }  # fmt: skip
    return {**usual, **fields}


def test_a_member_is_entered_and_shown_with_a_receipt(desk: "Desk") -> None:
    """The form leads to the member's page, which says what was done, under which number, and offers to take it back."""
    sent = desk.send("/membership/enter", **entry_of(desk))
    assert sent.status_code == 303
    shown = desk.clerk.get(sent.headers["location"]).text
    number = desk.roll.box.log.size - 1
    assert "<h1>Ly A Tủa</h1>" in shown
    assert "Đã ghi Ly A Tủa vào danh sách đảng viên." in shown
    assert f"Biên nhận {number}." in shown
    assert f'action="/log/{number}/undo"' in shown
    assert last(desk).personal_id == "992099000001"


def test_what_is_missing_is_named_and_nothing_typed_is_lost(desk: "Desk") -> None:
    """422, a title that says it first, each fault as a link to its field, every other field as it was typed."""
    size = desk.roll.box.log.size
    sent = desk.send("/membership/enter", **entry_of(desk, born_on="31/02/1968", personal_id="12", cell=""))
    assert sent.status_code == 422
    assert "<title>Chưa lưu – Thêm đảng viên" in sent.text
    assert 'href="#f-born_on">Ngày sinh: tháng 2 năm 1968 chỉ có 29 ngày</a>' in sent.text
    assert 'href="#f-cell"' in sent.text
    assert 'value="31/02/1968"' in sent.text
    assert 'value="Ly A Tủa"' in sent.text
    assert '<option value="08" selected>' in sent.text
    assert desk.roll.box.log.size == size


def test_a_rule_is_told_at_its_field(desk: "Desk") -> None:
    """A number of another member comes back at the field with the box's own words."""
    sent = desk.send("/membership/enter", **entry_of(desk, personal_id="991068000003"))
    assert sent.status_code == 422
    assert "Số này đang ghi ở một đảng viên khác." in sent.text


def test_an_act_sent_twice_is_done_once(desk: "Desk") -> None:
    """The same form again leads to the same place and records nothing more."""
    page = desk.clerk.get(f"{desk.member('Mùa A Dơ')}/state").text
    act, seen = (re.findall(f'name="{name}" value="([^"]*)"', page)[0] for name in ("_act", "_seen"))
    typed = {"_act": act, "_seen": seen, "status": "exempt", "day": "1/3/2026", "paper": ""}
    answers = [
        desk.clerk.post(f"{desk.member('Mùa A Dơ')}/state", data=typed, follow_redirects=False) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert [line[0] for line in desk.read(desk.roll.clerk)].count("membership.state") >= 1
    entries = [
        desk.roll.entry(p).act
        for p in range(desk.roll.box.log.size)
        if desk.roll.entry(p).kind == "membership.status_set.1"
    ]
    assert entries.count(act) == 1


def test_only_what_was_touched_is_a_change(desk: "Desk") -> None:
    """Fields that stand as the page had them say nothing, also for a day on which another value held."""
    address = desk.member("Vừ A Dếnh")
    sent = desk.send(f"{address}/change/residence", residence_province="tỉnh Lam Sơn", day="1/5/2026", _from_paper="on")
    assert sent.status_code == 303
    record = last(desk)
    assert record == Changed(day=record.day, residence_province="tỉnh Lam Sơn")
    assert desk.roll.entry(desk.roll.box.log.size - 1).context["from_paper"] is True


def test_a_form_without_a_change_says_so(desk: "Desk") -> None:
    """Nothing would change: the page comes back and says it."""
    sent = desk.send(f"{desk.member('Vừ A Dếnh')}/change/name", day="1/5/2026")
    assert sent.status_code == 422
    assert "Không có gì thay đổi" in sent.text


def test_a_correction_shows_what_stands_and_asks_for_the_paper(desk: "Desk") -> None:
    """Now recorded, since when; without the paper it comes back; with it the old value is corrected."""
    address = f"{desk.member('Quàng Văn Ẳng')}/correct/birth"
    shown = desk.clerk.get(address).text
    assert "Hiện ghi" in shown
    assert 'value="original_file" checked' in shown
    assert "identity_card" not in shown
    refused = desk.send(address, born_on="1/1/1975")
    assert refused.status_code == 422
    assert "Căn cứ: cần ghi căn cứ" in refused.text
    taken = desk.send(address, born_on="1/1/1975", paper="Lý lịch đảng viên số 9")
    assert taken.status_code == 303
    assert isinstance(last(desk), Corrected)
    assert last(desk).born_on.isoformat() == "1975-01-01"


def test_change_and_correction_are_two_pages_that_name_each_other(desk: "Desk") -> None:
    """A birth date is offered for correction only; a recognition that stands does not change."""
    address = desk.member("Vừ A Dếnh")
    change, correct = (desk.clerk.get(f"{address}/{path}").text for path in ("change", "correct"))
    assert f'{address}/change/birth"' not in change
    assert f"{address}/change/party" not in change
    assert f"{address}/correct/birth" in correct
    assert f"{address}/correct" in change
    assert desk.clerk.get(f"{address}/change/birth").status_code == 404
    assert desk.clerk.get(f"{address}/change/nothing").status_code == 404
    assert f"{desk.member('Tòng Văn Mới')}/change/party" in desk.clerk.get(f"{desk.member('Tòng Văn Mới')}/change").text


def test_a_correction_names_a_change_that_there_is(desk: "Desk") -> None:
    """Where nothing of a group may change, its correction leads to the choice of what may."""
    settled, fresh = desk.member("Vừ A Dếnh"), desk.member("Tòng Văn Mới")
    assert f'href="{settled}/change"' in desk.clerk.get(f"{settled}/correct/party").text
    assert f'href="{settled}/change"' in desk.clerk.get(f"{settled}/correct/birth").text
    assert f'href="{fresh}/change/party"' in desk.clerk.get(f"{fresh}/correct/party").text


def test_a_member_moves_and_leaves(desk: "Desk") -> None:
    """Each on a page of its own; how somebody leaves says in which state."""
    address = desk.member("Sùng A Vàng")
    assert desk.send(f"{address}/move", cell=desk.roll.cells[2], day="1/6/2026").status_code == 303
    assert isinstance(last(desk), Moved)
    missing = desk.send(f"{address}/leave", day="1/7/2026")
    assert missing.status_code == 422
    assert 'href="#f-departure">Rời vì: cần chọn đồng chí rời đảng bộ vì sao.</a>' in missing.text
    assert desk.send(f"{address}/leave", departure="expulsion", day="1/7/2026", paper="QĐ 7").status_code == 303
    assert isinstance(last(desk), Left)
    assert (last(desk).status, last(desk).departure) == ("left_party", "expulsion")
    again = desk.send(f"{address}/state", status="exempt", day="1/8/2026")
    assert again.status_code == 422
    assert "Đồng chí này đã rời đảng bộ ngày 01/07/2026." in again.text


def test_a_colleague_who_was_faster_is_shown(desk: "Desk") -> None:
    """The form comes back with who recorded what meanwhile; sent again as it stands it is taken."""
    address = f"{desk.member('Lò Văn Ánh')}/state"
    page = desk.clerk.get(address).text
    act, seen = (re.findall(f'name="{name}" value="([^"]*)"', page)[0] for name in ("_act", "_seen"))
    who = desk.members["Lò Văn Ánh"]
    desk.roll.ask(Change(member=who, day=desk.roll.member(who).admitted_on, other_name="Páo"))
    typed = {"_act": act, "_seen": seen, "status": "suspended", "day": "1/3/2026", "paper": ""}
    met = desk.clerk.post(address, data=typed)
    assert met.status_code == 422
    assert "Trong lúc đồng chí viết" in met.text
    assert re.findall("<br>([^<]+)\n", met.text) == ["Tên gọi khác: hiện ghi Páo"]
    assert 'value="suspended" checked' in met.text
    newer = re.findall('name="_seen" value="([^"]*)"', met.text)[0]
    assert desk.clerk.post(address, data={**typed, "_seen": newer}, follow_redirects=False).status_code == 303
    assert isinstance(last(desk), StatusSet)


@pytest.mark.parametrize("path", ["enter", "import"])
def test_who_may_not_record_finds_no_form(desk: "Desk", path: str) -> None:
    """For a secretary who only reads, the pages of acts are not there, to look at or to send."""
    assert desk.secretary.get(f"/membership/{path}").status_code == 404
    assert desk.secretary.post(f"/membership/{path}", data={"_act": "0" * 32}).status_code == 404
