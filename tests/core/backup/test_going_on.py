"""After a loss: the restored box goes on in its next generation, by two people, and that box is backed up and restored again."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.core.backup.conftest import NAME, Saved, rows
from tests.core.toys import Make, Toy, toy_plugins

from chibox.backup.making import make as make_sheet
from chibox.backup.recovery import identity, log_key_on_sheet
from chibox.backup.rehearsing import rehearse
from chibox.backup.restoring import restore
from chibox.backup.sheet import Secrets
from chibox.backup.taking import take
from chibox.box import Box
from chibox.clock import GivenClock
from chibox.commands import Asked
from chibox.errors import Away
from chibox.opening import ask_opening, open_generation
from chibox.records.log import LogReader
from chibox.signing.place import settle
from chibox.testing.boxes import TODAY, act, sandbox
from chibox.verifying import verify_box


def opened(folder: Path) -> Box:
    """The box, on a clock that stands still."""
    return Box.open(folder, plugins=toy_plugins(), clock=GivenClock.on(TODAY))


def go_on(box: Box, people: tuple[str, str]) -> None:
    """Two people open the next generation of the log."""
    ask_opening(box, people[0])
    open_generation(box, people[1])


def made_toys(box: Box, clerk: str, *names: str) -> None:
    """Record toys."""
    box.perform_now(Asked(actor=clerk, act=act()), Make(unit=box.picture.root, names=names))


@pytest.mark.parametrize(("before", "after"), [(3, 5), (300, 3), (300, 400), (246, 12), (246, 600)])
def test_a_lost_box_goes_on(tmp_path: Path, before: int, after: int) -> None:
    """Not signing until two have agreed; then it records; both generations come back by the next backup, row by row.

    With ends of generations in one bundle, in several, and at the end of one.
    """
    with sandbox(tmp_path / "box", toy_plugins(), name=NAME) as made:
        people = made.administrator, made.someone("committee_secretary")
        clerk = made.someone("clerk")
        made_toys(made.box, clerk, *(f"a {n}" for n in range(before)))
        sheet = make_sheet(made.folder, None, language="vi", plugins=toy_plugins())
    opening = Secrets(identity(sheet.identity), bytes.fromhex(sheet.seed))
    taken = take(made.folder, tmp_path, plugins=toy_plugins())
    restore(taken.path, tmp_path / "new", opening)
    with closing(opened(tmp_path / "new")) as box:
        with pytest.raises(Away, match="restored from a backup"):
            made_toys(box, clerk, "too early")
        go_on(box, people)
        assert box.stopped is None
        made_toys(box, clerk, *(f"b {n}" for n in range(after)))
        size = box.log.size
    again = take(tmp_path / "new", tmp_path, plugins=toy_plugins())
    restore(again.path, tmp_path / "newer", opening)
    assert rows(tmp_path / "newer" / "box.db") == rows(tmp_path / "new" / "box.db")
    with closing(sqlite3.connect(tmp_path / "newer" / "box.db")) as connection:
        assert [head.generation for head in LogReader(connection).generations()] == [1, 2]
    assert rehearse(again.path, opening, box=tmp_path / "new", plugins=toy_plugins()).report.findings == []
    with closing(opened(tmp_path / "newer")) as box, box.reading() as read:
        assert (box.log.size, read.count(Toy)) == (size, before + after)


def test_a_generation_that_left_entries_behind(tmp_path: Path) -> None:
    """Its orphaned end is in the backup too: evidence that is kept."""
    with sandbox(tmp_path / "box", toy_plugins(), name=NAME) as made:
        people, clerk = (made.administrator, made.someone("committee_secretary")), made.someone("clerk")
        made_toys(made.box, clerk, *(f"a {n}" for n in range(300)))
        common = made.box.publish().size
    shutil.copytree(made.folder, tmp_path / "other")
    with closing(opened(made.folder)) as box:
        made_toys(box, clerk, *(f"b {n}" for n in range(300)))
    settle(tmp_path / "other")
    with closing(opened(tmp_path / "other")) as box:
        made_toys(box, clerk, *(f"c {n}" for n in range(200)))
        box.publish()
    shutil.copy(tmp_path / "other" / "mark", made.folder)
    with closing(opened(made.folder)) as box:
        assert box.stopped is not None
        assert box.stopped.reason == "forked"
        go_on(box, people)
        made_toys(box, clerk, "d")
        assert box.log.size == common + 2
    taken = take(made.folder, tmp_path, plain=True, plugins=toy_plugins())
    restore(taken.path, tmp_path / "new")
    old, new = rows(made.folder / "box.db"), rows(tmp_path / "new" / "box.db")
    digests = [[row[:-1] for row in some.pop("act")] for some in (old, new)]
    assert digests[0] == digests[1]
    assert old == new
    with closing(sqlite3.connect(tmp_path / "new" / "box.db")) as connection:
        assert [head.size for head in LogReader(connection).generations()] == [common + 300, common + 2]


def test_the_key_may_be_given_later(copy: Saved, tmp_path: Path) -> None:
    """A box restored without its log key signs once the key of the sheet is put back and two people have agreed."""
    restore(copy.taken.path, tmp_path / "new", Secrets(copy.opening.identity, None))
    assert not (tmp_path / "new" / "keys" / "log.key").exists()
    (tmp_path / "new" / "keys" / "log.key").write_text(copy.sheet.seed)
    with closing(opened(tmp_path / "new")) as box:
        assert box.stopped is not None
        assert box.stopped.reason == "restored"
        assert box.signer.verifier.public_key
    assert verify_box(tmp_path / "new", plugins=toy_plugins()).findings == []


def test_without_the_log_key_two_people_give_the_box_a_new_one(tmp_path: Path) -> None:
    """It goes on, its next backup comes back, and health asks for a new sheet: the old one has the lost key."""
    with sandbox(tmp_path / "box", toy_plugins(), name=NAME) as made:
        people, clerk = (made.administrator, made.someone("committee_secretary")), made.someone("clerk")
        made_toys(made.box, clerk, "a")
        sheet = make_sheet(made.folder, None, language="vi", plugins=toy_plugins())
    opening = Secrets(identity(sheet.identity), None)
    restore(take(made.folder, tmp_path, plugins=toy_plugins()).path, tmp_path / "new", opening)
    with closing(opened(tmp_path / "new")) as box:
        go_on(box, people)
        made_toys(box, clerk, "b")
        assert log_key_on_sheet(tmp_path / "new" / "keys") != box.key
    again = take(tmp_path / "new", tmp_path, plugins=toy_plugins())
    old = Secrets(opening.identity, bytes.fromhex(sheet.seed))
    assert not restore(again.path, tmp_path / "newer", old).signs
    assert rows(tmp_path / "newer" / "box.db") == rows(tmp_path / "new" / "box.db")
    renewed = make_sheet(tmp_path / "new", None, language="vi", renew=True, plugins=toy_plugins())
    last = take(tmp_path / "new", tmp_path, plugins=toy_plugins())
    newest = Secrets(identity(renewed.identity), bytes.fromhex(renewed.seed))
    assert restore(last.path, tmp_path / "newest", newest).signs
