"""What members are called: by the dated facts, and by the entry that stood when nothing else is left."""

import datetime as dt
from typing import TYPE_CHECKING

from chibox_membership.asking import Correct
from chibox_membership.naming import full_names

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

TODAY = dt.date(2026, 11, 25)


def called(roll: "Roll", *ids: str) -> dict[str, str]:
    """What these are called today."""
    with roll.reading() as read:
        return full_names(read, ids, TODAY)


def test_a_name_corrected_later_reads_right(roll: "Roll") -> None:
    """The dated facts tell the name; nobody is made up for an id that no entry is about."""
    who = roll.enter(full_name="Vừ A Dếnh")
    roll.ask(Correct(member=who, full_name="Vừ A Dính", ground="original_file", paper="Lý lịch số 1"))
    assert called(roll, who, "0" * 32) == {who: "Vừ A Dính"}


def test_who_was_entered_and_taken_back_still_has_a_name(roll: "Roll") -> None:
    """An entry that was taken back leaves neither row nor fact: its own words name the member in the log."""
    answer = roll.ask(roll.entering(full_name="Lò Thị Ón"))
    who = roll.subject(answer)
    roll.undo(answer)
    with roll.reading() as read:
        assert read.facts([who]) == {}
    assert called(roll, who) == {who: "Lò Thị Ón"}
