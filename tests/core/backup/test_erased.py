"""What the log says is erased does not come back by a restore, and several generations of a log do."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.core.backup.conftest import NAME, PLANTED, rows
from tests.core.together import make
from tests.core.toys import Toy, toy_plugins

from chibox.backup.restoring import restore
from chibox.backup.taking import take
from chibox.box import Box
from chibox.erasing.commands import AskErasure, Erase
from chibox.records.log import LogReader
from chibox.testing.boxes import Sandbox, sandbox
from chibox.verifying import verify_box

TOYS = 300


def erase(made: Sandbox, subject: str) -> None:
    """By two people."""
    answer = made.ask(AskErasure(subject=subject, reason="request"), actor=made.someone("clerk"))
    made.ask(Erase(asked=made.entry(answer.first).rid), actor=made.someone("committee_secretary"))


def put_back(box: Path, older: Path) -> None:
    """The parts of an older copy of the database stand in the closed box again, and so do its rows."""
    with closing(sqlite3.connect(box)) as connection:
        connection.execute("ATTACH ? AS older", (str(older),))
        for table in ("part_bundle", "part_tail", "toys_toy_1", "fact"):
            connection.execute(f"INSERT OR REPLACE INTO main.{table} SELECT * FROM older.{table}")
        connection.commit()


def test_an_erased_record_in_a_backup_goes_again(tmp_path: Path) -> None:
    """Its parts are not in the restored log, its rows and facts are folded anew, and the box is sound."""
    with sandbox(tmp_path / "box", toy_plugins(), name=NAME) as made:
        clerk = made.someone("clerk")
        first = made.subject(made.ask(make(made, PLANTED), actor=clerk))
        made.ask(make(made, *(f"toy {n}" for n in range(TOYS))), actor=clerk)
        made.box.close()
        (tmp_path / "older.db").write_bytes((made.folder / "box.db").read_bytes())
        made.reopen()
        erase(made, first)
        made.box.close()
        put_back(made.folder / "box.db", tmp_path / "older.db")
    taken = take(made.folder, tmp_path, plain=True, plugins=toy_plugins())
    restored = restore(taken.path, tmp_path / "new")
    assert restored.erased == 1
    with closing(sqlite3.connect(tmp_path / "new" / "box.db")) as connection:
        entries = LogReader(connection).entries(0, taken.size)
        assert not [
            position for position, _, parts in entries if any(PLANTED.encode() in p.data for p in parts.values())
        ]
    with closing(Box.open(tmp_path / "new", plugins=toy_plugins())) as box, box.reading() as read:
        row = read.row(Toy, first)
        assert row is not None
        assert row.name is None
    assert PLANTED.encode() not in (tmp_path / "new" / "box.db").read_bytes()
    assert verify_box(tmp_path / "new", plugins=toy_plugins()).findings == []


def test_erased_before_the_backup_is_simply_not_in_it(tmp_path: Path) -> None:
    """Rows and parts come back as they were: there is nothing to drop, and nothing is folded again."""
    with sandbox(tmp_path / "box", toy_plugins(), name=NAME) as made:
        clerk = made.someone("clerk")
        first = made.subject(made.ask(make(made, PLANTED, "another"), actor=clerk))
        erase(made, first)
    taken = take(made.folder, tmp_path, plain=True, plugins=toy_plugins())
    assert restore(taken.path, tmp_path / "new").erased == 0
    old, new = rows(made.folder / "box.db"), rows(tmp_path / "new" / "box.db")
    digests = [[row[:-1] for row in some.pop("act")] for some in (old, new)]
    assert digests[0] == digests[1]
    assert old == new
