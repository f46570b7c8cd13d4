"""The synthetic commune: its sizes, its people and whether their columns agree."""

import hashlib
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from time import perf_counter

import pytest

from chibox.testing.commune import SIZES, Commune, Size, commune
from chibox.testing.commune.cells import FEWEST, MOST
from chibox.testing.dice import later
from chibox.text import clean, search_key

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module", params=[1, 7])
def usual(request: pytest.FixtureRequest) -> Commune:
    """A usual commune of two seeds."""
    return commune(seed=request.param, today=TODAY)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", range(1, 6))
def test_a_size_has_its_cells_and_people(size: Size, seed: int) -> None:
    """Each size has exactly its number of cells and people; every cell holds 3 to 80 members."""
    its = commune(size, seed=seed, today=TODAY)
    assert (len(its.cells), len(its.members)) == SIZES[size]
    present = Counter(person.cell for person in its.members if person.departure is None)
    assert [present[place] for place in range(len(its.cells))] == [cell.members for cell in its.cells]
    assert all(FEWEST <= cell.members <= MOST for cell in its.cells)
    assert len({search_key(cell.name) for cell in its.cells}) == len(its.cells)


def test_most_cells_have_about_25_members(usual: Commune) -> None:
    """The most frequent sizes lie about 25."""
    sizes = [cell.members for cell in usual.cells]
    about = {size: sum(abs(other - size) <= 2 for other in sizes) for size in range(FEWEST, MOST + 1)}
    assert 20 <= max(about, key=lambda size: about[size]) <= 30


@pytest.mark.parametrize("size", SIZES)
def test_a_seed_gives_one_commune(size: Size) -> None:
    """The same seed and day give an equal commune; another seed gives another."""
    assert commune(size, seed=3, today=TODAY) == commune(size, seed=3, today=TODAY)
    assert commune(size, seed=3, today=TODAY).members != commune(size, seed=4, today=TODAY).members


def test_a_seed_gives_the_same_commune_on_every_python() -> None:
    """The people of one seed are what they were when this was written; new names in the lists change the figure."""
    members = repr(commune("tiny", seed=1, today=TODAY).members)
    assert hashlib.sha256(members.encode()).hexdigest()[:16] == "72574bb7b0d9ae4a"


def test_six_thousand_people_take_less_than_a_second() -> None:
    """A large commune is made in under a second."""
    begun = perf_counter()
    commune("large", seed=2, today=TODAY)
    assert perf_counter() - begun < 1


def test_days_agree(usual: Commune) -> None:
    """Nobody is admitted before 18; recognition follows twelve months later; nothing lies after today."""
    for person in usual.members:
        assert later(person.born_on, 18) <= person.admitted_on <= TODAY
        assert person.official_on in {None, later(person.admitted_on, 1)}
        days = [person.official_on, person.left_on, person.card_date]
        assert all(person.admitted_on < day <= TODAY for day in days if day is not None)
        if person.official_on is None and person.departure is None:
            assert later(person.admitted_on, 1) > TODAY
            assert person.status == "active"


def test_numbers_are_unique_and_agree_with_birth_and_sex(usual: Commune) -> None:
    """A personal number has twelve digits that tell an invented place, sex, century and year; none comes twice."""
    for person in usual.members:
        century, woman = divmod(int(person.personal_id[3]), 2)
        assert person.personal_id.isdecimal()
        assert len(person.personal_id) == 12
        assert "990" <= person.personal_id[:3] <= "996"
        assert (1900 + 100 * century + int(person.personal_id[4:6]), bool(woman)) == (
            person.born_on.year,
            person.sex == "female",
        )
    for column in ("personal_id", "national_id", "card_number", "old_card_number", "old_identity_number"):
        given = [value for person in usual.members if (value := getattr(person, column)) is not None]
        assert len(set(given)) == len(given) > 500


def test_only_official_members_have_cards(usual: Commune) -> None:
    """A card bears the personal number, belongs to an official member, and has a place where it has a day."""
    for person in usual.members:
        assert person.card_number == (person.personal_id if person.official_on else None)
        assert (person.card_place is None) == (person.card_date is None)
        assert person.official_on or not (person.card_date or person.old_card_number)


def test_states_are_those_of_the_sheet(usual: Commune) -> None:
    """Every state occurs; who has left or is exempt has a day for it, others have none."""
    states = Counter(person.status for person in usual.members)
    assert set(states) == {
        "active", "exempt", "interrupted", "suspended", "transferred", "left_party", "deceased",
    }  # fmt: skip
    assert states["suspended"] + states["interrupted"] < 40 < states["exempt"]
    for person in usual.members:
        gone = person.status in {"transferred", "left_party", "deceased"}
        assert (person.left_on is not None) == (gone or person.status == "exempt")
        assert (person.departure is not None) == gone
        assert (person.departure in {"removed", "resigned"}) == (person.status == "left_party")


def test_people_are_as_many_sided_as_a_commune(usual: Commune) -> None:
    """A third is over 60, a third are women, most are Kinh, and others bear names in their own form."""
    people = usual.members
    assert 0.28 < sum(later(person.born_on, 60) <= TODAY for person in people) / len(people) < 0.5
    assert 0.3 < sum(person.sex == "female" for person in people) / len(people) < 0.5
    groups = Counter(person.ethnic_group for person in people)
    assert groups["01"] > len(people) / 2
    assert {"08", "03", "12", "10"} <= set(groups)
    ede = [person.full_name for person in people if person.ethnic_group == "12" and person.sex == "female"]
    assert ede
    assert all(name.startswith(("H'", "H’")) for name in ede)
    assert all(" A " in person.full_name for person in people if (person.ethnic_group, person.sex) == ("08", "male"))
    assert {person.religion for person in people} > {"00", "01", "02", "05"}


def test_every_text_is_clean(usual: Commune) -> None:
    """No text of a person needs mending: composed, single spaces, nothing invisible."""
    for person in usual.members:
        texts = [value for column in person.__slots__ if isinstance(value := getattr(person, column), str)]
        assert [clean(text) for text in texts] == texts


def test_the_staff_hold_their_posts(usual: Commune) -> None:
    """There are about fifteen with every role; members among them are active and official; no cell has two secretaries."""
    assert len(usual.staff) == 15
    assert {someone.role for someone in usual.staff} == {
        "secretary", "deputy_secretary", "office", "clerk", "inspection", "cell_secretary",
    }  # fmt: skip
    members = [usual.members[someone.member] for someone in usual.staff if someone.member is not None]
    assert 8 < len(members) < 15
    assert len(set(members)) == len(members)
    assert all(person.status == "active" and person.official_on for person in members)
    led = [someone.cell for someone in usual.staff if someone.role == "cell_secretary"]
    assert len(set(led)) == len(led) == 4


def test_the_commune_grows_older_with_its_day() -> None:
    """Another day gives people who are of age on that day, in any year, also on 29 February."""
    for today in (date(2024, 2, 29), date(2025, 3, 1), date(2031, 1, 1)):
        people = commune("small", seed=5, today=today).members
        assert all(later(person.born_on, 18) <= person.admitted_on <= today for person in people)
        assert max(person.admitted_on for person in people) > today - timedelta(days=120)


def test_the_summary_prints() -> None:
    """`python -m chibox.testing.commune` prints who and how many in a few lines."""
    command = [sys.executable, "-m", "chibox.testing.commune", "--size", "tiny", "--seed", "2"]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    assert "40 people in 4 cells" in shown
    assert "happenings" in shown
    assert len(shown.splitlines()) < 30
