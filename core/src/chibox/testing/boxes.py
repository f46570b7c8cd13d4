"""A real box for a test: in a folder of its own, on a clock that stands still, with ids and salts from a seed."""

import datetime as dt
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from chibox.box import Box, Founding
from chibox.clock import GivenClock
from chibox.commands import Answer, Asked, Command
from chibox.core_commands import Appoint, CreateUnit, RegisterPerson
from chibox.plugins import Plugins
from chibox.reading import Read
from chibox.records.stated import Entry
from chibox.signing import place

TODAY: Final = dt.date(2026, 11, 25)
NAME: Final = "demo.sao-mai"
SINCE: Final = dt.date(2020, 1, 1)  # from when posts are held that no test gives a day


def seeded(seed: int) -> Callable[[int], bytes]:
    """Random bytes that come out the same from one seed: what a box takes ids and salts from in a test."""
    return random.Random(seed).randbytes


_acts = random.SystemRandom()


def act() -> str:
    """A fresh id."""
    return f"{_acts.getrandbits(128):032x}"


def plugins_of(**modules: object) -> Plugins:
    """Core and these plugins by name: modules (or anything with hooks), installed or not. AssertionError for a broken one."""
    found = Plugins.discover(())
    for name, module in modules.items():
        found.add(name, partial(lambda module: module, module))
    assert not found.broken, found.broken
    return found


def copied(folder: Path, to: Path) -> Path:
    """A copy of a closed box that may record by itself: for tests that begin with a box which somebody has filled before."""
    shutil.copytree(folder, to)
    place.settle(to)
    return to


class Sandbox:
    """A founded box, open; `ask` has a command done and `reading` looks at what is committed."""

    def __init__(self, folder: Path, plugins: Plugins, clock: GivenClock, seed: int, name: str = NAME) -> None:
        self.folder, self.plugins, self.clock, self.random = folder, plugins, clock, seeded(seed)
        founding = Founding(name=name, committee="Đảng bộ xã Sao Mai")
        self.administrator = Box.init(folder, founding, clock=clock, random=self.random)
        self.box = self._opened()

    @property
    def root(self) -> str:
        """The committee's unit."""
        return self.box.picture.root

    def ask(self, command: Command, *, actor: str = "", act: str = "", seen: int | None = None, **more: Any) -> Answer:
        """Have a command done, by the administrator unless `actor` is given; `seen` is what stands now unless it is given."""
        about = self.box.definition(command).about
        if seen is None and about is not None and (subject := getattr(command, about)) is not None:
            seen = self.last(subject)
        asked = Asked(actor=actor or self.administrator, act=act or self.random(16).hex(), seen=seen, **more)
        return self.box.perform_now(asked, command)

    def someone(self, role: str, unit: str = "", *, since: dt.date = SINCE, until: dt.date | None = None) -> str:
        """A person who holds a role in a unit (else in the committee); returns the person's id."""
        person = self.subject(self.ask(RegisterPerson(sign_in=f"p{self.box.log.size}")))
        self.ask(Appoint(person=person, role=role, unit=unit or self.root, day=since, until=until))
        return person

    def unit(self, name: str, parent: str = "", *, day: dt.date = SINCE) -> str:
        """A cell under another unit (else under the committee); returns its id."""
        return self.subject(self.ask(CreateUnit(parent=parent or self.root, name=name, kind="cell", day=day)))

    def reading(self, actor: str = "") -> AbstractContextManager[Read]:
        """What is committed, as the box shows it."""
        return self.box.reading(actor)

    def entry(self, position: int) -> Entry[Any]:
        """The entry at a position."""
        with self.reading() as read:
            return read.entry(position)

    def subject(self, answer: Answer) -> str:
        """Whom the first record of an act is about."""
        return self.entry(answer.first).subject

    def stated(self, answer: Answer) -> list[Any]:
        """The records of an act; None for one that is withheld or erased."""
        return [self.entry(position).body for position in range(answer.first, answer.last + 1)]

    def last(self, subject: str) -> int | None:
        """The last position about a subject."""
        with self.reading() as read:
            return read.last(subject)

    def reopen(self, plugins: Plugins | None = None) -> Box:
        """Close the box and open it again, with other plugins if some are given."""
        self.box.close()
        self.plugins = plugins or self.plugins
        self.box = self._opened()
        return self.box

    def _opened(self) -> Box:
        return Box.open(self.folder, clock=self.clock, plugins=self.plugins, random=self.random)


@contextmanager
def sandbox(
    folder: Path, plugins: Plugins | None = None, *, clock: GivenClock | None = None, seed: int = 0, name: str = NAME
) -> Iterator[Sandbox]:
    """A new box in `folder`, which may not exist yet; with core alone unless plugins are given. Closed at the end."""
    made = Sandbox(folder, plugins or plugins_of(), clock or GivenClock.on(TODAY), seed, name)
    try:
        yield made
    finally:
        made.box.close()
