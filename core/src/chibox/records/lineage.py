"""The generations of a log: where each goes on from the one before, and how much of what was stored by one belongs to a later."""

import sqlite3
from typing import Final, NamedTuple

SCHEMA: Final = (
    """CREATE TABLE log_old(box INTEGER NOT NULL, generation INTEGER NOT NULL, size INTEGER NOT NULL, root BLOB NOT NULL,
        note BLOB NOT NULL, last_time INTEGER NOT NULL, key TEXT NOT NULL, shared INTEGER NOT NULL,
        PRIMARY KEY(box, generation)) STRICT""",
)


class Head(NamedTuple):
    """The signed end of a log: what its last commit left. `note` is the signed checkpoint."""

    generation: int
    size: int
    root: bytes
    note: bytes
    last_time: int


class Closed(NamedTuple):
    """A generation that ended: its last signed head, the key that signed it, how many entries the next one took over."""

    head: Head
    key: str
    shared: int


class Lineage:
    """One generation of a box's log and those before it, oldest first; immutable once read."""

    def __init__(self, generation: int, closed: tuple[Closed, ...] = ()) -> None:
        self.generation, self.closed = generation, closed

    @classmethod
    def read(cls, connection: sqlite3.Connection, box: int, generation: int | None = None) -> "Lineage":
        """As the database has it; of the current generation unless one is named. Without a log: generation 1 alone."""
        if generation is None:
            row = connection.execute("SELECT generation FROM log_head WHERE box=?", (box,)).fetchone()
            generation = 1 if row is None else int(row[0])
        rows = connection.execute(
            "SELECT generation, size, root, note, last_time, key, shared FROM log_old WHERE box=? ORDER BY generation",
            (box,),
        ).fetchall()
        return cls(generation, tuple(Closed(Head(*row[:5]), row[5], row[6]) for row in rows))

    def shared(self, generation: int) -> int | None:
        """How many entries this generation shares with the earlier one named; None when that one is not earlier."""
        return min(
            (one.shared for one in self.closed if generation <= one.head.generation < self.generation), default=None
        )

    def first_of(self, generation: int) -> int:
        """The position from which on entries are a generation's own."""
        return next((one.shared for one in reversed(self.closed) if one.head.generation < generation), 0)

    def generation_of(self, position: int) -> int:
        """In which generation the entry at `position` was first written, as this generation's line has it."""
        generation = self.generation
        for one in reversed([one for one in self.closed if one.head.generation < self.generation]):
            if position >= self.first_of(generation):
                break
            generation = one.head.generation
        return generation

    def after(self, generation: int) -> int:
        """The generation that goes on from this one: the next larger number that there is."""
        return min(
            (one.head.generation for one in self.closed if one.head.generation > generation), default=self.generation
        )

    def then(self, generation: int, closed: Closed) -> "Lineage":
        """The lineage of the generation that goes on after `closed`."""
        return Lineage(generation, (*self.closed, closed))
