"""Opaque kinds: whoever reads the log learns neither whom an entry is about, nor who stood where in a list."""

import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from chibox.commands import Asked
from chibox.plugins import Plugins
from chibox.records.core import CORE_RECORDS
from chibox.records.envelope import SEALED as SEALED_KIND
from chibox.records.envelope import decode
from chibox.records.record import Record
from chibox.records.stated import state
from chibox.testing.boxes import TODAY, Sandbox, sandbox, seeded
from chibox.testing.contract.subject import Check, Subject
from chibox.testing.records import random_record

Script = Callable[[Sandbox, Sequence[str]], None]
PEOPLE: Final = 12
_SEED: Final = 7


def opaque_kinds_pass_the_swap_test(plugin: Subject) -> list[str]:
    """Every opaque kind stated about a roll of people: with two of them exchanged the log is the same but for commitments."""
    opaque = [r for r in plugin.records if r.KIND.opaque and r not in CORE_RECORDS]  # those change what others mean
    if not opaque:
        return []

    def script(made: Sandbox, people: Sequence[str]) -> None:
        rng = random.Random(_SEED)
        for record in opaque:
            bodies = [random_record(record.KIND, rng, day=TODAY, ids=[made.root]) for _ in people]
            _state(made, plugin.name, list(zip(bodies, people, strict=True)))
            for body, person in zip(bodies, people, strict=True):
                _state(made, plugin.name, [(body, person)])

    return check_swap(plugin.plugins, script)


def check_swap(plugins: Plugins, script: Script) -> list[str]:
    """Run a script twice in new boxes of one seed, with two of its subjects exchanged; what the two logs tell apart.

    `script(sandbox, subjects)` asks whatever makes opaque records about the subjects (ids), in their order. What depends on
    a subject in clear (an open record about one of them) is a fault too: leave such acts out, or ask them for everybody.
    """
    people = [seeded(n)(16).hex() for n in range(PEOPLE)]
    swapped = [people[1], people[0], *people[2:]]
    logs = []
    with tempfile.TemporaryDirectory() as folder:
        for name, some in (("one", people), ("two", swapped)):
            with sandbox(Path(folder) / name, plugins, seed=_SEED) as made:
                start = made.box.log.size
                script(made, some)
                entries = [made.entry(position) for position in range(start, made.box.log.size)]
                logs.append([_without_commitments(made, position) for position in range(made.box.log.size)])
                faults = _in_order(entries, some)
    if logs[0] != logs[1]:
        pairs = zip(logs[0], logs[1], strict=False)
        at = next((n for n, (a, b) in enumerate(pairs) if a != b), min(map(len, logs)))
        faults.append(f"entry {at} tells two people apart")
    return faults


def _state(made: Sandbox, plugin: str, some: list[tuple[Record, str]]) -> None:
    stated = [state(record, person, made.root) for record, person in some]
    asked = Asked(actor=made.administrator, act=made.random(16).hex())
    read = made.box.read_inside(made.administrator)
    made.box.writer.submit(lambda: made.box.turns.append(asked, stated, read, plugin, None, None)).result()


def _without_commitments(made: Sandbox, position: int) -> Any:
    envelope = decode(made.box.log.entry(position))
    return msgspec.structs.replace(envelope, parts=dict.fromkeys(envelope.parts, ""))


def _in_order(entries: Sequence[Any], people: Sequence[str]) -> list[str]:
    """The opaque acts about the whole roll whose entries stand in its order."""
    acts: dict[str, list[str]] = {}
    for entry in entries:
        if entry.case != entry.subject or entry.kind == SEALED_KIND:
            acts.setdefault(entry.act, []).append(entry.subject)
    return [
        f"an act of {len(some)} entries keeps the order of the roll" for some in acts.values() if some == list(people)
    ]


SEALED: Final[tuple[Check, ...]] = (opaque_kinds_pass_the_swap_test,)
