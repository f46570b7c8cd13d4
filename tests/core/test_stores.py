"""What a box keeps beside its log: keys, mark, lock, settings, connections."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chibox import keys
from chibox.database import Database, check_version, connect, create
from chibox.errors import Away, Fatal, Invalid, Refused
from chibox.locking import Lock
from chibox.records.checkpoints import Checkpoint
from chibox.records.lineage import Head
from chibox.records.merkle import root_of
from chibox.records.notes import Signer, sign
from chibox.settings import Settings, load
from chibox.signing.mark import HighWater
from chibox.testing.boxes import Sandbox, seeded

SIGNER = Signer("demo.a/log/1", seeded(1)(32))


def head(size: int) -> Head:
    """A signed head of that size."""
    root = root_of([bytes(32)] * size)
    return Head(1, size, root, sign(Checkpoint("demo.a/log/1", size, root).text(), [SIGNER]), 0)


def test_keys_are_made_once(tmp_path: Path) -> None:
    """Each is another secret of 32 bytes, readable by its owner only; where there are keys none are made."""
    keys.make(tmp_path / "keys")
    made = {path.name: path.read_text() for path in (tmp_path / "keys").iterdir()}
    assert set(made) == {"log.key", "pepper", "local.token"}
    assert len(set(made.values())) == 3
    assert all(len(bytes.fromhex(text.strip())) == 32 for text in made.values())
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").iterdir()} == {0o600}
    with pytest.raises(FileExistsError):
        keys.make(tmp_path / "keys")
    assert keys.signer(tmp_path / "keys", "a", 2).verifier.name == "a/log/2"
    assert keys.pepper(tmp_path / "keys").hex() == made["pepper"].strip()
    assert keys.local_token(tmp_path / "keys") == made["local.token"].strip()


def test_a_private_file_replaces_none(tmp_path: Path) -> None:
    """What is there already stays."""
    keys.write_private(tmp_path / "secret", b"one")
    with pytest.raises(FileExistsError):
        keys.write_private(tmp_path / "secret", b"two")
    assert (tmp_path / "secret").read_bytes() == b"one"


@pytest.mark.parametrize("content", [None, b"", b"zz", b"00" * 31, b"00" * 33, b"\xff\xfe"])
def test_a_damaged_key_is_fatal(tmp_path: Path, content: bytes | None) -> None:
    """It is named, and nothing is signed by another."""
    if content is not None:
        (tmp_path / "log.key").write_bytes(content)
    with pytest.raises(Fatal, match=r"log\.key"):
        keys.signer(tmp_path, "a", 1)


def test_the_mark_moves_up_only(tmp_path: Path) -> None:
    """The largest checkpoint that left stays, over restarts and whoever moves it."""
    mark, other = HighWater(tmp_path / "mark"), HighWater(tmp_path / "mark")
    assert mark.size == 0
    mark.raise_to(head(5))
    other.raise_to(head(3))
    assert (mark.size, other.size, HighWater(tmp_path / "mark").size) == (5, 5, 5)
    other.raise_to(head(8))
    mark.raise_to(head(6))
    assert HighWater(tmp_path / "mark").note == head(8).note
    assert HighWater(tmp_path / "mark").notes == (head(5).note, head(8).note)
    assert [path.name for path in tmp_path.iterdir()] == ["mark"]


def test_the_mark_is_raised_by_many_at_once(tmp_path: Path) -> None:
    """Threads that publish different heads leave the largest."""
    mark = HighWater(tmp_path / "mark")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(mark.raise_to, map(head, range(1, 40))))
    assert HighWater(tmp_path / "mark").size == 39


def framed(note: bytes, longer: int = 0) -> bytes:
    """A note as the journal holds it, its length stated too large by `longer`."""
    return b"%08d\n" % (len(note) + longer) + note


@pytest.mark.parametrize(
    "content",
    [
        b"x" * 20,
        framed(head(3).note)[1:],
        framed(head(3).note.replace(b"\n3\n", b"\n03\n")),
        framed(head(3).note, longer=40),
        framed(head(3).note) + b"00000020x" + bytes(20),
    ],
)
def test_a_damaged_mark_is_told_and_not_written_over(tmp_path: Path, content: bytes) -> None:
    """Without it nobody knows what left the box: it says why, and no checkpoint leaves behind it."""
    (tmp_path / "mark").write_bytes(content)
    mark = HighWater(tmp_path / "mark")
    assert mark.damaged
    with pytest.raises(Fatal, match="mark"):
        mark.raise_to(head(9))
    assert (tmp_path / "mark").read_bytes() == content
    mark.begin(head(9))
    assert (HighWater(tmp_path / "mark").notes, mark.damaged) == ((head(9).note,), "")


@pytest.mark.parametrize("torn", [b"", b"0", b"00000171", b"00000171\ndemo.a/log/1\n9", bytes(300)])
def test_what_a_crash_tore_off_the_mark_had_not_left(tmp_path: Path, torn: bytes) -> None:
    """A beginning of a note at the end, or zeros of a power cut, are as if nothing was appended; the next takes its place."""
    (tmp_path / "mark").write_bytes(framed(head(3).note) + torn)
    mark = HighWater(tmp_path / "mark")
    assert (mark.damaged, mark.notes) == ("", (head(3).note,))
    mark.raise_to(head(4))
    assert (tmp_path / "mark").read_bytes() == framed(head(3).note) + framed(head(4).note)


def test_old_marks_are_thinned_and_the_last_ones_stay(tmp_path: Path) -> None:
    """The journal stays small; the newest checkpoints and every second of the older ones are kept."""
    mark = HighWater(tmp_path / "mark")
    (tmp_path / "mark").write_bytes(b"".join(framed(head(size).note) for size in range(1, 1025)))
    mark = HighWater(tmp_path / "mark")
    mark.raise_to(head(2000))
    sizes = [one.size for one in HighWater(tmp_path / "mark").marks]
    assert sizes == [*range(1, 513, 2), *range(513, 1025), 2000]


def test_a_checkpoint_leaves_behind_the_mark(made: Sandbox) -> None:
    """`publish` gives the committed head, and the mark stands at it when it returns."""
    published = made.box.publish()
    assert published.size == made.box.log.size == HighWater(made.folder / "mark").size
    made.unit("Chi bộ 1")
    assert made.box.publish().size == published.size + 1


def test_a_lock_is_held_until_it_is_let_go(tmp_path: Path) -> None:
    """Another taker is told the process; letting go twice is nothing."""
    lock = Lock(tmp_path / "lock")
    with pytest.raises(Refused, match=str(os.getpid())):
        Lock(tmp_path / "lock")
    lock.release()
    lock.release()
    Lock(tmp_path / "lock").release()


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    """However the process ends: a kill -9 leaves the box free."""
    take = f"lock = Lock(Path({str(tmp_path / 'lock')!r}))"
    code = f"from pathlib import Path; from chibox.locking import Lock; {take}; print(1, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(Refused, match=str(other.pid)):
            Lock(tmp_path / "lock")
        other.kill()
        other.wait()
    Lock(tmp_path / "lock").release()


def test_settings_have_defaults_and_name_their_faults(tmp_path: Path) -> None:
    """What is not set has its default; an unknown line, a wrong value, a broken file are refused with the file's name."""
    assert load(tmp_path) == Settings()
    assert Settings().allowed is None
    (tmp_path / "chibox.toml").write_text('port = 80\nplugins = ["membership"]\n')
    assert (load(tmp_path).port, load(tmp_path).allowed) == (80, ("membership",))
    for wrong in (b"prot = 80\n", b"port = 'x'\n", b"port =\n", b"\xff\n", b"plugins = 'none'\n"):
        (tmp_path / "chibox.toml").write_bytes(wrong)
        with pytest.raises(Invalid, match=r"chibox\.toml"):
            load(tmp_path)


def test_a_connection_keeps_what_a_signed_log_needs(tmp_path: Path) -> None:
    """WAL, synchronous=FULL and secure_delete on the writer; a reader cannot write."""
    writer, reader = connect(tmp_path / "a.db", write=True), connect(tmp_path / "a.db", write=False)
    pragmas = [writer.execute(f"PRAGMA {p}").fetchone()[0] for p in ("journal_mode", "synchronous", "secure_delete")]
    assert pragmas == ["wal", 2, 1]
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.execute("CREATE TABLE a(b)")
    writer.close()
    reader.close()


def test_another_version_of_the_database_is_fatal(tmp_path: Path) -> None:
    """Core's tables are not guessed at."""
    writer = connect(tmp_path / "a.db", write=True)
    with pytest.raises(Fatal, match="version 0"):
        check_version(writer)
    create(writer, ("CREATE TABLE a(b)",))
    check_version(writer)
    writer.close()


def test_readers_share_a_few_connections(tmp_path: Path) -> None:
    """A ninth reader waits for one of eight; connections are used again; one that failed in a page is usable after it."""
    connect(tmp_path / "a.db", write=True).close()
    database, inside, seen = Database(tmp_path / "a.db"), threading.Semaphore(0), set()
    go = threading.Event()

    def read() -> None:
        with database.reading() as connection:
            inside.release()
            go.wait(10)
            seen.add(id(connection))

    threads = [threading.Thread(target=read) for _ in range(9)]
    for thread in threads:
        thread.start()
    for _ in range(8):
        assert inside.acquire(timeout=10)
    assert not inside.acquire(timeout=0.1)
    go.set()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    with pytest.raises(ZeroDivisionError), database.reading():
        raise ZeroDivisionError
    with database.reading() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    database.close()
    with pytest.raises(Away), database.reading():
        pass
