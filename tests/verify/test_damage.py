"""Logs that were tampered with as whole files, by whoever holds the folder but not the key: each is refused by name."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.verify.make_log import bundled, lay_out, make, told

from chibox.records.verify import verify_log

Files = dict[str, bytes]
LOG = make(600)
SMALL = make(6)


def swap(files: Files, one: str, other: str) -> Files:
    """Two files exchanged."""
    return files | {one: files[other], other: files[one]}


def without(files: Files, name: str) -> Files:
    """One file dropped."""
    return {other: data for other, data in files.items() if other != name}


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (
            lambda f: swap(f, "1/tile/entries/000", "1/tile/entries/001"),
            [
                "1: tile/entries/000: in its place stands the bundle tile/entries/001",
                "1: tile/entries/001: in its place",
            ],
        ),
        (
            lambda f: swap(f, "1/part/000", "1/part/001"),
            ["1: part/000: none of its parts answers to these entries", "1: part/001: none"],
        ),
        (
            lambda f: swap(f, "1/tile/0/000", "1/tile/0/001"),
            ["1: tile/0/000: in its place stands the tile tile/0/001", "1: tile/0/001: in its place"],
        ),
        *(
            (lambda f, name=name: without(f, name), [f"{name[2:]}: the {what} is missing"])
            for name, what in (
                ("1/tile/0/000", "tile"),
                ("1/tile/0/002.p/88", "tile"),
                ("1/tile/1/000.p/2", "tile"),
                ("1/tile/entries/001", "entry bundle"),
                ("1/tile/entries/002.p/88", "entry bundle"),
                ("1/checkpoint", "checkpoint"),
            )
        ),
        (
            lambda f: f | {"1/tile/0/002.p/87": f["1/tile/0/002.p/88"][:-32]},
            ["tile/0/002.p/87: not a part of this log"],
        ),
        (lambda f: f | {"1/tile/2/000.p/1": bytes(32)}, ["tile/2/000.p/1: not a part"]),
        (lambda f: f | {"1/part/002": b""}, ["part/002: not a part"]),
        (lambda f: f | {"1/.hidden": b""}, [".hidden: not a part"]),
        (lambda f: f | {"1/tile/entries/003": b""}, ["tile/entries/003: not a part"]),
        (lambda f: f | {"readme.txt": b""}, ["log: readme.txt: not a generation"]),
        (lambda f: f | {"01/checkpoint": b""}, ["log: 01: not a generation"]),
        (
            lambda f: {f"2{name[1:]}": data for name, data in f.items()},
            ["line 1: the checkpoint of another generation"],
        ),
        (lambda f: f | {f"2{name[1:]}": data for name, data in f.items()}, ["2: checkpoint: line 1"]),
        (
            lambda f: f | {f"2{n[1:]}": d for n, d in make(5, seed=b"\x08" * 32, generation=2).files().items()},
            ["2: log: no entry opens this generation"],
        ),
        (lambda f: f | {"1/tile/0/000": f["1/tile/0/000"][:-1]}, ["tile/0/000: the tile has 8191 bytes, not 8192"]),
        (lambda f: f | {"1/tile/0/002.p/88": f["1/tile/0/002.p/88"] + bytes(32)}, ["2848 bytes, not 2816"]),
        (lambda f: f | {"1/tile/0/000": f["1/tile/0/000"] * 2}, ["tile/0/000: the tile cannot be read: longer"]),
        (
            lambda f: f | {"1/tile/entries/000": f["1/tile/entries/000"] + b"\0\0"},
            ["tile/entries/000", "after the last"],
        ),
        (lambda f: f | {"1/tile/entries/000": f["1/tile/entries/000"][:-1]}, ["tile/entries/000", "ends early"]),
        (lambda f: f | {"1/tile/entries/000": bytes(2_000_000)}, ["tile/entries/000", "longer than"]),
        (lambda f: f | {"1/part/000": f["1/part/000"][:-1]}, ["part/000", "ends early"]),
        (lambda f: f | {"1/part/000": b"\xff" * 100}, ["part/000", "more than 16"]),
        (lambda f: f | {"1/checkpoint": b""}, ["checkpoint: the checkpoint cannot be read"]),
        (lambda f: f | {"1/checkpoint": bytes(2_000_000)}, ["checkpoint: the checkpoint cannot be read: longer"]),
    ],
)
def test_damage_to_whole_files_is_named(tmp_path: Path, damage: Callable[[Files], Files], words: list[str]) -> None:
    """Swapped, dropped, added, cut and lengthened files; with the key and without it."""
    lay_out(tmp_path, damage(LOG.files()))
    for key in (LOG.key.vkey, None):
        text = told(tmp_path, key)
        for word in words:
            assert word in text


def test_only_the_changed_place_is_named(tmp_path: Path) -> None:
    """A missing level-0 tile, an unreadable bundle and a changed upper tile draw no faults elsewhere."""
    for name in ("1/tile/0/000", "1/tile/entries/001", "1/tile/1/000.p/2"):
        report = verify_log(lay_out(tmp_path / name.replace("/", "-"), without(LOG.files(), name)), key=LOG.key.vkey)
        assert [f"1/{one.where}" for one in report.findings] == [name]


def test_what_is_no_regular_file_is_not_read(tmp_path: Path) -> None:
    """Links, folders and pipes in the place of files are faults; nothing is followed and nothing hangs."""
    outside = tmp_path / "outside"
    outside.write_bytes(SMALL.files()["1/part/000.p/6"])
    things: list[Callable[[Path], object]] = [lambda path: path.symlink_to(outside), Path.mkdir, os.mkfifo]
    for number, make_thing in enumerate(things):
        folder = lay_out(tmp_path / str(number), without(SMALL.files(), "1/part/000.p/6"))
        (folder / "1/part/000.p").mkdir(parents=True)
        make_thing(folder / "1/part/000.p/6")
        assert "part/000.p/6: the parts cannot be read: not a regular file" in told(folder)


def test_a_folder_without_a_log_is_no_success(tmp_path: Path) -> None:
    """An empty folder, none at all, and a file in its place."""
    assert "there is no log in this folder" in told(tmp_path)
    assert "the folder cannot be read" in told(tmp_path / "away")
    (tmp_path / "file").write_bytes(b"")
    assert "the folder cannot be read" in told(tmp_path / "file")


def test_names_from_a_folder_do_not_steer_the_terminal(tmp_path: Path) -> None:
    """Control characters in a file's name are not printed as they are."""
    lay_out(tmp_path, SMALL.files())
    (tmp_path / "1" / "a\x1b[2Jb").write_bytes(b"")
    (tmp_path / "1" / "\udc80").write_bytes(b"")
    text = told(tmp_path)
    assert "a?[2Jb: not a part" in text
    assert all(character.isprintable() for character in text.replace("\n", ""))


def test_parts_out_of_order_are_refused(tmp_path: Path) -> None:
    """One content has one bundle: by ascending names."""
    files = SMALL.files()
    parts = SMALL.parts[1]
    good = bundled(parts)
    body, photo = (bundled({name: parts[name]})[1:] for name in ("body", "photo"))
    assert good == b"\x02" + body + photo
    damaged = files["1/part/000.p/6"].replace(good, b"\x02" + photo + body)
    lay_out(tmp_path, files | {"1/part/000.p/6": damaged})
    assert "not in the order of their names" in told(tmp_path)
