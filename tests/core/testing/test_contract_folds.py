"""Folds that break the contract are named: impure, in need of a body, not the same when folded again."""

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.core.testing.specimens import odd, things

from chibox.testing.contract import folds

_seen: list[Any] = []


def opens(row: Any, entry: Any) -> Any:
    """Reads a file."""
    Path(__file__).read_text()


def remembers(row: Any, entry: Any) -> Any:
    """Gives another row each time."""
    _seen.append(entry)
    return remembers.row(entry.subject, str(len(_seen)))  # type: ignore[attr-defined]


def looks_at_the_clock(row: Any, entry: Any) -> Any:
    """Depends on the day on which it is folded."""
    return looks_at_the_clock.row(entry.subject, dt.date.today().isoformat())  # type: ignore[attr-defined]  # noqa: DTZ011


def throws_dice(row: Any, entry: Any) -> Any:
    """Depends on chance."""
    return throws_dice.row(entry.subject, str(random.random()))  # type: ignore[attr-defined]


def scribbles(row: Any, entry: Any) -> Any:
    """Changes what it was given."""
    entry.context["seen"] = True
    return row


def gives_no_row(row: Any, entry: Any) -> Any:
    """Gives something else."""
    return entry.subject


def mistypes(row: Any, entry: Any) -> Any:
    """Gives a row whose name is a number."""
    return mistypes.row(entry.subject, 3)  # type: ignore[attr-defined]


def raises(row: Any, entry: Any) -> Any:
    """Always raises."""
    raise KeyError(entry.subject)


@pytest.mark.parametrize(
    ("fold", "said"),
    [
        (opens, "must not do this: open"),
        (remembers, "one row or key now and another"),
        (looks_at_the_clock, "asks for today"),
        (throws_dice, "asks for random"),
        (scribbles, "changes what it is given"),
        (gives_no_row, "which is no row"),
        (mistypes, "another type"),
        (raises, "raises KeyError"),
    ],
)
def test_an_impure_fold_is_named(tmp_path: Path, fold: Callable[..., Any], said: str) -> None:
    """By its module and its name."""
    faults = folds.folds_are_pure(odd(tmp_path, (), things(fold)))
    assert any(said in fault and fold.__name__ in fault for fault in faults), faults


def test_a_fold_that_needs_a_body_is_named(tmp_path: Path) -> None:
    """So is a keys function that does."""

    def needs_a_body(row: Any, entry: Any) -> Any:
        return needs_a_body.row(entry.subject, entry.body.name)  # type: ignore[attr-defined]

    def copes(row: Any, entry: Any) -> Any:
        return row

    for projection in (things(needs_a_body), things(copes, keys=lambda entry: [(entry.body.name,)])):
        (fault,) = folds.folds_cope_without_a_body(odd(tmp_path, (), projection))
        assert "without a body it raises AttributeError" in fault


def test_a_fold_that_depends_on_the_order_of_coming_is_named(tmp_path: Path) -> None:
    """Counting what was folded is not the same after folding again."""

    def counts(row: Any, entry: Any) -> Any:
        _seen.append(entry.position)
        return counts.row(entry.subject, str(len(_seen)))  # type: ignore[attr-defined]

    found = odd(tmp_path, (), things(counts))
    assert folds.folding_again_gives_the_same(found)
    assert "seed 0" in folds.folding_again_gives_the_same(found)[0]
