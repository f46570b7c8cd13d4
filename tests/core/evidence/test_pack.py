"""An evidence pack proves each entry by itself, tells of them all in words, and gives no content beyond the asker's classes."""

import io
import zipfile

import pytest
from tests.core.erasing.test_applying import erase
from tests.core.together import make
from tests.core.toys import Correct, Hide, Paint

from chibox.errors import NotFound
from chibox.evidence.pack import pack
from chibox.records.log import LogReader
from chibox.records.pack_wording import read_overview
from chibox.records.verify import verify_receipt
from chibox.testing.boxes import Sandbox


def packed(made: Sandbox, actor: str, subject: str) -> dict[str, bytes]:
    """The members of a pack that verifies."""
    head = made.box.publish()
    with made.reading(actor) as read:
        data = pack(read, head, subject).data
        assert pack(read, head, subject).data == data
        key = read_key(made)
    report = verify_receipt(data, key=key)
    assert report.ok, report.lines()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_key(made: Sandbox) -> str:
    """The key of the log."""
    with made.reading() as read:
        reader = LogReader(read.connection)
        return reader.verifier(reader.head()).vkey


def zipped(members: dict[str, bytes]) -> bytes:
    """The members as a zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


@pytest.fixture
def toy(made: Sandbox, clerk: str) -> str:
    """A toy with a history, among others."""
    first = made.ask(make(made, "Hà Thị Yên", "another"), actor=clerk)
    subject = made.subject(first)
    made.ask(make(made, *(f"toy {n}" for n in range(300))), actor=clerk)
    made.ask(Paint(toy=subject, colour="=1+1"), actor=clerk)
    made.ask(Correct(toy=subject, position=first.first, name="Hà Thị Yến"), actor=clerk)
    made.ask(Hide(toys=(subject,), place="under the bed"), actor=clerk)
    return subject


def test_a_pack_holds_all_that_the_asker_may_read(made: Sandbox, clerk: str, toy: str) -> None:
    """Every entry about the subject with its content; both times of each fact; nothing about anybody else."""
    members = packed(made, clerk, toy)
    told = read_overview(members["overview.csv"])
    said = {(line.kind, line.field, line.value) for line in told}
    assert ("toys.made.1", "name", "Hà Thị Yên") in said
    assert ("toys.corrected.1", "name", "Hà Thị Yến") in said
    assert ("toys.hidden.1", "place", "under the bed") in said
    corrected = next(line for line in told if line.kind == "toys.corrected.1")
    first = next(line for line in told if line.value == "Hà Thị Yên")
    assert first.known_until == str(corrected.position)
    assert b"'=1+1" in members["overview.csv"]
    assert not any(b"another" in data for data in members.values())
    assert "4 mục".encode() in members["readme.txt"]


def test_contents_follow_the_classes_of_the_asker(made: Sandbox, toy: str) -> None:
    """Who sees ordinary fields only gets those contents whole, and of opaque entries nothing that is not theirs to know."""
    cell = made.someone("cell_secretary")
    members = packed(made, cell, toy)
    assert not any(b"under the bed" in data for data in members.values())
    assert any(b"Y\xc3\xaan" in data for name, data in members.items() if "/part/" in name)


def test_people_get_what_is_held_on_themselves(made: Sandbox, clerk: str, toy: str) -> None:
    """Without any post: every open entry about them whole, no opaque one; nobody else gets anything."""
    members = packed(made, toy, toy)
    assert sum(name.endswith("/part/body") for name in members) == 3
    assert not any(b"under the bed" in data for data in members.values())
    head = made.box.publish()
    with made.reading("0" * 32) as read, pytest.raises(NotFound):
        pack(read, head, toy)


def test_after_an_erasure_the_places_are_proved(made: Sandbox, clerk: str, toy: str) -> None:
    """The entries stand in the pack without content, and the erasure with its own."""
    erase(made, toy)
    members = packed(made, clerk, toy)
    assert not any("Yên".encode() in data or "Yến".encode() in data for data in members.values())
    kinds = [line.kind for line in read_overview(members["overview.csv"])]
    assert {"core.erased.1", "toys.made.1"} & set(kinds) or "core.sealed.1" in kinds


def test_a_changed_pack_is_refused(made: Sandbox, clerk: str, toy: str) -> None:
    """A value, a line, a content, a proof, the words: each is named; the real one is not."""
    members, key = packed(made, clerk, toy), read_key(made)
    place = next(name for name in members if name.endswith("/part/body"))
    head, *lines = members["overview.csv"].split(b"\r\n")
    damages = {
        "says something else": members | {"overview.csv": members["overview.csv"].replace("Yến".encode(), b"Y")},
        "says more": members | {"overview.csv": b"\r\n".join([head, *lines[1:]])},
        "do not answer": members | {place: members[place].replace(b"}}", b" }}")},
        "does not say what": members | {"readme.txt": members["readme.txt"] + b"x"},
        "missing": {name: data for name, data in members.items() if not name.endswith("/proof.tlog-proof")},
        "does not hold": swapped(members),
        "stand in an evidence pack": {name: data for name, data in members.items() if name != "overview.csv"},
    }
    assert verify_receipt(zipped(members), key=key).ok
    for said, damaged in damages.items():
        report = verify_receipt(zipped(damaged), key=key)
        assert not report.ok, said
        assert said in "\n".join(report.lines()), said


def swapped(members: dict[str, bytes]) -> dict[str, bytes]:
    """Two entries stand in each other's place."""
    one, other = [name for name in members if name.endswith("/entry.json")][:2]
    return members | {one: members[other], other: members[one]}
