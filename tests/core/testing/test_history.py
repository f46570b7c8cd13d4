"""What happened to the synthetic commune leads from how its roll began to how it stands."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chibox.testing.commune import SIZES, Commune, Person, Size, commune
from chibox.testing.commune.history import Happening, Past, history
from chibox.testing.dice import later

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def usual() -> tuple[Commune, Past]:
    """A usual commune and its last three years."""
    its = commune(seed=1, today=TODAY)
    return its, history(its)


def replayed(past: Past) -> dict[int, Person]:
    """The roll that the opening and the happenings lead to, each person's facts by their day, then as recorded."""
    people = dict(past.opening)
    for told in sorted(past.happenings, key=lambda told: (told.what != "admitted", told.true, told.recorded)):
        if told.what == "admitted":
            people[told.member] = Person(**told.values)
        else:
            people[told.member] = replace(people[told.member], **told.values)
    return people


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("seed", "years"), [(1, 3), (2, 1), (3, 10)])
def test_opening_and_happenings_lead_to_the_roll(size: Size, seed: int, years: int) -> None:
    """Whoever starts from the opening and takes every happening arrives at the commune's members, one by one."""
    its = commune(size, seed=seed, today=TODAY)
    people = replayed(history(its, years))
    assert [people[place] for place in range(len(its.members))] == list(its.members)
    assert len(people) == len(its.members)


def test_happenings_are_told_in_the_order_of_their_recording(usual: tuple[Commune, Past]) -> None:
    """Recorded days ascend, from the opening on, and the last ones lie close to today."""
    _, past = usual
    days = [told.recorded for told in past.happenings]
    assert days == sorted(days)
    assert later(TODAY, -3) <= days[0]
    assert TODAY - timedelta(days=7) <= days[-1] <= TODAY


def test_nothing_is_recorded_before_it_is_true(usual: tuple[Commune, Past]) -> None:
    """A fact's day is never after the day of its recording, and lies in the years told."""
    _, past = usual
    assert all(later(TODAY, -3) < told.true <= told.recorded for told in past.happenings)


def test_a_usual_commune_has_about_three_thousand_happenings(usual: tuple[Commune, Past]) -> None:
    """Three years give about 3,000 happenings of every kind, a tenth of them recorded months late."""
    _, past = usual
    assert 2700 < len(past.happenings) < 3300
    assert len(Counter(told.what for told in past.happenings)) == 12
    late = [told for told in past.happenings if told.recorded - told.true > timedelta(days=60)]
    assert 0.08 < len(late) / len(past.happenings) < 0.2


def test_a_late_fact_may_be_older_than_what_was_recorded_before_it(usual: tuple[Commune, Past]) -> None:
    """Somewhere a move is recorded after a later move of the same person: order of recording is not order of days."""
    _, past = usual
    moves: dict[int, list[Happening]] = defaultdict(list)
    for told in past.happenings:
        if told.what == "moved":
            moves[told.member].append(told)
    assert any([told.true for told in of_one] != sorted(told.true for told in of_one) for of_one in moves.values())


def test_nobody_acts_before_coming_or_after_leaving(usual: tuple[Commune, Past]) -> None:
    """Admission is the first thing recorded of a newcomer, departure the last thing recorded of who leaves."""
    its, past = usual
    told_of: dict[int, list[Happening]] = defaultdict(list)
    for told in past.happenings:
        told_of[told.member].append(told)
    for member, of_one in told_of.items():
        assert [told.what for told in of_one].count("admitted") == (member not in past.opening)
        assert "admitted" not in [told.what for told in of_one[1:]]
        assert "departed" not in [told.what for told in of_one[:-1]]
    assert set(told_of) | set(past.opening) == set(range(len(its.members)))


def test_corrections_name_their_ground(usual: tuple[Commune, Past]) -> None:
    """A correction states the paper it rests on and is true from its recording; nothing else has a ground."""
    _, past = usual
    for told in past.happenings:
        corrected = told.what.endswith("_corrected")
        assert (told.ground is not None) == corrected
        assert not corrected or told.true == told.recorded
        assert (told.reason is not None) == (told.what == "residence_changed")


def test_every_change_changes_something(usual: tuple[Commune, Past]) -> None:
    """Taken in the order of days, no happening states what was so already, and a corrected birth stays in its year."""
    its, past = usual
    people = dict(past.opening)
    for told in sorted(past.happenings, key=lambda told: (told.what != "admitted", told.true, told.recorded)):
        if told.what == "admitted":
            people[told.member] = Person(**told.values)
            continue
        before = people[told.member]
        people[told.member] = replace(before, **told.values)
        assert people[told.member] != before or told.what == "residence_changed"
        if told.what == "birth_date_corrected":
            assert before.born_on.year == its.members[told.member].born_on.year
