"""A child with a lively log, and a parent that knows it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.replication.sending import child_of
from tests.core.together import make
from tests.core.toys import Correct, Hide, Make, Paint, Watching, toy_plugins

from chibox.commands import Asked
from chibox.core_commands import Undo
from chibox.plugins import Plugins
from chibox.records.core import Erased, Joined
from chibox.records.stated import state
from chibox.replication.receive import enrol_child
from chibox.testing.boxes import TODAY, Sandbox, act, sandbox


@pytest.fixture(scope="session")
def watching() -> Watching:
    """One plugin for both boxes: the same folds."""
    return Watching()


@pytest.fixture(scope="session")
def plugins(watching: Watching) -> Plugins:
    """What both boxes have installed."""
    return toy_plugins(watching)


@pytest.fixture(scope="module")
def child(tmp_path_factory: pytest.TempPathFactory, plugins: Plugins) -> Iterator[Sandbox]:
    """A box with all that makes folding hard: late facts, corrections, undo and its undo, joins, erasure, opaque acts."""
    with sandbox(tmp_path_factory.mktemp("child") / "box", plugins, seed=5, name="demo.child") as made:
        lively(made)
        yield made


@pytest.fixture
def parent(tmp_path: Path, plugins: Plugins, child: Sandbox) -> Iterator[Sandbox]:
    """A box that knows the child."""
    with sandbox(tmp_path / "parent", plugins, seed=6) as made:
        enrol_child(made.box, child_of(child))
        yield made


def lively(made: Sandbox) -> None:
    """Some hundred entries."""
    clerk = made.someone("clerk")
    cell = made.unit("Chi bộ 1")
    answer = made.ask(make(made, *(f"toy {n}" for n in range(300))), actor=clerk)
    toys = [made.box.engine.entry_at(p).subject for p in range(answer.first, answer.last + 1)]
    for n, toy in enumerate(toys[:20]):
        made.clock.at += 3_600_000
        made.ask(Paint(toy=toy, colour="red", day=TODAY - dt.timedelta(days=n)), actor=clerk)
    made.ask(Correct(toy=toys[3], position=answer.first + 3, name="Đồ chơi"), actor=clerk)
    hidden = made.ask(Hide(toys=tuple(toys[:8]), place="attic"), actor=clerk)
    made.ask(Hide(toys=tuple(toys[4:6]), place="cellar"), actor=clerk)
    undone = made.ask(Undo(act=hidden.act), actor=clerk)
    made.ask(Undo(act=made.ask(Paint(toy=toys[9], colour="blue"), actor=clerk).act), actor=clerk)
    made.ask(Undo(act=undone.act), actor=clerk)
    stated(made, Joined(old=toys[1], new=toys[2]))
    erased = (made.entry(answer.first + 5).rid, made.entry(answer.first + 23).rid)
    stated(made, Erased(records=erased, reason="request"))
    made.ask(Make(unit=cell, names=("late",), day=TODAY - dt.timedelta(days=500)), actor=clerk)


def stated(made: Sandbox, record: Joined | Erased) -> None:
    """State what no command states yet."""
    asked = Asked(actor=made.administrator, act=act())
    read = made.box.read_inside(made.administrator)
    about = [state(record, made.root, made.root)]
    made.box.writer.submit(lambda: made.box.turns.append(asked, about, read, "core", None, None)).result(10)
