"""Folds: pure, content with every log, and the same whichever way a log comes."""

import copy
import datetime as dt
import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import msgspec

from chibox.projections.folds import Fold
from chibox.records.core import CORE_RECORDS
from chibox.records.stated import Entry
from chibox.testing.boxes import TODAY
from chibox.testing.contract.subject import Check, Subject
from chibox.testing.folding import check_folds
from chibox.testing.records import random_id, random_record

SEEDS: Final = 200 if os.environ.get("CHIBOX_LONG") else 12
TIME: Final = 1_790_000_000_000
_CLOCKS: Final = frozenset(
    {"today", "now", "utcnow", "time", "time_ns", "monotonic", "urandom", "uuid4", "token_hex", "random"}
)
_LOUD: Final = ("open", "socket.", "sqlite3.", "subprocess.", "os.system", "urllib.")


def folds_are_pure(plugin: Subject) -> list[str]:
    """The same row and entry give the same row, now and again; nothing is read, opened, sent or changed."""
    faults: list[str] = []
    for fold in plugin.folds:
        faults += [f"{_name(fold)}: asks for {word}" for word in sorted(_asked(fold) & _CLOCKS)]
        for entry, row in _meetings(plugin, fold):
            faults += _twice(fold, entry, row)
    return sorted(set(faults))


def folds_cope_without_a_body(plugin: Subject) -> list[str]:
    """A withheld or erased body raises nothing, whether there is a row or not, and gives a row of the table or none."""
    faults: list[str] = []
    for fold in plugin.folds:
        for entry, row in _meetings(plugin, fold):
            faults += _tried(fold, msgspec.structs.replace(entry, body=None), row)
    return sorted(set(faults))


def folding_again_gives_the_same(plugin: Subject) -> list[str]:
    """Random logs with undo, joins, erasures, late facts and bodies: step by step as from nothing, in batches of any size."""
    records = [r for r in plugin.known.values() if r not in CORE_RECORDS and _concerns(plugin, r.KIND.name)]
    if not plugin.projections or not records:
        return []
    faults = []
    for seed in range(SEEDS):
        try:
            check_folds(records, plugin.projections, seed)
        except AssertionError as error:
            faults.append(str(error))
    return faults[:3]


def _concerns(plugin: Subject, kind: str) -> bool:
    return kind.partition(".")[0] == plugin.name or any(kind in p.folds for p in plugin.projections)


def _meetings(plugin: Subject, fold: Fold) -> Iterator[tuple[Entry[Any], Any]]:
    """Entries of the fold's kind, each with a row that the folds before made of others, or none."""
    rng = random.Random(f"{plugin.name} {fold.kind}")
    others = [other for other in plugin.folds if other.table is fold.table]
    for _ in range(SEEDS):
        row = None
        for other in rng.sample(others, k=min(len(others), rng.randrange(3))):
            entry = _entry(plugin, other.kind, rng)
            try:
                row = other.function(row, entry)
            except Exception:  # noqa: BLE001  that one's fault is found under its own name
                row = None
        yield _entry(plugin, fold.kind, rng), row


def _entry(plugin: Subject, kind: str, rng: random.Random) -> Entry[Any]:
    ids = [random_id(rng) for _ in range(3)]
    day = dt.date(TODAY.year, TODAY.month, TODAY.day)
    body = random_record(plugin.known[kind].KIND, rng, day=day, ids=ids)
    refs = (f"r{random_id(rng)}",) if rng.random() < 0.5 else ()
    return Entry(
        position=rng.randrange(1000), rid=random_id(rng), act=random_id(rng), kind=kind, time=TIME + rng.randrange(10**9),
        unit=ids[0], subject=ids[1], by=ids[2], refs=refs, case=ids[1], context={}, body=body,
    )  # fmt: skip


def _twice(fold: Fold, entry: Entry[Any], row: Any) -> list[str]:
    before = (copy.deepcopy(entry.context), copy.deepcopy(row))
    try:
        with _quiet():
            first, again = fold.function(row, entry), fold.function(row, entry)
            keys = [fold.raw_keys(entry), fold.raw_keys(entry)]
    except Exception as error:  # noqa: BLE001  a plugin's fold may raise anything
        return [f"{_name(fold)}: raises {type(error).__name__}: {error}"]
    faults = _of_row(fold, first)
    if first != again or keys[0] != keys[1]:
        faults.append(f"{_name(fold)}: gives one row or key now and another one then")
    if (entry.context, row) != before:
        faults.append(f"{_name(fold)}: changes what it is given")
    return faults


def _tried(fold: Fold, entry: Entry[Any], row: Any) -> list[str]:
    try:
        fold.raw_keys(entry)
        return _of_row(fold, fold.function(row, entry))
    except Exception as error:  # noqa: BLE001  a plugin's fold may raise anything
        return [f"{_name(fold)}: without a body it raises {type(error).__name__}: {error}"]


def _of_row(fold: Fold, row: Any) -> list[str]:
    if row is None:
        return []
    if not isinstance(row, fold.table.row):
        return [f"{_name(fold)}: gives {row!r}, which is no row"]
    try:
        msgspec.convert(msgspec.to_builtins(row), fold.table.row)
    except (msgspec.ValidationError, TypeError) as error:
        return [f"{_name(fold)}: gives a row with a field of another type: {error}"]
    return []


def _name(fold: Fold) -> str:
    return f"{fold.function.__module__}.{fold.function.__name__}"


def _asked(fold: Fold) -> set[str]:
    """The names that the code of a fold and of its keys looks up."""
    functions: list[Callable[..., Any]] = [fold.function, *([fold.keys] if fold.keys is not None else [])]
    return {name for function in functions if hasattr(function, "__code__") for name in function.__code__.co_names}


_listening: list[bool] = []


def _listen(event: str, _: tuple[Any, ...]) -> None:
    if _listening and event.startswith(_LOUD):
        raise RuntimeError(f"a fold must not do this: {event}")


sys.addaudithook(_listen)


@contextmanager
def _quiet() -> Iterator[None]:
    """Whatever reads a file, a database or the network raises."""
    _listening.append(True)
    try:
        yield
    finally:
        _listening.pop()


FOLDS: Final[tuple[Check, ...]] = (folds_are_pure, folds_cope_without_a_body, folding_again_gives_the_same)
