"""A sheet with mistakes of fifteen kinds, mended in the page, records what the sheet without them records."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from plugins.membership.tests.importing.conftest import Opened
from plugins.membership.tests.importing.evenings import NEW, evening, planted
from plugins.membership.tests.importing.house import Clerk, House

from chibox_membership.importing.held import Recorded
from chibox_membership.records import DETAILS
from chibox_membership.sheet.columns import BY_KEY, FIRST_ROW


def stated(house: House, done: Recorded) -> list[tuple[str, Any]]:
    """What an act recorded, and of whom (by personal number)."""
    people = house.members()
    with house.box.reading() as read:
        span = read.act(done.act)
        assert span is not None
        entries = [read.entry(position) for position in range(span[0], span[1] + 1)]
    return sorted(((people[entry.subject].personal_id, entry.body) for entry in entries), key=repr)


def roll_of(house: House) -> list[dict[str, Any]]:
    """Everybody's columns, whatever their ids."""
    keys = (*DETAILS, "cell", "cell_since", "status", "status_since", "entered_on")
    rows = sorted(house.members().values(), key=lambda row: row.personal_id)
    return [{key: getattr(row, key) for key in keys} for row in rows]


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_mended_sheet_records_what_the_right_one_does(
    commune_house: Opened, at_desk: Callable[[House], Clerk], seed: int
) -> None:
    """Fifteen rows are wrong, the others as in the right sheet; mended, none is, and the same records and roll come of it."""
    here, there = commune_house("tiny", seed), commune_house("tiny", seed)
    lines = evening(here, random.Random(seed))
    clerk = at_desk(here)
    draft = clerk.tried(lines)
    counts = clerk.counts(draft)
    assert counts.keys() == {"new", "changed", "same"}
    assert counts["new"] == NEW
    other = at_desk(there)
    wrong, mends = planted(lines, random.Random(seed))
    damaged = other.tried(wrong)
    assert other.rows(damaged, "wrong").keys() == mends.keys()
    mended = other.mend(damaged, mends)
    assert other.counts(mended) == counts
    right, repaired = clerk.record(draft), other.record(mended)
    assert (repaired.new, repaired.changed) == (right.new, right.changed) == (counts["new"], counts["changed"])
    assert stated(there, repaired) == stated(here, right)
    assert roll_of(there) == roll_of(here)
    assert clerk.counts(clerk.tried(lines)) == {"same": len(lines)}


def test_each_mistake_is_named_where_it_stands(commune_house: Opened, at_desk: Callable[[House], Clerk]) -> None:
    """Every one of the fifteen makes its row wrong in its cell: the column's letter, and what stands there."""
    house = commune_house("tiny", 1)
    clerk = at_desk(house)
    wrong, mends = planted(house.lines(), random.Random(9))
    found = clerk.rows(clerk.tried(wrong), "wrong")
    for row, keys in mends.items():
        trial, (key,) = found[row].trial, keys
        assert trial is not None
        fault = next(fault for fault in trial.faults if fault.key == key)
        assert (fault.column, fault.found) == (BY_KEY[key].letter, str(wrong[row - FIRST_ROW][key]))
        assert str(fault.why.words)


def test_what_was_right_is_recorded_and_the_rest_later(
    commune_house: Opened, at_desk: Callable[[House], Clerk]
) -> None:
    """With wrong rows left the right ones are one act; mended later, the others are another, and nothing is twice."""
    house = commune_house("tiny", 2)
    clerk = at_desk(house)
    lines = evening(house, random.Random(5))
    right = clerk.counts(clerk.tried(lines))
    wrong, mends = planted(lines, random.Random(5))
    draft = clerk.tried(wrong)
    first = clerk.record(draft)
    after = clerk.desk(draft)
    assert (after.phase, after.recorded) == ("checked", (first,))
    assert len(clerk.rows(draft, "wrong")) == len(mends)
    second = clerk.record(clerk.mend(draft, mends))
    assert clerk.desk(draft).recorded == (first, second)
    assert (first.new + second.new, first.changed + second.changed) == (right["new"], right["changed"])
    assert len(clerk.rows(draft, "recorded")) == right["new"] + right["changed"]
    assert clerk.counts(clerk.tried(lines)) == {"same": len(lines)}
