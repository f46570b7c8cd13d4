"""A box's life, killed or given an error at each sync and at every tenth write: nothing told is lost, nothing is half there."""

import os
import random
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from tests.core.toys import Make, toy_plugins

from chibox.clock import GivenClock
from chibox.signing.mark import HighWater
from chibox.testing.boxes import TODAY, Sandbox, copied, sandbox
from chibox.verifying import verify_box

pytestmark = pytest.mark.strace
LONG: Final = bool(os.environ.get("CHIBOX_LONG"))
SYNCS: Final = "fsync,fdatasync"
WRITES: Final = "write,pwrite64"
SEED: Final = 20261125
TELLS: Final = {"ready", "pid", "open", "begin", "done", "away", "published", "opened", "closed", "ended"}


class Told(NamedTuple):
    """What a life told: acts done, acts of which nothing is there, checkpoints that left, any refusal in words, its end."""

    done: dict[str, tuple[int, int]]
    nothing: set[str]
    published: list[tuple[int, int]]
    worded: bool
    ended: str

    @classmethod
    def of(cls, lines: Sequence[Sequence[str]]) -> "Told":
        """From the lines."""
        return cls(
            {words[1]: (int(words[2]), int(words[3])) for words in lines if words[0] == "done"},
            {words[1] for words in lines if words[0] == "away" and words[2] == "nothing"},
            [(int(words[1]), int(words[2])) for words in lines if words[0] == "published"],
            any(words[0] == "away" or words[:2] == ["ended", "in"] for words in lines),
            " ".join(lines[-1]),
        )


class Victims:
    """A process that forks one life after another; each is watched by a tracer that gives it a fault at a chosen call."""

    def __init__(self, place: Path) -> None:
        self.place = place
        root = Path(__file__).parents[2]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.working"], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._rest = b""
        assert self._line() == ["ready"]

    def live(self, folder: Path, people: dict[str, str], inject: str | None, count: Path | None = None) -> Told:
        """One life in `folder` with the fault; with `count` its system calls are counted there instead."""
        gate = self.place / "gate"
        os.mkfifo(gate)
        assert self.process.stdin is not None
        who = " ".join(f"{role}={person}" for role, person in people.items())
        self.process.stdin.write(f"{SEED} {folder} {gate} {who}\n".encode())
        self.process.stdin.flush()
        pid = self._line()[1]
        options = (
            ["-o", str(count), "-e", f"trace={SYNCS},{WRITES}"]
            if count
            else ["-o", "/dev/null", "-e", f"trace={SYNCS},{WRITES}"]
        )
        tracer = subprocess.Popen(
            ["strace", "-f", "-qq", *options, *(["-e", f"inject={inject}"] if inject else []), "-p", pid],
            stderr=subprocess.DEVNULL,
        )
        _traced(int(pid))
        gate.open("wb").close()
        lines = [self._line()]
        while lines[-1][0] != "ended" or len(lines[-1]) != 2:
            lines.append(self._line())
        tracer.wait(30)
        gate.unlink()
        return Told.of(lines)

    def close(self) -> None:
        """No more of it."""
        self.process.communicate()

    def _line(self) -> list[str]:
        assert self.process.stdout is not None
        while b"\n" not in self._rest:
            assert select.select([self.process.stdout], [], [], 60)[0], "it tells nothing any more"
            more = os.read(self.process.stdout.fileno(), 1 << 16)
            assert more, "it has ended"
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode().split()


def _traced(pid: int) -> None:
    """Returns when the tracer has the process."""
    while "TracerPid:\t0\n" in Path(f"/proc/{pid}/status").read_text():
        os.sched_yield()


class Seed(NamedTuple):
    """A closed box that each life begins from, and its people."""

    folder: Path
    people: dict[str, str]


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Seed:
    """A box with people and a few toys."""
    with sandbox(tmp_path_factory.mktemp("seed") / "box", toy_plugins()) as made:
        people = {
            "first": made.administrator, "clerk": made.someone("clerk"), "secretary": made.someone("committee_secretary"),
        }  # fmt: skip
        made.ask(Make(unit=made.root, names=tuple(f"s{n}" for n in range(250))), actor=people["clerk"])
    return Seed(made.folder, people)


@pytest.fixture(scope="module")
def victims(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victims]:
    """The process that is killed again and again."""
    if shutil.which("strace") is None:
        if os.environ.get("CI"):
            pytest.fail("strace is missing: apt install strace")
        pytest.skip("not run: strace is not installed")
    found = Victims(tmp_path_factory.mktemp("gate"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def calls(seed: Seed, victims: Victims, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, int]:
    """How many syncs and writes an undisturbed life makes."""
    place = tmp_path_factory.mktemp("calls")
    told = victims.live(copied(seed.folder, place / "box"), seed.people, None, place / "trace")
    assert told.ended == "ended 0"
    lines = (place / "trace").read_text().splitlines()
    syncs = [line for line in lines if "sync(" in line and "resumed" not in line]
    writes = [line for line in lines if "write" in line.partition("(")[0] and "resumed" not in line]
    assert (len(syncs) > 20, len(writes) > 200) == (True, True), (len(syncs), len(writes))
    return len(syncs), len(writes)


def points(calls: tuple[int, int], few: int) -> list[tuple[str, int]]:
    """Each sync and every tenth write; of them `few`, chosen by the seed, unless the long run takes all."""
    every = [(SYNCS, n + 1) for n in range(calls[0])] + [(WRITES, n + 1) for n in range(0, calls[1], 10)]
    return every if LONG else random.Random(SEED).sample(every, few)


def check(folder: Path, told: Told) -> None:
    """What was told is there, what was refused is not, the mark lies on durable ground, the box goes on, and all verifies."""
    made = object.__new__(Sandbox)
    made.folder, made.plugins, made.clock = folder, toy_plugins(), GivenClock.on(TODAY)
    made.random, made.administrator = random.Random(1).randbytes, ""
    box = made.box = made._opened()
    try:
        assert box.stopped is None, box.stopped
        with made.reading() as read:
            assert {act: read.act(act) for act in told.done} == told.done
            assert [act for act in told.nothing if read.act(act) is not None] == []
        head = box.log.head
        assert head is not None
        assert [left for left in told.published if left > (head.generation, head.size)] == []
        last = HighWater(folder / "mark").last
        assert last is not None
        assert (last.generation, last.size) <= (head.generation, head.size)
        with made.reading() as read:
            clerk = next(p for p, posts in read.picture.posts.items() if any(post.role == "clerk" for post in posts))
        made.ask(Make(unit=made.root, names=("after",)), actor=clerk)
        box.publish()
    finally:
        box.close()
    report = verify_box(folder, plugins=made.plugins)
    assert report.ok, report.lines()


def test_killed_at_each_sync_and_write(seed: Seed, victims: Victims, calls: tuple[int, int], tmp_path: Path) -> None:
    """Kill -9 at the moment of the call: the next start finds every act that was told, and goes on."""
    killed, chosen = 0, points(calls, 60)
    for number, (what, at) in enumerate(chosen):
        folder = copied(seed.folder, tmp_path / str(number))
        told = victims.live(folder, seed.people, f"{what}:signal=KILL:when={at}")
        killed += told.ended == f"ended {int(signal.SIGKILL)}"
        try:
            check(folder, told)
        except AssertionError as error:
            raise AssertionError(f"killed at {what} {at}: {error}") from error
        shutil.rmtree(folder)
    assert killed > len(chosen) // 2


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
def test_an_error_at_each_sync_and_write(
    seed: Seed, victims: Victims, calls: tuple[int, int], tmp_path: Path, error: str
) -> None:
    """The call fails once: the box refuses in words and goes on, or ends in words; what it told is there after the next start."""
    worded, chosen = 0, points(calls, 25)
    for number, (what, at) in enumerate(chosen):
        folder = copied(seed.folder, tmp_path / str(number))
        told = victims.live(folder, seed.people, f"{what}:error={error}:when={at}")
        worded += told.worded
        assert told.ended == "ended 0", f"{error} at {what} {at}: {told.ended}"
        try:
            check(folder, told)
        except AssertionError as wrong:
            raise AssertionError(f"{error} at {what} {at}: {wrong}") from wrong
        shutil.rmtree(folder)
    assert worded > len(chosen) // 4
