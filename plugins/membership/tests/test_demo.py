"""The practice box: what the commands of three years lead to is the synthetic commune's roll, and the past can be asked."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path

import pytest

from chibox.box import Box
from chibox.clock import GivenClock
from chibox.demo import SEED, fill
from chibox.plugins import Plugins
from chibox.testing.boxes import TODAY
from chibox.testing.commune import Commune, commune
from chibox_membership.onday import roll_on
from chibox_membership.records import DETAILS
from chibox_membership.tables import GONE, Member


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a practice box with nine hundred members."""
    folder = tmp_path_factory.mktemp("demo") / "box"
    fill(folder, lambda _: None, size="small", clock=GivenClock.on(TODAY), plugins=Plugins.discover(("membership",)))
    return folder


@pytest.fixture(scope="module")
def its() -> Commune:
    """The commune that it was filled with."""
    return commune("small", seed=SEED, today=TODAY)


@pytest.fixture
def box(filled: Path) -> Box:
    """The practice box, open."""
    return Box.open(filled, clock=GivenClock.on(TODAY, 9), plugins=Plugins.discover(("membership",)))


def test_the_roll_of_today_is_the_communes(box: Box, its: Commune) -> None:
    """Every column of everybody is as the commune says, late facts and corrections included."""
    with box.reading() as read:
        rows = {row.personal_id: row for row in read.rows(Member, read.select(Member))}
        names = {unit: row.name for unit, row in read.picture.units.items()}
    box.close()
    assert len(rows) == len(its.members)
    for person in its.members:
        row, wanted = rows[person.personal_id], asdict(person)
        assert {f: getattr(row, f) for f in DETAILS if f in wanted} == {f: wanted[f] for f in DETAILS if f in wanted}
        assert (row.status, names[row.cell]) == (person.status, its.cells[person.cell].name)


def test_the_past_can_be_asked_by_both_meanings(box: Box) -> None:
    """At the end of last year the box knew less than it knows now of the same day."""
    day = dt.date(TODAY.year - 1, 12, 31)
    with box.reading() as read:
        now = {m.subject: (m.cell, m.status, m.born_on) for m in roll_on(read, day)}
        then = {m.subject: (m.cell, m.status, m.born_on) for m in roll_on(read, day, read.position_at(day))}
    box.close()
    assert now.keys() != then.keys()
    assert [who for who in now.keys() & then.keys() if now[who] != then[who]]


def test_staff_who_are_members_are_the_same_person(box: Box, its: Commune) -> None:
    """The secretary who signs in has the id of the member, and so the member's name."""
    with box.reading() as read:
        posts = {post.role: person for person, held in read.picture.posts.items() for post in held}
        row = read.row(Member, posts["committee_secretary"])
    box.close()
    assert row is not None
    assert row.full_name == next(one.full_name for one in its.staff if one.role == "secretary")
    assert row.status not in GONE
