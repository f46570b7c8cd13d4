"""A small committee for the browser: four cells, forty members, staff for each role, and a move that was recorded late."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, NamedTuple

from chibox.app import application
from chibox.clock import GivenClock
from chibox.core_commands import RegisterPerson
from chibox.office import Office
from chibox.plugins import Plugins
from chibox.testing.boxes import Sandbox, sandbox
from chibox.testing.browser import serving
from chibox.testing.commune import Size, commune
from chibox_membership.asking import Enter, Leave, Move
from chibox_membership.importing.command import ImportSheet
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.sheet.writing import write

BEGIN: Final = dt.date(2025, 3, 3)
LATE: Final = dt.date(2026, 2, 10)  # when the move of the year before was recorded
TODAY: Final = dt.date(2026, 11, 25)
YEAR_END: Final = dt.date(2025, 12, 31)
HUONG, LATE_MOVER, LEAVER = "Nguyễn Thị Hường", "Lò Văn Muộn", "Vừ A Dếnh"
FIRST_ROW: Final = 8
CELLS: Final = ("Chi bộ thôn Đông", "Chi bộ thôn Đoài", "Chi bộ Trạm Y tế", "Chi bộ Công an xã")


class World(NamedTuple):
    """A served box. `people`: role -> person id; `members`: name -> person id, of those who have a part in the story."""

    box: Sandbox
    office: Office
    address: str
    cells: tuple[str, ...]
    people: dict[str, str]
    members: dict[str, str]

    def link(self, role: str) -> str:
        """The address of a fresh one-time link for whoever holds the role."""
        return f"{self.address}/link/{self.office.accounts.one_time_link(self.people[role])}"

    def token(self, role: str) -> str:
        """The token of a fresh session of whoever holds the role."""
        return self.office.sessions.begin(self.people[role], "", self.box.clock.now(), kept=False)[0]

    def sheet(self, seed: int, size: Size = "tiny") -> tuple[bytes, list[SheetRow]]:
        """A good 4.0 sheet of invented people of today, and its rows."""
        rows = rows_of(seed, size, TODAY, self.cells)
        units = dict(zip(self.cells, CELLS, strict=True))
        return write(rows, units, committee="Đảng bộ xã Sao Mai", day=TODAY), rows


def rows_of(seed: int, size: Size, today: dt.date, cells: tuple[str, ...]) -> list[SheetRow]:
    """Rows of a sheet as the generator has them, its cells laid over those that there are."""
    known = {*SheetRow.__struct_fields__}
    rows = []
    for number, person in enumerate(commune(size, seed=seed, today=today).members, FIRST_ROW):
        columns: dict[str, Any] = {name: value for name, value in asdict(person).items() if name in known}
        rows.append(SheetRow(**columns | {"row": number, "cell": cells[person.cell % len(cells)]}))
    return rows


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """Tell the story, by commands only, and serve the box on loopback. Everything in it follows from this file."""
    clock = GivenClock.on(BEGIN)
    with sandbox(folder, Plugins.discover(), clock=clock) as box:
        cells = tuple(box.unit(name, day=BEGIN) for name in CELLS)
        people = {role: box.someone(role, since=BEGIN) for role in ("clerk", "committee_secretary", "operator")}
        people["administrator"] = box.administrator
        people["cell_secretary"] = box.someone("cell_secretary", cells[0], since=BEGIN)
        clerk = people["clerk"]
        box.ask(ImportSheet(rows=tuple(rows_of(1, "tiny", BEGIN, cells)), as_of=box.box.log.size - 1), actor=clerk)
        members = {name: _enter(box, clerk, name, cells[at]) for at, name in enumerate((HUONG, LATE_MOVER, LEAVER))}
        clock.at = GivenClock.on(LATE).at
        box.ask(Move(member=members[LATE_MOVER], cell=cells[3], day=dt.date(2025, 12, 1)), actor=clerk)
        clock.at = GivenClock.on(TODAY).at
        left = Leave(
            member=members[LEAVER], status="transferred", day=dt.date(2026, 5, 4), departure="official_transfer"
        )
        box.ask(left, actor=clerk)
        box.ask(RegisterPerson(sign_in="huong", person=members[HUONG]))
        people["member"] = members[HUONG]  # who signs in, and holds no post
        with closing(Office(box.box)) as office, serving(application(office)) as address:
            yield World(box, office, address, cells, people, members)


def _enter(box: Sandbox, clerk: str, name: str, cell: str) -> str:
    """A member with a name of our own, and the least that has to be known."""
    number = f"99000000{len(name):04d}"
    born, admitted = dt.date(1968, 3, 12), dt.date(1994, 5, 19)
    entered = box.ask(
        Enter(cell=cell, full_name=name, sex="female", born_on=born, ethnic_group="01", religion="00",
              personal_id=number, admitted_on=admitted, official_on=dt.date(1995, 5, 19)),
        actor=clerk,
    )  # fmt: skip
    return box.subject(entered)
