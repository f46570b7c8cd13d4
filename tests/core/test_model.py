"""The whole flow against plain lists: whatever is asked, in whatever order, the box holds what the lists hold."""

import datetime as dt
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.core.together import together
from tests.core.toys import Break, Correct, Hide, Make, Paint, Toy, Watching, toy_plugins
from tests.core.whole import everything, merkle_root

from chibox.clock import GivenClock
from chibox.commands import Answer, Command
from chibox.core_commands import CreateUnit, MoveUnit, RenameUnit, Undo
from chibox.errors import Refused
from chibox.organisation.tables import Unit
from chibox.projections import catchup
from chibox.testing.boxes import TODAY, Sandbox

LONG = bool(os.environ.get("CHIBOX_LONG"))
NAMES, COLOURS = ("a", "b", "c", "d"), ("white", "red", "blue")
DAYS = tuple(TODAY - dt.timedelta(days=n) for n in (0, 1, 2, 40))


class Fact:
    """What the model holds of a record: about which toy, of which day, and how it changes the toy."""

    def __init__(self, act: str, toy: str, day: dt.date, change: dict[str, Any]) -> None:
        self.act, self.toy, self.day, self.change = act, toy, day, change


class Model(RuleBasedStateMachine):
    """Units and toys in plain lists; each rule asks the box and does the same to the lists."""

    toys: Bundle[str] = Bundle("toys")
    units: Bundle[str] = Bundle("units")

    @initialize(target=units)
    def found(self) -> str:
        """A box, a clerk, the committee."""
        self.folder = Path(tempfile.mkdtemp(prefix="model"))
        self.watching = Watching()
        self.made = Sandbox(self.folder / "box", toy_plugins(self.watching), GivenClock.on(TODAY), 1)
        self.spare_the_disk()
        self.clerk, root = self.made.someone("clerk"), self.made.root
        self.parents: dict[str, str | None] = {root: None}
        self.names: dict[str, list[str]] = {root: ["Đảng bộ xã Sao Mai"]}
        self.facts: list[Fact] = []
        self.homes: dict[str, int] = {}  # the position of the record that made the toy
        self.counted = 0
        self.acts: dict[str, tuple[str, Command, Answer]] = {}
        self.undone: set[str] = set()
        self.size = self.made.box.log.size
        return root

    # --- rules

    @rule(target=units, parent=units, name=st.sampled_from(NAMES))
    def create_unit(self, parent: str, name: str) -> str:
        """A unit is created."""
        answer = self.done(self.made.administrator, CreateUnit(parent=parent, name=name, kind="cell", day=TODAY))
        unit = self.made.subject(answer)
        self.parents[unit], self.names[unit] = parent, [name]
        return unit

    @rule(unit=units, name=st.sampled_from(NAMES))
    def rename_unit(self, unit: str, name: str) -> None:
        """A unit is renamed, unless it bears the name."""
        command = RenameUnit(unit=unit, name=name, day=TODAY)
        if self.names[unit][-1] == name:
            self.refused(self.made.administrator, command)
        else:
            self.done(self.made.administrator, command)
            self.names[unit].append(name)

    @rule(unit=units, parent=units)
    def move_unit(self, unit: str, parent: str) -> None:
        """A unit is moved, unless it would stand under itself or stands there."""
        command, above = MoveUnit(unit=unit, parent=parent, day=TODAY), [parent]
        while (higher := self.parents[above[-1]]) is not None:
            above.append(higher)
        if unit in above or self.parents[unit] == parent:
            self.refused(self.made.administrator, command)
        else:
            self.done(self.made.administrator, command)
            self.parents[unit] = parent

    @rule(target=toys, unit=units, name=st.text(st.characters(codec="ascii", categories=["L"]), min_size=2, max_size=3))
    def make_toy(self, unit: str, name: str) -> str:
        """A toy is made."""
        name = f"{name}{self.size}"
        answer = self.done(self.clerk, Make(unit=unit, names=(name,)))
        toy = self.made.subject(answer)
        self.homes[toy] = answer.first
        self.facts.append(Fact(answer.act, toy, TODAY, {"name": name, "colour": "white", "hidden": None}))
        return toy

    @rule(toy=toys, colour=st.sampled_from(COLOURS), day=st.sampled_from(DAYS))
    def paint(self, toy: str, colour: str, day: dt.date) -> None:
        """A toy is painted, also on a day before it was made: then it is painted first."""
        row, command = self.toy(toy), Paint(toy=toy, colour=colour, day=day)
        if row is None or row["colour"] == colour:
            self.refused(self.clerk, command)
        else:
            answer = self.done(self.clerk, command)
            self.facts.append(Fact(answer.act, toy, day, {"colour": colour}))

    @rule(toy=toys, name=st.sampled_from(NAMES))
    def correct(self, toy: str, name: str) -> None:
        """A toy's name is corrected: after the record that it corrects, whatever its day."""
        command = Correct(toy=toy, position=self.homes[toy], name=name)
        if self.toy(toy) is None:
            self.refused(self.clerk, command)
        else:
            answer = self.done(self.clerk, command)
            self.facts.append(Fact(answer.act, toy, TODAY, {"name": name}))

    @rule(toys_=st.lists(toys, min_size=1, max_size=3, unique=True), place=st.sampled_from(NAMES))
    def hide(self, toys_: list[str], place: str) -> None:
        """Toys are hidden, in an opaque act."""
        command = Hide(toys=tuple(toys_), place=place)
        if any(self.toy(toy) is None for toy in toys_):
            self.refused(self.clerk, command)
        else:
            answer = self.done(self.clerk, command)
            self.facts += [Fact(answer.act, toy, TODAY, {"hidden": place}) for toy in toys_]

    @precondition(lambda self: self.facts)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        """An act about toys is taken back, but for toys on which another act in force was built later."""
        name = data.draw(st.sampled_from([*dict.fromkeys(fact.act for fact in self.facts)]))
        mine = [fact for fact in self.facts if fact.act == name]
        later = self.facts[self.facts.index(mine[-1]) + 1 :]
        built_on = {fact.toy for fact in later}
        taken = [fact for fact in mine if fact.toy not in built_on]
        if not taken:
            self.refused(self.clerk, Undo(act=name))
        else:
            self.done(self.clerk, Undo(act=name))
            self.facts = [fact for fact in self.facts if fact not in taken]

    @precondition(lambda self: self.acts)
    @rule(data=st.data())
    def ask_again(self, data: st.DataObject) -> None:
        """An act that comes again is answered as it was."""
        name = data.draw(st.sampled_from([*self.acts]))
        actor, command, answer = self.acts[name]
        assert self.made.ask(command, actor=actor, act=name) == answer

    @rule(unit=units, count=st.integers(0, 4), broken=st.booleans())
    def batch(self, unit: str, count: int, broken: bool) -> None:
        """Commands that wait together are done together, whatever one of them raises."""
        some: list[tuple[str, Command]] = [
            (self.clerk, Make(unit=unit, names=(f"{n}/{self.size}",))) for n in range(count)
        ]
        some.insert(count // 2, (self.clerk, Break(how="raise" if broken else "refuse")))
        acts = tuple(self.act() for _ in some)
        for name, (actor, command), outcome in zip(acts, some, together(self.made, *some, acts=acts), strict=True):
            if isinstance(command, Make):
                assert isinstance(outcome, Answer)
                self.remember(name, actor, command, outcome)
                toy = self.made.subject(outcome)
                self.homes[toy] = outcome.first
                change = {"name": command.names[0], "colour": "white", "hidden": None}
                self.facts.append(Fact(name, toy, TODAY, change))
            else:
                assert isinstance(outcome, Exception)

    @rule(toy=toys)
    def ask_without_a_post(self, toy: str) -> None:
        """Who holds no post is refused."""
        self.refused("0" * 32, Paint(toy=toy, colour="red"))

    @rule()
    def restart(self) -> None:
        """The box is closed and opened."""
        self.made.reopen()
        self.spare_the_disk()

    @rule()
    def let_time_pass(self) -> None:
        """A minute goes by."""
        self.made.clock.at += 60_000

    # --- what always holds

    @invariant()
    def rows_are_those_of_the_lists(self) -> None:
        """Units, their names and places, and every toy."""
        with self.made.reading() as read:
            units = {u.subject: u for u in read.rows(Unit, read.select(Unit))}
            rows = {t.subject: t for t in read.rows(Toy, read.select(Toy))}
            facts = read.facts(fields=("name",))
        assert (
            {u: unit.parent for u, unit in units.items()}
            == self.parents
            == {u: unit.parent for u, unit in self.made.box.picture.units.items()}
        )
        assert {u: unit.name for u, unit in units.items()} == {u: names[-1] for u, names in self.names.items()}
        expected = {toy: row for toy in self.homes if (row := self.toy(toy)) is not None}
        found = {t: {"name": r.name, "colour": r.colour, "hidden": r.hidden} for t, r in rows.items()}
        assert found == expected
        stated = {toy: row["name"] for toy, row in expected.items()}
        assert {s: f["name"].value for s, f in facts.items() if s in self.homes} == stated

    @invariant()
    def the_log_is_as_long_as_what_was_answered(self) -> None:
        """Positions have no gap, and no refusal left a trace."""
        assert self.made.box.log.size == self.size

    def teardown(self) -> None:
        """The signed root is the one of the entries, and everything folded from nothing is what stands."""
        if not hasattr(self, "made"):
            return
        box = self.made.box
        entries = [box.log.entry(position) for position in range(box.log.size)]
        head = box.log.head
        assert head is not None
        assert (head.size, head.root) == (len(entries), merkle_root(entries))
        before = everything(self.made)
        writer = box.database.writer
        writer.execute("BEGIN")
        catchup.reindex(box.engine, box.log.size)
        for projection in box.engine.projections:
            catchup.rebuild(box.engine, projection, box.log.size)
        assert everything(self.made) == before
        writer.execute("ROLLBACK")
        box.close()
        shutil.rmtree(self.folder)

    # --- what rules share

    def spare_the_disk(self) -> None:
        """Nothing here is about power loss."""
        self.made.box.database.writer.execute("PRAGMA synchronous=OFF")

    def act(self) -> str:
        """The next id of an act: the same in every run of one example."""
        self.counted += 1
        return f"{self.counted:032x}"

    def toy(self, toy: str) -> dict[str, Any] | None:
        """A toy as its facts say, in the order of their days, or None while it has not been made."""
        mine = [fact for fact in self.facts if fact.toy == toy]
        row: dict[str, Any] | None = None
        for fact in sorted(mine, key=lambda fact: (fact.day, self.facts.index(fact))):
            if "colour" in fact.change and "name" in fact.change:
                row = {**fact.change, "hidden": None if row is None else row["hidden"]}
            elif row is not None:
                row = {**row, **fact.change}
        return row

    def done(self, actor: str, command: Command) -> Answer:
        """Have a command done, and remember its answer."""
        name = self.act()
        answer = self.made.ask(command, actor=actor, act=name)
        self.remember(name, actor, command, answer)
        return answer

    def remember(self, name: str, actor: str, command: Command, answer: Answer) -> None:
        """The log goes on where it stood."""
        assert answer.first == self.size
        self.size = answer.last + 1
        self.acts[name] = (actor, command, answer)

    def refused(self, actor: str, command: Command) -> None:
        """Have a command refused."""
        try:
            self.made.ask(command, actor=actor)
        except Refused:
            return
        raise AssertionError(f"{command} was done")


TestModel = Model.TestCase
TestModel.settings = settings(
    max_examples=400 if LONG else 30,
    stateful_step_count=40 if LONG else 25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
