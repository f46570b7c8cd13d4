"""A file of the national database beside the roll: who is only in one of them, what differs, and that nothing is recorded."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from plugins.membership.tests.importing.conftest import Opened
from plugins.membership.tests.importing.files import Line
from plugins.membership.tests.importing.house import Clerk, House

from chibox.drafts.draft import Draft
from chibox.errors import Refused
from chibox_membership.asking import Change, Leave
from chibox_membership.importing.held import Kept

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll


def compared(clerk: Clerk, lines: list[Line]) -> Draft:
    """The lines laid beside the roll."""
    return clerk.tried(lines, "compare")


def missing(clerk: Clerk, draft: Draft) -> set[str]:
    """The names of those whom the file does not have."""
    items = clerk.drafts.items(draft, Kept, tag="missing")
    return {kept.trial.name for _, _, kept in items if kept.trial is not None}


def differences(clerk: Clerk, draft: Draft) -> dict[int, dict[str, tuple[str | None, str | None]]]:
    """By row and column: what the box has and what the file has."""
    return {
        row: {each.key: (each.old, each.new) for each in kept.trial.differences}
        for row, kept in clerk.rows(draft, "changed").items()
        if kept.trial is not None
    }


def test_the_roll_does_not_differ_from_itself(commune_house: Opened, at_desk: Callable[[House], Clerk]) -> None:
    """A sheet of a commune's roll: everybody is in both, nothing differs."""
    house = commune_house("small", 1)
    clerk, lines = at_desk(house), house.lines()
    assert clerk.counts(compared(clerk, lines)) == {"same": len(lines)}


def test_who_is_only_in_one_of_them(roll: "Roll", house: House, clerk: Clerk) -> None:
    """Somebody whom the file alone has is new to the box; whom it has not is named, but for those who have gone."""
    for name in ("Lò Thị Ón", "Vừ A Páo", "Đỗ Thị Bẩy"):
        roll.enter(full_name=name)
    lines = house.lines()
    stranger = {**lines[0], "full_name": "Lường Thị Bun", "personal_id": "990068000999", "born_on": "01/02/1969"}
    stranger |= {"card_number": "990068000999"}
    gone = next(who for who, row in house.members().items() if row.full_name == "Đỗ Thị Bẩy")
    roll.ask(Leave(member=gone, day=dt.date(2026, 3, 1), status="deceased"))
    draft = compared(clerk, [lines[0], stranger])
    assert clerk.counts(draft) == {"same": 1, "new": 1, "missing": 1}
    assert missing(clerk, draft) == {"Vừ A Páo"}


def test_what_differs_is_shown_with_both_values(roll: "Roll", house: House, clerk: Clerk) -> None:
    """Also what no sheet changes by itself: a birth date, a number that stands, a name; nothing is asked."""
    roll.enter(full_name="Lò Thị Ón", residence_detail="thôn Đông")
    line = house.lines()[0]
    says = {"born_on": "14/12/1968", "full_name": "Lò Thị Ơn", "residence_detail": "thôn Đoài"}
    draft = compared(clerk, [{**line, **says}])
    assert differences(clerk, draft) == {
        8: {
            "born_on": ("1968-12-13", "1968-12-14"),
            "full_name": ("Lò Thị Ón", "Lò Thị Ơn"),
            "residence_detail": ("thôn Đông", "thôn Đoài"),
        }
    }


def test_who_left_here_and_not_there_differs(roll: "Roll", house: House, clerk: Clerk) -> None:
    """Somebody who has gone by the box and is present in the file differs in the state."""
    who = roll.enter()
    lines = house.lines()
    roll.ask(Leave(member=who, day=dt.date(2026, 3, 1), status="transferred"))
    assert differences(clerk, compared(clerk, lines)) == {8: {"status": ("transferred", "active")}}


def test_nothing_of_it_can_be_recorded(roll: "Roll", house: House, clerk: Clerk) -> None:
    """Whatever differs, a compared file is no import."""
    roll.enter(residence_detail="thôn Đông")
    draft = compared(clerk, [{**house.lines()[0], "residence_detail": "thôn Đoài"}])
    size = house.box.log.size
    with pytest.raises(Refused):
        clerk.record(draft)
    assert (house.box.log.size, clerk.desk(draft).phase) == (size, "checked")


def test_who_may_be_meant_is_not_missing(roll: "Roll", house: House, clerk: Clerk) -> None:
    """A member whom a doubtful row may be about is not told to be only in the box."""
    roll.enter(full_name="Nguyễn Thị Hường")
    draft = compared(clerk, [{**house.lines()[0], "personal_id": "990068000999"}])
    assert clerk.counts(draft) == {"doubtful": 1}


def test_a_clerk_of_one_cell_is_told_of_that_cell(roll: "Roll", house: House) -> None:
    """Whom the file does not have is told of the visitor's own cells only."""
    roll.enter(full_name="Lò Thị Ón", cell=roll.west)
    roll.enter(full_name="Vừ A Páo", cell=roll.east)
    roll.enter(full_name="Đỗ Thị Bẩy", cell=roll.east)
    lines = [line for line in house.lines() if line["full_name"] == "Đỗ Thị Bẩy"]
    clerk = Clerk(house, roll.someone("clerk", roll.east))
    assert missing(clerk, compared(clerk, lines)) == {"Vừ A Páo"}


def test_compared_again_it_is_as_the_roll_is_then(roll: "Roll", house: House, clerk: Clerk) -> None:
    """After work on the roll, checking again shows what differs now: differences, and who is only in the box."""
    people = [roll.enter(full_name=name) for name in ("Lò Thị Ón", "Vừ A Páo", "Đỗ Thị Bẩy")]
    line = {**house.lines()[0], "residence_detail": "thôn Đoài"}
    draft = compared(clerk, [line])
    assert clerk.counts(draft) == {"changed": 1, "missing": 2}
    roll.ask(Change(member=people[0], day=house.today, residence_detail="thôn Đoài"))
    roll.ask(Leave(member=people[1], day=house.today, status="deceased"))
    again = clerk.mend(draft)
    counts = clerk.counts(again)
    assert (counts["same"], counts["missing"], counts.get("changed")) == (1, 1, None)
    assert missing(clerk, again) == {"Đỗ Thị Bẩy"}
