"""A box: born once, complete or not at all; opened by one process; closed without a loss."""

import datetime as dt
import stat
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tests.core.toys import Make, Toy, toy_plugins

from chibox.box import Box, Founding
from chibox.clock import GivenClock
from chibox.commands import Answer, Asked
from chibox.core_commands import CreateUnit
from chibox.errors import Away, Invalid, NotFound, Refused
from chibox.organisation.records import Founded
from chibox.records.notes import to_base64
from chibox.testing.boxes import TODAY, Sandbox, act, sandbox, seeded

FOUNDING = Founding(name="demo.xa-sao-mai.lamson", committee="Đảng bộ xã Sao Mai", above="Tỉnh ủy Lam Sơn")


def test_the_first_entry_is_the_founding(tmp_path: Path) -> None:
    """It names log, key, committee and first administrator; nothing stands before it."""
    administrator = Box.init(tmp_path / "box", FOUNDING, clock=GivenClock.on(TODAY))
    box = Box.open(tmp_path / "box", clock=GivenClock.on(TODAY))
    with box.reading() as read:
        first = read.entry(0)
    box.close()
    assert isinstance(first.body, Founded)
    assert (first.body.name, first.body.key, first.body.day) == (
        FOUNDING.name,
        to_base64(box.signer.verifier.public_key),
        TODAY,
    )
    assert (first.body.administrator, first.subject, first.unit) == (administrator, box.id, box.picture.root)


def test_a_box_is_private_to_its_user(tmp_path: Path) -> None:
    """Nobody else may look into its folder, and its keys are readable by their owner only."""
    Box.init(tmp_path / "box", FOUNDING)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in [tmp_path / "box", *(tmp_path / "box/keys").iterdir()]
    }
    assert modes == {"box": 0o700, "log.key": 0o600, "pepper": 0o600, "local.token": 0o600}


def test_a_box_is_born_into_an_empty_folder(tmp_path: Path) -> None:
    """An empty folder is taken; one that holds anything, or a file of that name, is refused and stays as it was."""
    (tmp_path / "empty").mkdir()
    Box.init(tmp_path / "empty", FOUNDING)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter").write_text("keep me")
    (tmp_path / "file").write_text("keep me")
    for name in ("empty", "full", "file"):
        with pytest.raises(Refused, match="something in"):
            Box.init(tmp_path / name, FOUNDING)
    assert (tmp_path / "full" / "letter").read_text() == "keep me"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "full"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "Xã Sao Mai"}, "name"),
        ({"name": "a+b"}, "name"),
        ({"name": ""}, "name"),
        ({"name": "a" * 101}, "name"),
        ({"committee": " "}, "committee"),
        ({"sign_in": ""}, "sign_in"),
        ({"unit": "1"}, "unit"),
        ({"administrator": "me"}, "unit"),
    ],
)
def test_a_founding_that_no_log_can_begin_with_is_refused(tmp_path: Path, wrong: dict[str, str], field: str) -> None:
    """The fault is named by its field, and nothing is left behind."""
    with pytest.raises(Invalid) as caught:
        Box.init(tmp_path / "box", msgspec.structs.replace(FOUNDING, **wrong))
    assert list(caught.value.fields) == [field]
    assert list(tmp_path.iterdir()) == []


def test_a_birth_on_a_wrong_clock_leaves_nothing(tmp_path: Path) -> None:
    """A clock without battery dates no founding."""
    with pytest.raises(Away, match="clock"):
        Box.init(tmp_path / "box", FOUNDING, clock=GivenClock.on(dt.date(2000, 1, 1)))
    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_gives_the_same_log(tmp_path: Path) -> None:
    """Ids and salts come from the given source: two boxes of one seed differ in their keys only."""
    logs = []
    for name in ("one", "two"):
        with sandbox(tmp_path / name, toy_plugins(), seed=7) as made:
            made.ask(Make(unit=made.root, names=("a", "b")), actor=made.someone("clerk"))
            logs.append([made.box.log.entry(position) for position in range(1, made.box.log.size)])
    assert logs[0] == logs[1]


def test_a_box_has_one_process(tmp_path: Path) -> None:
    """A second opening is refused, with the number of the process that has it; after the first is closed it may."""
    with sandbox(tmp_path / "box") as made:
        with pytest.raises(Refused, match=r"process \([0-9]+\)"):
            Box.open(tmp_path / "box")
        made.reopen()


def test_where_no_box_is_none_is_made(tmp_path: Path) -> None:
    """A key without its database is never a reason for a new log."""
    with sandbox(tmp_path / "box"):
        pass
    (tmp_path / "box" / "box.db").unlink()
    for folder, words in ((tmp_path / "box", "Restore a backup"), (tmp_path / "nowhere", "chibox init")):
        with pytest.raises(NotFound, match=words):
            Box.open(folder)
    assert not (tmp_path / "box" / "box.db").exists()


def test_a_box_without_its_key_reads_and_records_nothing(tmp_path: Path) -> None:
    """With a missing, a damaged or a foreign key it opens, says so, and records again once the right one is back."""
    with sandbox(tmp_path / "box") as made:
        pass
    key = tmp_path / "box" / "keys" / "log.key"
    right = key.read_bytes()
    for wrong in (None, b"short\n", seeded(3)(32).hex().encode() + b"\n"):
        key.unlink() if wrong is None else key.write_bytes(wrong)
        box = made.reopen()
        assert box.stopped is not None
        assert (box.stopped.reason, "key" in str(box.stopped.technique)) == ("key_lost", True)
        with pytest.raises(Away, match="key by which the box signs is missing"):
            made.unit("Chi bộ 1")
        with made.reading() as read:
            assert read.entry(0).kind == "core.founded.1"
        key.write_bytes(right)
    assert made.reopen().stopped is None
    made.unit("Chi bộ 1")
    made.box.close()


def test_what_has_queued_is_done_before_the_box_closes(tmp_path: Path) -> None:
    """Whoever asked in time is answered; whoever asks later is told that the box stops."""
    with sandbox(tmp_path / "box") as made:
        box = made.box
        command = CreateUnit(parent=made.root, name="Chi bộ 1", kind="cell", day=TODAY)
        futures = [box.writer.submit(_turn(made, command)) for _ in range(20)]
        box.close()
        assert all(future.result(timeout=0).first for future in futures)
        for late in (lambda: made.ask(command), lambda: box.writer.submit(lambda: None)):
            with pytest.raises(Away):
                late()
        box.close()
        assert len(made.reopen().picture.units) == 21


def _turn(made: Sandbox, command: CreateUnit) -> Callable[[], Answer]:
    asked = Asked(actor=made.administrator, act=act())
    return lambda: made.box._turn(asked, command, made.box.definition(command))


def test_a_closed_box_shows_nothing(tmp_path: Path) -> None:
    """A page that comes late is told so; one that reads while the box closes reads to its end."""
    with sandbox(tmp_path / "box") as made, made.reading() as read:
        made.box.close()
        assert read.entry(0).kind == "core.founded.1"
        with pytest.raises(Away), made.reading():
            pass


def test_a_box_that_was_set_back_reads_and_records_nothing(tmp_path: Path) -> None:
    """With a database older than a checkpoint that left the box, entering is refused with words and figures."""
    with sandbox(tmp_path / "box", toy_plugins()) as made:
        made.box.close()
        old = (tmp_path / "box" / "box.db").read_bytes()
        size = made.reopen().log.size
        clerk = made.someone("clerk")
        head = made.box.publish()
        made.box.close()
        (tmp_path / "box" / "box.db").write_bytes(old)
        made.reopen()
        assert made.box.stopped is not None
        assert made.box.stopped.reason == "behind"
        assert str(made.box.stopped.technique) == f"Of {head.size} entries that left this box only {size} are here."
        with pytest.raises(Away, match=r"lost records that had left it.* Nothing is recorded until"):
            made.ask(Make(unit=made.root, names=("a",)), actor=clerk)
        with made.reading() as read:
            assert read.entry(0).kind == "core.founded.1"
        assert made.box.publish().size == size
        assert made.box.mark.size == head.size


def test_what_a_new_plugin_has_not_seen_is_folded_on_opening(tmp_path: Path) -> None:
    """A plugin that comes back finds its rows, and those of records from before."""
    with sandbox(tmp_path / "box", toy_plugins()) as made:
        toy = made.subject(made.ask(Make(unit=made.root, names=("a",)), actor=made.someone("clerk")))
        made.box.database.writer.execute("DROP TABLE toys_toy_1")
        made.box.database.writer.execute("DELETE FROM cursor WHERE projection='toys.toys'")
        made.reopen()
        with made.reading() as read:
            row = read.row(Toy, toy)
        assert row is not None
        assert row.name == "a"
