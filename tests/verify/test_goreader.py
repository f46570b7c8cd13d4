"""A reader by another hand: a small program over golang.org/x/mod/sumdb agree that a log is sound, or that it is not."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.verify.make_log import Key, lay_out, make

from chibox.records.verify import verify_log

pytestmark = pytest.mark.go
SOURCE = Path(__file__).with_name("goreader")
LOG = make(600)
Run = Callable[[Path, str], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The built reader; where the machine has no Go the tests are skipped, and fail under CI, in words."""
    go = shutil.which("go")
    if go is None:
        words = "Go >= 1.18 is not on the path: the reader by another hand was not run (apt install golang-go)"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    program = tmp_path_factory.mktemp("goreader") / "goreader"
    built = subprocess.run([go, "build", "-o", program, "."], cwd=SOURCE, check=False, capture_output=True, text=True)
    if built.returncode:
        pytest.fail(f"the Go reader does not build:\n{built.stdout}{built.stderr}")

    def run(folder: Path, vkey: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([program, folder / "1", vkey], check=False, capture_output=True, text=True, timeout=60)

    return run


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 513, 600])
def test_the_go_reader_reads_a_sound_log(tmp_path: Path, reader: Run, size: int) -> None:
    """Every entry of every bundle, at sizes around the width of a tile."""
    log = make(size)
    done = reader(lay_out(tmp_path, log.files()), log.key.vkey)
    assert (done.returncode, done.stdout) == (0, f"read {size} entries\n"), done.stderr


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
def test_both_readers_refuse_a_changed_byte(tmp_path: Path, reader: Run, name: str, at: int) -> None:
    """Of the checkpoint, an entry, a tile."""
    data = bytearray(LOG.files()[name])
    data[at] ^= 1
    lay_out(tmp_path, LOG.files() | {name: bytes(data)})
    assert reader(tmp_path, LOG.key.vkey).returncode == 1
    assert not verify_log(tmp_path, key=LOG.key.vkey).ok


@pytest.mark.parametrize("name", [name for name in LOG.files() if "/part/" not in name])
def test_both_readers_refuse_a_missing_or_shorter_file(tmp_path: Path, reader: Run, name: str) -> None:
    """Each file but the parts, which that reader does not know."""
    folder = lay_out(tmp_path, LOG.files())
    for data in (LOG.files()[name][:-1], None):
        (folder / name).unlink() if data is None else (folder / name).write_bytes(data)
        assert reader(folder, LOG.key.vkey).returncode == 1
        assert not verify_log(folder, key=LOG.key.vkey).ok


def test_both_readers_refuse_another_key(tmp_path: Path, reader: Run) -> None:
    """Of the same name."""
    lay_out(tmp_path, LOG.files())
    key = Key(LOG.key.origin, b"\x08" * 32).vkey
    assert reader(tmp_path, key).returncode == 1
    assert not verify_log(tmp_path, key=key).ok
