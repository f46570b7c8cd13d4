"""Notes, and acts on several members: all or nothing, one act in the log, taken back as one."""

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from chibox.core_commands import Undo
from chibox.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from chibox_membership.asking import Leave, Move, MoveAll, Note, NoteAll, SetStatus
from chibox_membership.onday import held, member_on
from chibox_membership.records import Moved, Noted

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

JUNE, TODAY = dt.date(2026, 6, 1), dt.date(2026, 11, 25)


def three(roll: "Roll") -> list[str]:
    """Two members of the first cell, one of the second."""
    names = ("Lò Văn Ánh", "Đỗ Thị Bẩy", "Vừ A Páo")
    return [roll.enter(full_name=name, cell=roll.cells[place // 2]) for place, name in enumerate(names)]


def moving(roll: "Roll", members: list[str], **other: Any) -> MoveAll:
    """The command that moves them to the second cell, by what is known now."""
    usual: dict[str, Any] = {"cell": roll.west, "day": JUNE, "as_of": roll.box.log.size - 1}
    return MoveAll(members=tuple(members), **{**usual, **other})


def test_a_note_stands_until_another(roll: "Roll") -> None:
    """It holds from its day, is known on days since, and goes away when it is emptied."""
    who = roll.enter()
    roll.ask(Note(member=who, day=JUNE, note="  Mượn sổ gốc  "))
    assert roll.member(who).note == "Mượn sổ gốc"
    answer = roll.ask(Note(member=who, day=TODAY))
    assert roll.stated(answer) == [Noted(day=TODAY, note=None)]
    assert roll.member(who).note is None
    with roll.box.reading() as read:
        assert held(read, who, ("note",), JUNE) == {"note": "Mượn sổ gốc"}
        assert member_on(read, who, JUNE - dt.timedelta(days=1))[0].note is None
    roll.undo(answer)
    assert roll.member(who).note == "Mượn sổ gốc"


@pytest.mark.parametrize(
    ("note", "said"),
    [("x" * 501, "At most 500"), ("TUYỆT MẬT", "mark of secrecy"), ("a\u202eb", "U+202E")],
)
def test_a_note_is_short_clean_and_no_secret(roll: "Roll", note: str, said: str) -> None:
    """What is too long, cannot be seen or bears a mark of secrecy is refused at its field."""
    who = roll.enter()
    for command in (
        Note(member=who, day=TODAY, note=note),
        NoteAll(members=(who,), day=TODAY, note=note, as_of=roll.box.log.size - 1),
    ):
        with pytest.raises(Invalid) as refused:
            roll.ask(command)
        assert said in str(refused.value.fields["note"])


def test_the_same_note_says_nothing(roll: "Roll") -> None:
    """Who has the note already is left out; when all have it, nothing would change."""
    a, b, c = three(roll)
    roll.ask(Note(member=a, day=JUNE, note="hẹn"))
    answer = roll.ask(NoteAll(members=(a, b, c), day=TODAY, note="hẹn", as_of=roll.box.log.size - 1))
    assert [roll.entry(at).subject for at in range(answer.first, answer.last + 1)] == [b, c]
    with pytest.raises(Refused, match="Nothing would change"):
        roll.ask(NoteAll(members=(a, b, c), day=TODAY, note="hẹn", as_of=roll.box.log.size - 1))


def test_several_move_in_one_act_and_back(roll: "Roll") -> None:
    """One act in the log, by given name; who is there already stays; undoing the act brings all of them back."""
    members = three(roll)
    answer = roll.ask(moving(roll, [*members, members[0]], paper="QĐ số 12"))
    assert roll.stated(answer) == [Moved(day=JUNE, cell=roll.west, paper="QĐ số 12")] * 2
    assert [roll.entry(at).subject for at in range(answer.first, answer.last + 1)] == members[:2]
    assert [roll.member(who).cell for who in members] == [roll.west] * 3
    roll.undo(answer)
    assert [roll.member(who).cell for who in members] == [roll.east, roll.east, roll.west]


def test_an_undo_leaves_what_was_built_on_it_unless_told(roll: "Roll") -> None:
    """One of them has moved on since: the act is taken back with that later one named, or not at all."""
    a, b, _ = three(roll)
    answer = roll.ask(moving(roll, [a, b]))
    later = roll.ask(Move(member=a, cell=roll.cells[2], day=TODAY))
    roll.ask(Undo(act=answer.act, also=(later.act,)))
    assert [roll.member(who).cell for who in (a, b)] == [roll.east, roll.east]


def test_one_who_cannot_go_keeps_all(roll: "Roll") -> None:
    """Somebody has left, or was admitted after the day: nobody moves, and the name is said."""
    a, b, _ = three(roll)
    gone = roll.enter(full_name="Lò Thị Ón")
    roll.ask(Leave(member=gone, status="deceased", day=dt.date(2026, 5, 1)))
    young = roll.enter(full_name="Sùng A Vàng", admitted_on=dt.date(2026, 9, 2), official_on=None)
    size = roll.box.log.size
    with pytest.raises(Refused, match="Lò Thị Ón left the committee"):
        roll.ask(moving(roll, [a, gone, b]))
    with pytest.raises(Invalid) as refused:
        roll.ask(moving(roll, [a, young, b]))
    assert "Sùng A Vàng was admitted later" in str(refused.value.fields["day"])
    assert roll.box.log.size == size


@pytest.mark.parametrize(
    ("other", "field"),
    [({"members": ()}, "members"), ({"day": TODAY + dt.timedelta(days=1)}, "day"), ({"cell": "0" * 32}, None)],
)
def test_what_cannot_be_taken_is_said_at_its_field(roll: "Roll", other: dict[str, Any], field: str | None) -> None:
    """Nobody, a day to come; a cell that is none is nobody's to move to."""
    command = moving(roll, three(roll))
    asked = MoveAll(**{f: getattr(command, f) for f in command.__struct_fields__} | other)
    with pytest.raises(Refused) as refused:
        roll.ask(asked)
    if field is None:
        assert isinstance(refused.value, Forbidden)
    else:
        assert isinstance(refused.value, Invalid)
        assert field in refused.value.fields


def test_at_most_a_thousand(roll: "Roll") -> None:
    """More are refused with the number, before anything is looked up."""
    with pytest.raises(Invalid) as refused:
        roll.ask(moving(roll, [f"{place:032x}" for place in range(1001)]))
    assert "1000 members; these are 1001" in str(refused.value.fields["members"])
    with pytest.raises(NotFound):
        roll.ask(moving(roll, ["f" * 32]))


def test_who_was_faster_is_named(roll: "Roll") -> None:
    """What others recorded about one of them since the page was opened stops the act with their names; seen, it may be sent."""
    a, b, c = three(roll)
    opened = roll.box.log.size - 1
    done = roll.ask(Move(member=b, cell=roll.cells[2], day=TODAY))
    roll.ask(SetStatus(member=a, day=TODAY, status="exempt"))
    with pytest.raises(Conflict, match="Lò Văn Ánh, Đỗ Thị Bẩy"):
        roll.ask(moving(roll, [a, b, c], as_of=opened))
    roll.ask(moving(roll, [c], as_of=opened + 2, cell=roll.east))
    now = roll.box.log.size - 1
    roll.undo(done)
    with pytest.raises(Conflict, match="Đỗ Thị Bẩy"):
        roll.ask(NoteAll(members=(b, c), day=TODAY, note="x", as_of=now))
    many = [roll.enter(full_name=f"Vừ A Páo {place}") for place in range(7)]
    with pytest.raises(Conflict, match="and 2 more"):
        roll.ask(moving(roll, many, as_of=now))


def test_only_where_one_records(roll: "Roll") -> None:
    """A clerk of one cell moves nobody out of another, and nobody into it."""
    a, _, c = three(roll)
    clerk = roll.someone("clerk", roll.east)
    for members, cell in (([c], roll.east), ([a], roll.west)):
        with pytest.raises(Forbidden):
            roll.ask(moving(roll, members, cell=cell), actor=clerk)
    with pytest.raises(Forbidden):
        roll.ask(NoteAll(members=(a, c), day=TODAY, note="x", as_of=roll.box.log.size - 1), actor=clerk)
    assert roll.ask(Note(member=a, day=TODAY, note="x"), actor=clerk).first > 0
