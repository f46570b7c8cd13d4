"""The boxes that measures start from: a synthetic committee of 2,100 members in 60 cells, and one of 30,000 in 150."""

import datetime as dt
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import msgspec
from tests.bench.goals import SHEET

from chibox.box import Box, Founding
from chibox.clock import GivenClock
from chibox.commands import Answer, Asked, Command
from chibox.core_commands import Appoint, CreateUnit, RegisterPerson
from chibox.plugins import Plugins
from chibox.testing.boxes import copied
from chibox.testing.commune import Commune, Person, commune
from chibox_membership.importing.command import ImportSheet
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.tables import GONE

TODAY: Final = dt.date(2026, 11, 25)
LONG_AGO: Final = dt.date(1990, 1, 1)
MEMBERS: Final = 30_000
NUMBERS: Final = ("national_id", "personal_id", "card_number", "old_card_number")


def new_id() -> str:
    """An id as a client makes it."""
    return os.urandom(16).hex()


class Seed:
    """A folder with a box of these people, born once and copied for each measure, and who acts in it.

    `committee` has the cells; people beyond its own are laid over them.
    """

    def __init__(self, folder: Path, committee: Commune, people: Sequence[Person] = ()) -> None:
        self.folder = folder / "seed"
        self.place = folder
        self.plugins = Plugins.discover()
        self.clock = GivenClock.on(TODAY)
        self.committee = committee
        self.people = people or committee.members
        self._born()

    def rows(self, people: Sequence[Person]) -> tuple[SheetRow, ...]:
        """These people as rows of a sheet without fault, in the cells of this box."""
        return rows_of(people, self.cells)

    @contextmanager
    def copied(self) -> Iterator[Path]:
        """A fresh copy of the box's folder, removed afterwards."""
        folder = self.place / "copy"
        copied(self.folder, folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    @contextmanager
    def opened(self, *, copied: bool = True) -> Iterator[Box]:
        """A box opened on a fresh copy; or on the folder itself, by who only reads."""
        with self.copied() if copied else nullcontext(self.folder) as folder:
            box = Box.open(folder, plugins=self.plugins, clock=self.clock)
            try:
                yield box
            finally:
                box.close()

    def _born(self) -> None:
        founding = Founding(name="demo.bench", committee=self.committee.name)
        administrator = Box.init(self.folder, founding, clock=self.clock, plugins=self.plugins)
        box = Box.open(self.folder, plugins=self.plugins, clock=self.clock)
        root = box.picture.root

        def done(actor: str, command: Command, seen: int | None = None) -> Answer:
            return box.perform_now(Asked(actor=actor, act=new_id(), seen=seen), command)

        for cell in self.committee.cells:
            done(administrator, CreateUnit(parent=root, name=cell.name, kind="cell", day=LONG_AGO))
        self.cells = [unit for unit in box.picture.units if unit != root]
        self.clerk = new_id()
        known = done(administrator, RegisterPerson(sign_in="clerk", person=self.clerk))
        done(administrator, Appoint(person=self.clerk, role="clerk", unit=root, day=LONG_AGO), known.last)
        for at in range(0, len(self.people), SHEET):
            some = self.rows(self.people[at : at + SHEET])
            done(self.clerk, ImportSheet(rows=some, as_of=box.log.size - 1))
        box.close()


def rows_of(people: Sequence[Person], cells: Sequence[str]) -> tuple[SheetRow, ...]:
    """People as rows of a sheet without fault; namesakes who were born on one day are told to be several people."""
    found = []
    for number, person in enumerate(people, 8):
        values: dict[str, Any] = asdict(person)
        del values["departure"]
        values["cell"] = cells[person.cell % len(cells)]
        found.append(SheetRow(row=number, is_new=True, **values))
    return tuple(found)


def usual(folder: Path) -> Seed:
    """The box of 2,100 members in 60 cells."""
    return Seed(folder, commune("usual", seed=1, today=TODAY))


def crowd(folder: Path) -> Seed:
    """The box of 30,000 members in 150 cells, and of those who have left beside them: several communes laid over one."""
    communes = [commune("large", seed=seed, today=TODAY) for seed in range(11, 17)]
    people = strangers((), [person for each in communes for person in each.members])
    present = [number for number, person in enumerate(people) if person.status not in GONE]
    return Seed(folder, communes[0], people[: present[MEMBERS - 1] + 1])


def strangers(known: Sequence[Any], people: Sequence[Person]) -> list[Person]:
    """Those who share no number with anybody who is known (a person, or a member of a roll), nor with one before them."""
    taken = {number for person in known for number in _numbers(person)}
    found = []
    for person in people:
        numbers = _numbers(person)
        if taken.isdisjoint(numbers):
            taken |= numbers
            found.append(person)
    return found


class Standing(msgspec.Struct):
    """What a caller knows of a member before asking the next thing about him."""

    subject: str
    cell: str
    status: str
    seen: int


def _numbers(person: Any) -> set[str]:
    return {number for key in NUMBERS if (number := getattr(person, key)) is not None}
