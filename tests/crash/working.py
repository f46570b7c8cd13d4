"""A process that lives a box's life, to be killed or given faults: `python -m tests.crash.working`, then lines on its input.

Each line makes a fork, which has everything imported and no thread. It waits until the pipe named in the line is opened by
whoever watches it, opens the box, and tells each act acknowledged, each refused, and each checkpoint that left.
"""

import os
import random
import sys
from pathlib import Path
from typing import Final

from tests.core.toys import Make, toy_plugins

from chibox.box import Box
from chibox.clock import GivenClock
from chibox.commands import Asked, Command
from chibox.erasing.commands import AskErasure, Erase
from chibox.errors import Away, ChiboxError
from chibox.opening import announce_key, ask_opening, open_generation, retire_key
from chibox.testing.boxes import TODAY, seeded

MANY: Final = 600


def tell(*words: object) -> None:
    """One line, at once and whole; by a call that no fault is given to."""
    os.writev(1, [(" ".join(map(str, words)) + "\n").encode()])


class Life:
    """What is done in the box, in order; every act has an id from the seed."""

    def __init__(self, folder: Path, people: dict[str, str], seed: int) -> None:
        self.box = Box.open(folder, clock=GivenClock.on(TODAY), plugins=toy_plugins())
        self.people, self.ids, self.rng = people, seeded(seed), random.Random(seed)
        tell("open", self.box.log.generation, self.box.log.size)

    def ask(self, command: Command, who: str = "clerk", seen: int | None = None) -> int | None:
        """Have a command done; its last position, None when the box could not now."""
        act = self.ids(16).hex()
        tell("begin", act)
        try:
            answer = self.box.perform_now(Asked(actor=self.people[who], act=act, seen=seen), command)
        except Away as away:
            tell("away", act, "nothing" if "Nothing was recorded" in str(away) else "unknown")
            return None
        tell("done", act, answer.first, answer.last)
        return answer.last

    def made(self, *names: str) -> int | None:
        """Toys of these names."""
        return self.ask(Make(unit=self.box.picture.root, names=names))

    def told(self) -> None:
        """A checkpoint leaves."""
        head = self.box.publish()
        tell("published", head.generation, head.size)

    def live(self) -> None:
        """Small acts, one of many records, an erasure, another key, another generation, and small acts again."""
        for number in range(8):
            self.made(f"a{number}")
        self.told()
        toy = self.made("erased")
        self.made(*(f"many {number}" for number in range(MANY)))
        if toy is not None:
            self._erase(toy)
        announce_key(self.box)
        self.made("beside")
        retire_key(self.box)
        self.told()
        ask_opening(self.box, self.people["first"], stolen=True)
        answer = open_generation(self.box, self.people["secretary"])
        tell("opened", self.box.log.generation, answer.last)
        for number in range(4):
            self.made(f"b{number}")
        self.told()
        self.box.close()
        tell("closed")

    def _erase(self, toy: int) -> None:
        with self.box.reading() as read:
            entry = read.entry(toy)
            last = read.last(entry.subject)
        if self.ask(AskErasure(subject=entry.subject, reason="request"), seen=last) is None:
            return
        with self.box.reading() as read:
            asked = read.entry(read.size - 1).rid
        self.ask(Erase(asked=asked), "secretary", seen=None)


def main() -> None:
    """Fork for each line: the seed, the folder, the pipe to wait at, and the people by role."""
    tell("ready")
    for line in sys.stdin:
        seed, folder, gate, *people = line.split()
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            tell("pid", os.getpid())
            with Path(gate).open("rb"):
                pass
            try:
                Life(Path(folder), dict(pair.split("=") for pair in people), int(seed)).live()
            except ChiboxError as error:
                tell("ended in words", type(error).__name__)
            except OSError as error:
                tell("ended by the system", error.errno)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        tell("ended", status)


if __name__ == "__main__":
    main()
