"""A reader by another hand: a small program over golang.org/x/mod/sumdb agrees that a log is sound, or that it is not."""

from pathlib import Path

import pytest
from tests.verify.make_log import Key, Log, by_stranger, lay_out, make
from tests.verify.strangers import Reader

from chibox.records.verify import verify_log

pytestmark = pytest.mark.go
LOG = make(600)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The built reader."""
    return Reader(tmp_path_factory.mktemp("goreader"))


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 513, 600])
def test_the_go_reader_reads_a_sound_log(tmp_path: Path, reader: Reader, size: int) -> None:
    """Every entry of every bundle, at sizes around the width of a tile."""
    log = make(size)
    assert reader.read(lay_out(tmp_path, log.files()), log.key.vkey) == (True, f"read {size} entries\n")


def test_all_readers_hold_a_log_against_older_checkpoints(tmp_path: Path, reader: Reader) -> None:
    """It has grown from each of its own; one of a fork by the right key, or of more entries than there are, is refused."""
    lay_out(tmp_path / "log", LOG.files())
    fork: Log = make(299)
    fork.add("m.a.1", {})
    notes = {size: LOG.note(size) for size in (1, 2, 255, 256, 257, 300, 512, 599, 600)}
    paths = []
    for size, note in notes.items():
        paths.append(tmp_path / f"old{size}")
        paths[-1].write_bytes(note)
    assert reader.read(tmp_path / "log", LOG.key.vkey, *paths) == (True, "read 600 entries\ngrown from 9 checkpoints\n")
    assert verify_log(tmp_path / "log", seen=list(notes.values())).findings == []
    for wrong in (fork.note(), make(601).note()):
        paths[0].write_bytes(wrong)
        assert not reader.read(tmp_path / "log", LOG.key.vkey, *paths).sound
        assert [one.log for one in verify_log(tmp_path / "log", seen=[wrong]).findings] == ["seen"]
        assert by_stranger(tmp_path / "log", None, [wrong])[0] == 1


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("1/checkpoint", 5),
        ("1/checkpoint", -5),
        ("1/tile/entries/000", 300),
        ("1/tile/entries/002.p/88", 50),
        ("1/tile/0/000", 33),
        ("1/tile/0/002.p/88", 0),
        ("1/tile/1/000.p/2", 40),
    ],
)
def test_both_readers_refuse_a_changed_byte(tmp_path: Path, reader: Reader, name: str, at: int) -> None:
    """In the checkpoint, in entries, in full and partial tiles."""
    folder = lay_out(tmp_path, LOG.files())
    data = bytearray(LOG.files()[name])
    data[at] ^= 1
    (folder / name).write_bytes(data)
    assert not reader.read(folder, LOG.key.vkey).sound
    assert not verify_log(folder, key=LOG.key.vkey).ok


@pytest.mark.parametrize("name", [name for name in LOG.files() if "/part/" not in name])
def test_both_readers_refuse_a_missing_or_shorter_file(tmp_path: Path, reader: Reader, name: str) -> None:
    """Each file but the parts, which that reader does not know."""
    folder = lay_out(tmp_path, LOG.files())
    for data in (LOG.files()[name][:-1], None):
        (folder / name).unlink() if data is None else (folder / name).write_bytes(data)
        assert not reader.read(folder, LOG.key.vkey).sound
        assert not verify_log(folder, key=LOG.key.vkey).ok


def test_both_readers_refuse_another_key(tmp_path: Path, reader: Reader) -> None:
    """Of the same name."""
    lay_out(tmp_path, LOG.files())
    key = Key(LOG.key.origin, b"\x08" * 32).vkey
    assert not reader.read(tmp_path, key).sound
    assert not verify_log(tmp_path, key=key).ok
