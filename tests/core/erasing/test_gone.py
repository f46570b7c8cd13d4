"""What was erased is first found wherever it is kept, and after both steps nowhere: raw bytes of each file, each bundle."""

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from tests.core.erasing.test_asking import ask
from tests.core.erasing.traces import traces
from tests.core.together import make
from tests.core.toys import Correct, Hide

from chibox.clock import day
from chibox.drafts.drafts import Drafts
from chibox.drafts.uploads import Uploads
from chibox.erasing.commands import Erase
from chibox.erasing.dropping import dropped, put_away
from chibox.erasing.finishing import Finishing
from chibox.erasing.unfinished import finished, note_finished, unfinished
from chibox.office import Office
from chibox.testing.boxes import Sandbox

EARLY, LATE, HIDDEN = (
    b"Ph\xc3\xb9ng V\xc4\x83n L\xe1\xba\xb7n",
    b"Ph\xc3\xb9ng V\xc4\x83n N\xe1\xba\xa5p",
    b"g\xe1\xba\xa7m c\xe1\xba\xa7u thang",
)
WORDS = (EARLY, LATE, HIDDEN)
KEPT = "Hà Thị Ở Lại"


class Begun(msgspec.Struct):
    """Something that somebody has begun."""

    q: str


class World:
    """A box with an office, in which two toys stand that are to be erased; what people have begun speaks of them too."""

    def __init__(self, made: Sandbox, office: Office) -> None:
        self.made, self.office, self.box = made, office, made.box
        self.clerk, self.secretary = made.someone("clerk"), made.someone("committee_secretary")
        first = made.ask(make(made, EARLY.decode()), actor=self.clerk)
        self.early = made.subject(first)
        made.ask(Correct(toy=self.early, position=first.first, name=f"{EARLY.decode()} con"), actor=self.clerk)
        made.ask(Hide(toys=(self.early,), place=HIDDEN.decode()), actor=self.clerk)
        for part in range(3):
            made.ask(make(made, *(f"đồ {part} {n}" for n in range(100))), actor=self.clerk)
        self.late = made.subject(made.ask(make(made, LATE.decode(), KEPT), actor=self.clerk))
        self.asked = [ask(made, self.clerk, one) for one in (self.early, self.late)]

    def begin(self) -> None:
        """Drafts, an upload and a word of a session speak of the two."""
        file, now = self.office.drafts, self.box.clock.now
        mine = Drafts(file, "toys", self.clerk, now)
        draft = mine.begin("list", Begun(EARLY.decode()), days=None, data=b"x" * 5000 + LATE)
        mine.put(draft, [(1, "new", Begun(LATE.decode()))])
        sending = Uploads(file, self.secretary, now)
        sending.append(sending.expect("a.csv", 30000), 0, EARLY + b"y" * 20000)
        token, _ = self.office.sessions.begin(self.clerk, "", now(), kept=False)
        session = self.office.sessions.find(token, now())
        assert session is not None
        self.office.sessions.note(session, said=f"{LATE.decode()} was made")

    def erase(self) -> None:
        """The second person does both."""
        for one in self.asked:
            self.made.ask(Erase(asked=one), actor=self.secretary)

    @property
    def unfinished(self) -> int:
        """How many erasures are not finished."""
        with self.made.reading() as read:
            return len(unfinished(read.connection, self.made.folder))

    def traces(self) -> dict[str, set[bytes]]:
        """Where the words stand."""
        return traces(self.made.folder, WORDS)


@pytest.fixture
def world(made: Sandbox) -> Iterator[World]:
    """A box in which two are to be erased."""
    with closing(Office(made.box)) as office:
        yield World(made, office)


def wait_for(what: object, seconds: float = 10) -> None:
    """Until `what()` is true."""
    until = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.02)


def test_nothing_is_left_in_any_file(world: World) -> None:
    """Rows, facts, bundles full and tail, drafts, uploads, sessions, journals: found before, nowhere after; the rest stays."""
    world.begin()
    before = world.traces()
    assert before["part_bundle"] == {EARLY, HIDDEN}
    assert before["box.db-wal"] | before.get("box.db", set()) == set(WORDS)
    assert set.union(*(some for name, some in before.items() if name.startswith("drafts.db"))) == {EARLY, LATE}
    assert set.union(*(some for name, some in before.items() if name.startswith("accounts.db"))) == {LATE}
    world.erase()
    assert world.unfinished == 2
    assert "box.db-wal" in world.traces()
    assert Finishing(world.office).finish(5)
    assert world.traces() == {}
    assert world.unfinished == 0
    assert KEPT.encode() in (world.made.folder / "box.db").read_bytes()
    assert not (world.made.folder / "box.db-wal").stat().st_size
    world.made.reopen()
    assert traces(world.made.folder, WORDS) == {}


def test_owners_are_told_what_was_dropped(world: World) -> None:
    """A note with a number and no name, for thirty days or until it is put away; harmless drafts stay."""
    world.begin()
    harmless = Drafts(world.office.drafts, "core", world.clerk, world.box.clock.now)
    world.erase()
    Finishing(world.office).finish(5)
    now = world.box.clock.now()
    assert [dropped(world.office.drafts, who, now) for who in (world.clerk, world.secretary, world.early)] == [1, 1, 0]
    assert Finishing(world.office).finish(5)
    assert dropped(world.office.drafts, world.clerk, now) == 1
    put_away(world.office.drafts, world.clerk, now)
    assert dropped(world.office.drafts, world.clerk, now) == 0
    assert harmless.all("dropped") == []


def test_while_the_box_serves_a_reader_is_waited_for(world: World) -> None:
    """The old pages of an open reader keep the erasure unfinished; others read and record meanwhile; then it ends."""
    finishing = Finishing(world.office)
    finishing.start()
    try:
        with world.made.reading() as old:
            assert EARLY.decode() in str(old.facts([world.early]))
            world.erase()
            with contextlib.suppress(AssertionError):
                wait_for(lambda: world.unfinished == 0, 1)
            assert world.unfinished == 2
            assert world.made.ask(make(world.made, "recorded meanwhile"), actor=world.clerk).last > 0
            with world.made.reading() as new:
                assert new.facts([world.early]) == {}
            assert set.union(*world.traces().values()) >= {EARLY, LATE}
        wait_for(lambda: world.unfinished == 0)
    finally:
        finishing.close()
    assert world.traces() == {}


def test_busy_readers_and_writers_do_not_keep_it_from_ending(world: World) -> None:
    """Eight threads read for short times and one records all the while; within seconds nothing is left."""
    finishing, ending = Finishing(world.office), threading.Event()
    finishing.start()

    def read() -> None:
        while not ending.is_set():
            with world.made.reading() as some:
                some.facts(fields=("name",))
            time.sleep(0.005)

    def write() -> None:
        number = 0
        while not ending.is_set():
            number += 1
            world.made.ask(make(world.made, f"busy {number}"), actor=world.clerk)

    threads = [threading.Thread(target=read) for _ in range(4)] + [threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    try:
        world.erase()
        wait_for(lambda: world.unfinished == 0, 20)
    finally:
        ending.set()
        for thread in threads:
            thread.join()
        finishing.close()
    assert traces(world.made.folder, WORDS) == {}


def test_killed_after_the_commit_it_is_finished_at_the_start(world: World, tmp_path: Path) -> None:
    """The journal still has it after kill -9; a start finishes it before anybody is served."""
    made = world.made
    made.ask(Erase(asked=world.asked[1]), actor=world.secretary)
    world.office.close()
    made.box.close()
    command = [sys.executable, "-m", "tests.core.erasing.ending", str(made.folder), world.asked[0], world.secretary]
    ended = subprocess.run(command, check=False, capture_output=True, timeout=60, env={**os.environ, "PYTHONPATH": "."})
    assert ended.returncode == -9, ended.stderr.decode()
    assert traces(made.folder, WORDS) != {}
    made.box = made._opened()
    with closing(Office(made.box)) as office:
        with made.reading() as read:
            assert len(unfinished(read.connection, made.folder)) == 2
        finishing = Finishing(office)
        finishing.start()
        finishing.close()
        assert traces(made.folder, WORDS) == {}
        with made.reading() as read:
            assert unfinished(read.connection, made.folder) == []


def test_a_note_that_is_broken_makes_it_be_finished_again(world: World) -> None:
    """As after a restore, which has none: what is computed from the log counts, and nothing is forgotten."""
    world.erase()
    finishing = Finishing(world.office)
    finishing.finish(5)
    (world.made.folder / "erased").write_bytes(b"[")
    assert world.unfinished == 2
    assert finishing.finish(5)
    assert len(finished(world.made.folder)) == 2
    note_finished(world.made.folder, ())
    assert world.unfinished == 2


def test_the_digest_of_what_was_typed_goes_too(world: World) -> None:
    """A digest of a command could tell a short content by trying; acts that stated something erased keep none."""
    with world.made.reading() as read:
        count = "SELECT count(*) FROM act WHERE digest IS NOT NULL"
        (before,) = read.connection.execute(count).fetchone()
    world.erase()
    Finishing(world.office).finish(5)
    with world.made.reading() as read:
        assert read.connection.execute(count).fetchone() == (before + 2 - 4,)
        assert day(read.now) == read.today
