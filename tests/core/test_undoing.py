"""Undo: what nobody built on is taken back, the rest is left unless chosen; within 30 days, by the author or who may approve."""

import datetime as dt

import pytest
from tests.core.together import make
from tests.core.toys import Correct, Hide, Make, Paint, Toy

from chibox.commands import Answer
from chibox.core_commands import Appoint, MoveUnit, RegisterPerson, Undo
from chibox.errors import Forbidden, NotFound, Refused
from chibox.records.core import Retracted, SealedRetracted
from chibox.records.envelope import SEALED, decode
from chibox.testing.boxes import TODAY, Sandbox, act

DAY = 86_400_000


def names(made: Sandbox) -> list[str | None]:
    """The toys that there are."""
    with made.reading() as read:
        return sorted((toy.name for toy in read.rows(Toy, read.select(Toy))), key=str)


def undo(made: Sandbox, actor: str, *acts: Answer) -> Answer:
    """Take acts back: the first one, and the others along with it."""
    return made.ask(Undo(act=acts[0].act, also=tuple(other.act for other in acts[1:])), actor=actor)


def test_an_act_is_taken_back_whole(made: Sandbox, clerk: str) -> None:
    """Its records count as never stated; a second undo is refused; undoing the undo brings them again."""
    answer = made.ask(make(made, "a", "b"), actor=clerk)
    undone = undo(made, clerk, answer)
    assert names(made) == []
    (record,) = made.stated(undone)
    assert record == Retracted(targets=(f"a{answer.act}",))
    with pytest.raises(Refused, match="before"):
        undo(made, clerk, answer)
    undo(made, clerk, undone)
    assert names(made) == ["a", "b"]


def test_an_author_undoes_an_undo_without_being_an_administrator(made: Sandbox, clerk: str) -> None:
    """It needs what the records themselves needed; a reader may not."""
    undone = undo(made, clerk, made.ask(make(made, "a"), actor=clerk))
    with pytest.raises(Forbidden):
        undo(made, made.someone("cell_secretary"), undone)
    undo(made, clerk, undone)
    assert names(made) == ["a"]


def test_what_others_built_on_is_left(made: Sandbox, clerk: str) -> None:
    """Of an import the touched toys stay, by name in the record; chosen acts go along and their records with them."""
    answer = made.ask(make(made, "a", "b", "c"), actor=clerk)
    toy = made.subject(answer)
    painted = made.ask(Paint(toy=toy, colour="red"), actor=clerk)
    undone = undo(made, clerk, answer)
    assert names(made) == ["a"]
    assert made.stated(undone)[0].left == (made.entry(answer.first).rid,)
    undo(made, clerk, undone)
    undo(made, clerk, answer, painted)
    assert names(made) == []


def test_a_correction_rests_on_what_it_corrects(made: Sandbox, clerk: str) -> None:
    """The record that it answers is left; taking the correction back first frees it."""
    answer = made.ask(make(made, "a"), actor=clerk)
    corrected = made.ask(Correct(toy=made.subject(answer), position=answer.first, name="b"), actor=clerk)
    with pytest.raises(Refused, match="built on all of it"):
        undo(made, clerk, answer)
    undo(made, clerk, corrected)
    assert names(made) == ["a"]
    undo(made, clerk, answer)
    assert names(made) == []


def test_an_act_that_rests_on_nothing_here_does_not_go_along(made: Sandbox, clerk: str) -> None:
    """Strangers are taken back by themselves: their own thirty days, their own look at what rests on them."""
    first, stranger = (made.ask(make(made, name), actor=clerk) for name in "ab")
    with pytest.raises(Refused, match="1 of the acts do not rest"):
        undo(made, clerk, first, stranger)
    painted = made.ask(Paint(toy=made.subject(first), colour="red"), actor=clerk)
    later = made.ask(Paint(toy=made.subject(first), colour="blue"), actor=clerk)
    undo(made, clerk, first, painted, later)
    assert names(made) == ["b"]


def test_after_thirty_days_an_act_stands(made: Sandbox, clerk: str) -> None:
    """Also one that would go along; on the thirtieth day it may still be taken back."""
    old = made.ask(make(made, "a"), actor=clerk)
    painted = made.ask(Paint(toy=made.subject(old), colour="red"), actor=clerk)
    made.clock.at += 30 * DAY
    undo(made, clerk, painted)
    made.clock.at += 1
    with pytest.raises(Refused, match="30 days"):
        undo(made, clerk, old)


def test_who_may_undo(made: Sandbox) -> None:
    """The author may, and who approves there; another clerk may not, nor an author without a post, nor who approves elsewhere."""
    cell = made.unit("Chi bộ 1")
    author, other, elsewhere = made.someone("clerk"), made.someone("clerk"), made.someone("committee_secretary", cell)
    answers = [made.ask(make(made, name), actor=author) for name in "ab"]
    for stranger in (other, elsewhere, made.administrator, "0" * 32):
        with pytest.raises(Forbidden):
            undo(made, stranger, answers[0])
    undo(made, author, answers[0])
    undo(made, made.someone("committee_secretary"), answers[1])
    assert names(made) == []


def test_every_unit_concerned_counts(made: Sandbox) -> None:
    """Who may take back in one cell may not take back what reaches into another."""
    one, two = made.unit("Chi bộ 1"), made.unit("Chi bộ 2")
    clerk = made.someone("clerk")
    toys = tuple(made.subject(made.ask(Make(unit=unit, names=("a",)), actor=clerk)) for unit in (one, two))
    hidden = made.ask(Hide(toys=toys, place="attic"), actor=clerk)
    secretary = made.someone("committee_secretary", one)
    with pytest.raises(Forbidden):
        undo(made, secretary, hidden)
    made.ask(Appoint(person=secretary, role="committee_secretary", unit=two, day=TODAY))
    undo(made, secretary, hidden)


def test_the_undo_of_an_opaque_act_is_opaque(made: Sandbox, clerk: str) -> None:
    """Nothing in clear tells what was taken back, when, by whom."""
    toy = made.subject(made.ask(make(made, "a"), actor=clerk))
    hidden = made.ask(Hide(toys=(toy,), place="attic"), actor=clerk)
    undone = undo(made, clerk, hidden)
    envelope = decode(made.box.log.entry(undone.first))
    assert (envelope.kind, envelope.refs, envelope.by) == (SEALED, (), made.box.id)
    assert made.stated(undone) == [SealedRetracted(targets=(f"a{hidden.act}",))]
    with made.reading() as read:
        row = read.row(Toy, toy)
    assert row is not None
    assert row.hidden is None


def test_what_is_final_is_not_undone(made: Sandbox) -> None:
    """Neither the founding, nor an act that nobody knows."""
    with pytest.raises(Refused, match="final"):
        made.ask(Undo(act=made.entry(0).act))
    with pytest.raises(NotFound):
        made.ask(Undo(act=act()))


def test_a_unit_with_something_in_it_is_not_taken_back(made: Sandbox, clerk: str) -> None:
    """What stands in it, a unit under it, one moved there, a post in it: all rest on it."""
    for what in ("toy", "unit", "moved", "post"):
        unit = made.unit(f"Chi bộ {what}")
        made_by = made.entry(made.last(unit) or 0).act
        if what == "toy":
            later = made.ask(Make(unit=unit, names=("a",)), actor=clerk)
        elif what == "unit":
            later = Answer("", made.last(made.unit("Tổ 1", unit)) or 0, 0)
        elif what == "moved":
            later = made.ask(MoveUnit(unit=made.unit("Tổ 2"), parent=unit, day=TODAY))
        else:
            person = made.subject(made.ask(RegisterPerson(sign_in="nam")))
            later = made.ask(Appoint(person=person, role="clerk", unit=unit, day=TODAY))
        with pytest.raises(Refused, match="built on all of it"):
            made.ask(Undo(act=made_by))
        made.ask(Undo(act=made.entry(later.first).act), actor=clerk if what == "toy" else "")
        made.ask(Undo(act=made_by))
        assert unit not in made.box.picture.units


def test_a_circle_that_an_undo_makes_can_be_mended(made: Sandbox) -> None:
    """Two units stand under each other when a move between is taken back: the committee governs both all the same."""
    one, two = made.unit("A"), made.unit("B")
    made.ask(MoveUnit(unit=two, parent=one, day=TODAY))
    back = made.ask(MoveUnit(unit=two, parent=made.root, day=TODAY))
    made.ask(MoveUnit(unit=one, parent=two, day=TODAY))
    made.ask(Undo(act=back.act))
    picture = made.box.picture
    assert (picture.units[one].parent, picture.units[two].parent) == (two, one)
    assert (picture.path(one), picture.path(two)) == ((one, made.root), (two, made.root))
    made.ask(MoveUnit(unit=two, parent=made.root, day=TODAY))
    assert made.box.picture.path(one) == (one, two, made.root)


def test_an_undo_in_the_past_of_a_day_moves_that_day(made: Sandbox, clerk: str) -> None:
    """What was painted for an earlier day is folded again without the paint."""
    toy = made.subject(made.ask(make(made, "a", day=TODAY - dt.timedelta(days=9)), actor=clerk))
    early = made.ask(Paint(toy=toy, colour="red", day=TODAY - dt.timedelta(days=5)), actor=clerk)
    undo(made, clerk, early)
    with made.reading() as read:
        row = read.row(Toy, toy)
        facts = read.facts([toy], fields=("colour",))
        known = read.facts([toy], fields=("colour",), known=early.first)
    assert row is not None
    assert (row.colour, facts[toy]["colour"].value, known[toy]["colour"].value) == ("white", "white", "red")
