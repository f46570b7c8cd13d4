"""A box with the roll, a clerk and three cells, and short ways to enter people and to let time pass."""

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chibox.clock import GivenClock
from chibox.commands import Answer, Command
from chibox.core_commands import Appoint, CreateUnit, RegisterPerson, Undo
from chibox.plugins import Plugins
from chibox.testing.boxes import TODAY, Sandbox
from chibox_membership.asking import Enter
from chibox_membership.tables import Member

FOUNDED = dt.date(2025, 12, 1)
CELLS = ("Chi bộ thôn Đông", "Chi bộ thôn Đoài", "Chi bộ Trạm Y tế")


class Roll(Sandbox):
    """A box founded in December; it is 25 November 2026 unless another day is given."""

    def __init__(self, folder: Path) -> None:
        clock = GivenClock.on(FOUNDED)
        super().__init__(folder, Plugins.discover(("membership",)), clock, 0)
        self.clerk = ""
        self.cells = [self.unit(name) for name in CELLS]
        self.clerk = self.someone("clerk")
        self.on(TODAY)
        self._people = itertools.count(1)

    @property
    def east(self) -> str:
        """The first cell."""
        return self.cells[0]

    @property
    def west(self) -> str:
        """The second cell."""
        return self.cells[1]

    def on(self, day: dt.date, hour: int = 8) -> None:
        """Let it be that day."""
        self.clock.at = GivenClock.on(day, hour).at

    def ask(self, command: Command, *, actor: str = "", act: str = "", seen: int | None = None, **more: Any) -> Answer:
        """Have a command done, by the clerk unless `actor` is given; units, people and posts by the administrator."""
        usual = "" if isinstance(command, Appoint | CreateUnit | RegisterPerson) else self.clerk
        return super().ask(command, actor=actor or usual, act=act, seen=seen, **more)

    def undo(self, answer: Answer, *also: str) -> Answer:
        """Take an act back, and later ones that are named."""
        return self.ask(Undo(act=answer.act, also=also))

    def enter(self, **details: Any) -> str:
        """Enter a member with everything that is needed; returns the member's id."""
        return self.subject(self.ask(self.entering(**details)))

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
        with self.reading() as read:
            row = read.row(Member, subject)
        assert row is not None
        return row


@pytest.fixture
def roll(tmp_path: Path) -> Iterator[Roll]:
    """A box of one's own."""
    made = Roll(tmp_path / "box")
    yield made
    made.box.close()


@pytest.fixture(scope="session")
def open_roll() -> type[Roll]:
    """For who needs a box that outlives one test."""
    return Roll
