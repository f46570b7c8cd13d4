"""The practice box: filled by commands only, complete or not there at all, the same from the same seed."""

import datetime as dt
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.notes import Write
from tests.core.notes import plugins as with_notes

from chibox import demo
from chibox.beside import beside
from chibox.box import Box
from chibox.clock import GivenClock, day
from chibox.core_commands import RenameUnit
from chibox.errors import Refused, words
from chibox.filling import Filling, Step
from chibox.identity.built_in import BuiltIn
from chibox.identity.tables import Person
from chibox.locking import Lock
from chibox.plugins import Plugins
from chibox.testing.commune import Commune
from chibox.verifying import verify_box

TODAY = dt.date(2026, 11, 25)


def told(steps: list[Step]) -> str:
    """The steps as they are shown."""
    return "\n".join(f"{step.what} {step.done}/{step.total}" for step in steps)


def fill(folder: Path, *, hour: int = 20, plugins: Plugins | None = None) -> list[Step]:
    """A tiny practice box, filled at some hour of the day."""
    steps: list[Step] = []
    clock = GivenClock.on(TODAY, hour)
    demo.fill(folder, steps.append, size="tiny", clock=clock, plugins=plugins or Plugins.discover(()))
    return steps


def people(folder: Path) -> dict[str, str]:
    """Person by the name to sign in by."""
    with beside(folder, plugins=Plugins.discover(())) as box:
        return {row.sign_in: row.subject for row in box.read.rows(Person, box.read.select(Person))}


def test_a_practice_box_stands_complete(tmp_path: Path) -> None:
    """Units, a post for each role, three years that end today; it verifies, and nothing is left beside it."""
    steps = fill(tmp_path / "demo")
    assert "Cells 4/4" in told(steps)
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
    assert demo.is_practice(tmp_path / "demo")
    assert verify_box(tmp_path / "demo", plugins=Plugins.discover(())).findings == []
    with beside(tmp_path / "demo", plugins=Plugins.discover(())) as box:
        held = {p.role for person in box.read.picture.posts for p in box.read.picture.held(person, TODAY)}
        assert held == {account.role for account in demo.ACCOUNTS} | {"service"}
        assert len(box.read.picture.units) == 5
        assert day(box.read.entry(0).time) == dt.date(2023, 11, 25)
        assert box.log.verifier(box.head).name.startswith("demo.")


def test_each_account_signs_in_by_the_ready_password(tmp_path: Path) -> None:
    """It was made at random for this box, and is kept where only its owner reads."""
    fill(tmp_path / "one")
    fill(tmp_path / "other")
    password = demo.password(tmp_path / "one")
    assert password
    assert password != demo.password(tmp_path / "other")
    assert (tmp_path / "one" / demo.FILE).stat().st_mode & 0o777 == 0o600
    known = people(tmp_path / "one")
    accounts = BuiltIn.open(tmp_path / "one", person_of=known.get)
    for account in demo.ACCOUNTS:
        assert accounts.finish({"name": account.sign_in, "secret": password}).person == known[account.sign_in]
    accounts.close()


def test_the_same_seed_gives_the_same_records(tmp_path: Path) -> None:
    """Ids, acts, times and content; only the key, and what follows from it, is of this box alone."""
    logs = []
    for name in ("one", "other"):
        fill(tmp_path / name)
        with beside(tmp_path / name, plugins=Plugins.discover(())) as box:
            logs.append([entry for _, entry, _ in box.log.entries(0, box.head.size)])
    assert logs[0][1:] == logs[1][1:]
    assert logs[0][0] != logs[1][0]


def test_nothing_is_recorded_in_the_future(tmp_path: Path) -> None:
    """Filled in the small hours, today's acts are of the small hours: the box goes on to record at once."""
    fill(tmp_path / "demo", hour=1)
    clock = GivenClock.on(TODAY, 1)
    box = Box.open(tmp_path / "demo", clock=clock, plugins=Plugins.discover(()))
    try:
        assert box.log.last_time <= clock.at
        assert clock.at - box.log.last_time < 366 * 86_400_000
    finally:
        box.close()


def test_a_filling_that_is_killed_is_begun_anew(tmp_path: Path) -> None:
    """After kill -9 in the middle there is no box; the next call makes one, and clears away what was left."""
    script = f"""
        import os, signal
        from pathlib import Path
        from chibox import demo
        from chibox.plugins import Plugins
        def told(step):
            if str(step.what) == "Cells":
                os.kill(os.getpid(), signal.SIGKILL)
        demo.fill(Path({str(tmp_path / "demo")!r}), told, size="tiny", plugins=Plugins.discover(()))
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert [path.name for path in tmp_path.iterdir()] == [".demo.filling"]
    fill(tmp_path / "demo")
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]
    assert verify_box(tmp_path / "demo", plugins=Plugins.discover(())).ok


def test_one_process_fills_at_a_time(tmp_path: Path) -> None:
    """A second one is refused, and what the first has made so far stays."""
    work = tmp_path / ".demo.filling"
    (work / "box").mkdir(parents=True)
    lock = Lock(work / "lock")
    with pytest.raises(Refused, match="Another process"):
        fill(tmp_path / "demo")
    assert (work / "box").is_dir()
    lock.release()


def test_a_practice_box_needs_an_empty_place(tmp_path: Path) -> None:
    """Whatever stands in the folder stays; an empty folder is taken."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    with pytest.raises(Refused, match="There is something in"):
        fill(tmp_path / "full")
    assert (tmp_path / "full" / "mine").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    fill(tmp_path / "empty")
    assert demo.is_practice(tmp_path / "empty")
    assert not demo.is_practice(tmp_path / "full")
    assert demo.password(tmp_path / "full") == ""


class Telling:
    """A plugin's part in a filling: writes notes on days between, and says who the committee's secretary is."""

    def __init__(self) -> None:
        self.secretary = os.urandom(16).hex()
        self.times: list[tuple[dt.date, int]] = []

    def __call__(self, filling: Filling, commune: Commune) -> Iterator[Step]:
        """See the hook `demo`."""
        place = next(one.member for one in commune.staff if one.role == "secretary")
        assert place is not None
        filling.members[place] = self.secretary
        yield Step(words("The roll"), 1, 1)
        for number in range(1, 40):
            filling.on(filling.start + dt.timedelta(days=number * 27))
            future = filling.submit("clerk", Write(unit=filling.cells[0], titles=(f"{number}",)))
            if number % 10 == 0:
                answer = future.result()
                with filling.reading() as read:
                    self.times.append((filling.start + dt.timedelta(days=number * 27), read.entry(answer.last).time))
        filling.on(filling.start)  # is over already
        answer = filling.perform("clerk", Write(unit=filling.root, titles=("a", "b")), from_paper=True)
        assert len(set(filling.subjects(answer))) == 2
        filling.submit("administrator", RenameUnit(unit=filling.cells[0], name="other", day=filling.start))
        yield Step(words("Notes"), 40, 40)


def telling(how: object) -> Plugins:
    """Core and the notes, with this part in a filling."""
    found = with_notes()
    found._declared["notes"]["demo"] = how
    return found


def test_a_plugin_fills_in_the_order_of_time(tmp_path: Path) -> None:
    """Its commands happen on the days that it names, never before an earlier one; members who hold a post get their own."""
    part = Telling()
    steps = fill(tmp_path / "demo", plugins=telling(part))
    assert "The roll 1/1\nNotes 40/40" in told(steps)
    assert [day(time) for _, time in part.times] == [wanted for wanted, _ in part.times]
    assert people(tmp_path / "demo")["bithu"] == part.secretary
    assert verify_box(tmp_path / "demo", plugins=with_notes()).findings == []


def test_what_a_plugin_is_refused_ends_the_filling(tmp_path: Path) -> None:
    """No refusal is lost among those that nobody waits for, and no half box is left."""

    def refused(filling: Filling, _: Commune) -> Iterator[Step]:
        filling.submit(
            "operator" if "operator" in filling.people else "clerk", RenameUnit(unit="0" * 32, name="x", day=TODAY)
        )
        for number in range(20):
            filling.submit("clerk", Write(unit=filling.root, titles=(str(number),)))
        yield Step(words("Notes"), 1, 1)

    with pytest.raises(Refused):
        fill(tmp_path / "demo", plugins=telling(refused))
    assert not (tmp_path / "demo").exists()
