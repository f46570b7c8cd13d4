"""A box's care of itself: what health says of it, and the backup of each night."""

from contextlib import closing
from pathlib import Path

import pyrage
import pytest
from tests.core.toys import toy_plugins

from chibox.backup import care, recovery
from chibox.backup.making import make
from chibox.clock import GivenClock
from chibox.errors import Fatal
from chibox.observe.care_checks import CHECKS
from chibox.observe.health import checks
from chibox.office import Office
from chibox.settings import load
from chibox.testing.boxes import TODAY, Sandbox, sandbox
from chibox.work.backing_up import backup_task, is_due
from chibox.work.queue import Work

DAY = 86_400_000
NAME = "xa-sao-mai.lam-son"


def states(made: Sandbox) -> dict[str, str]:
    """The state of each of these checks by its English name."""
    names = {"Backup", "Rehearsal", "Sealed sheet"}
    with closing(Office(made.box)) as office, made.reading() as read:
        found = {str(check.name): check.state for check in checks(office, read)}
    return {name: state for name, state in found.items() if name in names}


def sentences(made: Sandbox) -> str:
    """What they say."""
    with closing(Office(made.box)) as office, made.reading() as read:
        found = [check(office, read) for check in CHECKS]
        return "\n".join(str(words) for check in found for words in (check.sentence, check.technique) if words)


def test_a_practice_box_needs_no_care(tmp_path: Path) -> None:
    """Its checks are off."""
    with sandbox(tmp_path / "box", toy_plugins()) as made:
        made.clock.at += 100 * DAY
        assert set(states(made).values()) == {"off"}
        assert len(states(made)) == 3


def test_what_never_happened_counts_from_the_founding(tmp_path: Path) -> None:
    """No backup: nothing on the first day, attention on the third, trouble after a week; no sheet, no rehearsal: attention."""
    with sandbox(tmp_path / "box", toy_plugins(), name=NAME) as made:
        found = []
        for days in (0, 1, 2, 6, 7, 400):
            made.clock.at = GivenClock.on(TODAY).at + days * DAY
            found.append(states(made)["Backup"])
        assert found == ["good", "good", "attention", "attention", "trouble", "trouble"]
        assert (states(made)["Rehearsal"], states(made)["Sealed sheet"]) == ("attention", "attention")
        make(made.folder, None, language="vi", plugins=toy_plugins())
        assert states(made)["Sealed sheet"] == "good"
        recovery.keep_public(made.folder / "keys", pyrage.x25519.Identity.generate())
        assert states(made)["Sealed sheet"] == "attention"


def test_ages_and_failures_are_told(tmp_path: Path) -> None:
    """The age of the last backup and rehearsal; a try that failed; a rehearsal that failed."""
    with sandbox(tmp_path / "box", toy_plugins(), name=NAME) as made:
        now = made.clock.at
        for days, wanted in ((0, "good"), (1, "good"), (2, "attention"), (7, "trouble")):
            care.note(made.folder, backup=care.Backed(now - days * DAY, "/stick/x", 3_000_000, 5))
            assert states(made)["Backup"] == wanted
        care.note(made.folder, backup=care.Backed(now, "/stick/x", 3_000_000, 5), failed=care.Failed(now, "no room"))
        assert states(made)["Backup"] == "attention"
        assert "no room" in sentences(made)
        for days, good, wanted in (
            (0, True, "good"),
            (89, True, "good"),
            (90, True, "attention"),
            (0, False, "trouble"),
        ):
            care.note(made.folder, rehearsal=care.Rehearsed(now - days * DAY, good, 1.5, 5, "/stick/x"))
            assert states(made)["Rehearsal"] == wanted


def test_a_damaged_note_is_told_and_begun_anew(tmp_path: Path) -> None:
    """Health names the check that could not be made; the next backup writes a good note."""
    with sandbox(tmp_path / "box", toy_plugins(), name=NAME) as made:
        (made.folder / "care.json").write_bytes(b"{")
        with pytest.raises(Fatal):
            care.read(made.folder)
        assert "Backup" not in states(made)
        care.note(made.folder, failed=None)
        assert states(made)["Backup"] == "good"


def test_each_night_has_a_backup(tmp_path: Path) -> None:
    """Due when none was made since the last two o'clock at night; by day too, when the box stood still at night."""
    eight = GivenClock.on(TODAY).at
    two = eight - 6 * 3_600_000
    for last, now, due in (
        (two + 60_000, eight, False), (two - 60_000, eight, True), (two - 60_000, two - 1, False), (eight, two + DAY, True),
        (eight, two + DAY - 1, False),
    ):  # fmt: skip
        assert is_due(care.Care(backup=care.Backed(last, "", 0, 0)), now) is due
    assert is_due(care.Care(), eight)


def test_the_task_follows_the_settings(tmp_path: Path) -> None:
    """Nothing without a folder; one a night with one, the oldest dropped; a failure is tried again, and told."""
    (tmp_path / "stick").mkdir()
    with sandbox(tmp_path / "box", toy_plugins(), name=NAME) as made:
        key = make(made.folder, None, language="vi", plugins=toy_plugins()).identity
        assert recovery.identity(key)

        def night() -> str:
            made.clock.at += DAY
            with closing(Office(made.box)) as office, closing(Work(made.box, [backup_task(office)])) as work:
                work.run("core.backup")
                return work.runs["core.backup"].failed

        assert night() == ""
        assert list((tmp_path / "stick").iterdir()) == []
        (made.folder / "chibox.toml").write_text(f'backup = "{tmp_path / "stick"}"\nbackup_keep = 2\n')
        assert load(made.folder).backup_keep == 2
        made.reopen()
        assert [night(), night(), night()] == ["", "", ""]
        assert len(list((tmp_path / "stick").iterdir())) == 2
        made.clock.at -= DAY
        (tmp_path / "stick").rename(tmp_path / "gone")
        assert (night(), states(made)["Backup"]) == ("", "good")
        assert night() == "NotFound"
        assert states(made)["Backup"] == "attention"
