"""A box that may not sign, and the generation that two people open: what goes on, what stays as evidence, what is refused."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.core.whole import everything

from chibox import opening
from chibox.errors import Away, Forbidden, Refused
from chibox.observe.care_checks import two_people
from chibox.office import Office
from chibox.opening import ask_opening, open_generation
from chibox.records.export import export_log
from chibox.records.log import LogReader
from chibox.records.notes import to_base64
from chibox.records.roots import root_at
from chibox.signing.mark import HighWater
from chibox.signing.records import GenerationOpened
from chibox.testing.boxes import Sandbox, sandbox
from chibox.verifying import verify_box

Change = Callable[[Sandbox, Path], None]


def people(made: Sandbox) -> tuple[str, str]:
    """The administrator and the secretary: the two who may."""
    return made.administrator, made.someone("committee_secretary")


def older(made: Sandbox, old: Path) -> None:
    """The database is that of an older day; three units were created after it, and told to somebody."""
    names(made, "A", "B", "C")
    made.box.publish()
    made.box.close()
    shutil.copy(old, made.folder / "box.db")


def other(made: Sandbox, old: Path) -> None:
    """The box went on twice from the same day: what was told is not what is here."""
    names(made, "A", "B", "C")
    made.box.publish()
    made.box.close()
    mark = (made.folder / "mark").read_bytes()
    shutil.copy(old, made.folder / "box.db")
    kept = HighWater(made.folder / "mark").marks[0]
    (made.folder / "mark").write_bytes(b"%08d\n" % len(kept.note) + kept.note)
    made.reopen()
    made.clock.at += 60_000
    names(made, "D", "E", "F", "G")
    made.box.close()
    (made.folder / "mark").write_bytes(mark)


def restored(made: Sandbox, _: Path) -> None:
    """A restore leaves its note, and no mark."""
    made.box.close()
    (made.folder / "mark").unlink()
    (made.folder / "place").unlink()
    (made.folder / "restored").write_text('{"at": 1, "made": 1, "size": 1}')


def copied(made: Sandbox, _: Path) -> None:
    """The folder is a copy of the box."""
    made.box.close()
    made.folder = Path(shutil.copytree(made.folder, made.folder.with_name("copy")))


def unmarked(made: Sandbox, _: Path) -> None:
    """Somebody took the mark away."""
    made.box.close()
    (made.folder / "mark").unlink()


def keyless(made: Sandbox, _: Path) -> None:
    """The key is gone."""
    made.box.close()
    (made.folder / "keys" / "log.key").unlink()


def state(made: Sandbox) -> str:
    """Why the box does not sign; empty while it does."""
    return "" if made.box.stopped is None else made.box.stopped.reason


def names(made: Sandbox, *names: str) -> None:
    """A unit for each name."""
    for name in names:
        made.unit(name)


def of(made: Sandbox) -> set[str]:
    """The names of all units."""
    return {unit.name for unit in made.box.picture.units.values()}


@pytest.mark.parametrize(
    ("change", "reason", "gone"),
    [
        (older, "behind", {"A", "B", "C"}),
        (other, "forked", {"D", "E", "F", "G"}),
        (restored, "restored", set()),
        (copied, "copied", set()),
        (unmarked, "mark_lost", set()),
        (keyless, "key_lost", set()),
    ],
)
def test_two_people_open_the_next_generation(tmp_path: Path, change: Change, reason: str, gone: set[str]) -> None:
    """The box says why it does not sign, reads on, refuses; after the second person it records, and all of it verifies."""
    with sandbox(tmp_path / "box", seed=5) as made:
        first, second = people(made)
        names(made, *(f"Chi bộ {n}" for n in range(300)))
        made.box.publish()
        made.box.close()
        shutil.copy(made.folder / "box.db", tmp_path / "old.db")
        made.reopen()
        size, units = made.box.log.size, of(made)
        change(made, tmp_path / "old.db")
        box = made.reopen()
        assert box.stopped is not None
        assert (box.stopped.reason, box.stopped.reopens) == (reason, True)
        with pytest.raises(Away, match="Nothing is recorded until"):
            made.unit("refused")
        ask_opening(box, first)
        with pytest.raises(Refused, match="another one than the first"):
            open_generation(box, first)
        answer = open_generation(box, second)
        assert made.box.stopped is None
        assert (answer.first, answer.last) == (size, size)
        opened = made.entry(answer.first).body
        assert isinstance(opened, GenerationOpened)
        assert (opened.generation, opened.size, opened.reason, opened.asked_by) == (2, size, reason, first)
        assert of(made) == units
        assert not gone & of(made)
        made.unit("after")
        assert verify_box(made.folder, plugins=made.plugins).ok, verify_box(made.folder, plugins=made.plugins).lines()
        before = everything(made)
        made.reopen()
        assert everything(made) == before
        assert made.box.stopped is None
        assert of(made) == units | {"after"}
        _check_generations(made, opened, gone)


def _check_generations(made: Sandbox, opened: GenerationOpened, gone: set[str]) -> None:
    """Both generations are there as logs of their own; what was left behind is still in the first one, or named by its note."""
    with made.box.database.reading() as connection:
        reader = LogReader(connection)
        old, new = reader.generations()
        earlier = LogReader(connection, 1, 1)
        assert (old.generation, new.generation) == (1, 2)
        assert to_base64(root_at(reader, opened.size)) == to_base64(root_at(earlier, opened.size)) == opened.root
        assert earlier.bundle is not None
        if gone == {"D", "E", "F", "G"}:
            assert old.size == opened.size + 4
            assert len(opened.orphans) == 2
            assert any(old.note.decode() == note for note in opened.orphans)
        elif gone:
            assert old.size == opened.size
            assert opened.orphans[0].split("\n")[1] == str(opened.size + 3)
        export_log(reader, made.box.publish(), made.folder.parent / "log")


def test_who_may_not_is_refused(tmp_path: Path) -> None:
    """A clerk can be neither of the two; without an asking nobody opens; a box that signs has no reason to."""
    with sandbox(tmp_path / "box") as made:
        first, second = people(made)
        clerk = made.someone("clerk")
        with pytest.raises(Refused, match="no reason"):
            ask_opening(made.box, first)
        restored(made, tmp_path)
        box = made.reopen()
        for who in (clerk, "0" * 32):
            with pytest.raises(Forbidden):
                ask_opening(box, who)
        with pytest.raises(Refused, match="Nobody has asked"):
            open_generation(box, second)
        ask_opening(box, second)
        with pytest.raises(Forbidden):
            open_generation(box, clerk)
        made.clock.at += 4 * 86_400_000
        with pytest.raises(Refused, match="too long ago"):
            open_generation(box, first)
        assert box.log.generation == 1


def test_a_stolen_key_is_replaced(tmp_path: Path) -> None:
    """Two people open a generation under a new key; the old file is gone, and the old key signs nothing that is taken."""
    with sandbox(tmp_path / "box") as made:
        first, second = people(made)
        old, seed = made.box.key, (made.folder / "keys/log.key").read_bytes()
        ask_opening(made.box, first, stolen=True)
        open_generation(made.box, second)
        assert made.box.key != old
        assert (made.folder / "keys/log.key").read_bytes() != seed
        assert not (made.folder / "keys/log.key.next").exists()
        made.unit("after")
        made.reopen()
        assert state(made) == ""
        (made.folder / "keys/log.key").write_bytes(seed)
        made.reopen()
        assert state(made) == "key_lost"


def test_after_a_generation_the_next_one(tmp_path: Path) -> None:
    """A box that is set back again and again opens generation after generation; receipt numbers name the one they are of."""
    with sandbox(tmp_path / "box") as made:
        first, second = people(made)
        for generation in range(2, 5):
            made.box.close()
            (made.folder / "mark").unlink()
            made.reopen()
            ask_opening(made.box, first)
            answer = open_generation(made.box, second)
            made.unit(f"Chi bộ {generation}")
            assert made.box.log.reader.lineage.generation_of(answer.first) == generation
            assert made.box.log.reader.lineage.generation_of(answer.first - 1) == generation - 1
        assert verify_box(made.folder, plugins=made.plugins).ok


def test_no_number_is_given_twice(tmp_path: Path) -> None:
    """A database from before a generation goes on above whatever left; people who know of more give a larger number."""
    with sandbox(tmp_path / "box") as made:
        first, second = people(made)
        made.box.close()
        shutil.copy(made.folder / "box.db", tmp_path / "old.db")
        (made.folder / "mark").unlink()
        made.reopen()
        ask_opening(made.box, first)
        open_generation(made.box, second)
        made.box.close()
        shutil.copy(tmp_path / "old.db", made.folder / "box.db")
        made.reopen()
        assert state(made) == "behind"
        with pytest.raises(Refused, match="at least 3"):
            ask_opening(made.box, first, generation=2)
        ask_opening(made.box, first, generation=5)
        answer = open_generation(made.box, second)
        (opened,) = made.stated(answer)
        assert (opened.generation, opened.before, made.box.log.generation) == (5, 1, 5)
        made.unit("after")
        made.reopen()
        lineage = made.box.log.reader.lineage
        assert [lineage.generation_of(answer.first - 1), lineage.generation_of(answer.first)] == [1, 5]
        assert verify_box(made.folder, plugins=made.plugins).ok


def test_a_crash_behind_the_commit_of_an_opening_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next start finds the generation, raises the mark, and signs."""
    with sandbox(tmp_path / "box") as made:
        first, second = people(made)
        restored(made, tmp_path)
        box = made.reopen()
        ask_opening(box, first)
        monkeypatch.setattr(opening, "go_on", lambda *_: None)
        open_generation(box, second)
        box.close()
        assert not (made.folder / "mark").exists()
        made.reopen()
        assert made.box.stopped is None
        assert made.box.log.generation == 2
        assert HighWater(made.folder / "mark").last is not None
        made.unit("after")


def test_health_asks_for_two_people_in_time(tmp_path: Path) -> None:
    """With one who may open a generation it asks for another; a practice box needs none, a service account counts for nobody."""
    with sandbox(tmp_path / "box", name="xa-sao-mai.lamson") as made, closing(Office(made.box)) as office:
        for state, step in (("attention", "second administrator"), ("good", "")):
            with made.reading() as read:
                found = two_people(office, read)
            assert (found.state, step in str(found.step)) == (state, True)
            made.someone("committee_secretary")
