"""A box that was backed up and restored is the box that it was, and knows that it was restored."""

import io
import json
import sqlite3
import subprocess
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pyrage
import pytest
import zstandard
from tests.core.backup.conftest import NAME, PLANTED, Saved, rows
from tests.core.together import make
from tests.core.toys import Toy, toy_plugins

from chibox.backup.making import make as make_sheet
from chibox.backup.recovery import identity
from chibox.backup.restoring import restore
from chibox.backup.sheet import Secrets
from chibox.backup.taking import take
from chibox.box import Box
from chibox.errors import Away, Refused
from chibox.records.notes import to_base64
from chibox.records.verify import verify_log
from chibox.signing.mark import HighWater
from chibox.testing.boxes import sandbox
from chibox.verifying import verify_box


def untarred(saved: Saved, to: Path) -> list[str]:
    """The backup as standard tools see it: decrypted, decompressed, untarred. Returns the names in their order."""
    packed = pyrage.decrypt(saved.taken.path.read_bytes(), [identity(saved.sheet.identity)])
    tar = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    with tarfile.open(fileobj=io.BytesIO(tar)) as file:
        file.extractall(to)
        return file.getnames()


def test_rows_and_report_are_the_same(saved: Saved, tmp_path: Path) -> None:
    """Every row of every table comes back, and whoever verifies the box reads the same figures."""
    restored = restore(saved.taken.path, tmp_path / "new", saved.opening)
    assert (restored.size, restored.signs, restored.erased) == (saved.taken.size, True, 0)
    assert rows(tmp_path / "new" / "box.db") == rows(saved.folder / "box.db")
    old, new = (verify_box(folder, plugins=toy_plugins()) for folder in (saved.folder, tmp_path / "new"))
    assert old.findings == new.findings == []
    assert old.figures == new.figures


def test_what_is_not_of_the_log_comes_back_too(saved: Saved, tmp_path: Path) -> None:
    """Accounts, access log, drafts, settings and pepper do; sessions are over, the local token is another, there is no mark."""
    restore(saved.taken.path, tmp_path / "new", saved.opening)
    for store in ("access.db", "drafts.db"):
        assert rows(tmp_path / "new" / store) == rows(saved.folder / store)
    old, new = rows(saved.folder / "accounts.db"), rows(tmp_path / "new" / "accounts.db")
    assert (len(old.pop("session")), new.pop("session")) == (1, [])
    assert old == new
    same = {path: (saved.folder / path).read_bytes() == (tmp_path / "new" / path).read_bytes()
            for path in ("chibox.toml", "keys/pepper", "keys/log.key", "keys/recovery.pub", "keys/local.token")}  # fmt: skip
    assert same == {path: path != "keys/local.token" for path in same}
    assert not (tmp_path / "new" / "mark").exists()
    said = json.loads((tmp_path / "new" / "restored").read_bytes())
    assert (said["made"], said["size"]) == (saved.taken.made, saved.taken.size)
    assert {
        path.name for path in (tmp_path / "new").rglob("*") if path.is_file() and path.stat().st_mode & 0o77
    } == set()


def test_a_restored_box_reads_and_does_not_sign(saved: Saved, tmp_path: Path) -> None:
    """It opens, shows its rows, and takes nothing new until people have decided."""
    restore(saved.taken.path, tmp_path / "new", saved.opening)
    with closing(Box.open(tmp_path / "new", plugins=toy_plugins())) as box:
        assert box.stopped is not None
        assert box.stopped.reason == "restored"
        with box.reading() as read:
            assert read.count(Toy) == 301


def test_without_the_log_key_the_box_stands(saved: Saved, tmp_path: Path) -> None:
    """No key is written, of another log neither; the box opens and can be read."""
    for number, seed in enumerate((None, bytes(range(32)))):
        folder = tmp_path / str(number)
        assert not restore(saved.taken.path, folder, Secrets(saved.opening.identity, seed)).signs
        assert not (folder / "keys" / "log.key").exists()
        with closing(Box.open(folder, plugins=toy_plugins())) as box, box.reading() as read:
            assert read.count(Toy) == 301


def test_standard_tools_see_a_log_that_verifies(saved: Saved, tmp_path: Path) -> None:
    """`log/` is what `chibox export-log` writes: whole, and nothing besides; the manifest stands first, the digests last."""
    names = untarred(saved, tmp_path)
    assert (names[0], names[-1]) == ("manifest.json", "digests.json")
    assert names[-7:-1] == ["tables.db", "accounts.db", "access.db", "drafts.db", "chibox.toml", "pepper"]
    assert set(names) == {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    report = verify_log(tmp_path / "log")
    assert report.findings == []
    assert report.figures[0].entries == saved.taken.size
    digests = json.loads((tmp_path / "digests.json").read_bytes())
    assert set(digests) == set(names) - {"digests.json"}
    assert json.loads((tmp_path / "manifest.json").read_bytes())["name"] == NAME


def test_no_key_and_no_mark_is_in_it(saved: Saved, tmp_path: Path) -> None:
    """Neither the log key nor the local token, nor a checkpoint file of what left, whatever the name of the member."""
    untarred(saved, tmp_path)
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for name in ("log.key", "local.token"):
        assert (saved.folder / "keys" / name).read_bytes().strip() not in everything
    assert not {"mark", "place", "lock"} & {path.name for path in tmp_path.rglob("*")}
    assert (saved.folder / "mark").exists()


def test_gnu_tar_reads_it(saved: Saved, tmp_path: Path) -> None:
    """`zstd -d | tar` agree about every name, where they are installed; Python's own reader was asked before."""
    packed = pyrage.decrypt(saved.taken.path.read_bytes(), [identity(saved.sheet.identity)])
    tar = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    listed = subprocess.run(["tar", "-tf", "-"], input=tar, capture_output=True, check=True)
    assert listed.stdout.decode().split() == untarred(saved, tmp_path)
    assert listed.stderr == b""


def test_while_others_write(tmp_path: Path) -> None:
    """Backups of one snapshot each, taken while acts are recorded, are whole boxes of some moment."""
    with sandbox(tmp_path / "box", toy_plugins(), name=NAME) as made:
        clerk, ended = made.someone("clerk"), threading.Event()
        sheet = make_sheet(made.folder, None, language="vi", plugins=toy_plugins())

        def writes() -> None:
            turn = 0
            while not ended.is_set():
                turn += 1
                made.ask(make(made, *(f"{turn}/{n}" for n in range(40))), actor=clerk)

        thread = threading.Thread(target=writes)
        thread.start()
        (tmp_path / "backups").mkdir()
        taken = [take(made.folder, tmp_path / "backups", plugins=toy_plugins()) for _ in range(4)]
        ended.set()
        thread.join()
        assert made.box.mark.size <= made.box.log.size
    assert taken[0].size < taken[-1].size
    for number, each in enumerate(taken):
        restore(each.path, tmp_path / str(number), Secrets(identity(sheet.identity), None))
        report = verify_box(tmp_path / str(number), plugins=toy_plugins())
        assert report.findings == []
        assert report.figures[0].entries == each.size


def test_the_mark_is_raised_before_the_backup_leaves(tmp_path: Path) -> None:
    """A box that goes on from an older copy of its database knows what was in the backup."""
    with sandbox(tmp_path / "box", toy_plugins()) as made:
        made.ask(make(made, "x"), actor=made.someone("clerk"))
        assert HighWater(made.folder / "mark").size < made.box.log.size
        (tmp_path / "b").mkdir()
        taken = take(made.folder, tmp_path / "b", plain=True, plugins=toy_plugins())
        assert HighWater(made.folder / "mark").size == taken.size == made.box.log.size


def test_nothing_is_in_clear_outside_the_box(saved: Saved, tmp_path: Path) -> None:
    """A name that was recorded stands in no file but the box's own; a copy that was made on the way is gone."""
    planted = PLANTED.encode()
    found = [path for path in saved.folder.parent.rglob("*") if path.is_file() and planted in path.read_bytes()]
    assert {path.parent for path in found} <= {saved.folder}
    assert list((saved.folder / ".backup").iterdir()) == []
    untarred(saved, tmp_path)
    assert any(planted in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_plain_is_asked_for_and_holds_no_pepper(copy: Saved, tmp_path: Path) -> None:
    """Without encryption anybody reads it, and it restores without a sheet; digests of commands are compared no more."""
    taken = take(copy.folder, tmp_path, plain=True, plugins=toy_plugins())
    restored = restore(taken.path, tmp_path / "new")
    assert not restored.signs
    assert (tmp_path / "new" / "keys" / "pepper").read_bytes() != (copy.folder / "keys" / "pepper").read_bytes()
    with closing(sqlite3.connect(tmp_path / "new" / "box.db")) as connection:
        assert connection.execute("SELECT count(*) FROM act WHERE digest IS NOT NULL").fetchone() == (0,)
    assert verify_box(tmp_path / "new", plugins=toy_plugins()).findings == []


def test_tables_of_other_plugins_are_folded_again(saved: Saved, tmp_path: Path) -> None:
    """A box restored where a plugin is missing opens; with the plugin again its rows are those of before."""
    restore(saved.taken.path, tmp_path / "new", saved.opening)
    with closing(Box.open(tmp_path / "new")) as box, box.reading() as read:
        assert read.connection.execute("SELECT count(*) FROM toys_toy_1 WHERE box=1").fetchone() == (301,)
    with closing(sqlite3.connect(tmp_path / "new" / "box.db")) as connection:
        connection.execute("DELETE FROM toys_toy_1")
        connection.execute("UPDATE cursor SET version='0'")
        connection.commit()
    with closing(Box.open(tmp_path / "new", plugins=toy_plugins())) as box, box.reading() as read:
        assert read.count(Toy) == 301
    assert verify_box(tmp_path / "new", plugins=toy_plugins()).findings == []


def test_there_has_to_be_a_sheet_first(tmp_path: Path) -> None:
    """A box without one is not backed up, and the words name the command; a sheet is shown once."""
    with sandbox(tmp_path / "box", toy_plugins(), name=NAME):
        with pytest.raises(Refused, match="chibox sheet"):
            take(tmp_path / "box", tmp_path, plugins=toy_plugins())
        first = make_sheet(tmp_path / "box", None, language="vi", plugins=toy_plugins())
        with pytest.raises(Refused, match="--renew"):
            make_sheet(tmp_path / "box", None, language="vi", plugins=toy_plugins())
        older = take(tmp_path / "box", tmp_path, plugins=toy_plugins())
        second = make_sheet(tmp_path / "box", None, language="vi", renew=True, plugins=toy_plugins())
        with pytest.raises(Refused, match="another recovery key"):
            restore(older.path, tmp_path / "new", Secrets(identity(second.identity), None))
        restore(older.path, tmp_path / "new", Secrets(identity(first.identity), None))


def test_a_forked_box_gives_out_no_backup(copy: Saved, tmp_path: Path) -> None:
    """What left before was another log: nothing leaves that contradicts it."""
    mark = copy.folder / "mark"
    last = HighWater(mark).last
    assert last is not None
    mark.write_bytes(mark.read_bytes().replace(to_base64(last.root).encode(), to_base64(bytes(32)).encode()))
    with pytest.raises(Away):
        take(copy.folder, tmp_path, plugins=toy_plugins())
    assert [path.name for path in tmp_path.iterdir()] == ["box"]


def test_logs_of_other_boxes_come_back(copy: Saved, tmp_path: Path) -> None:
    """What a box received from below stands in its own tables: those rows are not of this box's log."""
    with closing(sqlite3.connect(copy.folder / "box.db")) as connection:
        for table in ("log_bundle", "log_tail", "log_tile", "part_bundle", "part_tail"):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "box"]
            some = ", ".join(columns)
            connection.execute(f"INSERT INTO {table}(box, {some}) SELECT 2, {some} FROM {table} WHERE box=1")
            assert connection.execute(f"SELECT count(*) FROM {table} WHERE box=2").fetchone()[0]
        connection.commit()
    taken = take(copy.folder, tmp_path, plugins=toy_plugins())
    restore(taken.path, tmp_path / "new", copy.opening)
    assert rows(tmp_path / "new" / "box.db") == rows(copy.folder / "box.db")


def test_a_mark_that_was_lost_is_not_made_anew(copy: Saved, tmp_path: Path) -> None:
    """A box that no longer knows what it gave out gives out no backup, and still does not know it afterwards."""
    (copy.folder / "mark").unlink()
    with pytest.raises(Away, match="no longer knows"):
        take(copy.folder, tmp_path, plugins=toy_plugins())
    assert not (copy.folder / "mark").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["box"]
