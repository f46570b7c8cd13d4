"""kill -9 in the trial and in the recording, before each of their writings: nothing is there by halves, and it is found again."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from plugins.membership.tests.importing.files import Line, workbook
from plugins.membership.tests.importing.house import Clerk, House

from chibox_membership.importing.desk import KIND
from chibox_membership.importing.held import Desk, Kept

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

ROOT: Final = Path(__file__).parents[4]
_ROWS: Final = 1200  # more than are written at once
_MOST: Final = 60
Counts = dict[str, int]


class Scene(NamedTuple):
    """A box that is closed, its clerk, a draft on the clerk's desk."""

    roll: "Roll"
    owner: str
    draft: str

    def until(self, what: str, point: int) -> bool:
        """A process that does `what` and is killed before its `point`-th writing; whether it was, or came to its end."""
        self.wait()
        done = subprocess.run(
            [sys.executable, "-m", "plugins.membership.tests.importing.killing", str(self.roll.folder),
             str(self.roll.clock.at), self.owner, self.draft, what, str(point)],
            cwd=ROOT, capture_output=True, check=False, timeout=120,
        )  # fmt: skip
        if done.returncode == -signal.SIGKILL:
            return True
        assert (done.returncode, done.stdout) == (0, b"done\n"), done.stderr.decode()
        return False

    def wait(self) -> None:
        """Some minutes pass: what nobody works on any more is left alone long enough to be found."""
        self.roll.clock.at += 10 * 60_000

    def look(self, *, work: bool) -> tuple[Desk, Counts, int]:
        """The desk after a start, with or without the task having run; how many rows stand where, how many are on the roll."""
        self.wait()
        house = House(self.roll.reopen())
        try:
            if work:
                house.work()
            clerk = Clerk(house, self.owner)
            draft = clerk.drafts.get(self.draft, KIND)
            return clerk.desk(draft), clerk.drafts.counts(draft), len(house.members())
        finally:
            house.close()
            self.roll.box.close()


def line(number: int) -> Line:
    """Somebody new; one in ten is wrong."""
    return {
        "full_name": "Lường Thị Bun", "sex": "Nữ", "born_on": f"{number % 28 + 1:02}/01/1990", "ethnic_group": "Thái",
        "religion": "Không", "personal_id": f"991190{number:06}" if number % 10 else "99119",
        "cell": "Chi bộ thôn Đông", "admitted_on": "01/02/2026", "status": "Đang sinh hoạt",
    }  # fmt: skip


@pytest.fixture
def scene(roll: "Roll") -> Iterator[Scene]:
    """A sheet of many new people that has come and was not looked at."""
    house = House(roll.box)
    clerk = Clerk(house, roll.clerk)
    draft = clerk.opened(workbook([line(number) for number in range(_ROWS)]))
    house.close()
    roll.box.close()
    yield Scene(roll, roll.clerk, draft.id)
    roll.reopen()


def test_a_trial_that_was_killed_is_found_again(scene: Scene) -> None:
    """Before each writing of the trial: nothing is recorded, and the next start brings it to the same end."""
    wanted = {"new": _ROWS * 9 // 10, "wrong": _ROWS // 10}
    points = 0
    for point in range(1, _MOST):
        if not scene.until("try", point):
            break
        points = point
    assert 3 <= points < _MOST - 1
    desk, counts, people = scene.look(work=True)
    assert (desk.phase, desk.total, counts, people) == ("checked", _ROWS, wanted, 0)
    assert desk.recorded == ()


def test_a_killed_recording_is_whole_or_nothing(scene: Scene) -> None:
    """Before each writing of the recording: the act is in the log with all rows or not at all, and the desk finds which."""
    scene.look(work=True)
    new = _ROWS * 9 // 10
    for point in range(1, _MOST):
        killed = scene.until("record", point)
        before, _, people = scene.look(work=False)
        assert people in {0, new}
        desk, counts, _ = scene.look(work=True)
        assert desk.phase == "checked"
        if people:
            assert [each.new for each in desk.recorded] == [new]
            assert counts == {"recorded": new, "wrong": _ROWS // 10}
            assert killed is (before.recorded == ())
            return
        assert (desk.recorded, counts) == ((), {"new": new, "wrong": _ROWS // 10})
    pytest.fail("the recording never came to its end")


def test_rows_keep_what_was_written_on_them(scene: Scene) -> None:
    """What a clerk wrote is durable at once: it is there after the box was killed, and the next trial reads it."""
    scene.look(work=True)
    house = House(scene.roll.reopen())
    clerk = Clerk(house, scene.owner)
    draft = clerk.drafts.get(scene.draft, KIND)
    clerk.mend(draft, {8: {"personal_id": "991190999999"}})
    house.close()
    scene.roll.box.close()
    house = House(scene.roll.reopen())
    clerk = Clerk(house, scene.owner)
    kept = {each.row.number: each for _, _, each in clerk.drafts.items(clerk.now_of(draft), Kept)}[8]
    assert kept.mends == {"personal_id": "991190999999"}
    assert kept.trial is not None
    assert kept.trial.what == "new"
    house.close()
    scene.roll.box.close()
