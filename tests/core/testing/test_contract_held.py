"""The contract finds a plugin that tells of a person under somebody else and cannot find it again for an erasure."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

from chibox.hooks import Held
from chibox.plugin import Entry, Ordinary, Plain, Projection, Read, Record, Row, hookimpl, kind
from chibox.testing.boxes import plugins_of
from chibox.testing.contract import Subject, held


@kind("visits.paid.1")
class Paid(Record, frozen=True):
    """A household (the subject) was visited by a guest, who said something."""

    guest: Plain[str]
    word: Ordinary[str]


@kind("visits.counted.1")
class Counted(Record, frozen=True):
    """Visits were counted; nothing about a person."""

    guest: Plain[str]


visits = Projection("visits.visits")


@visits.table("guest")
class Guest(Row, frozen=True):
    """A guest."""

    subject: str
    word: Ordinary[str | None] = None


@visits.fold(Guest, keys=lambda entry: [] if entry.body is None else [(entry.body.guest,)])
def paid(_: Guest | None, entry: Entry[Paid]) -> Guest | None:
    """The last word of a guest."""
    return None if entry.body is None else Guest(entry.body.guest, entry.body.word)


@visits.fold(Guest, keys=lambda entry: [] if entry.body is None else [(entry.body.guest,)])
def counted(row: Guest | None, entry: Entry[Counted]) -> Guest | None:
    """Nothing becomes of it."""
    return row


def plugin(finds: Callable[[Read, str], Held] | None = None) -> Subject:
    """The plugin, with this way of finding what it holds on a person, or none."""
    hooks = {"kinds": (Paid, Counted), "projections": (visits,)}
    plugins = plugins_of(visits=SimpleNamespace(kinds=hookimpl(_kinds), projections=hookimpl(_projections)))
    return Subject("visits", "visits", Path(), hooks if finds is None else hooks | {"held_on": finds}, plugins)


def _kinds() -> Sequence[type[Record]]:
    return (Paid, Counted)


def _projections() -> Sequence[Projection]:
    return (visits,)


def stated(read: Read, person: str) -> Held:
    """What guests said, by the row of the guest: the records that name them."""
    rids = [read.entry(position).rid for position in range(read.size) if _names(read.entry(position), person)]
    return Held(records=tuple(rids))


def _names(entry: Entry[Record], person: str) -> bool:
    return isinstance(entry.body, Paid) and entry.body.guest == person


def test_without_the_hook_it_is_named() -> None:
    """The kind with a personal field is; the one without is not."""
    faults = held.what_is_held_under_others_is_found(plugin())
    assert [fault.partition(":")[0] for fault in faults] == ["visits.paid.1"]
    assert "there is no hook" in faults[0]


def test_a_hook_that_finds_nothing_is_named() -> None:
    """To have the hook is not enough."""
    (fault,) = held.what_is_held_under_others_is_found(plugin(lambda _read, _person: Held()))
    assert "does not find it" in fault


def test_a_hook_that_finds_it_is_sound() -> None:
    """The record that was stated is among what it names."""
    assert held.what_is_held_under_others_is_found(plugin(stated)) == []
