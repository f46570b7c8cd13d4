"""kill -9 in the middle: of a backup, of a restore. What is left is hidden, and the next one goes well."""

import errno
import os
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.core.backup.conftest import NAME, Saved, rows
from tests.core.toys import toy_plugins

from chibox.backup import assembling, care, copies, intake, restoring, target, unpacking
from chibox.backup.restoring import restore
from chibox.backup.taking import take
from chibox.errors import Refused
from chibox.verifying import verify_box


def killed_at(place: tuple[Any, str], call: int, work: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork of this process does the work until the so manieth call of a function, and dies there by kill -9."""
    child = os.fork()
    if child == 0:
        owner, name = place
        original, calls = getattr(owner, name), 0

        def dying(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == call:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*arguments, **named)

        monkeypatch.setattr(owner, name, dying)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"{place[1]} was not called {call} times"
    assert os.WTERMSIG(status) == signal.SIGKILL


BACKUP = [
    ((copies, "copy_store"), 1),
    ((copies, "copy_store"), 3),
    ((copies, "copy_tables"), 1),
    ((target.Written, "write"), 1),
    ((target.Written, "write"), 2),
    ((target, "_read_back"), 1),
    ((target, "sync_folder"), 1),
    ((care, "note"), 1),
]


@pytest.mark.parametrize(("place", "call"), BACKUP)
def test_a_killed_backup(
    copy: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: tuple[Any, str], call: int
) -> None:
    """Hidden or whole, never half under its name; the next one clears away what is left, in both folders."""
    stick = tmp_path / "stick"
    stick.mkdir()
    killed_at(place, call, lambda: take(copy.folder, stick, plugins=toy_plugins()), monkeypatch)
    for number, path in enumerate(path for path in stick.iterdir() if not path.name.startswith(".")):
        assert restore(path, tmp_path / str(number), copy.opening).size == copy.taken.size
    taken = take(copy.folder, stick, plugins=toy_plugins())
    assert not [path.name for path in stick.iterdir() if path.name.startswith(f".{NAME}")]
    assert list((copy.folder / ".backup").iterdir()) == []
    restore(taken.path, tmp_path / "new", copy.opening)
    assert rows(tmp_path / "new" / "box.db") == rows(copy.folder / "box.db")


RESTORE = [
    ((intake.Intake, "generation"), 1),
    ((intake.Rows, "keep"), 3),
    ((unpacking, "_file"), 1),
    ((unpacking, "_file"), 3),
    ((assembling, "assemble"), 1),
    ((assembling, "_end_sessions"), 1),
    ((restoring, "_keys"), 1),
    ((restoring, "_mark_restored"), 1),
    ((Path, "rename"), 1),
    ((restoring, "sync_folder"), 1),
    ((restoring, "sync_folder"), 2),
]


@pytest.mark.parametrize(("place", "call"), RESTORE)
def test_a_killed_restore(
    saved: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: tuple[Any, str], call: int
) -> None:
    """The folder is whole or not there; a hidden one beside it is nobody's box."""
    folder = tmp_path / "new"
    killed_at(place, call, lambda: restore(saved.taken.path, folder, saved.opening), monkeypatch)
    for path in tmp_path.iterdir():
        assert path == folder or path.name.startswith(".new.restoring.")
    if not folder.exists():
        restore(saved.taken.path, folder, saved.opening)
        assert [path.name for path in tmp_path.iterdir()] == ["new"]
    assert verify_box(folder, plugins=toy_plugins()).findings == []
    assert (folder / "restored").exists()


def test_what_a_killed_backup_left_is_cleared_by_an_erasure_too(copy: Saved) -> None:
    """Copies of data do not outlive it; but not while somebody works on them."""
    with copies.scratch(copy.folder, copies.BACKUP) as place:
        (place / "tables.db").write_bytes(b"x")
        assert not copies.clear(copy.folder)
        assert (place / "tables.db").exists()
        left = place / "tables.db"
    (copy.folder / copies.REHEARSAL / "box").mkdir(parents=True)
    left.write_bytes(b"x")
    assert copies.clear(copy.folder)
    assert not left.exists()
    assert list((copy.folder / copies.REHEARSAL).iterdir()) == []


@pytest.mark.parametrize(
    ("owner", "name"), [(unpacking, "_file"), (intake.Rows, "keep"), (restoring, "_sync_all"), (Path, "rename")]
)
def test_a_restore_on_a_full_disk(
    saved: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    """One sentence that speaks of the disk, not of the backup; nothing is left."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(owner, name, full)
    with pytest.raises(Refused, match=f"stopped.*{os.strerror(errno.ENOSPC)}"):
        restore(saved.taken.path, tmp_path / "new", saved.opening)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_under_the_tables(saved: Saved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What SQLite says of it is no damage of the backup."""
    fill = assembling._fill

    def full(connection: sqlite3.Connection, *rest: Any) -> None:
        connection.execute("PRAGMA max_page_count=1")
        fill(connection, *rest)

    monkeypatch.setattr(assembling, "_fill", full)
    with pytest.raises(Refused, match=r"stopped.*full"):
        restore(saved.taken.path, tmp_path / "new", saved.opening)
    assert list(tmp_path.iterdir()) == []


def test_a_restore_that_runs_is_left_alone_by_another(saved: Saved, tmp_path: Path) -> None:
    """Only what a dead process left is cleared away."""
    with copies.hidden(tmp_path, ".new.restoring.") as place:
        (place / "x").write_bytes(b"x")
        restore(saved.taken.path, tmp_path / "new", saved.opening)
        assert (place / "x").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
