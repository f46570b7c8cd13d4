"""What root changes, and who notices: the table of docs/design/threats.md, done to a box line by line."""

import datetime as dt
import secrets
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

import pytest
import zstandard
from tests.core.toys import Make, toy_plugins
from tests.docs.pages import page, rows_of

from chibox.box import Box
from chibox.drafts.file import DraftFile
from chibox.errors import Away, Fatal
from chibox.office import Office
from chibox.records.export import export_log
from chibox.records.log import LogReader, pack
from chibox.records.tiles import WIDTH, encode_bundle, parse_bundle
from chibox.records.verify import verify_log
from chibox.signing.mark import HighWater
from chibox.testing.boxes import TODAY, Sandbox, sandbox
from chibox.verifying import verify_box
from chibox.work.closing import close_days
from chibox.work.tasks import Duty

HOUR: Final = 3_600_000
ONE: Final = dt.timedelta(days=1)


class Lived(NamedTuple):
    """A closed box with a past, whoever records in it, and its files as they were a while ago."""

    made: Sandbox
    clerk: str
    ago: Path


Root = Callable[[Lived], None]


def sql(name: str, statement: str) -> Root:
    """Root runs one statement in a file of the box."""

    def change(lived: Lived) -> None:
        with closing(sqlite3.connect(lived.made.folder / name)) as connection, connection:
            assert connection.execute(statement).rowcount

    return change


def repacked(table: str, change: Callable[[bytes], bytes]) -> Root:
    """Root changes the first full bundle, and its digest with it."""

    def changed(lived: Lived) -> None:
        with closing(sqlite3.connect(lived.made.folder / "box.db")) as connection, connection:
            n, stored = connection.execute(f"SELECT n, data FROM {table} ORDER BY n").fetchone()
            data = change(zstandard.ZstdDecompressor().decompress(stored, max_output_size=1 << 26))
            connection.execute(f"UPDATE {table} SET digest=?, data=? WHERE n=?", (*pack(data), n))

    return changed


def an_entry(data: bytes) -> bytes:
    """Another act id in the tenth entry."""
    entries = parse_bundle(data, WIDTH)
    entries[10] = entries[10].replace(b'{"act":"', b'{"act":"0', 1)[: len(entries[10])]
    return encode_bundle(entries)


def a_body(data: bytes) -> bytes:
    """Another name of a toy."""
    assert b"toy 17 " in data
    return data.replace(b"toy 17 ", b"toy 71 ", 1)


def no_body(lived: Lived) -> None:
    """The parts of the last record are deleted."""
    with closing(sqlite3.connect(lived.made.folder / "box.db")) as connection, connection:
        assert connection.execute(
            "DELETE FROM part_tail WHERE position=(SELECT max(position)-1 FROM part_tail)"
        ).rowcount


def a_tile(lived: Lived) -> None:
    """The first bit of the first tile."""
    with closing(sqlite3.connect(lived.made.folder / "box.db")) as connection, connection:
        (hashes,) = connection.execute("SELECT hashes FROM log_tile WHERE level=0 AND n=0").fetchone()
        connection.execute("UPDATE log_tile SET hashes=? WHERE level=0 AND n=0", (bytes([hashes[0] ^ 1]) + hashes[1:],))


def trigger(lived: Lived) -> None:
    """Something in the database that acts by itself."""
    with closing(sqlite3.connect(lived.made.folder / "box.db")) as connection, connection:
        connection.execute("CREATE TRIGGER t AFTER INSERT ON record BEGIN SELECT 1; END")


def back(*names: str) -> Root:
    """Root puts files back as they were a while ago."""

    def change(lived: Lived) -> None:
        for name in names:
            shutil.copyfile(lived.ago / name, lived.made.folder / name)

    return change


def another_past(*, mark: bool) -> Root:
    """Root sets the box back, lets it record other things under its own key, and puts the newer mark back, or not."""

    def change(lived: Lived) -> None:
        made = lived.made
        newer = (made.folder / "mark").read_bytes()
        back("box.db", "mark")(lived)
        made.reopen()
        for number in range(40):
            made.ask(Make(unit=made.root, names=(f"other {number}",)), actor=lived.clerk)
        if mark:
            made.box.publish()
        made.box.close()
        if not mark:
            (made.folder / "mark").write_bytes(newer)

    return change


def remove(name: str) -> Root:
    """Root deletes a file."""
    return lambda lived: (lived.made.folder / name).unlink()


def another_key(lived: Lived) -> None:
    """Another seed in the key's file."""
    (lived.made.folder / "keys/log.key").write_text(secrets.token_hex(32) + "\n")


def copied(lived: Lived) -> None:
    """The box is looked at in a copy of its folder."""
    lived.made.folder = Path(shutil.copytree(lived.made.folder, lived.made.folder.with_name("copy")))


def clock(hours: float) -> Root:
    """Root sets the clock."""

    def change(lived: Lived) -> None:
        lived.made.clock.at += int(hours * HOUR)

    return change


CHANGES: Final[dict[str, Root]] = {
    "a row of a table: a member's name": sql("box.db", "UPDATE toys_toy_1 SET name='Nobody' WHERE name='toy 5 '"),
    "an entry in a full bundle, with its digest": repacked("log_bundle", an_entry),
    "an entry at the end of the log": sql(
        "box.db",
        "UPDATE log_tail SET entry=CAST(replace(CAST(entry AS TEXT), '\"v\":1', '\"v\":2') AS BLOB) "
        "WHERE position=(SELECT max(position) FROM log_tail)",
    ),
    "the body of a record, in a full bundle": repacked("part_bundle", a_body),
    "a body taken out, without an erasure": no_body,
    "a tile": a_tile,
    "a trigger put into the database": trigger,
    "an older database put back": back("box.db"),
    "an older database and its older mark put back": back("box.db", "mark"),
    "another past written with the right key": another_past(mark=False),
    "another past written with the right key, and the mark as well": another_past(mark=True),
    "the mark taken away": remove("mark"),
    "the log key exchanged": another_key,
    "the folder copied": copied,
    "a row of the access log, of a day that is over": sql("access.db", f"UPDATE reading SET purpose='own' WHERE day='{TODAY}'"),
    "a row of the access log, of today": sql("access.db", f"UPDATE reading SET purpose='own' WHERE day='{TODAY + ONE}'"),
    "a password set in accounts.db": sql("accounts.db", "INSERT INTO account(person, kept) VALUES('x', 'y')"),
    "drafts.db deleted": remove("drafts.db"),
    "the clock, two hours back": clock(-2),
    "the clock, ten minutes back": clock(-1 / 6),
}  # fmt: skip


def told() -> dict[str, tuple[bool, ...]]:
    """The table of the page: what is changed, and for each of the four whether it notices."""
    rows = [row for row in rows_of(page("design/threats.md")) if len(row) == 5 and set(row[1:]) <= {"yes", "no"}]
    return {row[0]: tuple(cell == "yes" for cell in row[1:]) for row in rows}


def test_the_table_names_each_change_once() -> None:
    """What is written is what is done here, in the same order."""
    assert list(told()) == list(CHANGES)


def _lived(made: Sandbox) -> Lived:
    """A box that has lived a day and a little; closed."""
    clerk = made.someone("clerk")
    for number in range(300):
        made.ask(Make(unit=made.root, names=(f"toy {number} ",)), actor=clerk)
    made.box.publish()
    with closing(Office(made.box)) as office, closing(DraftFile.open(made.folder)) as drafts:
        office.access.write(time=made.clock.now(), person="a" * 32, purpose="files", page="p", subjects={"b" * 32})
        made.clock.at += 24 * HOUR
        close_days(Duty(made.box, "core", drafts), office.access)
        office.access.write(time=made.clock.now(), person="a" * 32, purpose="files", page="p", subjects={"b" * 32})
    made.box.close()
    ago = made.folder.with_name("ago")
    ago.mkdir()
    for name in ("box.db", "mark"):
        shutil.copyfile(made.folder / name, ago / name)
    made.reopen()
    made.ask(Make(unit=made.root, names=tuple(f"late {n}" for n in range(30))), actor=clerk)
    made.box.publish()
    made.box.close()
    return Lived(made, clerk, ago)


def _exported(folder: Path) -> Path:
    """What root hands out: an export, whatever the box would say."""
    target = folder.with_name("export")
    with closing(sqlite3.connect(folder / "box.db", isolation_level=None)) as connection:
        reader = LogReader(connection)
        export_log(reader, reader.head(), target)
    return target


def _box_notices(made: Sandbox) -> bool:
    try:
        box = Box.open(made.folder, clock=made.clock, plugins=made.plugins)
    except (Fatal, Away):
        return True
    try:
        return box.stopped is not None
    finally:
        box.close()


@pytest.mark.parametrize("what", CHANGES)
def test_who_notices_what_root_changes(tmp_path: Path, what: str) -> None:
    """The box at its next start, `chibox verify`, a stranger with an export and the key, somebody with an older checkpoint."""
    with sandbox(tmp_path / "box", toy_plugins(), seed=3) as made:
        lived = _lived(made)
        vkey, kept = made_vkey(made), HighWater(made.folder / "mark").note
        CHANGES[what](lived)
        by_verify = not verify_box(made.folder, plugins=made.plugins).ok
        export = _exported(made.folder)
        by_stranger = not verify_log(export, key=vkey).ok
        by_keeper = not verify_log(export, key=vkey, seen=[kept]).ok
        assert (_box_notices(made), by_verify, by_stranger, by_keeper) == told()[what]


def made_vkey(made: Sandbox) -> str:
    """The key as the committee has made it public."""
    with closing(sqlite3.connect(made.folder / "box.db")) as connection:
        reader = LogReader(connection)
        return reader.verifier(reader.head()).vkey
