"""kill -9 at random points: nothing acknowledged is lost, nothing is there by halves."""

import os
import random
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.killing import MANY
from tests.core.toys import Toy, toy_plugins
from tests.core.whole import everything, merkle_root

from chibox.projections import catchup
from chibox.testing.boxes import Sandbox, sandbox
from chibox.verifying import verify_box

POINTS = 800 if os.environ.get("CHIBOX_LONG") else 40  # and a quarter as many kills amid an import: 1,000, or 50


class Victim:
    """A process that is killed again and again."""

    def __init__(self, folder: Path) -> None:
        root = Path(__file__).parents[2]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.core.killing", str(folder)],
            cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.pid = 0
        self._rest = b""
        self.until("ready")

    def start(self, *words: object) -> None:
        """Let it work."""
        assert self.process.stdin is not None
        self.process.stdin.write((" ".join(map(str, words)) + "\n").encode())
        self.process.stdin.flush()
        self.pid = int(self.until("pid")[-1][1])

    def until(self, word: str, count: int = 1) -> list[list[str]]:
        """What it tells up to the `count`-th line that begins with `word`."""
        found: list[list[str]] = []
        while count:
            found.append(self.line())
            count -= found[-1][0] == word
        return found

    def line(self) -> list[str]:
        """The next line that it tells."""
        assert self.process.stdout is not None
        while b"\n" not in self._rest:
            assert select.select([self.process.stdout], [], [], 30)[0], "it tells nothing any more"
            more = os.read(self.process.stdout.fileno(), 1 << 16)
            assert more, "it has ended"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode().split()

    def kill(self) -> list[list[str]]:
        """Kill -9; what it had told besides."""
        os.kill(self.pid, signal.SIGKILL)
        told = self.until("ended")
        assert told.pop() == ["ended", str(int(signal.SIGKILL))]
        return told

    def end(self) -> None:
        """No more of it."""
        self.process.communicate()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Sandbox, str, Victim]]:
    """A box, closed, its clerk, and a process that will work in it."""
    with sandbox(tmp_path / "box", toy_plugins()) as made:
        clerk = made.someone("clerk")
        made.box.close()
        victim = Victim(made.folder)
        yield made, clerk, victim
        victim.end()


def acknowledged(told: list[list[str]]) -> dict[str, tuple[int, int]]:
    """Act -> first and last position, as they were told."""
    return {words[1]: (int(words[2]), int(words[3])) for words in told if words[0] == "done"}


def check(made: Sandbox, known: dict[str, tuple[int, int]]) -> int:
    """After a restart every act is where it was told, and every record has its row; returns the size."""
    box = made.reopen()
    head = box.log.head
    assert head is not None
    with made.reading() as read:
        assert {act: read.act(act) for act in known} == known
        toys = read.count(Toy)
    assert toys == head.size - 5
    box.close()
    return head.size


def check_whole(made: Sandbox) -> None:
    """The log verifies, the signed root is that of its entries, and the tables hold what it folds to."""
    report = verify_box(made.folder, plugins=made.plugins)
    assert report.ok, report.lines()
    box = made.reopen()
    head = box.log.head
    assert head is not None
    assert head.root == merkle_root([box.log.entry(position) for position in range(head.size)])
    before, writer = everything(made), box.database.writer
    writer.execute("BEGIN")
    catchup.reindex(box.engine, box.log.size)
    for projection in box.engine.projections:
        catchup.rebuild(box.engine, projection, box.log.size)
    assert everything(made) == before
    writer.execute("ROLLBACK")
    box.close()


def test_nothing_acknowledged_is_lost(house: tuple[Sandbox, str, Victim]) -> None:
    """Six callers at once, killed at seeded moments, each time in the same box: after opening, before, and within commits."""
    made, clerk, victim = house
    rng, known, size = random.Random(20261125), dict[str, tuple[int, int]](), 0
    for point in range(POINTS):
        victim.start("work", clerk, point)
        told: list[list[str]] = []
        if point % 5:
            told += victim.until("done", rng.randrange(1, 60))
        time.sleep(rng.random() * 0.02)
        known |= acknowledged(told + victim.kill())
        after = check(made, known)
        assert after >= size
        size = after
    assert len(known) > POINTS * 10
    check_whole(made)


def test_an_import_is_wholly_there_or_wholly_not(house: tuple[Sandbox, str, Victim]) -> None:
    """An act of two thousand records, killed in its middle: all of them or none, and none of another act is lost."""
    made, clerk, victim = house
    rng, known, begun = random.Random(3), dict[str, tuple[int, int]](), 0
    for point in range(POINTS // 4):
        victim.start("fill", clerk, 1000 + point)
        told = victim.until("begin", 1 + point % 2)
        begun += len([words for words in told if words[0] == "begin"])
        time.sleep(rng.random() * 0.4)
        told += victim.kill()
        known |= acknowledged(told)
        size = check(made, known)
        assert (size - 5) % MANY == 0
        assert len(known) <= (size - 5) // MANY
    check_whole(made)
