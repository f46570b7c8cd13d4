"""The access log: one row an act of reading, found by who read and by who was read, dropped when old enough."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chibox.identity.access import AccessLog

LUA, YEN, MAN = "a" * 32, "b" * 32, "0b" * 16
DAY = 86_400_000


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


def test_old_rows_are_dropped(access: AccessLog) -> None:
    """Rows older than the box keeps them go, and their numbers do not come back."""
    for time in (DAY, 100 * DAY):
        access.write(time=time, person=LUA, purpose="files", page="p", subjects={YEN})
    assert access.purge(200 * DAY, 4) == 1
    assert [row.no for row in access.about(YEN)] == [2]
    assert access.purge(1000 * DAY, 4) == 1
    access.write(time=1000 * DAY, person=LUA, purpose="files", page="p", subjects={YEN})
    assert [row.no for row in access.about(YEN)] == [3]
