"""A box with an office and a clerk at a desk, and synthetic communes with a past."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from plugins.membership.tests.importing.house import Clerk, House

from chibox.box import Box
from chibox.clock import GivenClock
from chibox.demo import fill
from chibox.plugins import Plugins
from chibox.testing.boxes import TODAY, copied
from chibox.testing.commune import Size

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

Opened = Callable[[Size, int], House]


@pytest.fixture
def house(roll: "Roll") -> Iterator[House]:
    """The office of the usual box."""
    made = House(roll.box)
    yield made
    made.close()


@pytest.fixture
def clerk(house: House, roll: "Roll") -> Clerk:
    """The clerk of the usual box."""
    return Clerk(house, roll.clerk)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Size, int], Path]:
    """A function (size, seed) -> the folder of a box in which a synthetic commune has lived for three years: to be copied."""
    folder, made = tmp_path_factory.mktemp("communes"), dict[tuple[Size, int], Path]()

    def make(size: Size, seed: int) -> Path:
        if (size, seed) not in made:
            made[size, seed] = path = folder / f"{size}-{seed}"
            plugins = Plugins.discover(("membership",))
            fill(path, lambda _: None, size=size, seed=seed, clock=GivenClock.on(TODAY), plugins=plugins)
        return made[size, seed]

    return make


@pytest.fixture
def commune_house(filled: Callable[[Size, int], Path], tmp_path: Path) -> Iterator[Opened]:
    """A function (size, seed) -> the office of such a box; asked twice, of two that were one until now."""
    opened: list[House] = []
    numbers = itertools.count()

    def make(size: Size, seed: int) -> House:
        folder = copied(filled(size, seed), tmp_path / str(next(numbers)))
        plugins = Plugins.discover(("membership",))
        opened.append(House(Box.open(folder, clock=GivenClock.on(TODAY, 9), plugins=plugins)))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
        each.box.close()


@pytest.fixture
def at_desk() -> Callable[[House], Clerk]:
    """The clerk of a commune's box."""

    def find(house: House) -> Clerk:
        posts = {post.role: person for person, held in house.box.picture.posts.items() for post in held}
        return Clerk(house, posts["clerk"])

    return find
