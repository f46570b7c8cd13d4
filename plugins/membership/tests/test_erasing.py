"""A member is erased: rows, search columns, facts, notes about others with a number of theirs; the roll goes on without."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.core.erasing.traces import traces

from chibox.drafts.drafts import Drafts
from chibox.erasing.commands import AskErasure, Erase
from chibox.erasing.finding import holding
from chibox.erasing.finishing import Finishing
from chibox.office import Office
from chibox.plugin import File
from chibox_membership.asking import Change, Note
from chibox_membership.exporting import ExportChanges, changes
from chibox_membership.importing.desk import KIND as SHEET
from chibox_membership.importing.desk import open_desk
from chibox_membership.naming import full_names
from chibox_membership.onday import roll_on
from chibox_membership.pages.saved import KIND, Saved
from chibox_membership.tables import Member

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

NAME, NUMBER, PLACE = "Phùng Thị Nấp Lặn", "990068777123", "bản Hang Kín"
WORDS = [word.encode() for word in (NAME, NUMBER, PLACE, "phung thi nap lan")]


@pytest.fixture
def office(roll: "Roll") -> Iterator[Office]:
    """What stands around the box."""
    with closing(Office(roll.box)) as opened:
        yield opened


def erase(roll: "Roll", member: str) -> None:
    """By the clerk and a secretary."""
    answer = roll.ask(AskErasure(subject=member, reason="request"))
    roll.ask(Erase(asked=roll.entry(answer.first).rid), actor=roll.someone("committee_secretary"))


def test_a_member_is_gone_from_everywhere(roll: "Roll", office: Office) -> None:
    """Found before in every file that has it, and after nowhere; a namesake and everybody else stay as they were."""
    member = roll.enter(full_name=NAME, personal_id=NUMBER, home_place_detail=PLACE)
    other = roll.enter(full_name="Giàng Thị Máy")
    roll.ask(Change(member=member, day=dt.date(2026, 11, 1), residence_detail=PLACE))
    roll.ask(Note(member=other, day=dt.date(2026, 11, 2), note=f"giấy của {NUMBER} để ở đây"))
    for _ in range(260):
        roll.enter()
    drafts = Drafts(office.drafts, "membership", roll.clerk, roll.clock.now)
    open_desk(drafts, "import", File("a.csv", f"{NAME};{NUMBER}".encode() * 40))
    drafts.begin(KIND, Saved(name="tìm", q=NAME), days=None)
    drafts.begin(KIND, Saved(name="chưa có thẻ", state="no_card"), days=None)
    before = traces(roll.folder, WORDS)
    assert {"part_bundle", "box.db-wal"} <= before.keys()
    assert set().union(*before.values()) == set(WORDS)
    with roll.reading(roll.clerk) as read:
        held = holding(read, member)
        assert [len(held.own), len(held.others)] == [2, 1]
    erase(roll, member)
    assert Finishing(office).finish(10)
    assert traces(roll.folder, WORDS) == {}
    assert [draft.state(Saved).name for draft in drafts.all(KIND)] == ["chưa có thẻ"]
    assert drafts.all(SHEET) == []
    with roll.reading() as read:
        assert read.row(Member, member) is None
        assert read.row(Member, other).note is None  # type: ignore[union-attr]
        assert full_names(read, [member, other], read.today) == {other: "Giàng Thị Máy"}
        assert member not in {one.subject for one in roll_on(read, read.today, None)}


def test_an_export_goes_on_without_the_member(roll: "Roll") -> None:
    """The one before is told to whoever asks for the erasure; the next one does not name the member."""
    member = roll.enter(full_name=NAME)
    roll.ask(ExportChanges())
    with roll.reading(roll.clerk) as read:
        (sentence,) = holding(read, member).elsewhere
        assert "export" in sentence.msgid
        until = read.size - 1
    erase(roll, member)
    other = roll.enter(full_name="Giàng Thị Máy")
    with roll.reading() as read:
        assert [one.subject for one in changes(read, until, read.size - 1, read.today)] == [other]
        assert [one.subject for one in changes(read, None, until, read.today)] == []


def test_a_name_in_a_note_is_for_a_person_to_look_at(roll: "Roll") -> None:
    """Namesakes are common: the note about somebody else stays, and is told."""
    member, other = roll.enter(full_name=NAME), roll.enter(full_name="Giàng Thị Máy")
    roll.ask(Note(member=other, day=dt.date(2026, 11, 2), note=f"vợ của {NAME}"))
    with roll.reading(roll.clerk) as read:
        held = holding(read, member)
        assert held.others == []
        assert held.elsewhere[0].params == {"count": 1}
    erase(roll, member)
    assert roll.member(other).note == f"vợ của {NAME}"
