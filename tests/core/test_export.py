"""The exported log: complete, in the wire's form, verified by the verifier, never half there."""

import stat
from pathlib import Path

import pytest
from tests.core.notes import Count, Filled, Whisper, Write, filled

from chibox.errors import Refused
from chibox.records import export
from chibox.records.export import export_log
from chibox.records.lineage import Head
from chibox.records.log import LogReader
from chibox.records.tiles import bundles_of, tiles_of
from chibox.records.verify import verify_log
from chibox.signing.mark import HighWater


def exported(made: Filled, target: Path, head: Head | None = None) -> Head:
    """Publish and export; the head that was exported."""
    head = head or made.box.publish()
    with made.box.database.reading() as connection:
        export_log(LogReader(connection), head, target)
    return head


@pytest.mark.parametrize("count", [0, 1, 244, 245, 246, 247, 248, 300, 600])
def test_an_export_is_verified(tmp_path: Path, count: int) -> None:
    """At sizes around the width of a bundle: every file of the format is there, no other, and the verifier is content."""
    with filled(tmp_path / "box", count) as made:
        made.do(Whisper(unit=made.root, words=("a", "b", "c")))
        head = exported(made, tmp_path / "log")
        key = LogReader(made.box.database.writer).verifier(head).vkey
    report = verify_log(tmp_path / "log", key=key)
    assert report.findings == []
    assert report.figures[0].entries == head.size == made.first + count + 3
    assert (report.figures[0].parts, report.figures[0].parts_not_given) == (head.size, 0)
    folder = tmp_path / "log" / "1"
    wanted = {t.path for t in tiles_of(head.size)} | {b.path for b in bundles_of(head.size)}
    wanted |= {b.part_path for b in bundles_of(head.size)} | {"checkpoint"}
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == wanted


def test_an_export_of_an_older_head_is_that_of_its_time(tmp_path: Path) -> None:
    """What was published before the log grew is exported byte for byte the same afterwards."""
    with filled(tmp_path / "box", 300) as made:
        head = exported(made, tmp_path / "before")
        made.do(Write(unit=made.root, titles=tuple(map(str, range(400)))))
        exported(made, tmp_path / "after", head)
    files = sorted(p.relative_to(tmp_path / "before") for p in (tmp_path / "before").rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(tmp_path / "after") for p in (tmp_path / "after").rglob("*") if p.is_file())
    assert all((tmp_path / "before" / f).read_bytes() == (tmp_path / "after" / f).read_bytes() for f in files)


def test_a_full_bundle_is_handed_on_as_it_was_stored(tmp_path: Path) -> None:
    """Bundle-wise reading gives what reading entry by entry gives."""
    with filled(tmp_path / "box", 600) as made, made.box.database.reading() as connection:
        reader = LogReader(connection)
        size = reader.head().size
        assert [entry for _, entry, _ in reader.entries(3, size)] == [
            LogReader(connection).entry(p) for p in range(3, size)
        ]
        assert [parts for _, _, parts in reader.entries(250, 520)] == [reader.parts(p) for p in range(250, 520)]


def test_withheld_parts_are_counted_and_a_bundle_without_any_is_absent(tmp_path: Path) -> None:
    """What the box does not have is not in the export: no file of nothing."""
    with filled(tmp_path / "box", 300) as made:
        run = made.box.database.writer
        run.execute("DELETE FROM part_tail")
        head = exported(made, tmp_path / "log")
    report = verify_log(tmp_path / "log")
    assert report.ok
    assert report.figures[0].parts_not_given == head.size - 256
    assert [p.name for p in (tmp_path / "log/1/part").iterdir()] == ["000"]


def test_an_export_needs_an_empty_place(tmp_path: Path) -> None:
    """A folder with anything in it, a file, a link: refused, and what was there stays."""
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with filled(tmp_path / "box") as made:
        for name in ("full", "file", "link"):
            with pytest.raises(Refused, match="exported into an empty folder"):
                exported(made, tmp_path / name)
        exported(made, tmp_path / "empty")
    assert (full / "mine").read_text() == "mine"
    assert verify_log(tmp_path / "empty").ok


def test_an_export_appears_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails on the way, the target is as it was and nothing is left beside it."""
    calls = iter(range(100))

    def failing(path: Path, data: bytes) -> None:
        if next(calls) == 3:
            raise OSError("disk full")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    with filled(tmp_path / "box", 300) as made:
        monkeypatch.setattr(export, "_write", failing)
        with pytest.raises(OSError, match="disk full"):
            exported(made, tmp_path / "log")
    assert [path.name for path in tmp_path.iterdir()] == ["box"]


def test_an_export_is_for_its_owner(tmp_path: Path) -> None:
    """The parts are people's data: nobody else on the machine may open the folder."""
    with filled(tmp_path / "box") as made:
        exported(made, tmp_path / "log")
    assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o700


def test_the_mark_moves_before_a_checkpoint_leaves(tmp_path: Path) -> None:
    """Publishing writes the checkpoint into the mark; it never goes back, whoever else moves it."""
    with filled(tmp_path / "box") as made:
        old = made.box.publish()
        made.do(Count(unit=made.root, note="0" * 32, count=1))
        new = made.box.publish()
        assert HighWater(tmp_path / "box/mark").note == new.note
        other = type(made.box.mark)(tmp_path / "box/mark")
        other.marks = ()  # as if it had been read before
        other.raise_to(old)
        assert HighWater(tmp_path / "box/mark").note == new.note
        assert other.size == new.size
