"""A practice box while it is filled: who works in it, what day it is there, and commands one after another without waiting."""

import datetime as dt
import random
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Final, NamedTuple

from chibox.box import Box
from chibox.clock import GivenClock
from chibox.commands import Answer, Asked, Command
from chibox.errors import Words
from chibox.reading import Read

_AHEAD: Final = 1000  # commands that may wait at once


class Step(NamedTuple):
    """What was just done of a filling, and how much of how much."""

    what: Words
    done: int
    total: int


class Filling:
    """What a plugin's `demo` is given. Everything goes through commands; ids come from the seed, so do acts.

    `people`: who holds each role, by its name; the `clerk` is the service account until a plugin has told of its members and
    one of them is appointed. `cells`: the units, in the order of the commune's cells. `members`: place in the roll -> person
    id, for the plugin that knows members to fill in as soon as they are admitted: core then appoints those of the staff whom
    it finds there.
    """

    def __init__(self, box: Box, clock: GivenClock, start: dt.date, today: dt.date, seed: int, latest: int) -> None:
        self.box, self.start, self.today = box, start, today
        self.root = box.picture.root
        self.people: dict[str, str] = {}
        self.cells: tuple[str, ...] = ()
        self.members: dict[int, str] = {}
        self.random = random.Random(f"{seed}/acts").randbytes  # noqa: S311 - play data, no secret
        self._clock, self._latest, self._at = clock, latest, clock.at
        self._waiting: deque[Future[Answer]] = deque()

    def on(self, day: dt.date, hour: int = 8) -> None:
        """Whatever is submitted from here on happens on `day`; a day that is over already, or to come, is as near as can be."""
        self._at = at = max(self._at, min(GivenClock.on(day, hour).at, self._latest))

        def turn() -> None:  # in the writer's own order, between two commands
            self._clock.at = at

        self.box.writer.submit(turn)

    def submit(
        self, role: str, command: Command, *, from_paper: bool = False, on_behalf: str | None = None
    ) -> Future[Answer]:
        """Have whoever holds `role` ask for `command`, after all that was submitted before. A refusal is raised at `settle`."""
        act = self.random(16).hex()
        asked = Asked(actor=self.people[role], act=act, from_paper=from_paper, on_behalf=on_behalf)
        future = self.box.submit(asked, command, abreast=True)
        self._waiting.append(future)
        while len(self._waiting) > _AHEAD:
            self._waiting.popleft().result()
        return future

    def perform(self, role: str, command: Command, *, from_paper: bool = False, on_behalf: str | None = None) -> Answer:
        """The same, and wait for the answer."""
        return self.submit(role, command, from_paper=from_paper, on_behalf=on_behalf).result()

    def settle(self) -> None:
        """Wait until everything submitted is durable. Raises the first refusal."""
        while self._waiting:
            self._waiting.popleft().result()

    def subjects(self, answer: Answer) -> list[str]:
        """Whom the records of an act are about, in their order."""
        with self.reading() as read:
            return [read.entry(position).subject for position in range(answer.first, answer.last + 1)]

    @contextmanager
    def reading(self) -> Iterator[Read]:
        """A snapshot of what is durable."""
        with self.box.reading() as read:
            yield read
