"""Where backups lie: whole or not there, the oldest dropped, whatever the disk does."""

import errno
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from tests.core.backup.conftest import NAME, Saved
from tests.core.toys import toy_plugins

from chibox.backup import care, copies, target
from chibox.backup.taking import take
from chibox.clock import GivenClock
from chibox.errors import Away, NotFound, Refused

DAY = 86_400_000


def names(folder: Path) -> list[str]:
    """What lies there, hidden or not."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder with an older backup, another box's, and what a crash left."""
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / f"{NAME}-20200101-020000.chibox").write_bytes(b"age-encryption.org/v1\nold")
    (folder / f"{NAME}.other-20200101-020000.chibox").write_bytes(b"age-encryption.org/v1\nold")
    (folder / f".{NAME}-20200102-020000.chibox.new").write_bytes(b"half")
    (folder / f".{NAME}.other-20200102-020000.chibox.new").write_bytes(b"half of another box")
    (folder / f"{NAME}-20200103-020000.chibox").write_bytes(b"")
    return folder


def test_the_oldest_beyond_those_to_keep_are_dropped(copy: Saved, stick: Path) -> None:
    """Of this box alone; what is no backup does not count; what a crash left of this box goes."""
    clock = GivenClock(1_600_000_000_000)
    for _ in range(3):
        clock.at += DAY
        taken = take(copy.folder, stick, keep=2, plugins=toy_plugins(), clock=clock)
        assert taken.path.name in names(stick)
    mine = [name for name in names(stick) if name.startswith(f"{NAME}-2")]
    assert mine == [
        f"{NAME}-20200103-020000.chibox",
        f"{NAME}-20200915-192640.chibox",
        f"{NAME}-20200916-192640.chibox",
    ]
    assert [name for name in names(stick) if not name.startswith(f"{NAME}-2")] == [
        f".{NAME}.other-20200102-020000.chibox.new",
        f"{NAME}.other-20200101-020000.chibox",
    ]
    assert [path.name for path in taken.dropped] == [f"{NAME}-20200914-192640.chibox"]


def test_two_in_one_second_both_stay(copy: Saved, stick: Path) -> None:
    """The second gets the next free second."""
    clock = GivenClock(1_600_000_000_000)
    one, other = (take(copy.folder, stick, plugins=toy_plugins(), clock=clock) for _ in range(2))
    assert one.path != other.path
    assert one.path.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS, errno.ENODEV])
def test_a_disk_that_fails_leaves_older_backups(
    copy: Saved, stick: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """One sentence with the reason; nothing new lies there; `care.json` remembers it until one succeeds."""
    before, write = names(stick), target.Written.write

    def failing(self: target.Written, data: bytes) -> int:
        if self.bytes > 50_000:
            raise OSError(number, os.strerror(number))
        return write(self, data)

    monkeypatch.setattr(target.Written, "write", failing)
    with pytest.raises(Away, match=os.strerror(number)):
        take(copy.folder, stick, keep=1, plugins=toy_plugins())
    assert set(names(stick)) == set(before) - {f".{NAME}-20200102-020000.chibox.new"}
    known = care.read(copy.folder)
    assert known.failed is not None
    assert os.strerror(number) in known.failed.why
    monkeypatch.undo()
    take(copy.folder, stick, plugins=toy_plugins())
    assert care.read(copy.folder).failed is None


def test_a_disk_that_gives_back_other_bytes_is_noticed(
    copy: Saved, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written is read again before it is shown."""
    write = target.Written.write

    def lying(self: target.Written, data: bytes) -> int:
        return write(self, data) if self.bytes else self._file.write(b"A") and write(self, data)

    monkeypatch.setattr(target.Written, "write", lying)
    with pytest.raises(Away, match=os.strerror(errno.EIO)):
        take(copy.folder, stick, plugins=toy_plugins())
    assert not [name for name in names(stick) if name.startswith(f"{NAME}-2026")]


def test_a_stick_that_vanishes_or_was_never_there(copy: Saved, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle, or before: words, and the box goes on."""
    write = target.Written.write

    def vanishing(self: target.Written, data: bytes) -> int:
        if self.bytes > 50_000:
            shutil.rmtree(stick, ignore_errors=True)
        return write(self, data)

    monkeypatch.setattr(target.Written, "write", vanishing)
    with pytest.raises(Away, match="Older backups stand"):
        take(copy.folder, stick, plugins=toy_plugins())
    with pytest.raises(NotFound, match="stick"):
        take(copy.folder, stick, plugins=toy_plugins())
    with pytest.raises(Refused, match="inside"):
        take(copy.folder, copy.folder / "keys", plugins=toy_plugins())


def test_a_full_disk_of_the_box_is_told(copy: Saved, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy of the tables finds no room: one sentence, and nothing of it stays."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(copies, "copy_store", full)
    with pytest.raises(Away, match="disk is full"):
        take(copy.folder, stick, plugins=toy_plugins())
    assert list((copy.folder / ".backup").iterdir()) == []


def test_two_at_once_are_told_apart(copy: Saved, stick: Path) -> None:
    """The second is refused, and takes nothing from the first."""
    with copies.scratch(copy.folder, ".backup") as place:
        (place / "tables.db").write_bytes(b"x")
        with pytest.raises(Refused, match="Another backup"):
            take(copy.folder, stick, plugins=toy_plugins())
        assert (place / "tables.db").exists()


def test_the_newest_is_kept_also_when_the_clock_went_back(copy: Saved, stick: Path) -> None:
    """A name that sorts first is not dropped by the backup that made it."""
    taken = take(copy.folder, stick, keep=1, plugins=toy_plugins(), clock=GivenClock(1_000_000_000_000))
    assert taken.path.exists()
    assert [path.name for path in taken.dropped] == [f"{NAME}-20200101-020000.chibox"]
