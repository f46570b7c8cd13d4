"""Erasing where a log went on in another generation: what only the orphaned end of the one before holds goes as well."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.core.backup.test_going_on import go_on, made_toys, opened
from tests.core.erasing.test_applying import seen
from tests.core.erasing.traces import traces
from tests.core.toys import Correct, toy_plugins

from chibox.box import Box
from chibox.commands import Asked, Command
from chibox.erasing.applying import applied
from chibox.erasing.commands import AskErasure, Erase
from chibox.erasing.finding import holding
from chibox.erasing.finishing import Finishing
from chibox.office import Office
from chibox.records.log import LogReader
from chibox.records.receipts import receipt_for_record
from chibox.records.verify import verify_receipt
from chibox.signing.place import settle
from chibox.testing.boxes import act, sandbox

COMMON, ORPHAN = "ở cả hai đời", "chỉ ở đời trước"
WORDS = [word.encode() for word in (COMMON, ORPHAN)]


def ask(box: Box, actor: str, command: Command) -> int:
    """Have a command done; its first position."""
    with box.reading() as read:
        seen = read.last(getattr(command, "toy", getattr(command, "subject", "")))
    return box.perform_now(Asked(actor=actor, act=act(), seen=seen), command).first


@pytest.mark.parametrize("more", [3, 300])
def test_an_orphaned_end_is_emptied_too(tmp_path: Path, more: int) -> None:
    """In the tail and in a full bundle of the closed generation; its entries and their proofs stay."""
    with sandbox(tmp_path / "box", toy_plugins(), name="xa-sao-mai") as made:
        clerk, secretary = made.someone("clerk"), made.someone("committee_secretary")
        people = made.administrator, secretary
        made_toys(made.box, clerk, COMMON)
        toy, first = made.entry(made.box.log.size - 1).subject, made.box.log.size - 1
        made.box.publish()
    shutil.copytree(made.folder, tmp_path / "other")
    with closing(opened(made.folder)) as box:
        orphan = ask(box, clerk, Correct(toy=toy, position=first, name=ORPHAN))
        made_toys(box, clerk, *(f"b {n}" for n in range(more)))
    settle(tmp_path / "other")
    with closing(opened(tmp_path / "other")) as box:
        made_toys(box, clerk, "c")
        box.publish()
    shutil.copy(tmp_path / "other" / "mark", made.folder)
    with closing(opened(made.folder)) as box, closing(Office(box)) as office:
        go_on(box, people)
        assert set().union(*traces(made.folder, WORDS).values()) == set(WORDS)
        with box.reading(clerk) as read:
            assert len(holding(read, toy).orphans) == 1
        asked = ask(box, clerk, AskErasure(subject=toy, reason="request"))
        with box.reading() as read:
            rid = read.entry(asked).rid
        ask(box, secretary, Erase(asked=rid))
        assert Finishing(office).finish(5)
        assert traces(made.folder, WORDS) == {}
        with box.reading() as read:
            reader = LogReader(read.connection, 1, 1)
            assert reader.parts(orphan) == {}
            receipt = receipt_for_record(reader, reader.head(), orphan)
            assert verify_receipt(receipt, key=reader.verifier(reader.head()).vkey).ok


def test_a_restore_empties_it_again(tmp_path: Path) -> None:
    """Parts of an orphaned end that a backup brought back are dropped with the others."""
    test_an_orphaned_end_is_emptied_too(tmp_path, 3)
    with closing(sqlite3.connect(tmp_path / "box" / "box.db", isolation_level=None)) as connection:
        closed = LogReader(connection, 1, 1)
        position = next(
            p for p, data, parts in closed.entries(0, closed.head().size) if not parts and b"toys.corrected" in data
        )
        connection.execute("INSERT INTO part_tail VALUES(1,1,?,'body',?,?)", (position, bytes(32), WORDS[1]))
        assert applied(connection) == 1
        assert seen(connection, tuple(WORDS)) == set()
        assert connection.execute("SELECT count(*) FROM part_tail WHERE data=?", (WORDS[1],)).fetchone() == (0,)
