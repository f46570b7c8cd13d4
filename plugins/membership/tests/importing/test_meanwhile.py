"""What a clerk writes while something else goes on is neither lost nor recorded unseen."""

from typing import TYPE_CHECKING, Any

import pytest
from msgspec import Struct, structs
from plugins.membership.tests.importing.house import Clerk, House

from chibox.errors import Conflict, Refused
from chibox.plugin import ask
from chibox_membership.importing import desk
from chibox_membership.sheet.columns import FIRST_ROW

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll


class Elsewhere(Struct, frozen=True):
    """The state of a desk as some other version kept it."""

    left: str = ""


def test_what_was_written_and_not_checked_is_not_recorded(roll: "Roll", house: House, clerk: Clerk) -> None:
    """A row that was mended after the trial is not recorded as it was shown before: it is checked, shown, and goes then."""
    who = roll.enter(residence_detail="thôn Đông")
    draft = clerk.tried([{**house.lines()[0], "residence_detail": "thôn Đoài"}])
    desk.write(clerk.drafts, draft, {FIRST_ROW: {"residence_detail": "bản Mới"}}, {})
    with pytest.raises(Conflict):
        clerk.record(draft)
    assert roll.member(who).residence_detail == "thôn Đông"
    clerk.record(draft)
    assert roll.member(who).residence_detail == "bản Mới"


def test_nothing_is_checked_while_it_is_recorded(roll: "Roll", house: House, clerk: Clerk) -> None:
    """As long as an act is being asked no trial begins, for the desk would lose which act it was."""
    roll.enter(residence_detail="thôn Đông")
    draft = clerk.tried([{**house.lines()[0], "residence_detail": "thôn Đoài"}])
    being = clerk.drafts.save(clerk.now_of(draft), structs.replace(clerk.desk(draft), phase="recording", act="a" * 32))
    with pytest.raises(Conflict):
        desk.check(clerk.drafts, being, clerk.reading, house.box.clock.now)
    assert (clerk.desk(draft).phase, clerk.desk(draft).act) == ("recording", "a" * 32)


def test_what_is_written_while_it_is_recorded_stays_to_be_done(
    roll: "Roll", house: House, clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mend that comes between the asking and the marking is not taken for recorded: its row is a change, next time."""
    who = roll.enter(residence_detail="thôn Đông")
    draft = clerk.tried([{**house.lines()[0], "residence_detail": "thôn Đoài"}])

    async def slow(*given: Any, **named: Any) -> Any:
        desk.write(clerk.drafts, draft, {FIRST_ROW: {"residence_detail": "bản Mới"}}, {})
        return await ask(*given, **named)

    monkeypatch.setattr("chibox_membership.importing.desk.ask", slow)
    clerk.record(draft)
    monkeypatch.undo()
    assert roll.member(who).residence_detail == "thôn Đoài"
    assert clerk.counts(clerk.mend(draft)) == {"changed": 1}
    clerk.record(draft)
    assert roll.member(who).residence_detail == "bản Mới"


def test_what_was_written_during_a_trial_stays(roll: "Roll", house: House, clerk: Clerk) -> None:
    """A mend that comes while the rows are being tried is kept with its row, and read the next time."""
    roll.enter(residence_detail="thôn Đông")
    draft = clerk.tried([{**house.lines()[0], "sex": "Nam/Nữ"}])
    desk.write(clerk.drafts, draft, {FIRST_ROW: {"sex": "Nam"}}, {})
    kept = clerk.rows(draft, "wrong")[FIRST_ROW]
    assert kept.mends == {"sex": "Nam"}
    desk.check(clerk.drafts, clerk.now_of(draft), clerk.reading, house.box.clock.now)
    assert clerk.counts(draft) == {"same": 1}


def test_a_mend_can_be_mended_and_taken_back(roll: "Roll", house: House, clerk: Clerk) -> None:
    """What was written is written over by what comes later; an empty text is an empty cell."""
    roll.enter(other_name="Páo")
    draft = clerk.tried([{**house.lines()[0], "other_name": "Dếnh"}])
    assert clerk.counts(draft) == {"changed": 1}
    assert clerk.counts(clerk.mend(draft, {FIRST_ROW: {"other_name": ""}})) == {"same": 1}
    assert clerk.counts(clerk.mend(draft, {FIRST_ROW: {"other_name": "Súa"}})) == {"changed": 1}


def test_nothing_new_or_changed_is_no_act(roll: "Roll", house: House, clerk: Clerk) -> None:
    """A desk on which nothing is to be recorded is refused, and stays as it is."""
    roll.enter()
    draft = clerk.tried(house.lines())
    size = house.box.log.size
    with pytest.raises(Refused):
        clerk.record(draft)
    assert (house.box.log.size, clerk.desk(draft).phase) == (size, "checked")


def test_a_file_that_cannot_be_read_says_why(clerk: Clerk) -> None:
    """What is no workbook is refused in words; nothing can be recorded of it, and the task leaves it alone from then on."""
    draft = clerk.tried(b"%PDF-1.7 not a workbook")
    held = clerk.desk(draft)
    assert held.phase == "refused"
    assert held.refusal is not None
    assert "PDF" in str(held.refusal.words)
    with pytest.raises(Refused):
        clerk.record(draft)
    clerk.house.work()
    assert clerk.desk(draft) == held


def test_a_file_of_another_version_is_told_as_refused(clerk: Clerk) -> None:
    """What another version of the plugin laid on the desk hides nothing else: it is listed, with the sentence why."""
    draft = clerk.drafts.begin(desk.KIND, Elsewhere("x"))
    ((listed, found),) = desk.desks(clerk.drafts, "import")
    assert (listed.id, found.phase) == (draft.id, "refused")
    assert found.refusal is not None
    assert "another version of the box" in found.refusal.msgid
    assert desk.desk_of(clerk.drafts, draft.id)[1] == found
