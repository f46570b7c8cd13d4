"""Writer, restore and generations against plain lists: whatever is put back, copied or lost, nothing contradicts what left."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.core.toys import Make, toy_plugins
from tests.core.whole import merkle_root

from chibox.clock import GivenClock
from chibox.errors import Away, Refused
from chibox.opening import announce_key, ask_opening, open_generation, retire_key
from chibox.records.export import export_log
from chibox.records.log import LogReader
from chibox.records.verify import verify_log
from chibox.signing import place
from chibox.testing.boxes import TODAY, Sandbox
from chibox.verifying import verify_box

LONG = bool(os.environ.get("CHIBOX_LONG"))


class Aside(NamedTuple):
    """A copy of the database of a while ago: where it is, its generation, how many entries, whether a key was announced in it."""

    path: Path
    generation: int
    size: int
    key: str


class Generations(RuleBasedStateMachine):
    """The lists: entries of the log here, and each checkpoint that left with the entries it stood for."""

    @initialize()
    def found(self) -> None:
        """A box with two people who may, and a clerk."""
        self.place = Path(tempfile.mkdtemp(prefix="generations"))
        self.made = Sandbox(self.place / "box", toy_plugins(), GivenClock.on(TODAY), 1)
        self.people = (self.made.administrator, self.made.someone("committee_secretary"))
        self.clerk = self.made.someone("clerk")
        self.left: dict[tuple[int, int], bytes] = {}  # every checkpoint that left, and its root
        self.aside: list[Aside] = []
        self.number, self.unmarked, self.copied = 0, False, False
        self.spare()
        self.publish()

    def spare(self) -> None:
        """These are faults of people, not of the disk: no sync is waited for."""
        self.made.box.database.writer.execute("PRAGMA synchronous=OFF")

    @property
    def entries(self) -> list[bytes]:
        """The log as it is stored, entry by entry."""
        with self.made.box.database.reading() as connection:
            reader = LogReader(connection)
            return [entry for _, entry, _ in reader.entries(0, reader.head().size)]

    def reopen(self) -> None:
        """Another start."""
        self.made.reopen()
        self.spare()

    @property
    def wanted(self) -> set[str]:
        """Why the box must not sign now; empty when it must."""
        log, found = self.made.box.log, set()
        here = [(size, root) for (generation, size), root in self.left.items() if generation == log.generation]
        if self.unmarked:
            found.add("mark_lost")
        elif any((generation, size) > (log.generation, log.size) for generation, size in self.left):
            found.add("behind")
        entries = self.entries
        if not self.unmarked and any(merkle_root(entries[:size]) != root for size, root in here if size <= log.size):
            found.add("forked")
        if self.copied:
            found.add("copied")
        return found

    @rule(count=st.sampled_from((1, 2, 130)))
    def record(self, count: int) -> None:
        """Some toys, or a refusal that changes nothing."""
        before = self.entries
        self.number += 1
        command = Make(unit=self.made.root, names=tuple(f"{self.number}/{n}" for n in range(count)))
        try:
            answer = self.made.ask(command, actor=self.clerk)
        except Away:
            assert self.made.box.stopped is not None
            assert self.entries == before
        else:
            assert self.made.box.stopped is None
            assert self.entries[: len(before)] == before
            assert answer.last + 1 == len(before) + count

    @rule()
    def publish(self) -> None:
        """A checkpoint leaves, unless it would contradict one that left before."""
        try:
            head = self.made.box.publish()
        except Away:
            assert self.wanted & {"forked", "mark_lost"}
            return
        known = self.left.setdefault((head.generation, head.size), head.root)
        assert known == head.root

    @rule()
    def set_aside(self) -> None:
        """A copy of the database as it stands."""
        log = self.made.box.log
        self.made.box.close()
        path = self.place / f"aside-{len(self.aside)}"
        shutil.copyfile(self.made.folder / "box.db", path)
        self.aside.append(Aside(path, log.generation, log.size, self.made.box.key))
        self.reopen()

    @precondition(lambda self: self.aside)
    @rule(which=st.integers(0, 99), data=st.data())
    def put_back(self, which: int, data: Any) -> None:
        """One of those copies again."""
        aside = self.aside[which % len(self.aside)]
        self.made.box.close()
        shutil.copyfile(aside.path, self.made.folder / "box.db")
        self.reopen()

    @precondition(lambda self: not self.unmarked)
    @rule()
    def lose_the_mark(self) -> None:
        """Somebody takes the mark away: what left is not known any more, to the box."""
        self.made.box.close()
        (self.made.folder / "mark").unlink()
        self.unmarked = True
        self.reopen()

    @rule(moved=st.booleans())
    def copy_the_folder(self, moved: bool) -> None:
        """The box goes on in a copy; whoever moved it for good may say so."""
        self.made.box.close()
        folder = self.place / f"box-{os.urandom(4).hex()}"
        shutil.copytree(self.made.folder, folder)
        self.made.folder = folder
        if moved:
            place.settle(folder)
        self.copied = not moved
        self.reopen()

    @rule()
    def open_the_next(self) -> None:
        """Two people, when the box does not sign; what is common goes on under a number that nothing bears."""
        box = self.made.box
        if box.stopped is None:
            return
        unknown = max((generation for generation, _ in self.left), default=1) + 1 if self.unmarked else None
        try:
            ask = ask_opening(box, self.people[0], generation=unknown)
        except Refused:
            assert "forked" in self.wanted
            return
        before = self.entries
        answer = open_generation(box, self.people[1])
        assert answer.first == ask.size
        assert self.entries[: ask.size] == before[: ask.size]
        assert not [number for number, _ in self.left if number == box.log.generation]
        self.unmarked = self.copied = False
        head = box.mark.last
        assert head is not None
        self.left[head.generation, head.size] = head.root

    @rule()
    def change_the_key(self) -> None:
        """Announced, or retired when one is announced, while the box signs."""
        try:
            announce_key(self.made.box)
        except Away:
            return
        except Refused:
            retire_key(self.made.box)

    @rule()
    def start_again(self) -> None:
        """Closed and opened."""
        self.made.box.close()
        self.reopen()

    @invariant()
    def it_signs_when_it_may(self) -> None:
        """Not signing exactly when it must be, for one of the reasons that there are."""
        if not hasattr(self, "made"):
            return
        stopped, wanted = self.made.box.stopped, self.wanted
        reason = "" if stopped is None else stopped.reason
        assert (reason in wanted | {"key_lost"}) if reason else not wanted, (reason, wanted)

    @invariant()
    def what_left_is_not_contradicted(self) -> None:
        """While it signs, every checkpoint of this generation that left is of the log here."""
        if not hasattr(self, "made") or self.made.box.stopped is not None:
            return
        entries, generation = self.entries, self.made.box.log.generation
        for (number, size), root in self.left.items():
            if number == generation:
                assert merkle_root(entries[:size]) == root

    def teardown(self) -> None:
        """The box verifies, and so does an export of all its generations, when it signs."""
        if not hasattr(self, "made"):
            return
        try:
            if self.made.box.stopped is None:
                report = verify_box(self.made.folder, plugins=self.made.plugins)
                assert report.findings == []
                with self.made.box.database.reading() as connection:
                    export_log(LogReader(connection), self.made.box.publish(), self.place / "log")
                report = verify_log(self.place / "log")
                assert report.findings == []
        finally:
            self.made.box.close()
            shutil.rmtree(self.place)


TestGenerations = Generations.TestCase
TestGenerations.settings = settings(
    max_examples=600 if LONG else 60,
    stateful_step_count=30 if LONG else 18,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
