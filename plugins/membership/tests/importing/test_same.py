"""A sheet that says what the roll has is no change, row by row, whoever is in it and whatever happened before."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from plugins.membership.tests.importing.conftest import Opened
from plugins.membership.tests.importing.house import Clerk, House
from plugins.membership.tests.importing.past import Happening, happenings, live

from chibox.testing.commune import Size

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll


@pytest.mark.parametrize(("size", "seed"), [("tiny", 1), ("tiny", 2), ("tiny", 3), ("small", 1)])
def test_the_roll_of_a_commune_is_no_change(
    commune_house: Opened, at_desk: Callable[[House], Clerk], size: Size, seed: int
) -> None:
    """Everybody on the roll of a commune with a past, of every state, gone or not, is the same in a sheet made from it."""
    house = commune_house(size, seed)
    clerk, lines = at_desk(house), house.lines()
    draft = clerk.tried(lines)
    assert clerk.counts(draft) == {"same": len(lines)}
    assert {kept.trial.member for kept in clerk.rows(draft, "same").values() if kept.trial} == house.members().keys()
    if size == "small":
        assert {row.status for row in house.members().values()} >= {"active", "exempt", "transferred", "deceased"}


@settings(max_examples=12, deadline=None)
@given(told=happenings())
def test_whatever_happened_the_roll_is_no_change(
    open_roll: "type[Roll]", tmp_path_factory: pytest.TempPathFactory, told: list[Happening]
) -> None:
    """After any changes, corrections, moves, states and leavings, late ones too, a sheet of the roll changes nothing."""
    roll = open_roll(tmp_path_factory.mktemp("past") / "box")
    house = House(roll.box)
    try:
        live(roll, told)
        clerk = Clerk(house, roll.clerk)
        draft = clerk.tried(house.lines())
        assert clerk.counts(draft) == {"same": len(house.members())}
    finally:
        house.close()
        roll.box.close()


def test_what_people_write_otherwise_and_mean_the_same_is_no_change(roll: "Roll", house: House, clerk: Clerk) -> None:
    """Capitals, the place of a tone mark, a day as a day of Excel, an empty cell: nothing of it is a change."""
    roll.enter(full_name="Nguyễn Hòa Bình", residence_detail="thôn Đông")
    line = house.lines()[0]
    born = dt.datetime.strptime(line["born_on"], "%d/%m/%Y").date()  # noqa: DTZ007 - a day, no moment
    capitals = {**line, "full_name": "NGUYỄN HOÀ BÌNH", "born_on": born}
    for key in ("residence_detail", "religion", "sex", "cell", "status", "admitted_on", "official_on"):
        capitals.pop(key, None)
    draft = clerk.tried([capitals])
    assert clerk.counts(draft) == {"same": 1}


def test_a_file_says_where_it_came_from(roll: "Roll", house: House, clerk: Clerk, tmp_path: Path) -> None:
    """The desk keeps name, size and digest of the file, how long the trial took, and the last position that it saw."""
    roll.enter()
    draft = clerk.tried(house.lines())
    held = clerk.desk(draft)
    assert (held.name, held.purpose, held.phase, held.total) == ("dang-vien.xlsx", "import", "checked", 1)
    assert (held.size > 0, len(held.digest), held.as_of) == (True, 64, house.box.log.size - 1)
