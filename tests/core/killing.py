"""Processes that work in a box until they are killed: `python -m tests.core.killing FOLDER`, then lines on its input.

Each line makes a fork of this process, which has everything imported and no thread: it tells its number, opens the box, works,
and tells each act that was acknowledged. When it has ended, that is told, and the next line may come.
"""

import asyncio
import os
import random
import sys
from pathlib import Path

from tests.core.toys import Make, toy_plugins

from chibox.box import Box
from chibox.clock import GivenClock
from chibox.commands import Asked
from chibox.testing.boxes import TODAY, seeded

CALLERS, MANY = 6, 2000


def tell(*words: object) -> None:
    """One line, at once and whole."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def work(folder: Path, clerk: str, seed: int) -> None:
    """Record without end; acts of one record and of many."""
    box = Box.open(folder, clock=GivenClock.on(TODAY), plugins=toy_plugins())
    unit, rng, ids = box.picture.root, random.Random(seed), seeded(seed)
    tell("open", box.log.size)

    async def caller(number: int) -> None:
        turn = 0
        while True:
            turn += 1
            act, count = ids(16).hex(), rng.choice((1, 1, 2, 5, 40))
            names = tuple(f"{seed}/{number}/{turn}/{n}" for n in range(count))
            answer = await box.perform(Asked(actor=clerk, act=act), Make(unit=unit, names=names))
            tell("done", act, answer.first, answer.last)

    async def everybody() -> None:
        await asyncio.gather(*map(caller, range(CALLERS)))

    asyncio.run(everybody())


def fill(folder: Path, clerk: str, seed: int) -> None:
    """Record acts of two thousand, one after another, as an import does."""
    box = Box.open(folder, clock=GivenClock.on(TODAY), plugins=toy_plugins())
    ids, turn = seeded(seed), 0
    while True:
        turn += 1
        act = ids(16).hex()
        tell("begin", act)
        names = tuple(f"{seed}/{turn}/{n}" for n in range(MANY))
        answer = box.perform_now(Asked(actor=clerk, act=act), Make(unit=box.picture.root, names=names))
        tell("done", act, answer.first, answer.last)


def main() -> None:
    """Fork for each line: what to do, who does it, with which seed."""
    folder = Path(sys.argv[1])
    tell("ready")
    for line in sys.stdin:
        what, clerk, seed = line.split()
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            tell("pid", os.getpid())
            {"work": work, "fill": fill}[what](folder, clerk, int(seed))
        _, status = os.waitpid(child, 0)
        tell("ended", status)


if __name__ == "__main__":
    main()
