"""What is held about a person under somebody else's name: a plugin that folds it there can also find it for an erasure."""

import random
import tempfile
from pathlib import Path
from typing import Any, Final

from chibox.commands import Asked
from chibox.identity.classes import classes_of
from chibox.projections.folds import Fold
from chibox.records.stated import Entry, state
from chibox.testing.boxes import TODAY, Sandbox, sandbox
from chibox.testing.contract.subject import Check, Subject
from chibox.testing.records import random_id, random_record

_TRIES: Final = 60
_HOOK: Final = "held_on"


def what_is_held_under_others_is_found(plugin: Subject) -> list[str]:
    """A record with personal fields that a fold files under a person who is not its subject is found by `held_on`."""
    found = [(fold, entry) for fold in plugin.folds if (entry := _about_another(plugin, fold)) is not None]
    if not found:
        return []
    if _HOOK not in plugin.hooks:
        return [
            f"{fold.kind}: tells of a person under another subject, and there is no hook {_HOOK} that finds it"
            for fold, _ in found
        ]
    with (
        tempfile.TemporaryDirectory() as folder,
        sandbox(Path(folder) / "box", plugin.plugins) as made,
    ):
        return [fault for fold, entry in found for fault in _missed(made, plugin, fold, entry)]


def _about_another(plugin: Subject, fold: Fold) -> Entry[Any] | None:
    """An entry of the fold's kind, about its `subject`, that the fold files under `by`: here the person of whom it tells."""
    record = plugin.known[fold.kind]
    if fold.keys is None or record not in plugin.records or not set(classes_of(record).values()) - {"plain"}:
        return None
    rng = random.Random(f"{plugin.name} {fold.kind}")
    subject, unit, person = (random_id(rng) for _ in range(3))
    for _ in range(_TRIES):
        body = random_record(record.KIND, rng, day=TODAY, ids=[person])
        entry = Entry(
            position=1, rid=random_id(rng), act=random_id(rng), kind=fold.kind, time=1_790_000_000_000, unit=unit,
            subject=subject, by=person, refs=(), case=subject, context={}, body=body,
        )  # fmt: skip
        if any(person in key for key in fold.raw_keys(entry)):
            return entry
    return None


def _missed(made: Sandbox, plugin: Subject, fold: Fold, entry: Entry[Any]) -> list[str]:
    """The fault when what was stated is not found for the person."""
    assert entry.body is not None
    stated = [state(entry.body, entry.subject, made.root)]
    asked = Asked(actor=made.administrator, act=made.random(16).hex())
    read = made.box.read_inside(made.administrator)  # as a decision of the plugin would state it
    turn = made.box.turns.append
    answer = made.box.writer.submit(lambda: turn(asked, stated, read, plugin.name, None, None)).result()
    with made.reading() as looked:
        held = plugin.hooks[_HOOK](looked, entry.by)
    if made.entry(answer.first).rid in held.records:
        return []
    return [f"{fold.kind}: tells of a person under another subject, and {_HOOK} does not find it"]


HELD: Final[tuple[Check, ...]] = (what_is_held_under_others_is_found,)
