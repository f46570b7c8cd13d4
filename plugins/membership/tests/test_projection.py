"""Folds: rows without bodies, the contract of folding, and rows that say what the facts say."""

import datetime as dt
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from chibox.commands import Answer
from chibox.errors import Refused
from chibox.records.stated import Entry
from chibox.testing.folding import check_folds
from chibox_membership import projection
from chibox_membership.asking import Change, Correct, Leave, Move, SetStatus
from chibox_membership.onday import SHOWN, member_on, roll_on
from chibox_membership.records import RECORDS
from chibox_membership.tables import GONE, Member, members

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

DAY, ADMITTED = dt.date(2026, 3, 1), dt.date(2020, 1, 1)


def without_body(kind: str, unit: str) -> Entry[Any]:
    """An entry of membership whose body is withheld."""
    return Entry(9, "1" * 32, "2" * 32, kind, 1_772_334_000_000, unit, "3" * 32, "4" * 32, (), "3" * 32, {}, None)


def test_an_entry_without_its_body_says_what_the_envelope_says(roll: "Roll") -> None:
    """A withheld move still names the cell, a withheld leaving that somebody went, others leave the row as it was."""
    row = roll.member(roll.enter())
    moved = projection.moved(row, without_body("membership.moved.1", roll.west))
    left = projection.left(row, without_body("membership.left.1", roll.east))
    assert moved is not None
    assert left is not None
    assert (moved.cell, moved.cell_since) == (roll.west, DAY)
    assert (left.status, left.status_since) == ("left_party", DAY)
    assert projection.changed(row, without_body("membership.changed.1", roll.east)) == row
    assert projection.corrected(row, without_body("membership.corrected.1", roll.east)) == row
    assert projection.status_set(row, without_body("membership.status_set.1", roll.east)) == row
    assert projection.entered(None, without_body("membership.entered.1", roll.east)) is None


def test_nothing_is_told_of_somebody_who_was_not_entered(roll: "Roll") -> None:
    """Without the entry no later record makes a row."""
    for fold in (projection.moved, projection.left, projection.status_set, projection.changed, projection.corrected):
        assert fold(None, without_body("membership.moved.1", roll.west)) is None


@pytest.mark.parametrize("seed", range(4))
def test_every_way_of_folding_gives_the_same_rows(seed: int) -> None:
    """Step by step or from nothing, with retractions, joins, erasures, late facts and late bodies."""
    check_folds(RECORDS, [members], seed)


def some_day(rng: random.Random) -> dt.date:
    """A day between an admission and today."""
    return dt.date(2019, 6, 1) + dt.timedelta(days=rng.randrange(2700))


def one_act(roll: "Roll", rng: random.Random, who: str, done: list[Answer]) -> Answer:
    """Something that a clerk might do to one member, late or not."""
    word, day = f"{rng.randrange(6)}", some_day(rng)
    acts: list[Callable[[], Answer]] = [
        lambda: roll.ask(Change(member=who, day=day, residence_detail=word)),
        lambda: roll.ask(Change(member=who, day=day, other_name=rng.choice((None, word)), card_place=word)),
        lambda: roll.ask(Correct(member=who, residence_detail=word, home_place_detail=word, ground="statement")),
        lambda: roll.ask(Correct(member=who, full_name=f"Vừ A {word}", ground="decision", paper="x")),
        lambda: roll.ask(Correct(member=who, admitted_on=day, ground="decision")),
        lambda: roll.ask(Move(member=who, day=day, cell=rng.choice(roll.cells))),
        lambda: roll.ask(SetStatus(member=who, day=day, status=rng.choice(("active", "exempt", "suspended")))),
        lambda: roll.undo(rng.choice(done)),
    ]
    if rng.random() < 0.1:
        return roll.ask(Leave(member=who, day=day, status="transferred"))
    return rng.choice(acts)()


@pytest.mark.parametrize("seed", range(6))
def test_rows_say_what_the_facts_say(roll: "Roll", seed: int) -> None:
    """After any acts, late facts, corrections and undos each field of a row is the latest fact of it."""
    rng = random.Random(seed)
    people = [roll.enter(admitted_on=ADMITTED, official_on=None, residence_detail="0") for _ in range(3)]
    done: list[Answer] = []
    for _ in range(60):
        try:
            done.append(one_act(roll, rng, rng.choice(people), done or [Answer("0" * 32, 0, 0)]))
        except Refused:
            continue
    assert len(done) > 25
    with roll.box.reading() as read:
        for who in people:
            row = read.row(Member, who)
            told, _ = member_on(read, who, dt.date(9999, 12, 31))
            assert {f: getattr(row, f) for f in SHOWN} == {f: getattr(told, f) for f in SHOWN}
        present = {m.subject: (m.cell, m.status, m.name_key) for m in roll_on(read, read.today)}
        rows = [read.row(Member, who) for who in people]
        assert present == {r.subject: (r.cell, r.status, r.name_key) for r in rows if r and r.status not in GONE}
