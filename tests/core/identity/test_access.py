"""The access log: one row an act of reading, found by who read and by who was read, dropped when old enough."""

import datetime as dt
import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from chibox.clock import GivenClock
from chibox.identity.access import AccessLog, Later, Reading
from chibox.identity.readings_digest import DayDigest

LUA, YEN, MAN = "a" * 32, "b" * 32, "0b" * 16
FIRST = """CREATE TABLE reading(no INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, person TEXT NOT NULL,
    purpose TEXT NOT NULL, page TEXT NOT NULL, field TEXT, subjects BLOB NOT NULL) STRICT;
    CREATE INDEX reading_time ON reading(time); PRAGMA user_version=1;"""


@pytest.fixture
def access(tmp_path: Path) -> Iterator[AccessLog]:
    """An access log of its own."""
    made = AccessLog.open(tmp_path)
    yield made
    made.close()


def test_a_row_tells_who_when_why_where_and_whom(access: AccessLog) -> None:
    """A list is one row with all whom it showed; the masked value that was asked for is named."""
    access.write(time=5, person=LUA, purpose="files", page="membership.list", subjects={YEN, MAN})
    access.write(time=9, person=LUA, purpose="files", page="membership.member", subjects={MAN}, field="phone")
    assert [(r.time, r.person, r.purpose, r.page, r.field, set(r.subjects)) for r in access.by(LUA)] == [
        (9, LUA, "files", "membership.member", "phone", {MAN}), (5, LUA, "files", "membership.list", None, {YEN, MAN}),
    ]  # fmt: skip


def test_reading_about_nobody_is_no_reading(access: AccessLog) -> None:
    """A page that showed no person leaves no row."""
    access.write(time=5, person=LUA, purpose="files", page="core.units", subjects=())
    assert access.by(LUA) == []


def test_whoever_was_read_is_found_exactly(access: AccessLog) -> None:
    """An id that only stands across two others is not taken for one."""
    access.write(time=1, person=LUA, purpose="files", page="p", subjects={"00" * 15 + "bb", "bb" + "00" * 15})
    assert access.about("bb" * 2 + "00" * 14) == []
    assert access.about("00" * 14 + "bbbb") == []
    assert len(access.about("00" * 15 + "bb")) == 1


def purge(access: AccessLog, now: int, months: int, closed: dt.date | None) -> int:
    """What the task does, without the log."""
    return access.drop(access.old_days(now, months, closed), now, months)


def _noon(day: dt.date) -> int:
    return GivenClock.on(day, 12).at


def test_whole_months_are_dropped(access: AccessLog) -> None:
    """Closed days before the first of the month so far back go, and their numbers do not come back; again, nothing goes."""
    days = [dt.date(2026, 1, 31), dt.date(2026, 2, 1), dt.date(2026, 3, 5)]
    for day in days:
        access.write(time=_noon(day), person=LUA, purpose="files", page="p", subjects={YEN})
        access.close_day(day)
    now = _noon(dt.date(2026, 6, 30))
    assert purge(access, now, 4, days[-1]) == 1
    assert [row.no for row in access.about(YEN)] == [3, 2]
    assert purge(access, now, 4, days[-1]) == 0
    assert access.close_day(days[0]) is None
    assert purge(access, _noon(dt.date(2029, 1, 1)), 4, days[-1]) == 2
    access.write(time=now, person=LUA, purpose="files", page="p", subjects={YEN})
    assert [row.no for row in access.about(YEN)] == [4]


@pytest.mark.parametrize("closed", [None, dt.date(2026, 1, 30)])
def test_nothing_is_dropped_that_the_log_has_not_closed(access: AccessLog, closed: dt.date | None) -> None:
    """A day without its digest in the log stays, however old it is."""
    day = dt.date(2026, 1, 31)
    access.write(time=_noon(day), person=LUA, purpose="files", page="p", subjects={YEN})
    access.close_day(day)
    assert purge(access, _noon(dt.date(2030, 1, 1)), 1, closed) == 0


def test_a_delayed_reading_is_not_dropped_before_it_could_be_seen(access: AccessLog) -> None:
    """Its day stays until thirty days after the delay, when everything else of that age is gone."""
    day, until = dt.date(2026, 1, 31), dt.date(2026, 7, 15)
    access.write(time=_noon(day), person=LUA, purpose="files", page="p", subjects={YEN}, later=Later("ab" * 16, until))
    access.close_day(day)
    dropped = [purge(access, _noon(until + dt.timedelta(days=days)), 1, day) for days in (-100, 0, 30, 31)]
    assert dropped == [0, 0, 0, 1]


def test_a_closed_day_takes_no_row(access: AccessLog) -> None:
    """What comes after the closing, with a time before midnight, stands in the first open day, and keeps its time."""
    day = dt.date(2026, 11, 24)
    late = _noon(day) + 12 * 3_600_000 - 100
    access.write(time=late - 1, person=LUA, purpose="files", page="p", subjects={YEN})
    before = access.close_day(day)
    access.write(time=late, person=LUA, purpose="files", page="p", subjects={YEN})
    assert access.close_day(day) == before
    assert before is not None
    assert before.count == 1
    after = access.close_day(day + dt.timedelta(days=1))
    assert after is not None
    assert after.count == 1
    assert [row.time for row in access.by(LUA)] == [late, late - 1]


def test_writing_races_with_closing(access: AccessLog) -> None:
    """Whatever the order in which threads come, a day has the rows that its digest says."""
    day = dt.date(2026, 11, 24)
    found: list[DayDigest | None] = []

    def write() -> None:
        for _ in range(30):
            access.write(time=_noon(day), person=LUA, purpose="files", page="p", subjects={YEN})

    writers = [threading.Thread(target=write) for _ in range(3)]
    for one in writers:
        one.start()
    found.append(access.close_day(day))
    for one in writers:
        one.join()
    assert access.close_day(day) == found[0]
    assert len(access.about(YEN)) == 90


def test_the_first_day_is_remembered(access: AccessLog) -> None:
    """An access log begins with its first row, or with the day on which it is asked first."""
    access.write(time=_noon(dt.date(2026, 1, 5)), person=LUA, purpose="files", page="p", subjects={YEN})
    assert [access.begin(dt.date(2026, 2, 1)), access.begin(dt.date(2026, 3, 1))] == [dt.date(2026, 1, 5)] * 2


def test_the_digest_is_the_documented_one(access: AccessLog) -> None:
    """The bytes of formats.md, made here by hand."""
    day = dt.date(2026, 11, 24)
    access.write(time=5, person=LUA, purpose="files", page="membership.member", subjects={MAN, YEN}, field="phone")
    access.close_day(dt.date(2026, 11, 23))
    access.write(
        time=_noon(day), person=LUA, purpose="inspection", page="membership.list", subjects={YEN},
        later=Later("cd" * 16, dt.date(2026, 12, 31)),
    )  # fmt: skip
    found = access.close_day(day)
    with access._store.reading() as run:
        (salt,) = run.execute("SELECT salt FROM day WHERE day='2026-11-24'").fetchone()
    line = (
        f'{{"delay":"{"cd" * 16}","field":null,"no":2,"page":"membership.list","person":"{LUA}","purpose":"inspection",'
        f'"subjects":"{YEN}","time":{_noon(day)},"until":"2026-12-31"}}\n'
    )
    whole = b"readings/v1\0" + salt + b"2026-11-24\n" + line.encode()
    assert found == DayDigest(day, 1, hashlib.sha256(whole).hexdigest())


def test_a_file_of_the_first_version_is_brought_on(tmp_path: Path) -> None:
    """Rows keep what they say, and stand in their day of Viet Nam; nothing of them is told later."""
    path = tmp_path / "access.db"
    old = sqlite3.connect(path)
    old.executescript(FIRST)
    time = GivenClock.on(dt.date(2026, 11, 24), 1).at
    old.execute(
        "INSERT INTO reading(time, person, purpose, page, field, subjects) VALUES(?,?,'files','p',NULL,?)",
        (time, LUA, bytes.fromhex(YEN)),
    )
    old.commit()
    old.close()
    for _ in range(2):
        made = AccessLog.open(tmp_path)
        assert made.about(YEN) == [Reading(1, time, LUA, "files", "p", None, (YEN,))]
        closed = made.close_day(dt.date(2026, 11, 24))
        assert closed is not None
        assert closed.count == 1
        made.close()
