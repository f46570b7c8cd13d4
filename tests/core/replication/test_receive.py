"""A second box receives the first one's entries: equal rows, in batches of any size, with and without bodies."""

import random
from pathlib import Path
from typing import Any

import pytest
from tests.core.replication.sending import child_of, parts_of, push_of
from tests.core.together import make
from tests.core.toys import RAISING, Look
from tests.core.whole import merkle_root

from chibox.errors import Conflict, NotFound
from chibox.identity.permissions import Picture
from chibox.plugins import Plugins
from chibox.projections import catchup
from chibox.reading import Read
from chibox.records.checkpoints import Checkpoint
from chibox.records.notes import split_note
from chibox.replication.children import ChildLog, all_children
from chibox.replication.receive import Push, Received, enrol_child, receive
from chibox.testing.boxes import Sandbox, sandbox


def take(parent: Sandbox, child: Sandbox, push: Push) -> Received:
    """Have a push received."""
    return receive(parent.box, child.box.id, push).result(30)


def rows(made: Sandbox, box: int = 1) -> dict[str, list[Any]]:
    """Every projected row, fact and index row of one box's log, the column of the box aside."""
    run = made.box.database.writer
    tables = [table.name for p in made.box.engine.projections for table in p.tables.values()]
    found: dict[str, list[Any]] = {}
    for name in (*tables, "record", "about", "link", "fact"):
        columns = [c[1] for c in run.execute(f'PRAGMA table_info("{name}")') if c[1] not in ("id", "box")]
        query = f'SELECT {", ".join(columns)} FROM "{name}" WHERE box=?'
        found[name] = sorted(run.execute(query, (box,)).fetchall(), key=repr)
    found["act"] = run.execute("SELECT act, first, last, by FROM act WHERE box=? ORDER BY first", (box,)).fetchall()
    return found


def log_of(parent: Sandbox) -> ChildLog:
    """The child's log as the parent has it."""
    (here,) = all_children(parent.box.database.writer, parent.box.library)
    return here


@pytest.mark.parametrize("size", [1, 7, 100, 256, 1000])
def test_a_parent_has_equal_rows(parent: Sandbox, child: Sandbox, size: int) -> None:
    """In batches of any size, and after a restart in the middle: entries, rows, facts and index are those of the child."""
    before, end = rows(parent), child.box.log.size
    for first in range(0, end, size):
        received = take(parent, child, push_of(child, first, min(first + size, end), signed=end if first else 0))
        assert received == Received(min(first + size, end), end)
        if first // size == 1:
            parent.reopen()
    assert rows(parent, 2) == rows(child)
    assert rows(parent) == before
    here = log_of(parent)
    assert [here.log.entry(p) for p in range(end)] == [child.box.log.entry(p) for p in range(end)]
    assert [here.log.body(p) for p in range(end)] == [child.box.log.body(p) for p in range(end)]
    head = here.log.head
    assert head is not None
    assert Checkpoint.parse(split_note(head.note)[0]) == Checkpoint(f"{child.box.name}/log/1", end, head.root)


def test_a_growing_child_is_followed(parent: Sandbox, plugins: Plugins, tmp_path: Path) -> None:
    """Each push under another checkpoint, which begins with the one before; it may end before its checkpoint does."""
    with sandbox(tmp_path / "young", plugins, seed=9, name="demo.young") as young:
        enrol_child(parent.box, child_of(young))
        clerk, at, signed = young.someone("clerk"), 0, 0
        for turn in range(1, 12):
            young.ask(make(young, *(f"{turn} {n}" for n in range(turn * 11))), actor=clerk)
            end = young.box.log.size - (0 if turn % 3 else 2)
            push = push_of(young, at, end, signed=signed)
            at, signed = end, young.box.log.size
            assert take(parent, young, push) == Received(at, signed)
        take(parent, young, push_of(young, at, signed=signed))
        assert rows(parent, 3) == rows(young)


@pytest.mark.parametrize("seed", range(8))
def test_parts_may_come_late_and_in_any_order(parent: Sandbox, child: Sandbox, seed: int) -> None:
    """Whatever was withheld, sent with later entries, with the same entries again, or by itself: at the end rows are equal."""
    rng, end, at = random.Random(seed), child.box.log.size, 0
    withheld = {p for p in range(end) if rng.random() < rng.choice((0.1, 0.5, 1))}
    ahead: list[int] = []
    while at < end:
        first, last = max(0, at - rng.choice((0, 0, 5))), min(end, at + rng.choice((1, 20, 150)))
        some = rng.sample(ahead, k=min(len(ahead), rng.randrange(4)))
        without = withheld if first == at else withheld - set(range(first, at))
        push = push_of(
            child, first, last, signed=end if at else 0, without=without.__contains__, late=parts_of(child, some)
        )
        take(parent, child, push)
        ahead = [p for p in {*ahead, *range(at, last)} if p in without and p not in some]
        at = last
        if rng.random() < 0.2:
            parent.reopen()
    rng.shuffle(ahead)
    take(parent, child, push_of(child, end, signed=end, late=parts_of(child, ahead)))
    assert rows(parent, 2) == rows(child)


def test_without_bodies_a_parent_has_what_envelopes_tell(parent: Sandbox, child: Sandbox) -> None:
    """The same entries without a body give the same rows step by step as from nothing, and no name of anything."""
    end = child.box.log.size
    for first in range(0, end, 64):
        take(
            parent,
            child,
            push_of(child, first, min(first + 64, end), signed=end if first else 0, without=lambda p: p > 0),
        )
    before = rows(parent, 2)
    assert all(
        value is None for *_, value in parent.box.database.writer.execute("SELECT name FROM toys_toy_1 WHERE box=2")
    )
    writer = parent.box.database.writer
    writer.execute("BEGIN")
    here = log_of(parent)
    catchup.reindex(here.engine, end)
    for projection in here.engine.projections:
        catchup.rebuild(here.engine, projection, end)
    found = rows(parent, 2)
    writer.execute("ROLLBACK")
    assert found == before
    assert len(before["record"]) == end


def test_a_push_that_comes_again_changes_nothing(parent: Sandbox, child: Sandbox) -> None:
    """The answer got lost: the same push, or one that overlaps, is taken as before; a gap says where to go on."""
    end = child.box.log.size
    first, second = push_of(child, 0, 200), push_of(child, 150, end, signed=end)
    assert take(parent, child, first) == take(parent, child, first) == Received(200, end)
    with pytest.raises(Conflict) as gap:
        take(parent, child, push_of(child, 201, end, signed=end))
    assert gap.value.words.params == {"size": 200}
    assert take(parent, child, second) == take(parent, child, second) == Received(end, end)
    assert rows(parent, 2) == rows(child)


def test_an_unknown_box_is_not_found(parent: Sandbox, child: Sandbox) -> None:
    """Neither a stranger, nor the box itself."""
    for box in ("0" * 32, parent.box.id):
        with pytest.raises(NotFound):
            receive(parent.box, box, push_of(child, 0, 1)).result(10)


def test_a_childs_rows_are_read_under_its_number(parent: Sandbox, child: Sandbox) -> None:
    """Its tree, its facts, its history, beside those of the parent."""
    take(parent, child, push_of(child, 0))
    with parent.box.database.reading() as connection:
        picture = Picture.load(connection, parent.box.roles, 2)
        read = Read(connection, parent.box.library, picture, parent.clock.now(), box=2)
        assert read.size == child.box.log.size
        assert picture.root == child.root
        assert picture.units == child.box.picture.units
        with child.reading() as own:
            assert read.facts() == own.facts()
            assert list(read.history(child.root)) == list(own.history(child.root))
    assert child.root not in parent.box.picture.units


def test_the_parents_own_log_goes_on(parent: Sandbox, child: Sandbox) -> None:
    """Receiving signs nothing of its own; what the parent records meanwhile is its own."""
    size = parent.box.log.size
    take(parent, child, push_of(child, 0, 100))
    clerk = parent.someone("clerk")
    take(parent, child, push_of(child, 100, signed=child.box.log.size))
    parent.ask(make(parent, "own"), actor=clerk)
    assert parent.box.log.size == size + 3
    head = parent.box.log.head
    assert head is not None
    assert head.root == merkle_root([parent.box.log.entry(p) for p in range(size + 3)])
    parent.reopen()
    assert rows(parent, 2) == rows(child)


def test_a_projection_that_stops_for_one_child_stops_for_it_alone(parent: Sandbox, child: Sandbox) -> None:
    """Its cursor stays, pushes are taken all the same, the parent's own commands go on; mended, it catches up."""
    clerk = parent.someone("clerk")
    RAISING.add("watching")
    try:
        take(parent, child, push_of(child, 0, 250))
        RAISING.clear()
        take(parent, child, push_of(child, 250, signed=child.box.log.size))
        assert [p.name for p in log_of(parent).engine.stopped] == ["watching.counts"]
        with pytest.raises(Exception, match="Nothing would change"):
            parent.ask(Look(), actor=clerk)
        assert rows(parent, 2) != rows(child)
        parent.reopen()
        assert rows(parent, 2) == rows(child)
    finally:
        RAISING.clear()
