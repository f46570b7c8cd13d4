"""A box with the roll, a clerk, three cells, and short ways to ask, to look, to let time pass."""

import datetime as dt
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chibox.box import Box, Founding
from chibox.clock import GivenClock
from chibox.commands import Answer, Asked, Command
from chibox.core_commands import Appoint, CreateUnit, RegisterPerson, Undo
from chibox.plugins import Plugins
from chibox.records.stated import Entry
from chibox_membership.asking import Enter
from chibox_membership.tables import Member

FOUNDED, TODAY = dt.date(2025, 12, 1), dt.date(2026, 11, 25)
CELLS = ("Chi bộ thôn Đông", "Chi bộ thôn Đoài", "Chi bộ Trạm Y tế")


class Roll:
    """An open box on a clock that stands still until a day is given."""

    def __init__(self, box: Box, clock: GivenClock, administrator: str) -> None:
        self.box, self.clock, self.administrator = box, clock, administrator
        self.root = box.picture.root
        self.clerk = ""
        self.cells: list[str] = []
        self._people = itertools.count(1)

    @property
    def east(self) -> str:
        """The first cell."""
        return self.cells[0]

    @property
    def west(self) -> str:
        """The second cell."""
        return self.cells[1]

    def act(self) -> str:
        """A fresh id of an act."""
        return os.urandom(16).hex()

    def on(self, day: dt.date, hour: int = 8) -> None:
        """Let it be that day."""
        self.clock.at = GivenClock.on(day, hour).at

    def ask(self, command: Command, *, by: str = "", seen: int | None = None, act: str = "") -> Answer:
        """Have a command done; `seen` is what stands now unless it is given."""
        if seen is None and (subject := getattr(command, "member", None)) is not None:
            seen = self.last(subject)
        return self.box.perform_now(Asked(actor=by or self.clerk, act=act or self.act(), seen=seen), command)

    def undo(self, answer: Answer, *also: str, by: str = "") -> Answer:
        """Take an act back."""
        return self.ask(Undo(act=answer.act, also=also), by=by)

    def enter(self, **details: Any) -> str:
        """Enter a member with everything that is needed; returns the member's id."""
        answer = self.ask(self.entering(**details))
        return self.entry(answer.first).subject

    def entering(self, **details: Any) -> Enter:
        """The command that enters somebody nobody else is."""
        number = next(self._people)
        usual: dict[str, Any] = {
            "cell": self.east,
            "full_name": "Vừ A Dếnh",
            "sex": "male",
            "born_on": dt.date(1968, 12, 13),
            "ethnic_group": "01",
            "religion": "00",
            "personal_id": f"990068{number:06}",
            "admitted_on": dt.date(1987, 7, 30),
            "official_on": dt.date(1988, 8, 19),
        }
        return Enter(**{**usual, **details})

    def member(self, subject: str) -> Member:
        """The row of a member."""
        with self.box.reading() as read:
            row = read.row(Member, subject)
        assert row is not None
        return row

    def last(self, subject: str) -> int | None:
        """The last position about a subject."""
        with self.box.reading() as read:
            return read.last(subject)

    def entry(self, position: int) -> Entry[Any]:
        """The entry at a position."""
        with self.box.reading() as read:
            return read.entry(position)

    def stated(self, answer: Answer) -> list[Any]:
        """The records of an act."""
        return [self.entry(position).body for position in range(answer.first, answer.last + 1)]


def found(folder: Path) -> str:
    """A box with a clerk and three cells, closed again; returns clerk, administrator and cells by comma."""
    clock = GivenClock.on(FOUNDED)
    plugins = Plugins.discover(("membership",))
    administrator = Box.init(folder, Founding(name="demo.sao-mai", committee="Đảng bộ xã Sao Mai"), clock=clock)
    box = Box.open(folder, clock=clock, plugins=plugins)
    roll = Roll(box, clock, administrator)
    day = dt.date(2020, 1, 1)
    cells = [
        roll.entry(
            roll.ask(CreateUnit(parent=roll.root, name=name, kind="cell", day=day), by=administrator).first
        ).subject
        for name in CELLS
    ]
    person = roll.entry(roll.ask(RegisterPerson(sign_in="lua"), by=administrator).first).subject
    roll.ask(Appoint(person=person, role="clerk", unit=roll.root, day=day), by=administrator)
    box.close()
    return ",".join([person, administrator, *cells])


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a box that every test begins with a copy of, and who is who in it."""
    folder = tmp_path_factory.mktemp("founded") / "box"
    return folder, found(folder)


@pytest.fixture
def make_roll(founded: tuple[Path, str], tmp_path: Path) -> Iterator[Callable[[], Roll]]:
    """Opens one box after another, each like new; all are closed at the end."""
    boxes: list[Box] = []

    def make() -> Roll:
        folder = tmp_path / f"box{len(boxes)}"
        shutil.copytree(founded[0], folder)
        clock = GivenClock.on(TODAY)
        box = Box.open(folder, clock=clock, plugins=Plugins.discover(("membership",)))
        boxes.append(box)
        clerk, administrator, *cells = founded[1].split(",")
        roll = Roll(box, clock, administrator)
        roll.clerk, roll.cells = clerk, cells
        return roll

    yield make
    for box in boxes:
        box.close()


@pytest.fixture
def roll(make_roll: Callable[[], Roll]) -> Roll:
    """One box, as founded in December; today is 25 November 2026."""
    return make_roll()
