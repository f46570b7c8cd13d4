"""Whatever is wrong with a backup is told in one sentence, and leaves nothing behind."""

import json
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyrage
import pytest
import zstandard
from tests.core.backup.conftest import Saved
from tests.core.toys import toy_plugins

from chibox.backup.manifest import Sum
from chibox.backup.recovery import identity
from chibox.backup.restoring import restore
from chibox.backup.sheet import Secrets
from chibox.backup.taking import take
from chibox.backup.tarring import Member, Tar, members
from chibox.errors import NotFound, Refused

Change = Callable[[list[tuple[str, bytes]]], list[tuple[str, bytes]]]


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def read(self, size: int, /) -> bytes:
        """The next ones."""
        self._at += size
        return self._data[self._at - size : self._at]


@pytest.fixture(scope="module")
def plain(saved: Saved, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    """The members of a backup that is not encrypted, the digests left out."""
    place = tmp_path_factory.mktemp("plain")
    shutil.copytree(saved.folder, place / "box")
    taken = take(place / "box", place, plain=True, plugins=toy_plugins())
    tar = zstandard.ZstdDecompressor().decompressobj().decompress(taken.path.read_bytes())
    return [(each.name, each.whole(1 << 30)) for each in members(_Bytes(tar), {}) if each.name != "digests.json"]


def made_of(some: list[tuple[str, bytes]], path: Path) -> Path:
    """A backup of these members, with digests that agree."""
    tar = Tar(0)
    pieces = [b"".join(tar.member(name, data)) for name, data in some] + [b"".join(tar.end())]
    path.write_bytes(zstandard.ZstdCompressor().compress(b"".join(pieces)))
    return path


def refused(source: Path, place: Path, opening: Secrets | None = None) -> str:
    """What is said of it; nothing stands where it would have been restored to."""
    place.mkdir()
    with pytest.raises(Refused) as refusal:
        restore(source, place / "new", opening)
    assert list(place.iterdir()) == []
    return str(refusal.value)


def test_any_flipped_byte_is_noticed(saved: Saved, tmp_path: Path) -> None:
    """Header, first and last byte of the content, some in between: an encrypted backup is whole or refused."""
    good, rng = saved.taken.path.read_bytes(), random.Random(5)
    for number, at in enumerate([*range(0, 220, 20), len(good) - 1, *(rng.randrange(len(good)) for _ in range(12))]):
        (tmp_path / "b").write_bytes(good[:at] + bytes([good[at] ^ 1 << rng.randrange(8)]) + good[at + 1 :])
        said = refused(tmp_path / "b", tmp_path / str(number), saved.opening)
        assert "damaged" in said or "another recovery key" in said or "is not a backup" in said


def test_a_truncated_file_is_noticed(saved: Saved, tmp_path: Path) -> None:
    """Wherever it ends; and one that goes on after its end."""
    good = saved.taken.path.read_bytes()
    for number, end in enumerate((0, 10, 100, 300, len(good) // 2, len(good) - 16, len(good) - 1)):
        (tmp_path / "b").write_bytes(good[:end])
        assert refused(tmp_path / "b", tmp_path / str(number), saved.opening)
    (tmp_path / "b").write_bytes(good + b"x")
    assert "damaged" in refused(tmp_path / "b", tmp_path / "longer", saved.opening)


def test_any_flipped_byte_of_a_plain_one_is_noticed(plain: list[tuple[str, bytes]], tmp_path: Path) -> None:
    """The checksum of zstd, the digests and the log vouch for it."""
    good, rng = made_of(plain, tmp_path / "good").read_bytes(), random.Random(6)
    for number in range(15):
        at = rng.randrange(4, len(good))
        (tmp_path / "b").write_bytes(good[:at] + bytes([good[at] ^ 1 << rng.randrange(8)]) + good[at + 1 :])
        assert refused(tmp_path / "b", tmp_path / str(number))


def test_another_sheet_does_not_open_it(saved: Saved, tmp_path: Path) -> None:
    """Words say that it is the sheet, not the file; without any they ask for one."""
    other = Secrets(pyrage.x25519.Identity.generate(), None)
    assert "another recovery key" in refused(saved.taken.path, tmp_path / "1", other)
    assert "sealed sheet" in refused(saved.taken.path, tmp_path / "2")


def test_what_is_no_backup_is_refused(saved: Saved, tmp_path: Path) -> None:
    """Another file, a tar of something, an encrypted letter, a file that is not there, a folder that is not empty."""
    (tmp_path / "letter").write_text("Dear comrade")
    assert "is not a backup" in refused(tmp_path / "letter", tmp_path / "1")
    assert "no manifest" in refused(made_of([("letter", b"x")], tmp_path / "tar"), tmp_path / "2")
    key = identity(saved.sheet.identity)
    (tmp_path / "sealed").write_bytes(pyrage.encrypt(b"Dear comrade", [key.to_public()]))
    assert "damaged" in refused(tmp_path / "sealed", tmp_path / "3", saved.opening)
    with pytest.raises(NotFound):
        restore(tmp_path / "nowhere", tmp_path / "4")
    with pytest.raises(Refused, match="already"):
        restore(saved.taken.path, saved.folder, saved.opening)


def test_other_formats_and_versions_are_named(plain: list[tuple[str, bytes]], tmp_path: Path) -> None:
    """A later format, a newer chibox, an older one: the words say which chibox is wanted."""
    for changed, said in (
        ({"format": 2}, "has format 2"),
        ({"database": 99}, "newer chibox"),
        ({"database": 1}, "older chibox"),
        ({"shared": []}, "damaged"),
        ({"plugins": 3}, "no manifest"),
    ):
        manifest = json.dumps(json.loads(plain[0][1]) | changed).encode()
        source = made_of([("manifest.json", manifest), *plain[1:]], tmp_path / "b")
        assert said in refused(source, tmp_path / said.replace(" ", "-"))


def at(name: str, change: Callable[[bytes], bytes]) -> Change:
    """Change the member of that name."""
    return lambda some: [(each, change(data) if each == name else data) for each, data in some]


def swapped(some: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Two members change places."""
    return [some[0], some[1], some[3], some[2], *some[4:]]


def other_parts(some: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The last byte of a part is another; its length stays."""
    return at("log/1/part/000", lambda data: data[:-1] + bytes([data[-1] ^ 1]))(some)


@pytest.mark.parametrize(
    "change",
    [
        swapped,
        other_parts,
        at("log/1/tile/entries/000", lambda data: data[:-40] + b"0" * 40),
        at("log/1/tile/0/000", lambda data: data[:-1] + b"\0"),
        at("log/1/checkpoint", lambda data: data.replace(b"\n308\n", b"\n307\n")),
        at("log/1/checkpoint", lambda data: data[:-5] + b"AAA=\n"),
        at("tables.db", lambda data: data[: len(data) // 2]),
        at("tables.db", lambda _: b""),
        lambda some: [each for each in some if each[0] != "log/1/tile/entries/000"],
        lambda some: [each for each in some if each[0] != "tables.db"],
        lambda some: [*some, ("../escaped", b"x")],
        lambda some: [*some, ("keys/log.key", b"x")],
        lambda some: [*some, some[-1]],
    ],
)  # fmt: skip
def test_each_change_of_a_member_is_noticed(plain: list[tuple[str, bytes]], tmp_path: Path, change: Change) -> None:
    """Even when the digests were written anew: the log is signed, and nothing else has a place."""
    changed = change(plain)
    assert changed != plain
    assert refused(made_of(changed, tmp_path / "b"), tmp_path / "place")


def test_tables_of_another_box_are_refused(plain: list[tuple[str, bytes]], tmp_path: Path) -> None:
    """Name, key or end of the log in the tables are not those of the log beside them."""
    tables = dict(plain)["tables.db"]
    for number, statement in enumerate((
        "UPDATE box SET name='demo.other'", "UPDATE log_head SET size=size-1", "DELETE FROM box", "PRAGMA user_version=7",
    )):  # fmt: skip
        (tmp_path / "t").write_bytes(tables)
        with closing(sqlite3.connect(tmp_path / "t")) as connection:
            connection.execute(statement)
            connection.commit()
        changed = at("tables.db", lambda _: (tmp_path / "t").read_bytes())(plain)
        assert "damaged" in refused(made_of(changed, tmp_path / "b"), tmp_path / str(number))


def test_a_member_that_is_longer_than_it_says_is_refused(plain: list[tuple[str, bytes]], tmp_path: Path) -> None:
    """Digests that do not agree, and those that name a member more."""
    tar = Tar(0)
    pieces = [b"".join(tar.member(name, data)) for name, data in plain]
    digests = json.dumps({"manifest.json": {"size": 1, "sha256": "00"}}).encode()
    end = b"".join(Tar(0).member("digests.json", digests)) + bytes(1024)
    (tmp_path / "b").write_bytes(zstandard.ZstdCompressor().compress(b"".join(pieces) + end))
    assert "digest" in refused(tmp_path / "b", tmp_path / "place")


def test_members_are_read_one_after_another() -> None:
    """A member that nobody read is passed over, and counted all the same."""
    tar = Tar(5)
    data = b"".join((*tar.member("a", b"x" * 700), *tar.member("b", b"yy"), *tar.end()))
    sums: dict[str, Sum] = {}
    names = [each.name for each in members(_Bytes(data), sums)]
    assert names == ["a", "b", "digests.json"]
    assert (sums["a"].size, sums["b"].size) == (700, 2)
    assert isinstance(next(members(_Bytes(data), {})), Member)
