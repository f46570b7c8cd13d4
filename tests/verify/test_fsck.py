"""Tessera's fsck, which computes a log again from its bundles: what it finds wrong we do too, and what it is blind to as well."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.verify.make_log import Key, Log, by_stranger, lay_out, make
from tests.verify.strangers import Fsck

from chibox.records.verify import verify_log

pytestmark = pytest.mark.go
Files = dict[str, bytes]
LOG = make(600)


@pytest.fixture(scope="module")
def fsck(tmp_path_factory: pytest.TempPathFactory) -> Fsck:
    """The built program."""
    return Fsck(tmp_path_factory.mktemp("fsck"))


def large() -> Log:
    """A log of two full tiles of level 1 and more: 66,000 entries."""
    log = Log()
    for _ in range(65_999):
        log.add("m.a.1", {})
    return log


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600])
def test_a_sound_log_is_sound_to_all(tmp_path: Path, fsck: Fsck, size: int) -> None:
    """Sizes around the width of a tile."""
    log = make(size)
    folder = lay_out(tmp_path / "log", log.files())
    assert fsck.read(folder, log.key.vkey).sound
    assert verify_log(folder, key=log.key.vkey).ok


def test_a_log_of_three_levels_is_sound_to_all_and_each_finds_a_changed_byte(tmp_path: Path, fsck: Fsck) -> None:
    """More than 65,536 entries: tiles of level 2."""
    log = large()
    files = log.files()
    folder = lay_out(tmp_path / "log", files)
    assert fsck.read(folder, log.key.vkey).sound
    assert verify_log(folder, key=log.key.vkey).ok
    assert by_stranger(folder, log.key.vkey)[0] == 0
    for name in ("1/tile/entries/257.p/208", "1/tile/2/000.p/1", "1/tile/1/000", "1/tile/0/255"):
        data = bytearray(files[name])
        data[30] ^= 1
        (folder / name).write_bytes(data)
        assert not fsck.read(folder, log.key.vkey).sound
        assert verify_log(folder, key=log.key.vkey).findings
        assert by_stranger(folder, log.key.vkey)[0] == 1
        (folder / name).write_bytes(files[name])


def flipped(name: str, at: int) -> Callable[[Files], Files]:
    """One bit of one file changed."""

    def change(files: Files) -> Files:
        data = bytearray(files[name])
        data[at] ^= 1
        return files | {name: bytes(data)}

    return change


@pytest.mark.parametrize(
    "damage",
    [
        flipped("1/checkpoint", -5),
        flipped("1/tile/entries/000", 300),
        flipped("1/tile/entries/002.p/88", 50),
        flipped("1/tile/0/000", 33),
        flipped("1/tile/0/002.p/88", 0),
        flipped("1/tile/1/000.p/2", 40),
        lambda files: files | {"1/tile/entries/000": files["1/tile/entries/001"]},
        lambda files: files | {"1/tile/entries/000": files["1/tile/entries/000"][:-9]},
        lambda files: {name: data for name, data in files.items() if name != "1/tile/entries/001"},
        lambda files: files | {"1/checkpoint": LOG.key.note(LOG.text().replace("\n600\n", "\n599\n"))},
        lambda files: files | {"1/checkpoint": Key(LOG.key.origin, b"\x08" * 32).note(LOG.text())},
    ],
)
def test_what_it_refuses_we_refuse(tmp_path: Path, fsck: Fsck, damage: Callable[[Files], Files]) -> None:
    """Changed, swapped, cut and missing files, another size, another key."""
    folder = lay_out(tmp_path / "log", damage(LOG.files()))
    assert not fsck.read(folder, LOG.key.vkey).sound
    assert verify_log(folder, key=LOG.key.vkey).findings
    assert by_stranger(folder, LOG.key.vkey)[0] == 1


EXTRA = LOG.entries[-1]
BLIND: dict[str, tuple[Callable[[Files], Files], str]] = {
    "an extra entry at the end of a bundle": (
        lambda f: f | {"1/tile/entries/000": f["1/tile/entries/000"] + len(EXTRA).to_bytes(2, "big") + EXTRA},
        "1: tile/entries/000: the entries cannot be read: bytes after the last entry",
    ),
    "bytes after a partial tile": (
        lambda f: f | {"1/tile/0/002.p/88": f["1/tile/0/002.p/88"] + b"x"},
        "1: tile/0/002.p/88: the tile has 2817 bytes, not 2816",
    ),
    "a size with a leading zero": (
        lambda f: f | {"1/checkpoint": LOG.key.note(LOG.text().replace("\n600\n", "\n0600\n"))},
        "1: checkpoint: the checkpoint cannot be read: line 2",
    ),
    "another spelling of the root": (
        lambda f: f | {"1/checkpoint": LOG.key.note(loose(LOG.text()))},
        "1: checkpoint: the checkpoint cannot be read: line 3",
    ),
    "the partial tile of an earlier size": (
        lambda f: f | {"1/tile/0/002.p/80": f["1/tile/0/002.p/88"][: 80 * 32]},
        "1: tile/0/002.p/80: not a part of this log",
    ),
    "a second, broken line of the same key": (
        lambda f: f | {"1/checkpoint": f["1/checkpoint"] + LOG.key.line("x\n").encode()},
        "1: checkpoint: the signature does not hold: the signature of",
    ),
}


def loose(text: str) -> str:
    """The same root in base64 whose last bits are not zero."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return f"{text[:-3]}{alphabet[alphabet.index(text[-3]) + 1]}=\n"


@pytest.mark.parametrize("name", BLIND)
def test_what_it_is_blind_to_we_refuse(tmp_path: Path, name: str) -> None:
    """Six things that fsck v1.0.4 lets pass: one clear sentence each, first, by ours; and the single file refuses them."""
    damage, sentence = BLIND[name]
    folder = lay_out(tmp_path / "log", damage(LOG.files()))
    (first, *_) = verify_log(folder, key=LOG.key.vkey).findings
    assert f"{first.log}: {first.where}: {first.what}".startswith(sentence)
    assert by_stranger(folder, LOG.key.vkey)[0] == 1
