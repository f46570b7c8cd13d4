"""Background work: hints are followed, lost ones cost a delay, errors are noted, and it all ends with the box."""

import datetime as dt
import os
import pickle
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from tests.core.site.strangers.chibox_guests import plugin as guests

from chibox.clock import GivenClock
from chibox.drafts.drafts import Drafts
from chibox.errors import Refused
from chibox.identity.service import service_of
from chibox.office import Office
from chibox.testing.boxes import TODAY, Sandbox, plugins_of, sandbox
from chibox.work.closing import closing_task
from chibox.work.purging import purge_task
from chibox.work.queue import Run, Work
from chibox.work.tasks import Duty, Task

MONTH = 31 * 86_400_000


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Sandbox]:
    """A box with guests, whose plugin has a task."""
    with sandbox(tmp_path / "box", plugins_of(guests=guests), clock=GivenClock.on(TODAY)) as opened:
        yield opened
    guests.TASKS_RUN.clear()


def work_of(made: Sandbox, *own: Task, immediate: bool = True) -> "closing[Work]":
    """The work of a box with these tasks of core's."""
    return closing(Work(made.box, list(own), immediate=immediate))


def wait(done: Callable[[], bool]) -> None:
    """Until it is so; a test fails when it does not become so within seconds."""
    for _ in range(400):
        if done():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def test_a_plugins_task_acts_as_the_service_and_once(made: Sandbox) -> None:
    """A hint given twice runs the task twice; what it asks under an act of its own is done once, by the service."""
    with work_of(made) as work:
        work.hint("guests.greet")
        work.hint("guests.greet")
    service = service_of(made.box.picture)
    assert [service, service] == guests.TASKS_RUN
    entry = made.entry(made.box.log.size - 1)
    assert (entry.kind, entry.by, entry.act) == ("guests.arrived.1", service, "a" * 32)
    assert made.entry(made.box.log.size - 2).kind.startswith("core.")


def test_a_hint_for_nothing_is_an_error(made: Sandbox) -> None:
    """A misspelt task is told to who hints."""
    with work_of(made) as work, pytest.raises(KeyError):
        work.hint("guests.sing")


def test_the_sweep_runs_what_is_due(made: Sandbox) -> None:
    """After a start everything periodic runs, then each as often as it says; what has no period waits for a hint."""
    ran: list[str] = []
    own = [
        Task("hourly", lambda _: ran.append("hourly"), dt.timedelta(hours=1)),
        Task("daily", lambda _: ran.append("daily"), dt.timedelta(days=1)),
    ]
    with work_of(made, *own) as work:
        for hours in (0, 0, 1, 25):
            made.clock.at += hours * 3_600_000
            work.sweep()
            ran.append("|")
    assert ran == ["hourly", "daily", "|", "|", "hourly", "|", "hourly", "daily", "|"]
    assert guests.TASKS_RUN == []


@pytest.mark.parametrize("error", [Refused("No."), ValueError("Lò Thị Mẩy")])
def test_a_task_that_fails_is_noted_and_comes_again(
    made: Sandbox, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """Its class is kept for the health page until it goes well; nothing of its message is."""
    failing = [True]

    def run(_: Duty) -> None:
        if failing[0]:
            raise error

    with work_of(made, Task("fails", run)) as work:
        work.hint("core.fails")
        assert work.runs["core.fails"].failed == type(error).__name__
        failing[0] = False
        work.hint("core.fails")
        assert work.runs["core.fails"].failed == ""
    assert "Mẩy" not in "".join(record.getMessage() for record in caplog.records)


def test_threads_follow_hints_and_end(made: Sandbox) -> None:
    """With threads a hint is followed within seconds, in another thread, without a signal handler; closing ends them."""
    names: list[str] = []
    before = {thread.name for thread in threading.enumerate()}
    with work_of(made, Task("named", lambda _: names.append(threading.current_thread().name)), immediate=False) as work:
        states = [work.alive]
        work.start()
        work.hint("core.named")
        wait(lambda: bool(names))
        states.append(work.alive)
        wait(lambda: work.waiting == 0)
    assert states == [False, True]
    assert names[0].startswith("Worker")
    wait(lambda: {thread.name for thread in threading.enumerate()} <= before)


def test_a_hint_outlives_the_process(made: Sandbox) -> None:
    """What was hinted before the end is followed after the next start."""
    ran: list[int] = []
    task = Task("later", lambda _: ran.append(1))
    with work_of(made, task, immediate=False) as work:
        work.hint("core.later")
        assert work.waiting == 1
    with work_of(made, task, immediate=False) as work:
        work.start()
        wait(lambda: bool(ran))
    assert ran == [1]


def test_a_task_does_not_run_beside_itself(made: Sandbox) -> None:
    """A second run while the first lasts is left out."""
    count = [0]

    def run(_: Duty) -> None:
        count[0] += 1
        work.run("core.slow")

    with work_of(made, Task("slow", run)) as work:
        work.hint("core.slow")
    assert count == [1]


def test_the_box_tidies_up(made: Sandbox) -> None:
    """Sessions a week after their end, digests of commands after 30 days, readings after their months; an act stays done once."""
    clerk = made.someone("clerk")
    command = guests.Receive(unit=made.root, name="Lò Thị Mẩy")
    answer = made.ask(command, actor=clerk)
    with closing(Office(made.box)) as office, work_of(made, closing_task(office), purge_task(office)) as work:
        office.sessions.begin(clerk, "", made.clock.now(), kept=True)
        office.access.write(time=made.clock.now(), person=clerk, purpose="files", page="p", subjects={clerk})

        def left(months: int) -> tuple[int, bool, int]:
            made.clock.at += months * MONTH
            made.box.log.last_time = made.clock.at  # others recorded meanwhile
            if months == 3:  # an act of its own, whose digest is young; dropping is another
                work.hint("core.close_readings")
            work.hint("core.purge")
            with office.accounts.store.reading() as run:
                sessions = run.execute("SELECT count(*) FROM session").fetchone()[0]
            return sessions, digests(made) > 0, len(office.access.by(clerk))

        assert [left(0), left(1), left(3), left(36)] == [(1, True, 1), (1, False, 1), (0, True, 1), (0, True, 0)]
        assert work.runs["core.purge"].failed == ""
    assert made.ask(command, actor=clerk, act=answer.act) == answer


def test_a_task_has_the_drafts_of_its_plugin(made: Sandbox) -> None:
    """A task finds what pages of its own plugin have begun, whoever did, and none of core's; its saving is the page's."""
    clerk = made.someone("clerk")
    with closing(Office(made.box)) as office:
        pages = {area: Drafts(office.drafts, area, clerk, made.clock.now) for area in ("core", "guests")}
        begun = {
            area: drafts.begin("plan", guests.Receive(unit=made.root, name=area)) for area, drafts in pages.items()
        }
        found: list[str] = []

        def run(duty: Duty) -> None:
            for draft in duty.drafts.all("plan"):
                found.append(draft.id)
                duty.drafts.save(draft, guests.Receive(unit=made.root, name="seen"))

        with work_of(made, Task("look", run)) as work:
            work.tasks["guests.look"] = work.tasks["core.look"]
            work.runs["guests.look"], work._running["guests.look"] = Run(), threading.Lock()
            work.run("guests.look")
        assert found == [begun["guests"].id]
        names = {area: pages[area].get(draft.id, "plan").state(guests.Receive).name for area, draft in begun.items()}
        assert names == {"core": "core", "guests": "seen"}


def test_drafts_that_are_over_are_tidied_up(made: Sandbox) -> None:
    """The purge of core drops them; those that are not over stay."""
    with closing(Office(made.box)) as office, work_of(made, closing_task(office), purge_task(office)) as work:
        drafts = Drafts(office.drafts, "guests", "a" * 32, made.clock.now)
        for days in (1, 40, None):
            drafts.begin("plan", guests.Receive(unit=made.root, name=""), days=days)
        made.clock.at += MONTH
        work.hint("core.purge")
        with office.drafts.store.reading() as run:
            assert run.execute("SELECT count(*) FROM draft").fetchone() == (2,)


def digests(made: Sandbox) -> int:
    """How many digests of commands the box still has."""
    with made.reading() as read:
        return int(read.connection.execute("SELECT count(digest) FROM act").fetchone()[0])


class Boom:
    """Whoever unpickles this makes a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


def test_a_hint_that_somebody_else_wrote_runs_nothing(made: Sandbox, tmp_path: Path) -> None:
    """A line of jobs.db that the box did not sign is never unpickled; the work goes on."""
    with work_of(made, immediate=False) as work:
        connection = sqlite3.connect(made.box.folder / "jobs.db")
        with connection:
            line = pickle.dumps(Boom(tmp_path / "made"))
            connection.execute("INSERT INTO task(queue, data, priority) VALUES('chibox', ?, 9)", (line,))
        connection.close()
        work.start()
        work.hint("guests.greet")
        wait(lambda: bool(guests.TASKS_RUN))
    assert not (tmp_path / "made").exists()
