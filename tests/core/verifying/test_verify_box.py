"""`chibox verify BOX`: whatever was changed in a box's database is named with its place, and a sound box is found sound."""

import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.core.notes import DAY, Count, Filled, Written, filled, plugins
from tests.core.verifying.changes import Change, copied, flipped, misspelt, run, subject, told

from chibox.beside import beside
from chibox.commands import Asked
from chibox.database import connect
from chibox.errors import Away, NotFound
from chibox.plugins import Plugins
from chibox.records.core import Erased
from chibox.records.stated import state
from chibox.records.verify.report import Report
from chibox.signing.mark import HighWater
from chibox.verifying import verify_box


def test_a_sound_box_is_found_sound(sound: Path) -> None:
    """Log, head, mark and every table; what is not covered is named."""
    report = verify_box(sound, plugins=plugins())
    assert report.findings == []
    assert report.figures[0].entries == 314
    text = "\n".join(report.lines())
    assert "Not covered: accounts and sessions, drafts, settings, background tasks" in text
    assert "rows of 14 tables compared" in text
    assert "verified: no fault" in text


def test_a_box_is_verified_while_it_runs(tmp_path: Path) -> None:
    """On one snapshot: what is recorded meanwhile is of no account."""
    with filled(tmp_path / "box", 10) as made:
        for _ in range(3):
            made.do(Count(unit=made.root, note=made.subject(made.first + 2), count=1))
            assert verify_box(made.folder, plugins=plugins()).findings == []


def test_there_has_to_be_a_box(tmp_path: Path) -> None:
    """An empty folder is a mistake of the asker, no finding."""
    with pytest.raises(NotFound):
        verify_box(tmp_path)


def test_a_row_of_a_person_is_named_by_id_and_column(sound: Path, tmp_path: Path) -> None:
    """What is recorded of people is told only when it is asked for; nothing else is wrong then."""
    folder = copied(sound, tmp_path / "copy")
    connection = connect(folder / "box.db", write=True)
    who = subject(connection, 11)
    connection.execute("UPDATE notes_note_1 SET title='forged', day='1969-01-01' WHERE subject=?", (who,))
    connection.close()
    assert told(verify_box(folder, plugins=plugins())).split("\n") == [
        f"notes_note_1 {who}: day is 1969-01-01, the records say 2026-11-25",
        f"notes_note_1 {who}: title is not what the records say",
    ]
    assert f"notes_note_1 {who}: title is forged, the records say note 4" in told(
        verify_box(folder, plugins=plugins(), values=True)
    )


def test_swapped_rows_are_both_named(changed: Callable[[Change], Report]) -> None:
    """Two people's rows exchanged: each is named."""
    names: list[str] = []

    def swap(connection: sqlite3.Connection) -> None:
        one, other = names[:] = [subject(connection, position) for position in (11, 12)]
        for old, new in ((one, "x"), (other, one), ("x", other)):
            connection.execute("UPDATE notes_note_1 SET subject=? WHERE subject=?", (new, old))

    text = told(changed(swap))
    assert [f"notes_note_1 {name}: title is not" in text for name in names] == [True, True]


def test_an_extra_row_is_named(changed: Callable[[Change], Report]) -> None:
    """A person of whom no record tells."""
    statement = "INSERT INTO notes_note_1(box, folded, subject, count) VALUES(1, 1, 'nobody', 0)"
    assert told(changed(run(statement))) == "notes_note_1 nobody: no record gives this row"


def test_a_row_that_stands_twice_is_named(changed: Callable[[Change], Report]) -> None:
    """Also where the index that forbids it was dropped first."""

    def double(connection: sqlite3.Connection) -> None:
        connection.execute("DROP INDEX notes_note_1_key")
        columns = 'box, folded, subject, day, title, number, "count"'
        connection.execute(f"INSERT INTO notes_note_1({columns}) SELECT {columns} FROM notes_note_1 WHERE count=2")

    text = told(changed(double))
    assert text.startswith("notes_note_1 ")
    assert text.endswith(": the row stands twice")


def test_entry_part_and_row_are_each_named(changed: Callable[[Change], Report]) -> None:
    """Three changes at once are three findings."""
    entry, part = (
        misspelt(300),
        flipped("part_tail", "data", 30, "position=301"),
    )

    def all_three(connection: sqlite3.Connection) -> None:
        entry(connection)
        part(connection)
        connection.execute("UPDATE notes_note_1 SET count=4 WHERE count=2")

    report = changed(all_three)
    text = told(report)
    assert "checkpoint: line 3" in text
    assert "entry 301, part body" in text
    assert ": count is 4, the records say 2" in text
    assert "it may be the log that was changed" in "\n".join(report.lines())


def test_a_key_and_a_receipt_of_another_log_are_told(sound: Path, tmp_path: Path) -> None:
    """A box that was founded anew under the same name is not the one whose key was given."""
    with filled(tmp_path / "other", 3) as made:
        head = made.box.publish()
        vkey = made.box.signer.verifier.vkey
        assert verify_box(made.folder, key=vkey, plugins=plugins()).ok
    assert "the key that was given is not one of those" in told(verify_box(sound, key=vkey, plugins=plugins()))
    assert "--seen: the signature does not hold" in told(verify_box(sound, seen=[head.note], plugins=plugins()))


def test_a_box_behind_its_mark_is_told(sound: Path, tmp_path: Path) -> None:
    """A database that was put back from a backup is older than what left the box."""
    with filled(tmp_path / "box", 3) as made:
        made.box.publish()
        before = copied(made.folder, tmp_path / "backup")
        for name in ("box.db", "box.db-wal"):
            (before / name).write_bytes((made.folder / name).read_bytes())
        made.do(Count(unit=made.root, note=made.subject(made.first + 2), count=1))
        HighWater(before / "mark").raise_to(made.box.publish())
    assert "mark: fork or truncation: it has 11 entries, the log here 10" in told(verify_box(before, plugins=plugins()))
    (before / "mark").write_bytes((sound / "mark").read_bytes())
    assert "mark: the signature does not hold" in told(verify_box(before, plugins=plugins()))
    (before / "mark").write_bytes(b"what is this")
    assert "mark: this cannot be read" in told(verify_box(before, plugins=plugins()))


def test_a_box_without_its_mark_is_told(sound: Path, tmp_path: Path) -> None:
    """Every box has one from its birth: where it is gone, somebody took it away."""
    folder = copied(sound, tmp_path / "copy")
    (folder / "mark").unlink()
    assert "mark: this cannot be read: the file is missing" in told(verify_box(folder, plugins=plugins()))


def test_tables_of_a_plugin_that_is_gone_are_named(sound: Path) -> None:
    """Nothing can be said of them: they are named, and the index has to be made anew first."""
    report = verify_box(sound, plugins=Plugins.discover(()))
    assert [one.where for one in report.findings] == ["cursor"]
    assert "no plugin that works here declares it: notes.notes, notes_note_1" in "\n".join(report.lines())


def test_a_trigger_is_named(changed: Callable[[Change], Report]) -> None:
    """It could change rows behind everyone's back."""

    def plant(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TRIGGER quiet AFTER INSERT ON act BEGIN DELETE FROM act; END")

    assert told(changed(plant)) == "quiet: a trigger stands in the database; no box has one"


def test_a_missing_table_is_named(changed: Callable[[Change], Report]) -> None:
    """Whatever else is there is still compared."""

    def drop(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE notes_note_1")

    assert told(changed(drop)) == "notes_note_1: this cannot be read: the database: no such table: notes_note_1"


def test_erased_bodies_are_no_fault_and_restored_ones_are(tmp_path: Path) -> None:
    """An erasure in the log explains what is gone; a body that came back after it is named."""
    with filled(tmp_path / "box", 3) as made:
        position, _ = made.do(Count(unit=made.root, note=made.subject(made.first + 2), count=1))
        with made.box.reading() as read:
            rid = read.entry(position).rid
        kept = made.box.log.parts(position)
        erase(made, rid)
        assert verify_box(made.folder, plugins=plugins()).findings == []
        part = kept["body"]
        made.box.database.writer.execute("INSERT INTO part_tail VALUES(1,1,?,'body',?,?)", (position, part[0], part[1]))
        found = told(verify_box(made.folder, plugins=plugins()))
    assert f"entry {position}, part body: a record says that it was erased, and it is here" in found


def erase(made: Filled, rid: str) -> None:
    """Append an erasure, as the command for it will."""
    box = made.box
    asked = Asked(actor=made.administrator, act="ef" * 16)
    record = Erased(records=(rid,), reason="request")
    stated = [state(record, made.root, made.root)]
    box.writer.submit(
        lambda: box.turns.append(asked, stated, box.read_inside(asked.actor), "core", None, None)
    ).result()


def test_a_damaged_file_is_a_finding(sound: Path, tmp_path: Path) -> None:
    """Whatever the bytes of the database become, there is a report, and it refuses."""
    whole = (sound / "box.db").read_bytes()
    rng = random.Random(7)
    for number in range(60):
        folder = copied(sound, tmp_path / f"copy{number}")
        data = bytearray(whole)
        for _ in range(rng.choice((1, 1, 40))):
            data[rng.randrange(100, len(data))] ^= 1 << rng.randrange(8)
        (folder / "box.db").write_bytes(data)
        report = verify_box(folder, plugins=plugins())
        assert report.lines()


def test_verifying_changes_nothing(sound: Path, tmp_path: Path) -> None:
    """The files of the box are byte for byte what they were, also on a medium that cannot be written."""
    folder = copied(sound, tmp_path / "copy")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.access", lambda *_: False)
        assert verify_box(folder, plugins=plugins()).ok
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert verify_box(folder, plugins=plugins()).ok
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_another_process_sees_what_is_committed(tmp_path: Path) -> None:
    """A box seen from beside: its head, its rows, its entries; it moves the mark, and nothing else."""
    with filled(tmp_path / "box", 3) as made:
        with beside(made.folder, plugins=plugins()) as seen:
            made.do(Count(unit=made.root, note=made.subject(made.first), count=1))
            assert seen.head.size == made.first + 3
            assert seen.read.picture.units.keys() == made.box.picture.units.keys()
            assert seen.read.entry(made.first).body == Written(day=DAY, title="note 0", number="000000000000")
            assert seen.publish() == seen.head
        assert HighWater(made.folder / "mark").note == seen.head.note
        assert made.box.publish().size == made.first + 4


def test_a_box_of_another_version_is_told(sound: Path, tmp_path: Path) -> None:
    """Tables that are not there yet are made by the next start; the log itself can be read meanwhile."""
    folder = copied(sound, tmp_path / "copy")
    connection = connect(folder / "box.db", write=True)
    connection.execute("DROP TABLE core_post_1")
    connection.close()
    with beside(folder, plugins=plugins()) as seen:
        assert seen.log.entry(0)
        with pytest.raises(Away, match="start it once"):
            seen.read.entry(0)
