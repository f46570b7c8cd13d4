"""What only a person can say of a row: who it is, which of two stands; and what the rows of a file say against each other."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import pytest
from plugins.membership.tests.importing.house import Clerk, House

from chibox_membership.asking import Leave, SetStatus
from chibox_membership.importing.held import KEEP, NEW, TAKE, WHO, Question, Trial
from chibox_membership.sheet.columns import FIRST_ROW

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

UUID: Final = "0f8fad5b-d9cb-469f-a165-70867728950e"
OTHER_UUID: Final = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
_USUAL: Final = {"national_id": UUID, "card_number": "990068555555", "full_name": "Nguyễn Thị Hường"}


def asked(trial: Trial | None) -> dict[str, Question]:
    """The questions of a row by key."""
    assert trial is not None
    return {question.key: question for question in trial.questions}


def trial_of(clerk: Clerk, draft: Any, row: int = FIRST_ROW) -> Trial:
    """What the trial says of a row."""
    found = [kept.trial for what in clerk.counts(draft) for kept in clerk.rows(draft, what).values()  # type: ignore[arg-type]
             if kept.row.number == row]  # fmt: skip
    assert found[0] is not None
    return found[0]


def test_another_name_is_taken_or_kept(roll: "Roll", house: House, clerk: Clerk) -> None:
    """A person says which name is right: the file's, which is then recorded, or the box's, and nothing changes."""
    who = roll.enter(full_name="Nguyễn Thị Hường")
    line = {**house.lines()[0], "full_name": "Nguyễn Thị Lụa"}
    draft = clerk.tried([line])
    assert (asked(trial_of(clerk, draft))["full_name"].may_take, clerk.counts(draft)) == (True, {"doubtful": 1})
    kept = clerk.mend(draft, answers={FIRST_ROW: {"full_name": KEEP}})
    assert clerk.counts(kept) == {"same": 1}
    taken = clerk.mend(kept, answers={FIRST_ROW: {"full_name": TAKE}})
    assert clerk.counts(taken) == {"changed": 1}
    clerk.record(taken)
    assert roll.member(who).full_name == "Nguyễn Thị Lụa"


@pytest.mark.parametrize("key", ["born_on", "admitted_on", "personal_id", "national_id"])
def test_what_no_sheet_changes_is_kept_and_the_rest_recorded(
    roll: "Roll", house: House, clerk: Clerk, key: str
) -> None:
    """Birth, admission and numbers that stand are not taken even if somebody says so; kept, the row's other news is recorded."""
    says = {
        "born_on": "14/12/1968",
        "admitted_on": "30/07/1986",
        "personal_id": "990068999999",
        "national_id": OTHER_UUID,
    }
    who = roll.enter(**_USUAL)
    before = roll.member(who)
    draft = clerk.tried([{**house.lines()[0], key: says[key], "residence_detail": "bản Mới"}])
    question = asked(trial_of(clerk, draft))[key]
    assert not question.may_take
    forced = clerk.mend(draft, answers={FIRST_ROW: {key: TAKE}})
    assert clerk.counts(forced) == {"doubtful": 1}
    kept = clerk.mend(forced, answers={FIRST_ROW: {key: KEEP}})
    assert clerk.counts(kept) == {"changed": 1}
    clerk.record(kept)
    assert getattr(roll.member(who), key) == getattr(before, key)
    assert roll.member(who).residence_detail == "bản Mới"


def test_a_namesake_is_the_member_or_somebody_new(roll: "Roll", house: House, clerk: Clerk) -> None:
    """Name and birth date alone are asked: said to be the member, only the number is asked; said to be new, somebody enters."""
    who = roll.enter(full_name="Nguyễn Thị Hường")
    line = {**house.lines()[0], "personal_id": "990068999999"}
    line.pop("official_on")
    draft = clerk.tried([line])
    assert asked(trial_of(clerk, draft))[WHO].candidates == (who,)
    named = clerk.mend(draft, answers={FIRST_ROW: {WHO: who}})
    assert asked(trial_of(clerk, named)).keys() == {"personal_id"}
    same = clerk.mend(named, answers={FIRST_ROW: {"personal_id": KEEP}})
    assert clerk.counts(same) == {"same": 1}
    new = clerk.mend(same, answers={FIRST_ROW: {WHO: NEW}})
    assert clerk.counts(new) == {"new": 1}
    clerk.record(new)
    assert sorted(row.personal_id for row in house.members().values()) == [roll.member(who).personal_id, "990068999999"]


def test_who_has_gone_is_not_brought_back(roll: "Roll", house: House, clerk: Clerk) -> None:
    """A sheet that has somebody who left as present is asked about; kept, nothing changes, and TAKE is no answer."""
    who = roll.enter()
    line = house.lines()[0]
    roll.ask(Leave(member=who, day=dt.date(2026, 3, 1), status="transferred"))
    draft = clerk.tried([line])
    assert asked(trial_of(clerk, draft)).keys() == {"status"}
    assert clerk.counts(clerk.mend(draft, answers={FIRST_ROW: {"status": TAKE}})) == {"doubtful": 1}
    assert clerk.counts(clerk.mend(draft, answers={FIRST_ROW: {"status": KEEP}})) == {"same": 1}


def test_how_somebody_went_is_not_changed(roll: "Roll", house: House, clerk: Clerk) -> None:
    """A sheet that says otherwise how a member left, or when, is asked about: the box keeps what was recorded."""
    who = roll.enter()
    line = {**house.lines()[0], "status": "Từ trần", "left_on": "01/06/2026"}
    roll.ask(Leave(member=who, day=dt.date(2026, 3, 1), status="transferred"))
    draft = clerk.tried([line])
    assert asked(trial_of(clerk, draft)).keys() == {"status"}
    assert clerk.counts(clerk.mend(draft, answers={FIRST_ROW: {"status": KEEP}})) == {"same": 1}


def test_another_day_of_the_same_state_is_asked(roll: "Roll", house: House, clerk: Clerk) -> None:
    """Somebody exempt from another day on by the file: the question says since when by the box; kept, nothing changes."""
    who = roll.enter()
    line = {**house.lines()[0], "status": "Miễn sinh hoạt", "left_on": "05/04/2026"}
    roll.ask(SetStatus(member=who, day=dt.date(2026, 3, 1), status="exempt"))
    draft = clerk.tried([line])
    question = asked(trial_of(clerk, draft))["left_on"]
    assert (question.old, question.new) == ("2026-03-01", "2026-04-05")
    assert "2026-03-01" in str(question.why.words)
    assert clerk.counts(clerk.mend(draft, answers={FIRST_ROW: {"left_on": KEEP}})) == {"same": 1}


def test_a_state_before_the_recorded_one_is_asked(roll: "Roll", house: House, clerk: Clerk) -> None:
    """The box has it otherwise from a later day on: what the file says of the time before is not recorded by itself."""
    who = roll.enter()
    line = {**house.lines()[0], "status": "Từ trần", "left_on": "01/02/2026"}
    roll.ask(SetStatus(member=who, day=dt.date(2026, 3, 1), status="exempt"))
    draft = clerk.tried([line])
    assert clerk.counts(draft).keys() <= {"doubtful", "wrong"}


def test_numbers_of_two_members_are_wrong(roll: "Roll", house: House, clerk: Clerk) -> None:
    """A row whose personal number is one member's and whose card another's is wrong, and names both."""
    roll.enter(full_name="Lò Thị Ón", personal_id="990068000901", card_number="990068000801")
    roll.enter(full_name="Vừ A Páo", personal_id="990068000902", card_number="990068000802")
    line = {**house.lines()[0], "card_number": "990068000802"}
    trial = trial_of(clerk, clerk.tried([line]))
    assert trial.what == "wrong"
    assert any("Lò Thị Ón" in (said := str(fault.why.words)) and "Vừ A Páo" in said for fault in trial.faults)


@pytest.mark.parametrize("key", ["national_id", "personal_id", "card_number", "old_card_number"])
def test_a_number_that_stands_twice_is_wrong_in_both_rows(roll: "Roll", house: House, clerk: Clerk, key: str) -> None:
    """Both rows are wrong at that cell and name each other; one mended, the other is as it was."""
    for place in range(3):
        roll.enter(born_on=dt.date(1968, 1, 1 + place), national_id=f"{UUID[:-1]}{place}", card_number=f"99006800070{place}",
                   old_card_number=f"8800000{place}")  # fmt: skip
    lines = house.lines()
    right = lines[1][key]
    lines[1] = {**lines[1], key: lines[0][key]}
    draft = clerk.tried(lines)
    wrong = clerk.rows(draft, "wrong")
    assert wrong.keys() == {8, 9}
    for row, other in ((8, "9"), (9, "8")):
        trial = wrong[row].trial
        assert trial is not None
        assert any(fault.key == key and f"row {other}" in str(fault.why.words) for fault in trial.faults)
    assert clerk.counts(clerk.mend(draft, {9: {key: right}})) == {"same": 3}


def test_two_rows_about_one_member_are_wrong(roll: "Roll", house: House, clerk: Clerk) -> None:
    """One row by the personal number and another by the card: both are wrong, and each names the other."""
    roll.enter(card_number="990068000701")
    line = house.lines()[0]
    first = {key: value for key, value in line.items() if key != "card_number"}
    second = {key: value for key, value in line.items() if key != "personal_id"}
    draft = clerk.tried([first, second])
    said = {row: [str(f.why.words) for f in kept.trial.faults] for row, kept in clerk.rows(draft, "wrong").items()
            if kept.trial}  # fmt: skip
    assert said.keys() == {8, 9}
    assert "row 9" in said[8][0]
    assert "row 8" in said[9][0]


def test_whom_another_unit_has_is_not_named(roll: "Roll", house: House) -> None:
    """A clerk of one cell learns nothing of the members of another: the row is wrong, without a name, and holds nobody up."""
    roll.enter(full_name="Lò Thị Ón", cell=roll.west, card_number="990068000701")
    roll.enter(full_name="Vừ A Páo", cell=roll.east, born_on=dt.date(1970, 1, 1))
    lines = house.lines()
    hidden = {key: lines[0][key] for key in ("personal_id", "card_number")}
    mine = {**lines[1], "residence_detail": "bản Mới"}
    clerk = Clerk(house, roll.someone("clerk", roll.east))
    draft = clerk.tried([hidden, mine])
    assert clerk.counts(draft) == {"wrong": 1, "changed": 1}
    trial = trial_of(clerk, draft)
    assert (trial.name, trial.member) == ("", None)
    assert "Lò Thị Ón" not in repr(trial)
    assert clerk.record(draft).changed == 1


def test_a_namesake_of_another_unit_is_not_shown(roll: "Roll", house: House) -> None:
    """Name and birth date of a member of another cell are asked about, but no member is offered to a clerk of this one."""
    who = roll.enter(full_name="Nguyễn Thị Hường", cell=roll.west)
    line = {**house.lines()[0], "personal_id": "990068999999", "cell": "Chi bộ thôn Đông"}
    line.pop("official_on")
    clerk = Clerk(house, roll.someone("clerk", roll.east))
    draft = clerk.tried([line])
    assert asked(trial_of(clerk, draft))[WHO].candidates == ()
    assert who not in repr(trial_of(clerk, draft))
    assert clerk.counts(clerk.mend(draft, answers={FIRST_ROW: {WHO: NEW}})) == {"new": 1}


def test_what_an_earlier_check_wrote_is_not_read(roll: "Roll", house: House, clerk: Clerk) -> None:
    """Columns AD and AE, which a check fills in, say nothing of a member: whatever stands there is no change."""
    roll.enter()
    line = {**house.lines()[0], "check_result": "Sai", "check_detail": "Dòng 8, cột I: thiếu số"}
    assert clerk.counts(clerk.tried([line])) == {"same": 1}
