"""The boxes that this one receives from: who they are, by which key they are believed, and their logs as they stand here."""

import re
import sqlite3
from collections.abc import Iterator
from typing import Final

import msgspec

from chibox.errors import Conflict, Invalid, NotFound, Refused
from chibox.projections import catchup
from chibox.projections.engine import Engine
from chibox.reading import Library
from chibox.records.appending import LogWriter
from chibox.records.checkpoints import origin_of
from chibox.records.envelope import is_id
from chibox.records.notes import NoteError, Verifier, from_base64

OWN: Final = 1
DEMO: Final = "demo."
_is_name = re.compile(r"[^\s+\x00-\x1f]{1,200}").fullmatch


class Child(msgspec.Struct, frozen=True):
    """A box below: its id, the name of its log, its public key (base64). Two people compared the key when it was enrolled."""

    id: str
    name: str
    key: str

    def verifier(self, generation: int) -> Verifier:
        """The key of one generation of its log."""
        return Verifier(origin_of(self.name, generation), from_base64(self.key))


def enrol(connection: sqlite3.Connection, child: Child) -> int:
    """Make a child known, inside the caller's transaction; returns its number in this database. The same child again: the same.

    Raises Invalid for what is no box's id, name or key, Conflict when another box has one of them, Refused for a demo box
    unless this one is one too.
    """
    if not is_id(child.id) or not _is_name(child.name):
        raise Invalid("A box has an id of 32 hex characters and the name of its log.")
    try:
        child.verifier(1)
    except NoteError as error:
        raise Invalid("The public key of the box cannot be used. Compare it again.") from error
    (own,) = connection.execute("SELECT name FROM box WHERE no=?", (OWN,)).fetchone()
    if child.name.startswith(DEMO) and not own.startswith(DEMO):
        raise Refused("A practice box sends to practice boxes only.")
    found = connection.execute(
        "SELECT no, id, name, key FROM box WHERE id=? OR name=? OR key=?", (child.id, child.name, child.key)
    ).fetchall()
    if found:
        if [row[1:] for row in found] != [(child.id, child.name, child.key)] or found[0][0] == OWN:
            raise Conflict("Another box has this id, this name or this key.")
        return int(found[0][0])
    (no,) = connection.execute("SELECT max(no)+1 FROM box").fetchone()
    connection.execute("INSERT INTO box VALUES(?,?,?,?)", (no, child.id, child.name, child.key))
    return int(no)


def child_of(connection: sqlite3.Connection, box: str) -> tuple[int, Child]:
    """Number and child of that id. Raises NotFound when it was not enrolled here."""
    row = connection.execute("SELECT no, id, name, key FROM box WHERE id=? AND no<>?", (box, OWN)).fetchone()
    if row is None:
        raise NotFound("This box is not enrolled here.")
    return row[0], Child(*row[1:])


class ChildLog:
    """A child's log and its engine, read from the database as the last commit left them.

    Made for one transaction: nothing of it outlives a failure.
    """

    def __init__(self, connection: sqlite3.Connection, library: Library, no: int) -> None:
        self.no = no
        self.log = LogWriter(connection, no)
        self.engine = Engine(connection, library.kinds, library.projections, self.log, no)
        self.engine.stopped = catchup.stopped(self.engine)


def all_children(connection: sqlite3.Connection, library: Library) -> Iterator[ChildLog]:
    """The logs of all children, one after another."""
    for (no,) in connection.execute("SELECT no FROM box WHERE no<>? ORDER BY no", (OWN,)).fetchall():
        yield ChildLog(connection, library, no)
