"""The box that every measure starts from: a synthetic committee of 2,100 members in 60 cells, born once, copied for each."""

import datetime as dt
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from chibox.testing.commune import Person, commune
from chibox_membership.importing.command import ImportSheet
from chibox_membership.sheet.rows import SheetRow

TODAY: Final = dt.date(2026, 11, 25)
LONG_AGO: Final = dt.date(1990, 1, 1)
NUMBERS: Final = ("national_id", "personal_id", "card_number")


def new_id() -> str:
    """An id as a client makes it."""
    return os.urandom(16).hex()


class Seed:
    """A folder with the box, and who acts in it. `sheet`: 5,000 rows about people who are not on its roll."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "seed"
        self.place = folder
        self.plugins = Plugins.discover()
        self.clock = GivenClock.on(TODAY)
        self.committee = commune("usual", seed=1, today=TODAY)
        self._born()
        taken = {number for person in self.committee.members for number in _numbers(person)}
        others = [p for p in commune("large", seed=2, today=TODAY).members if taken.isdisjoint(_numbers(p))]
        self.sheet = self.rows(others[:SHEET])

    def rows(self, people: Sequence[Person]) -> tuple[SheetRow, ...]:
        """These people as rows of a sheet without fault."""
        found = []
        for number, person in enumerate(people, 8):
            values: dict[str, Any] = asdict(person)
            del values["departure"]
            values["cell"] = self.cells[person.cell % len(self.cells)]
            found.append(SheetRow(row=number, **values))
        return tuple(found)

    @contextmanager
    def copied(self) -> Iterator[Path]:
        """A fresh copy of the box's folder, removed afterwards."""
        folder = self.place / "copy"
        shutil.copytree(self.folder, folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    @contextmanager
    def opened(self) -> Iterator[Box]:
        """A box opened on a fresh copy."""
        with self.copied() as folder:
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
        done(self.clerk, ImportSheet(rows=self.rows(self.committee.members), as_of=known.last))
        box.close()


class Standing(msgspec.Struct):
    """What a caller knows of a member before asking the next thing about him."""

    subject: str
    cell: str
    status: str
    seen: int


def _numbers(person: Person) -> set[str]:
    return {number for key in NUMBERS if (number := getattr(person, key)) is not None}
