"""A fold that raises: its own plugin's command is refused; another plugin's tables stop, and catch up once it is mended."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.together import make, together
from tests.core.toys import RAISING, Break, Look, Make, Toy, Watching, toy_plugins

from chibox.box import Box
from chibox.commands import Answer
from chibox.core_commands import Undo
from chibox.errors import Away, Refused
from chibox.plugin import Plain, Row
from chibox.projections import catchup
from chibox.testing.boxes import Sandbox, plugins_of, sandbox


@pytest.fixture
def watching() -> Watching:
    """A plugin that folds what toys state."""
    return Watching()


@pytest.fixture
def made(tmp_path: Path, watching: Watching) -> Iterator[Sandbox]:
    """A box with both plugins."""
    RAISING.clear()
    with sandbox(tmp_path / "box", toy_plugins(watching)) as opened:
        yield opened
    RAISING.clear()


@pytest.fixture
def clerk(made: Sandbox) -> str:
    """Who may make toys, and look at them."""
    return made.someone("clerk")


def counts(made: Sandbox, watching: Watching) -> dict[str, int]:
    """What `watching` has counted, by colour."""
    with made.reading() as read:
        return {row.colour: row.made for row in read.rows(watching.row, read.select(watching.row))}


def stopped(made: Sandbox) -> dict[str, int]:
    """The projections that have stopped, and where."""
    return {projection.name: position for projection, position in made.box.engine.stopped.items()}


def test_the_commands_own_plugin_refuses_the_command(made: Sandbox, clerk: str) -> None:
    """Nothing is appended, nothing stops, and the next command is done."""
    size = made.box.log.size
    RAISING.add("toys")
    with pytest.raises(Away, match="Nothing was changed"):
        made.ask(make(made, "a"), actor=clerk)
    assert (made.box.log.size, stopped(made)) == (size, {})
    RAISING.clear()
    assert made.ask(make(made, "a"), actor=clerk).first == size


@pytest.mark.parametrize("what", ["watching", "watching keys", "watching huge", "watching no row"])
def test_another_plugins_tables_stop(made: Sandbox, watching: Watching, clerk: str, what: str) -> None:
    """The command is done, the cursor stays where the fold raised, and that plugin's commands are refused."""
    made.ask(make(made, "a"), actor=clerk)
    RAISING.add(what)
    answer = made.ask(make(made, "b"), actor=clerk)
    assert stopped(made) == {"watching.counts": answer.first}
    made.ask(make(made, "c"), actor=clerk)
    assert counts(made, watching) == {"white": 1}
    row = made.box.database.writer.execute("SELECT position, stopped FROM cursor WHERE projection='watching.counts'")
    assert row.fetchone() == (answer.first, answer.first)
    with pytest.raises(Away, match="watching"):
        made.ask(Look(), actor=clerk)


@pytest.mark.parametrize("what", ["watching", "watching keys", "watching huge", "watching no row"])
def test_a_mended_fold_catches_up_on_the_next_start(made: Sandbox, watching: Watching, clerk: str, what: str) -> None:
    """All that it missed is folded; undoing what came while it stood still touches the right rows."""
    made.ask(make(made, "a"), actor=clerk)
    RAISING.add(what)
    answers = [made.ask(make(made, name), actor=clerk) for name in "bcd"]
    made.reopen()
    (at,) = stopped(made).values()
    assert at < answers[0].first
    with pytest.raises(Away):
        made.ask(Look(), actor=clerk)
    RAISING.clear()
    made.reopen()
    assert stopped(made) == {}
    assert counts(made, watching) == {"white": 4}
    with pytest.raises(Refused, match="Nothing would change"):
        made.ask(Look(), actor=clerk)


def test_what_stopped_stays_stopped_when_the_batch_is_run_again(made: Sandbox, watching: Watching, clerk: str) -> None:
    """A batch that another command broke writes the stopped cursor all the same: the next start folds what is missing."""
    RAISING.add("watching")
    outcomes = together(made, (clerk, make(made, "a")), (clerk, Break(how="raise")), (clerk, Look()))
    assert [type(each) for each in outcomes] == [Answer, ValueError, Away]
    RAISING.clear()
    made.reopen()
    assert counts(made, watching) == {"white": 1}


def test_a_batch_that_fails_stops_nothing(made: Sandbox, watching: Watching, clerk: str) -> None:
    """A fold that raised in a batch that was rolled back has not stopped, for its entry is not there."""
    RAISING.update({"watching", "toys"})
    with pytest.raises(Away):
        made.ask(make(made, "a"), actor=clerk)
    assert stopped(made) == {}


def test_a_fold_that_raises_at_the_start_stops_its_tables_only(made: Sandbox, clerk: str) -> None:
    """The box opens, the other tables are whole."""
    made.ask(make(made, "a", "b"), actor=clerk)
    made.box.database.writer.execute("DELETE FROM cursor")
    RAISING.add("watching")
    made.reopen()
    assert list(stopped(made)) == ["watching.counts"]
    with made.reading() as read:
        assert read.count(Toy) == 2
    made.ask(make(made, "c"), actor=clerk)


def test_a_new_version_is_folded_from_nothing_beside_the_old(made: Sandbox, clerk: str) -> None:
    """Its tables bear its number; undo finds the entries under its own keys; the old tables go."""
    first = made.ask(make(made, "a"), actor=clerk)
    made.ask(make(made, "b"), actor=clerk)
    newer = Watching(version=2)
    made.reopen(toy_plugins(newer))
    assert counts(made, newer) == {"white": 2}
    made.ask(Undo(act=first.act), actor=clerk)
    assert counts(made, newer) == {"white": 1}
    tables = {name for (name,) in made.box.database.writer.execute("SELECT name FROM sqlite_schema WHERE type='table'")}
    assert {name for name in tables if name.startswith("watching")} == {"watching_count_2"}


class Wide(Row, frozen=True):
    """One column more."""

    more: Plain[str]


def test_a_table_that_was_made_otherwise_is_made_anew(made: Sandbox, clerk: str) -> None:
    """A column more under the same version stops nobody's box: the table is made and folded again."""
    made.ask(make(made, "a", "b"), actor=clerk)
    wider = Watching(base=Wide)
    made.reopen(toy_plugins(wider))
    assert (counts(made, wider), stopped(made)) == ({"white": 2}, {})
    made.ask(make(made, "c"), actor=clerk)
    made.reopen()
    assert counts(made, wider) == {"white": 3}


def test_undo_meets_a_row_that_cannot_be_written(made: Sandbox, watching: Watching, clerk: str) -> None:
    """Folding again stops that projection as folding on does; the undo itself is done."""
    answer = made.ask(make(made, "a"), actor=clerk)
    made.ask(make(made, "b"), actor=clerk)
    RAISING.add("watching huge")
    made.ask(Undo(act=answer.act), actor=clerk)
    assert list(stopped(made)) == ["watching.counts"]
    RAISING.clear()
    made.reopen()
    assert counts(made, watching) == {"white": 1}


def test_a_removed_plugin_leaves_its_records_and_tables(made: Sandbox, watching: Watching, clerk: str) -> None:
    """The kind becomes unknown, the entry stands without a body; when the plugin comes back its rows are right again."""
    answer = made.ask(make(made, "a"), actor=clerk)
    made.reopen(plugins_of())
    entry = made.entry(answer.first)
    assert (entry.kind, entry.body) == ("toys.made.1", None)
    assert made.box.log.body(answer.first) is not None
    made.unit("Chi bộ 1")
    made.reopen(toy_plugins(watching))
    assert counts(made, watching) == {"white": 1}
    with made.reading() as read:
        assert [row.name for row in read.rows(Toy, read.select(Toy))] == ["a"]


def test_progress_is_told(made: Sandbox, clerk: str) -> None:
    """Whoever waits for a box to open sees what is folded, and how far it is."""
    made.ask(make(made, *(f"toy {n}" for n in range(3000))), actor=clerk)
    made.box.database.writer.execute("DELETE FROM cursor")
    made.box.close()
    told: list[tuple[str, int, int]] = []
    made.box = Box.open(made.folder, clock=made.clock, plugins=made.plugins, progress=lambda *line: told.append(line))
    assert {what for what, _, _ in told} == {
        "index",
        "core.organisation",
        "core.identity",
        "core.keys",
        "core.closing",
        "core.delays",
        "core.erasing",
        "toys.toys",
        "watching.counts",
    }
    assert all(0 <= done < total == made.box.log.size for _, done, total in told)
    assert catchup.INDEX == "core.index"


def test_a_key_that_is_none_stops_its_projection(
    made: Sandbox, watching: Watching, clerk: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keys function that gives tuples of the wrong length is like one that raises."""
    (fold,) = watching.projection.folds["toys.made.1"]
    monkeypatch.setattr(fold, "keys", lambda entry: [(entry.unit,)])
    answer = made.ask(Make(unit=made.root, names=("a",)), actor=clerk)
    assert stopped(made) == {"watching.counts": answer.first}
