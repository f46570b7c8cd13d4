"""Two clerks at once, and one who sends twice: who was slower sees what is otherwise now; nothing is recorded twice."""

import datetime as dt
import threading
from typing import TYPE_CHECKING

import pytest
from plugins.membership.tests.importing.files import Line
from plugins.membership.tests.importing.house import Clerk, House

from chibox.errors import ChiboxError, Conflict, Forbidden, Invalid, NotFound, Refused
from chibox_membership.asking import Change, Enter
from chibox_membership.importing import desk
from chibox_membership.importing.command import ImportSheet
from chibox_membership.importing.held import NEW, WHO
from chibox_membership.records import Changed
from chibox_membership.sheet.columns import FIRST_ROW
from chibox_membership.sheet.rows import SheetRow

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll


@pytest.fixture
def other(house: House, roll: "Roll") -> Clerk:
    """Another clerk of the same committee."""
    return Clerk(house, roll.someone("clerk"))


def moved(lines: list[Line], home: str) -> list[Line]:
    """The lines with another residence."""
    return [{**line, "residence_detail": home} for line in lines]


def test_the_slower_of_two_sees_what_is_otherwise_now(roll: "Roll", house: House, clerk: Clerk, other: Clerk) -> None:
    """Both try sheets about the same three; the second to record is told of whom, and the trial then shows the difference."""
    names = ("Lò Thị Ón", "Vừ A Páo", "Đỗ Thị Bẩy")
    people = [roll.enter(full_name=name, residence_detail="thôn Đông") for name in names]
    lines = house.lines()
    mine, theirs = clerk.tried(moved(lines, "thôn Đoài")), other.tried(moved(lines, "bản Mới"))
    assert clerk.counts(mine) == other.counts(theirs) == {"changed": 3}
    done = clerk.record(mine)
    size = house.box.log.size
    with pytest.raises(Conflict) as conflict:
        other.record(theirs)
    assert any(name in str(conflict.value.words) for name in names)
    assert house.box.log.size == size
    after = other.desk(theirs)
    assert (after.phase, after.recorded, after.as_of) == ("checked", (), done.position)
    differences = {kept.trial.differences for kept in other.rows(theirs, "changed").values() if kept.trial}
    assert {(each.key, each.old, each.new) for some in differences for each in some} == {
        ("residence_detail", "thôn Đoài", "bản Mới")
    }
    other.record(theirs)
    assert {roll.member(who).residence_detail for who in people} == {"bản Mới"}


def test_who_was_entered_meanwhile_is_not_entered_twice(roll: "Roll", house: House, clerk: Clerk, other: Clerk) -> None:
    """Both sheets have the same new people: the second is refused, and its trial says that nothing differs any more."""
    line = _new_line(house, roll)
    mine, theirs = clerk.tried([line]), other.tried([line])
    assert clerk.counts(mine) == other.counts(theirs) == {"new": 1}
    clerk.record(mine)
    with pytest.raises(Conflict):
        other.record(theirs)
    assert other.counts(theirs) == {"same": 1}
    assert len(house.members()) == 1
    with pytest.raises(Refused):
        other.record(theirs)


def test_a_namesake_who_came_meanwhile_is_asked_about(roll: "Roll", house: House, clerk: Clerk) -> None:
    """Somebody of the same name and birth date, entered under another number after the trial: the row is doubtful now."""
    draft = clerk.tried([_new_line(house, roll)])
    roll.enter(personal_id="990068000888")
    size = house.box.log.size
    with pytest.raises(Invalid):
        clerk.record(draft)
    assert (clerk.counts(draft), house.box.log.size) == ({"doubtful": 1}, size)
    assert clerk.record(clerk.mend(draft, answers={FIRST_ROW: {WHO: NEW}})).new == 1


def test_only_what_is_about_these_members_is_in_the_way(roll: "Roll", house: House, clerk: Clerk) -> None:
    """A colleague who worked on somebody else meanwhile is no conflict."""
    roll.enter(full_name="Lò Thị Ón")
    aside = roll.enter(full_name="Vừ A Páo")
    draft = clerk.tried(moved(house.lines()[:1], "thôn Đoài"))
    roll.ask(Change(member=aside, day=house.today, other_name="Páo"))
    assert clerk.record(draft).changed == 1


def test_two_presses_record_once(roll: "Roll", house: House, clerk: Clerk) -> None:
    """The same desk recorded by two requests at once gives one act; the other request is refused or finds it done."""
    for _ in range(3):
        roll.enter()
    draft = clerk.tried(moved(house.lines(), "thôn Đoài"))
    size, refused = house.box.log.size, list[ChiboxError]()

    def press() -> None:
        try:
            clerk.record(draft)
        except ChiboxError as error:
            refused.append(error)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert house.box.log.size == size + 3
    assert len(clerk.desk(draft).recorded) == 1
    assert all(isinstance(error, Refused) for error in refused)
    assert len(refused) <= 1


def test_the_same_act_imports_once(roll: "Roll") -> None:
    """A command that is sent again under its act answers as before, and records nothing more."""
    act = "a" * 32
    sheet = ImportSheet(rows=(_new_row(roll),), as_of=roll.box.log.size - 1)
    first = roll.ask(sheet, act=act)
    size = roll.box.log.size
    assert roll.ask(sheet, act=act) == first
    assert roll.box.log.size == size


def test_a_desk_is_its_owners(roll: "Roll", house: House, clerk: Clerk, other: Clerk) -> None:
    """A colleague finds nothing under the number of somebody's desk."""
    roll.enter()
    draft = clerk.tried(house.lines())
    with pytest.raises(NotFound):
        desk.desk_of(other.drafts, draft.id)


def test_the_owner_may_as_much_as_today(roll: "Roll", house: House) -> None:
    """The task tries a sheet by the posts of its owner: a secretary of one cell is not shown whom another cell has."""
    roll.enter(full_name="Lò Thị Ón", cell=roll.west)
    line = house.lines()[0]
    secretary = Clerk(house, roll.someone("clerk", roll.east))
    draft = secretary.tried([line])
    assert secretary.counts(draft) == {"wrong": 1}
    with pytest.raises(Refused):
        secretary.record(draft)


def test_what_the_command_says_of_changed_rows(roll: "Roll", house: House, clerk: Clerk) -> None:
    """An act from the desk records what differs and nothing else."""
    who = roll.enter(residence_detail="thôn Đông")
    done = clerk.record(clerk.tried(moved(house.lines(), "thôn Đoài")))
    entry = roll.entry(done.position)
    assert (entry.subject, entry.body) == (who, Changed(day=house.today, residence_detail="thôn Đoài"))


def _new_row(roll: "Roll") -> SheetRow:
    wanted: Enter = roll.entering()
    held = {name: getattr(wanted, name) for name in SheetRow.__struct_fields__ if hasattr(wanted, name)}
    return SheetRow(**{**held, "row": 8, "status": "active", "card_number": held["personal_id"]})


def _new_line(house: House, roll: "Roll") -> Line:
    who = roll.ask(roll.entering(card_number="990068000777", personal_id="990068000777"))
    line = house.lines()[0]
    roll.undo(who)
    return line


def test_who_may_no_longer_record_records_nothing(roll: "Roll", house: House) -> None:
    """A post that ended between trial and recording is asked for: nothing is recorded, and the rows stay to be looked at."""
    roll.enter(residence_detail="thôn Đông")
    clerk = Clerk(house, roll.someone("clerk", until=house.today + dt.timedelta(days=1)))
    draft = clerk.tried(moved(house.lines(), "thôn Đoài"))
    assert clerk.counts(draft) == {"changed": 1}
    roll.on(house.today + dt.timedelta(days=2))
    size = house.box.log.size
    with pytest.raises(Forbidden):
        clerk.record(draft)
    assert (house.box.log.size, clerk.desk(draft).phase) == (size, "checked")
    assert clerk.counts(clerk.mend(draft)) == {"wrong": 1}
