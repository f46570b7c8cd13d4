"""Verifying an evidence pack: a receipt of many entries, in no row and of any acts, with what tells of them in words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chibox.errors import Words, words
from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import BODY, Envelope
from chibox.records.pack_wording import OVERVIEW, README, pack_words, read_overview, said
from chibox.records.parts import Part
from chibox.records.verify.rules import part_faults

Entries = Sequence[tuple[int, bytes, Envelope]]
Parts = Mapping[int, Mapping[str, Part]]


def is_pack(members: Mapping[str, bytes]) -> bool:
    """Whether a zip is a pack and no receipt. Raises ValueError for one that wants to be both, or lacks its overview."""
    if README in members or OVERVIEW in members:
        if not (README in members and OVERVIEW in members) or "receipt.txt" in members:
            raise ValueError(f"{README} and {OVERVIEW} stand in an evidence pack, and receipt.txt does not")
        return True
    return False


def rebuilt(entries: Entries, parts: Parts, checkpoint: Checkpoint, vkey: str) -> bytes:
    """What `readme.txt` has to say of the rest."""
    given = sum(bool(parts.get(position)) for position, _, _ in entries)
    return pack_words(len(entries), given, checkpoint, vkey).encode()


def overview_faults(data: bytes, entries: Entries, parts: Parts) -> Iterator[tuple[str, Words]]:
    """Each line of the overview that says something else than the entries and their contents, and each that is missing.

    A content that does not answer to its entry is a fault of its own; nothing is held against it here.
    """
    try:
        lines = read_overview(data)
    except ValueError as error:
        yield OVERVIEW, words("it cannot be read: {why}", why=str(error))
        return
    told: dict[int, set[str]] = {}
    stated = {position: _stated(envelope, parts.get(position, {})) for position, _, envelope in entries}
    for number, line in enumerate(lines, 2):
        told.setdefault(line.position, set()).add(line.field)
        entry = stated.get(line.position)
        if entry is None:
            yield OVERVIEW, words("line {number}: entry {entry} is not in the pack", number=number, entry=line.position)
            continue
        recorded, kind, fields = entry
        if (line.recorded, line.kind) != (recorded, kind) or (fields or {"": ""}).get(line.field) != line.value:
            yield (
                OVERVIEW,
                words("line {number}: entry {entry} says something else", number=number, entry=line.position),
            )
    for position, (_, _, fields) in stated.items():
        if missing := set(fields or {"": ""}) - told.get(position, set()):
            yield (
                OVERVIEW,
                words("entry {entry} says more: {fields}", entry=position, fields=", ".join(sorted(missing))),
            )


def _stated(envelope: Envelope, parts: Mapping[str, Part]) -> tuple[str, str, dict[str, str]]:
    body: Any = None
    if BODY in parts and not any(part_faults(envelope, parts)):
        body = json.loads(parts[BODY].data)
    return said(envelope, body)
