"""`python -m tests.bench`: measures the goals of speed. ROUNDS=9 and ONLY=G1,G2 in the environment narrow it.

Both sides of a ratio are measured in each round, one right after the other, the round's order turned every time: whatever
the machine does besides falls on both. Ends with 0 also when a goal is not met: the table says so, and a profile says why.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench import report
from tests.bench.goals import GOALS, Goal
from tests.bench.seed import usual
from tests.bench.sides import Sides
from tests.bench.watch import Watch

BUILD: Final = Path("build")


def main() -> int:
    """Measure, show, write."""
    number = int(os.environ.get("ROUNDS") or 9)
    only = [name for name in os.environ.get("ONLY", "").split(",") if name]
    goals = [goal for goal in GOALS if not only or goal.id in only]
    if unknown := set(only) - {goal.id for goal in GOALS}:
        print(
            f"There is no goal {', '.join(sorted(unknown))}: {', '.join(goal.id for goal in GOALS)}.", file=sys.stderr
        )
        return 2
    with tempfile.TemporaryDirectory(prefix="bench-", dir=_build()) as place:
        say("a box with 2,100 members")
        sides = Sides(usual(Path(place)))
        rounds = measured(sides, goals, number)
        found = [goal.measured(rounds) for goal in goals]
        report.write(BUILD / "bench.json", found, rounds)
        say("")
        print(report.table(found, rounds))
        for missed in (m.goal for m in found if m.met is False):
            watch = Watch(profiling=True)
            for side in missed.sides:
                sides.all[side](watch)
            print(f"{missed.id} is not met: {report.write_profiles(BUILD, missed.id, watch.profiles)}")
    return 0


def measured(sides: Sides, goals: list[Goal], number: int) -> list[dict[str, float]]:
    """What every round found. The first side of a round is the last one of the next."""
    names = list(dict.fromkeys(side for goal in goals for side in goal.sides))
    rounds: list[dict[str, float]] = []
    for turn in range(number):
        found: dict[str, float] = {}
        for name in names if turn % 2 == 0 else reversed(names):
            say(f"round {turn + 1} of {number}: {name}")
            found |= sides.all[name](Watch())
        rounds.append(found)
    return rounds


def say(what: str) -> None:
    """Progress on a terminal, nowhere else."""
    if sys.stderr.isatty():
        print(f"\r\033[K{what}", end="", file=sys.stderr, flush=True)


def _build() -> Path:
    BUILD.mkdir(exist_ok=True)
    return BUILD


if __name__ == "__main__":
    sys.exit(main())
