"""What a batch of the writer changes in memory, how it is given back, and how it is sealed: the box's hands."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chibox.identity.permissions import Picture
from chibox.identity.roles import Role
from chibox.projections import catchup
from chibox.projections.engine import Engine
from chibox.projections.folds import Projection
from chibox.records.appending import LogWriter
from chibox.records.lineage import Head
from chibox.records.notes import Signer
from chibox.records.pending import Mark
from chibox.writer import Hands


class _State(NamedTuple):
    log: Mark
    stopped: dict[Projection, int]
    picture: Picture | None
    signers: tuple[Signer, ...]


class Batch(Hands):
    """Log, engine and picture between two commits.

    A log of another box is not held here: `replication` reads it from the database for each push and lets it go again.
    """

    def __init__(self, log: LogWriter, engine: Engine, signers: Sequence[Signer], roles: Mapping[str, Role]) -> None:
        self.connection: sqlite3.Connection = log.connection
        self.log, self.engine, self.roles = log, engine, roles
        self.picture = Picture((), (), roles)
        self.changed = False  # something is to be committed besides the box's own log
        self.signers = tuple(signers)  # who signs every checkpoint, the first key first; none: the box cannot sign
        self._inside: Picture | None = None
        self._head: Head | None = None
        self._stopped: dict[Projection, int] = {}  # as the cursors in the database say

    def caught_up(self) -> None:
        """Every projection stands where the log ends: look at what they say."""
        self._stopped = self.engine.stopped
        self.picture = Picture.load(self.connection, self.roles)

    def begin(self) -> None:
        """See `Hands`."""
        self.changed = False
        self._inside, self._head = self.picture, None
        self.mark()

    def mark(self) -> None:
        """See `Hands`."""
        self._state = _State(self.log.mark(), self.engine.stopped, self._inside, self.signers)

    def back(self) -> None:
        """See `Hands`."""
        self.log.restore(self._state.log)
        self.engine.stopped = self._state.stopped
        self.engine.rolled_back()
        self._inside, self.signers = self._state.picture, self._state.signers

    def seal(self) -> bool:
        """See `Hands`."""
        if self.log.head is not None and self.log.size == self.log.head.size:
            return self.changed
        self.log.flush()
        self._head = self.log.seal(self.signers)
        if self.engine.stopped == self._stopped:
            catchup.move_cursors(self.engine, self.log.size)
        else:
            catchup.write_cursors(self.engine, self.log.size)
        return True

    def committed(self) -> None:
        """See `Hands`."""
        if self._head is not None:
            self.log.committed(self._head)
        self._stopped = self.engine.stopped
        self.picture = self.look()

    def look(self) -> Picture:
        """Posts and tree as they stand inside the batch; built again after `reshaped`."""
        if self._inside is None:
            self._inside = Picture.load(self.connection, self.roles)
        return self._inside

    def reshaped(self) -> None:
        """Something was appended that posts or tree rest on."""
        self._inside = None
