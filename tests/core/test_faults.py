"""Disk, clock and files under a box go wrong: it says so, loses nothing that was acknowledged, and goes on when it can."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.toys import Make, toy_plugins
from tests.core.whole import everything

from chibox.box import Box, Founding
from chibox.errors import Away, Fatal, NotFound, Refused
from chibox.signing import disk
from chibox.signing.disk import ROOM
from chibox.testing.boxes import Sandbox, sandbox
from chibox.testing.sites import site
from chibox.verifying import verify_box

HOUR, DAY = 3_600_000, 86_400_000


def state(made: Sandbox) -> str:
    """Why the box takes nothing now; empty while it does."""
    return "" if made.box.stopped is None else made.box.stopped.reason


@contextmanager
def limited(made: Sandbox, pages: int) -> Iterator[None]:
    """The database may grow by so many pages only: what SQLite then meets is what a full disk gives it."""
    connection = made.box.database.writer
    (now,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={now + pages}")
    try:
        yield
    finally:
        connection.execute("PRAGMA max_page_count=1073741823")


@pytest.mark.parametrize("pages", [0, 1, 2, 5, 20])
def test_a_full_disk_refuses_and_goes_on(tmp_path: Path, pages: int) -> None:
    """An act that finds no room is refused whole, with words; those before stand; with room the same act is recorded, once."""
    with sandbox(tmp_path / "box", toy_plugins(), seed=pages) as made:
        clerk = made.someone("clerk")
        before = everything(made)
        act, large = "a" * 32, Make(unit=made.root, names=tuple(f"{n:040}" for n in range(800)))
        with limited(made, pages), pytest.raises(Away, match=r"disk of the box is full.* Nothing was recorded"):
            made.ask(large, actor=clerk, act=act)
        assert everything(made) == before
        assert made.box.writer.failed is None
        answer = made.ask(large, actor=clerk, act=act)
        assert answer == made.ask(large, actor=clerk, act=act)
        made.reopen()
        assert made.box.log.size == answer.last + 1
        assert verify_box(made.folder, plugins=made.plugins).ok


def test_on_a_full_disk_each_act_has_its_own_answer(tmp_path: Path) -> None:
    """Of small acts and one too large, queued at once: what was answered with a number is there, what was refused is not."""
    with sandbox(tmp_path / "box", toy_plugins()) as made:
        clerk = made.someone("clerk")
        with limited(made, 40):
            size = made.box.log.size
            many = Make(unit=made.root, names=tuple(f"{n:040}" for n in range(3000)))
            with pytest.raises(Away, match="full"):
                made.ask(many, actor=clerk)
            answers = [made.ask(Make(unit=made.root, names=(f"small {n}",)), actor=clerk) for n in range(5)]
        made.reopen()
        assert made.box.log.size == answers[-1].last + 1 == size + 5


def test_a_disk_that_cannot_be_written_refuses(tmp_path: Path) -> None:
    """Reading goes on; the writer has not stopped, and records once the disk can be written."""
    with sandbox(tmp_path / "box", toy_plugins()) as made:
        before = everything(made)
        made.box.database.writer.execute("PRAGMA query_only=ON")
        with pytest.raises(Away, match="cannot be written"):
            made.unit("Chi bộ 1")
        assert everything(made) == before
        made.box.database.writer.execute("PRAGMA query_only=OFF")
        made.unit("Chi bộ 1")
        assert made.box.writer.failed is None


def test_little_room_is_told_before_it_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below the room that is kept free nothing is asked of the disk; every page says so; it passes by itself."""
    with sandbox(tmp_path / "box") as made:
        clerk = made.someone("clerk")
        monkeypatch.setattr(disk, "ROOM", 1 << 62)
        assert state(made) == "disk_full"
        with pytest.raises(Away, match=r"disk of the box is full\. Nothing is recorded until"):
            made.unit("Chi bộ 1")
        with site(made.box) as signed_in:
            page = signed_in(clerk).get("/units").text
            assert "Tạm dừng nhận việc mới" in page
            assert "Ổ đĩa của hộp đã đầy." in page
        monkeypatch.setattr(disk, "ROOM", ROOM)
        assert state(made) == ""
        made.unit("Chi bộ 1")


@pytest.mark.parametrize(
    ("jump", "stops"), [(-2 * HOUR, True), (-HOUR // 2, False), (400 * DAY, True), (300 * DAY, False)]
)
def test_a_clock_that_jumps(tmp_path: Path, jump: int, stops: bool) -> None:
    """Far behind or ahead of the last entry nothing is dated; a little behind, by the last time; set right, it goes on."""
    with sandbox(tmp_path / "box") as made:
        made.unit("Chi bộ 1")
        last, right = made.box.log.last_time, made.clock.at
        made.clock.at += jump
        assert state(made) == ("clock" if stops else "")
        if stops:
            with pytest.raises(Away, match="clock of the box is wrong"):
                made.unit("Chi bộ 2")
            made.reopen()
            assert state(made) == "clock"
            made.clock.at = right
        made.unit("Chi bộ 2")
        assert made.box.log.last_time == max(last, made.clock.at)
        assert verify_box(made.folder, plugins=made.plugins).ok


def test_a_clock_without_battery(tmp_path: Path) -> None:
    """It says 1970 or 2000: nothing is dated by it."""
    with sandbox(tmp_path / "box") as made:
        for at in (0, 946_684_800_000):
            made.clock.at = at
            assert state(made) == "clock"


def test_a_key_without_its_database_founds_nothing(tmp_path: Path) -> None:
    """Neither opening nor founding: the sentence says what to do, and the keys stay."""
    with sandbox(tmp_path / "box"):
        pass
    for file in (tmp_path / "box").glob("*.db*"):
        file.unlink()
    key = (tmp_path / "box/keys/log.key").read_bytes()
    with pytest.raises(NotFound, match=r"keys of a box are in .* Restore a backup"):
        Box.open(tmp_path / "box")
    with pytest.raises(Refused, match="something in"):
        Box.init(tmp_path / "box", Founding(name="demo.a", committee="A"))
    assert (tmp_path / "box/keys/log.key").read_bytes() == key


@pytest.mark.parametrize("wal", [True, False])
def test_a_folder_copied_while_it_runs(tmp_path: Path, wal: bool) -> None:
    """The copy does not sign, whatever it caught: it is a copy, or older than what left; the original is none the wiser."""
    with sandbox(tmp_path / "box") as made:
        made.unit("Chi bộ 1")
        made.box.publish()
        copy = tmp_path / "copy"
        shutil.copytree(made.folder, copy, ignore=None if wal else shutil.ignore_patterns("*-wal", "*-shm"))
        made.unit("Chi bộ 2")
        original, made.folder = made.box, copy
        try:
            copied = Box.open(copy, clock=made.clock, plugins=made.plugins)
        except Fatal:
            copied = None
        assert copied is None or copied.stopped is not None
        if copied is not None:
            made.box = copied
            with pytest.raises(Away):
                made.unit("Chi bộ 3")
            copied.close()
        made.box, made.folder = original, tmp_path / "box"
        made.unit("Chi bộ 4")


@given(cut=st.integers(0, 400), junk=st.binary(max_size=300))
@settings(max_examples=25, deadline=None)
def test_a_torn_end_of_the_wal_is_as_if_it_had_not_been_written(
    tmp_path_factory: pytest.TempPathFactory, cut: int, junk: bytes
) -> None:
    """Whatever a crash left behind the last whole commit is passed over; the commits before it stand, and the box goes on."""
    with sandbox(tmp_path_factory.mktemp("torn") / "box") as made:
        made.unit("Chi bộ 1")
        size = made.box.log.size
        wal = (made.folder / "box.db-wal").read_bytes()
        made.unit("Chi bộ 2")
        later = (made.folder / "box.db-wal").read_bytes()
        torn = later[: len(wal) + min(cut, len(later) - len(wal) - 1)] + junk
        folder = made.folder.with_name("torn")
        folder.mkdir()
        for path in made.folder.iterdir():
            if path.is_file() and not path.name.startswith("box.db"):
                shutil.copy2(path, folder / path.name)
        shutil.copytree(made.folder / "keys", folder / "keys")
        shutil.copy2(made.folder / "box.db", folder / "box.db")
        (folder / "box.db-wal").write_bytes(torn)
        box = Box.open(folder, clock=made.clock, plugins=made.plugins)
        try:
            assert box.log.size == size
            assert box.stopped is not None
            assert box.stopped.reason == "copied"
        finally:
            box.close()
        assert verify_box(folder, plugins=made.plugins).ok
