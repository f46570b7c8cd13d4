"""Days of the access log are closed: each day that is over once, by the box itself, and none of them takes a row more."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from chibox.clock import GivenClock
from chibox.drafts.file import DraftFile
from chibox.errors import Forbidden, Refused
from chibox.identity.closing import ClosedDay, CloseReadings, Day, DropReadings, ReadingsClosed, ReadingsDropped
from chibox.identity.service import service_of
from chibox.office import Office
from chibox.testing.boxes import TODAY, Sandbox, plugins_of, sandbox
from chibox.verifying import verify_box
from chibox.work.closing import close_days
from chibox.work.purging import drop_readings
from chibox.work.tasks import Duty

YEN = "b" * 32
ONE = dt.timedelta(days=1)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Sandbox]:
    """A box with core alone."""
    with sandbox(tmp_path / "box", clock=GivenClock.on(TODAY)) as opened:
        yield opened


def run(made: Sandbox, office: Office) -> int:
    """What the task does, once."""
    with closing(DraftFile.open(made.folder)) as drafts:
        return close_days(Duty(made.box, "core", drafts), office.access)


def drop(made: Sandbox, office: Office) -> int:
    """What the other task does, once."""
    with closing(DraftFile.open(made.folder)) as drafts:
        return drop_readings(Duty(made.box, "core", drafts), office)


def closed(made: Sandbox) -> dict[str, int]:
    """The days that the log has closed, with their counts."""
    with made.reading() as read:
        return {row.day: row.count for row in read.rows(ClosedDay, read.select(ClosedDay))}


def read_by_somebody(office: Office, time: int) -> None:
    """One row of the access log."""
    office.access.write(time=time, person="a" * 32, purpose="files", page="p", subjects={YEN})


def test_each_day_that_is_over_is_closed_once(made: Sandbox) -> None:
    """Today is not; a day without readings and days on which the box was off are, in one act of the service account."""
    with closing(Office(made.box)) as office:
        assert run(made, office) == 0
        read_by_somebody(office, made.clock.now())
        made.clock.at = GivenClock.on(TODAY + ONE).at
        assert [run(made, office), run(made, office)] == [1, 0]
        made.clock.at = GivenClock.on(TODAY + 4 * ONE).at
        assert run(made, office) == 3
    days = {(TODAY + number * ONE).isoformat(): 1 if number == 0 else 0 for number in range(4)}
    assert closed(made) == days
    last = made.entry(made.box.log.size - 1)
    assert (last.kind, last.by, last.subject, last.unit) == (
        "core.readings_closed.1", service_of(made.box.picture), made.box.id, made.root,
    )  # fmt: skip
    assert len({made.entry(made.box.log.size - number).act for number in (1, 2, 3)}) == 1


@pytest.mark.parametrize(("minutes", "count"), [(5, 0), (11, 1)])
def test_a_day_is_not_closed_at_midnight_already(made: Sandbox, minutes: int, count: int) -> None:
    """Pages that were begun before midnight have some minutes to end in their own day."""
    with closing(Office(made.box)) as office:
        run(made, office)
        made.clock.at = GivenClock.on(TODAY + ONE, 0).at + minutes * 60_000
        assert run(made, office) == count


def test_a_year_without_the_box_takes_a_few_acts(made: Sandbox) -> None:
    """No act is so large that others would have to wait for it."""
    with closing(Office(made.box)) as office:
        run(made, office)
        made.clock.at = GivenClock.on(TODAY + 366 * ONE, 5).at
        made.box.log.last_time = made.clock.at - 1  # other acts were recorded meanwhile
        made.clock.at = GivenClock.on(TODAY + 500 * ONE).at
        assert run(made, office) == 500
    assert len(closed(made)) == 500


def test_a_crash_between_closing_and_stating_changes_nothing(made: Sandbox) -> None:
    """The day is closed in the file already; after the next start the log states the rows that it then had."""
    with closing(Office(made.box)) as office:
        run(made, office)
        read_by_somebody(office, made.clock.now())
        before = office.access.close_day(TODAY)
    made.clock.at = GivenClock.on(TODAY + ONE).at
    made.reopen()
    with closing(Office(made.box)) as office:
        read_by_somebody(office, GivenClock.on(TODAY, 23).at)
        assert run(made, office) == 1
    stated = made.entry(made.box.log.size - 1).body
    assert before is not None
    assert isinstance(stated, ReadingsClosed)
    assert (stated.day, stated.count, stated.digest) == (before.day, 1, before.digest)


def test_while_the_box_records_nothing_the_days_wait(made: Sandbox) -> None:
    """A clock that went far ahead is no reason for an error, and nothing is stated before it is right."""
    with closing(Office(made.box)) as office:
        run(made, office)
        made.clock.at = GivenClock.on(TODAY + 400 * ONE).at
        assert run(made, office) == 0
        made.clock.at = GivenClock.on(TODAY + 2 * ONE).at
        read_by_somebody(office, made.clock.now())
        assert run(made, office) == 2
    assert list(closed(made)) == [TODAY.isoformat(), (TODAY + ONE).isoformat()]


def test_old_days_are_dropped_and_the_log_says_so(made: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole months, once; a crash between the log and the file leaves rows that go at the next run, without a second record."""
    with closing(Office(made.box)) as office:
        run(made, office)
        read_by_somebody(office, made.clock.now())
        for day in (
            TODAY + 200 * ONE,
            dt.date(2029, 11, 30),
            dt.date(2029, 12, 1),
        ):  # 2029-12-01: 36 whole months later
            made.box.log.last_time = made.clock.at = GivenClock.on(day).at
            run(made, office)
            size = made.box.log.size
            if day == dt.date(2029, 12, 1):
                with monkeypatch.context() as crash:
                    crash.setattr(office.access, "drop", lambda *_: 1 / 0)
                    with pytest.raises(ZeroDivisionError):
                        drop(made, office)
                assert len(office.access.about(YEN)) == 1
                assert [drop(made, office), drop(made, office)] == [1, 0]
                assert made.box.log.size == size + 1
            else:
                assert drop(made, office) == 0
        assert office.access.about(YEN) == []
    stated = made.entry(made.box.log.size - 1).body
    assert isinstance(stated, ReadingsDropped)
    assert (stated.days, stated.months) == (tuple(TODAY + number * ONE for number in range(6)), 36)
    report = verify_box(made.folder, plugins=plugins_of())
    assert [one for one in report.findings if one.log == "readings"] == []
    assert any("6 dropped by age" in str(note) for note in report.notes)


def test_what_the_log_lost_of_dropping_is_stated_anew(made: Sandbox) -> None:
    """A restored log may be older than the file beside it: days that are gone are said to be gone, none of them twice."""
    service, old = service_of(made.box.picture), TODAY - 100 * ONE
    with closing(Office(made.box)) as office:
        one = office.access.close_day(old)
        assert one is not None
        made.ask(CloseReadings(days=(Day(day=old, count=one.count, digest=one.digest),)), actor=service)
        office.access.drop([old], made.clock.now(), 36)
        assert [one.where for one in verify_box(made.folder, plugins=plugins_of()).findings] == [old.isoformat()]
        size = made.box.log.size
        assert [drop(made, office), made.box.log.size] == [
            0,
            size,
        ]  # 36 months are kept: such a day was never dropped by age
        office.box.settings = msgspec.structs.replace(office.box.settings, access_months=1)
        assert [drop(made, office), drop(made, office), made.box.log.size] == [0, 0, size + 1]
    assert verify_box(made.folder, plugins=plugins_of()).findings == []


def test_nobody_else_drops_days(made: Sandbox) -> None:
    """A person is refused; the service is refused a day that is too young, was never closed, or is dropped already."""
    service, old = service_of(made.box.picture), TODAY - 100 * ONE
    with pytest.raises(Forbidden):
        made.ask(DropReadings(days=(old,), months=1), actor=made.someone("clerk"))
    for day in (old, TODAY - ONE):
        made.ask(CloseReadings(days=(Day(day=day, count=0, digest="0" * 64),)), actor=service)
    for days, months in (((old,), 0), ((TODAY - ONE,), 1), ((old - ONE,), 1)):
        with pytest.raises(Refused):
            made.ask(DropReadings(days=days, months=months), actor=service)
    made.ask(DropReadings(days=(old,), months=1), actor=service)
    with pytest.raises(Refused):
        made.ask(DropReadings(days=(old,), months=1), actor=service)


def test_nobody_else_closes_days(made: Sandbox) -> None:
    """Whoever holds which post, a person is refused; the service is refused a day that is not over or closed already."""
    day = Day(day=TODAY - ONE, count=0, digest="0" * 64)
    for role in ("clerk", "administrator"):
        with pytest.raises(Forbidden):
            made.ask(CloseReadings(days=(day,)), actor=made.someone(role))
    service = service_of(made.box.picture)
    for days in ((Day(day=TODAY, count=0, digest="0" * 64),), (day, day)):
        with pytest.raises(Refused):
            made.ask(CloseReadings(days=days), actor=service)
    made.ask(CloseReadings(days=(day,)), actor=service)
    with pytest.raises(Refused):
        made.ask(CloseReadings(days=(day,)), actor=service)
