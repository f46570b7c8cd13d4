"""Another's event store: the PyPI package eventsourcing, on SQLite, by its own `save`."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from tests.bench.watch import Watch


class Member(Aggregate):
    """What changes by events, as that package has it."""

    @event("Entered")
    def __init__(self, name: str, cell: str) -> None:
        self.name, self.cell = name, cell

    @event("Moved")
    def move(self, cell: str, day: str) -> None:
        """The one event that is saved, again and again."""
        self.cell = cell


class Roll(Application[Any]):
    """An application of that package: WAL, and SQLite's default, synchronous=FULL."""

    env: ClassVar[dict[str, str]] = {"PERSISTENCE_MODULE": "eventsourcing.sqlite"}


def saving(folder: Path, number: int, watch: Watch) -> float:
    """Save so many events, one a transaction, of members that stay in memory; returns events a second."""
    with TemporaryDirectory(dir=folder) as place:
        roll = Roll(env={"SQLITE_DBNAME": f"{place}/events.db"})
        people = [Member(name=f"Member {i}", cell="0") for i in range(64)]
        roll.save(*people)
        assert _synchronous(roll) == 2  # FULL
        with watch.timed("eventsourcing"):
            for i in range(number):
                person = people[i % len(people)]
                person.move(cell=str(i), day="2026-11-25")
                roll.save(person)
        roll.close()
    return number / watch.seconds


def _synchronous(roll: Roll) -> int:
    recorder: Any = roll.recorder
    with recorder.datastore.transaction(commit=False) as cursor:
        cursor.execute("PRAGMA synchronous")
        return int(cursor.fetchone()[0])
