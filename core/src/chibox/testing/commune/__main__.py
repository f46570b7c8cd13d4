"""Prints a short summary of a synthetic commune: python -m chibox.testing.commune --size usual --seed 1."""

import argparse
import sys
from collections import Counter
from datetime import date
from time import perf_counter

from chibox.testing.commune import SIZES, Commune, commune
from chibox.testing.commune.history import Past, history
from chibox.testing.dice import later


def summary(its: Commune, past: Past) -> str:
    """A dozen lines: who, how many, how old, in what state, and what happened."""
    people = its.members
    sizes = sorted(cell.members for cell in its.cells)
    ages = Counter(min(90, max(20, (its.today - person.born_on).days // 3653 * 10)) for person in people)
    counted: dict[str, Counter[str]] = {
        "states": Counter(person.status for person in people),
        "sexes": Counter(person.sex for person in people),
        "ethnic groups": Counter(person.ethnic_group for person in people),
        "religions": Counter(person.religion for person in people),
        "happenings": Counter(told.what for told in past.happenings),
    }
    probationary = sum(person.official_on is None and person.departure is None for person in people)
    lines = [
        f"{its.name}, {its.province}; seed {its.seed}, today {its.today:%d/%m/%Y}",
        f"{len(people)} people in {len(sizes)} cells of {sizes[0]} to {sizes[-1]}, {probationary} probationary",
        "ages: " + ", ".join(f"{age}+ {number}" for age, number in sorted(ages.items())),
        *(f"{what}: " + ", ".join(f"{key} {n}" for key, n in found.most_common()) for what, found in counted.items()),
        f"over 60: {sum(later(person.born_on, 60) <= its.today for person in people)}",
        f"{len(past.happenings)} happenings, {sum(_late(told.recorded, told.true) for told in past.happenings)} late",
        *(f"{someone.role}: {someone.full_name}" for someone in its.staff),
    ]
    return "\n".join(lines) + "\n"


def _late(recorded: date, true: date) -> bool:
    return (recorded - true).days >= 60


def main() -> None:
    """Make the commune that the arguments name, and print its summary."""
    parser = argparse.ArgumentParser(prog="chibox.testing.commune", description=main.__doc__)
    parser.add_argument("--size", choices=SIZES, default="usual")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=date.fromisoformat, default=date(2026, 11, 25))
    asked = parser.parse_args()
    begun = perf_counter()
    its = commune(asked.size, seed=asked.seed, today=asked.today)
    past = history(its)
    sys.stdout.write(summary(its, past))
    sys.stdout.write(f"made in {perf_counter() - begun:.2f} s\n")


if __name__ == "__main__":
    main()
