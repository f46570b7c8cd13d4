"""Chance from a seed that falls the same way on every Python: nothing but `Random.random()` is asked."""

from bisect import bisect_right
from collections.abc import Iterable, MutableSequence, Sequence
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things and their whole-number weights, ready to be drawn from."""

    __slots__ = ("sums", "things")

    def __init__(self, pairs: Iterable[tuple[T, int]]) -> None:
        drawn = [(thing, weight) for thing, weight in pairs if weight]
        self.things = [thing for thing, _ in drawn]
        self.sums = list(accumulate(weight for _, weight in drawn))


class Dice:
    """Draws for one purpose: the same seed and purpose give the same draws, whatever other purposes draw."""

    def __init__(self, seed: int, purpose: str) -> None:
        # random() and text seeds are what Python promises to keep; randrange, choice and shuffle have changed before.
        self._random = Random(f"{seed}/{purpose}").random

    def below(self, end: int) -> int:
        """A whole number from 0 to end - 1."""
        return int(self._random() * end)

    def chance(self, permille: int) -> bool:
        """True in so many of a thousand throws."""
        return self._random() * 1000 < permille

    def pick(self, things: Sequence[T]) -> T:
        """One of the things, each alike."""
        return things[int(self._random() * len(things))]

    def draw(self, weighted: Weighted[T]) -> T:
        """One of the things, by weight."""
        return weighted.things[bisect_right(weighted.sums, int(self._random() * weighted.sums[-1]))]

    def several(self, end: int, times: int) -> list[int]:
        """So many whole numbers from 0 to end - 1."""
        return [self.below(end) for _ in range(times)]

    def day(self, first: date, last: date) -> date:
        """A day from first to last, both included; first when last is before it."""
        return first + timedelta(days=self.below(max(0, (last - first).days) + 1))

    def shuffle(self, things: MutableSequence[Any]) -> None:
        """Put the things into a random order."""
        for end in range(len(things), 1, -1):
            other = self.below(end)
            things[end - 1], things[other] = things[other], things[end - 1]

    def uuid(self) -> str:
        """A random UUID as text."""
        one, two, three, four = (self.below(1 << 32) for _ in range(4))
        return f"{one:08x}-{two >> 16:04x}-4{two & 0xFFF:03x}-{0x8000 | three >> 18:04x}-{three & 0xFFFF:04x}{four:08x}"


def later(day: date, years: int) -> date:
    """The same day so many years later (or earlier); 28 February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
