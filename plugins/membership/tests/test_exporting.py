"""Exports of what changed since the last time: what is in one, where the next begins, and that each can be made again."""

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from chibox.commands import Answer
from chibox.core_commands import RenameUnit
from chibox.errors import Refused
from chibox_membership.asking import Change, Leave, Move
from chibox_membership.exporting import Export, ExportChanges, all_exports, changes, sheet_rows, unit_names
from chibox_membership.records import Exported

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

TODAY = dt.date(2026, 11, 25)


def export(roll: "Roll") -> Answer:
    """An export by the clerk."""
    return roll.ask(ExportChanges())


def held(roll: "Roll", number: int = 0) -> dict[str, str]:
    """Who is in an export and how; 0 is the latest."""
    with roll.reading() as read:
        one = all_exports(read, 10)[number]
        return {change.subject: change.how for change in changes(read, one.since, one.until, one.day)}


def test_the_first_export_has_everybody(roll: "Roll") -> None:
    """All members of the roll, from the beginning of the log; the record says up to where."""
    people = {roll.enter(full_name=name) for name in ("Lò Thị Ón", "Vừ A Páo")}
    end = roll.box.log.size - 1
    answer = export(roll)
    assert roll.entry(answer.last).body == Exported(day=TODAY, until=end, count=2)
    assert held(roll) == dict.fromkeys(people, "new")


def test_the_next_one_has_only_what_changed(roll: "Roll") -> None:
    """Who entered, changed, moved, left since; who is as before, or became again as before, is not in it."""
    stays, changed, left, there_and_back = (roll.enter() for _ in range(4))
    first = export(roll)
    roll.ask(Change(member=changed, day=TODAY, other_name="Páo"))
    roll.ask(Leave(member=left, day=TODAY, status="deceased", departure="death"))
    roll.undo(roll.ask(Move(member=there_and_back, cell=roll.west, day=TODAY)))
    new = roll.enter()
    second = roll.entry(export(roll).last)
    assert held(roll) == {changed: "changed", left: "gone", new: "new"}
    assert stays not in held(roll)
    assert second.body is not None
    assert (second.body.since, second.body.count) == (first.last - 1, 3)
    assert second.refs == (f"r{roll.entry(first.last).rid}",)


def test_who_was_exported_and_taken_back_is_to_be_deleted(roll: "Roll") -> None:
    """The row that went out goes out again with the request to delete; who came and went between two exports is in none."""
    roll.enter()
    entered = roll.ask(roll.entering(full_name="Lò Thị Ón"))
    who = roll.subject(entered)
    export(roll)
    roll.undo(entered)
    roll.undo(roll.ask(roll.entering(full_name="Nobody at all")))
    export(roll)
    assert held(roll) == {who: "withdrawn"}
    with roll.reading() as read:
        one = all_exports(read, 1)[0]
        (row,) = sheet_rows(changes(read, one.since, one.until, one.day))
    assert (row.full_name, row.delete_requested, row.row) == ("Lò Thị Ón", True, 8)


def test_an_export_taken_back_goes_out_again(roll: "Roll") -> None:
    """The next one begins where the one before began; an export on which another rests is not taken back by itself."""
    one, other = roll.enter(), roll.enter()
    export(roll)
    roll.ask(Change(member=one, day=TODAY, other_name="Páo"))
    second = export(roll)
    roll.undo(second)
    roll.ask(Change(member=other, day=TODAY, other_name="Sùng"))
    third = export(roll)
    assert held(roll) == {one: "changed", other: "changed"}
    with roll.reading() as read:
        assert [e.count for e in all_exports(read, 10)] == [2, 2]
        first = read.row(Export, roll.subject(third))
    assert first is not None
    with pytest.raises(Refused):
        roll.undo(roll_first(roll))


def roll_first(roll: "Roll") -> Answer:
    """The act of the first export."""
    with roll.reading() as read:
        position = all_exports(read, 10)[-1].position
        return Answer(read.entry(position).act, position, position)


def test_nothing_changed_is_no_export(roll: "Roll") -> None:
    """The box says that nothing would change, and records nothing; an export itself is no change."""
    roll.enter()
    export(roll)
    size = roll.box.log.size
    with pytest.raises(Refused):
        export(roll)
    assert roll.box.log.size == size


def test_an_export_can_be_made_again(roll: "Roll") -> None:
    """What was recorded later changes nothing in it: values, states and names of cells are as known then."""
    who = roll.enter(residence_detail="bản Pá Khoang")
    export(roll)
    with roll.reading() as read:
        before = all_exports(read, 1)[0]
        then = changes(read, before.since, before.until, before.day)
        called = unit_names(read, [c.row for c in then], before.day, before.until)
    roll.ask(Change(member=who, day=dt.date(2026, 1, 1), residence_detail="thôn Đoài"))
    roll.ask(Move(member=who, cell=roll.west, day=dt.date(2026, 2, 1)))
    roll.ask(RenameUnit(unit=roll.east, name="Chi bộ thôn Đông Bắc", day=TODAY), actor=roll.administrator)
    with roll.reading() as read:
        again = changes(read, before.since, before.until, before.day)
        assert again == then
        assert unit_names(read, [c.row for c in again], before.day, before.until) == called
    assert then[0].row.residence_detail == "bản Pá Khoang"
