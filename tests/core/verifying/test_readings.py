"""`chibox verify BOX` and the access log: the day whose rows were changed, added or removed is named, and no other."""

import datetime as dt
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chibox.clock import GivenClock
from chibox.drafts.file import DraftFile
from chibox.identity.access import FILE, AccessLog, Later
from chibox.office import Office
from chibox.records.verify.report import Report
from chibox.testing.boxes import TODAY, Sandbox, plugins_of, sandbox
from chibox.verifying import verify_box
from chibox.verifying.readings import READINGS, check_readings
from chibox.work.closing import close_days
from chibox.work.tasks import Duty

ONE = dt.timedelta(days=1)
DAYS = 4
ALL = [TODAY + number * ONE for number in range(DAYS)]
PEOPLE = ["a" * 32, "b" * 32, "0c" * 16]
LATER = Later("d" * 32, TODAY + 30 * ONE)
ROW = st.tuples(
    st.integers(0, DAYS),  # the last day is open
    st.sampled_from(PEOPLE),
    st.sets(st.sampled_from(PEOPLE), min_size=1),
    st.sampled_from([None, "phone"]),
    st.sampled_from([None, LATER]),
)
CHANGES = {
    "person": "person='9' || substr(person, 2)",
    "time": "time=time+1",
    "purpose": "purpose='own'",
    "page": "page='core.home'",
    "field": "field=coalesce(field || 'x', 'born_on')",
    "delay": "delay=coalesce(delay || 'x', 'd')",
    "until": "until=coalesce(date(until, '+1 day'), '2026-12-31')",
    "subjects": "subjects=x'00112233445566778899aabbccddeeff'",
    "no": "no=no+1000",
}


class Said:
    """What the log says of closed days, in the place of its tables."""

    def __init__(self, days: dict[dt.date, tuple[int, str, bool]]) -> None:
        self.days = days

    def rows(self, *_: object) -> list[tuple[Any, ...]]:
        """The rows of the table."""
        return [(day.isoformat(), *rest) for day, rest in sorted(self.days.items())]


@contextmanager
def filled(rows: list[Any]) -> Iterator[tuple[Path, Said]]:
    """The access log of four closed days, with these rows, and what the log says of it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        with closing(AccessLog.open(folder)) as access:
            for day, person, subjects, field, later in rows:
                access.write(
                    time=GivenClock.on(TODAY + day * ONE, 9).at, person=person, purpose="files", page="membership.member",
                    subjects=subjects, field=field, later=later,
                )  # fmt: skip
            found = [access.close_day(day) for day in ALL]
        yield folder, Said({one.day: (one.count, one.digest, False) for one in found if one is not None})


def named(folder: Path, said: Said) -> set[str]:
    """The places of the faults that are found."""
    report = Report()
    check_readings(folder, said, report)  # type: ignore[arg-type]  # it asks for rows only
    assert {finding.log for finding in report.findings} <= {READINGS}
    return {finding.where for finding in report.findings}


def changed(folder: Path, statement: str, *arguments: object) -> None:
    """Change the file as somebody who runs the machine can."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as connection:
        connection.execute(statement, arguments)


@given(st.lists(ROW, min_size=1, max_size=10), st.data())
@settings(max_examples=60, deadline=None)
def test_exactly_the_changed_day_is_named(rows: list[Any], data: st.DataObject) -> None:
    """Any column of any row of a closed day changed, a row taken out, one put in: that day, and only that; an open day never."""
    with filled(rows) as (folder, said):
        assert named(folder, said) == set()
        with closing(sqlite3.connect(folder / FILE)) as connection:
            found = connection.execute("SELECT no, day FROM reading ORDER BY no").fetchall()
        no, day = data.draw(st.sampled_from(found))
        what = data.draw(st.sampled_from([*CHANGES, "removed", "added"]))
        if what == "removed":
            changed(folder, "DELETE FROM reading WHERE no=?", no)
        elif what == "added":
            columns = "time, person, purpose, page, field, subjects, day, delay, until"
            changed(folder, f"INSERT INTO reading({columns}) SELECT {columns} FROM reading WHERE no=?", no)
        else:
            changed(folder, f"UPDATE reading SET {CHANGES[what]} WHERE no=?", no)
        assert named(folder, said) == ({day} if day <= ALL[-1].isoformat() else set())


@given(st.lists(ROW, min_size=1, max_size=6), st.permutations(ALL))
@settings(max_examples=30, deadline=None)
def test_rows_moved_to_another_day_give_both_away(rows: list[Any], days: list[dt.date]) -> None:
    """A row that changes its day is missing on the one and too many on the other."""
    with filled(rows) as (folder, said):
        one, other = days[:2]
        with closing(sqlite3.connect(folder / FILE)) as connection:
            some = connection.execute("SELECT count(*) FROM reading WHERE day=?", (one.isoformat(),)).fetchone()[0]
        changed(folder, "UPDATE reading SET day=? WHERE day=?", other.isoformat(), one.isoformat())
        assert named(folder, said) == ({one.isoformat(), other.isoformat()} if some else set())


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE day SET salt=zeroblob(32) WHERE day=?", ALL[1].isoformat()),
        ("DELETE FROM day WHERE day=?", ALL[1].isoformat()),
        ("UPDATE day SET salt=NULL WHERE day=?", ALL[1].isoformat()),
        ("UPDATE day SET salt=NULL, purged=1795000000000, months=36 WHERE day=?", ALL[1].isoformat()),
        ("UPDATE reading SET day='1999-01-01' WHERE day=?", "1999-01-01"),
    ],
)
def test_what_stands_beside_the_rows_is_held_against_the_log_too(statement: str, where: str) -> None:
    """Another salt, a day that is not known, one purged before its age, rows put on a day that nobody closed."""
    with filled([(1, PEOPLE[0], {PEOPLE[1]}, None, None)]) as (folder, said):
        changed(folder, statement, ALL[1].isoformat())
        assert where in named(folder, said)


def test_a_day_that_was_left_out_is_named() -> None:
    """Between the first and the last closed day none is missing."""
    with filled([]) as (folder, said):
        del said.days[ALL[2]]
        assert named(folder, said) == {ALL[2].isoformat()}


def test_a_dropped_day_is_told_from_a_deleted_one() -> None:
    """Rows that went by age, as the log says, are counted in a note; others are a fault; so are dropped ones that come back."""
    with filled([(0, PEOPLE[0], {PEOPLE[1]}, None, None), (1, PEOPLE[0], {PEOPLE[1]}, None, None)]) as (folder, said):
        now = GivenClock.on(dt.date(2027, 4, 1)).at
        with closing(AccessLog.open(folder)) as access:
            assert access.drop(access.old_days(now, 3, ALL[-1]), now, 3) == 2
        assert named(folder, said) == {day.isoformat() for day in ALL}
        said.days = {day: (count, digest, True) for day, (count, digest, _) in said.days.items()}
        report = Report()
        check_readings(folder, said, report)  # type: ignore[arg-type]
        assert report.findings == []
        assert any("0 closed days compared, 4 dropped" in str(note) for note in report.notes)
        with closing(AccessLog.open(folder)) as access:
            access.write(time=0, person=PEOPLE[0], purpose="own", page="p", subjects={PEOPLE[1]})
        changed(folder, "UPDATE reading SET day=?", ALL[0].isoformat())
        assert named(folder, said) == {ALL[0].isoformat()}


def test_a_missing_file_and_one_that_is_none() -> None:
    """Days were closed, and their file is not there, or is rubbish: one sentence each; no days, no file: nothing."""
    with filled([]) as (folder, said):
        (folder / FILE).write_bytes(b"x" * 5000)
        assert named(folder, said) == {FILE}
        (folder / FILE).unlink()
        assert named(folder, said) == {FILE}
        assert named(folder, Said({})) == set()


def _closed(folder: Path) -> Sandbox:
    """A box that was closed for two days with a reading on each."""
    with sandbox(folder, clock=GivenClock.on(TODAY)) as made, closing(Office(made.box)) as office:
        for _ in range(3):
            with closing(DraftFile.open(folder)) as drafts:
                close_days(Duty(made.box, "core", drafts), office.access)
            office.access.write(
                time=made.clock.now(), person=PEOPLE[0], purpose="files", page="core.home", subjects={PEOPLE[1]}
            )
            made.clock.at += ONE.days * 86_400_000
        return made


def test_the_whole_box_is_verified_with_its_access_log(tmp_path: Path) -> None:
    """Sound it says how many days were compared and from when on nobody vouches; changed, it names the day."""
    folder = tmp_path / "box"
    _closed(folder)
    report = verify_box(folder, plugins=plugins_of())
    assert report.findings == []
    notes = "\n".join(map(str, report.notes))
    assert "access log: 2 closed days compared, 0 dropped by age" in notes
    assert "Of the access log, readings after 2026-11-26 are not covered." in notes
    changed(folder, "DELETE FROM reading WHERE day='2026-11-25'")
    found = verify_box(folder, plugins=plugins_of()).findings
    assert [(one.log, one.where) for one in found] == [(READINGS, "2026-11-25")]
    assert "0 are here, 1 were" in str(found[0].what)


def test_the_access_log_is_verified_while_the_box_runs(tmp_path: Path) -> None:
    """On one snapshot, with the file open for writing elsewhere."""
    with sandbox(tmp_path / "box", clock=GivenClock.on(TODAY)) as made, closing(Office(made.box)) as office:
        for _ in range(2):
            with closing(DraftFile.open(made.folder)) as drafts:
                close_days(Duty(made.box, "core", drafts), office.access)
            made.clock.at += 86_400_000
        assert verify_box(made.folder, plugins=plugins_of()).findings == []
