"""A background task, as core and plugins declare it, and what it may do while it runs."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec

from chibox.box import Box
from chibox.commands import Answer, Asked, Command
from chibox.drafts.drafts import Drafts
from chibox.drafts.file import DraftFile
from chibox.identity.service import service_of
from chibox.reading import Read


class Duty:
    """What a task has: a snapshot and drafts to find its work in, and commands under the post of the box's service account."""

    def __init__(self, box: Box, plugin: str, drafts: DraftFile) -> None:
        self._box = box
        self.person = service_of(box.picture)
        self.drafts = Drafts(drafts, plugin, self.person, box.clock.now, everybody=True)

    @contextmanager
    def reading(self) -> Iterator[Read]:
        """A snapshot of what is committed. Keep it short."""
        with self._box.reading(self.person) as read:
            yield read

    def now(self) -> int:
        """The box's clock, ms."""
        return self._box.clock.now()

    def perform(self, command: Command, *, act: str = "", seen: int | None = None) -> Answer:
        """Have the box do `command`; give an `act` made from the work itself, and it is done once however often this runs.

        Raises Refused or Away. Durable on return.
        """
        return self._box.perform_now(Asked(actor=self.person, act=act or os.urandom(16).hex(), seen=seen), command)


class Task(msgspec.Struct, frozen=True):
    """Background work of a plugin. A call is a hint that may be lost or come twice: `run` finds its work in the tables.

    `every`: how often it is run without a hint, too (None: only when hinted). `run` is a plain function in a thread.
    """

    name: str
    run: Callable[[Duty], object]
    every: dt.timedelta | None = None
