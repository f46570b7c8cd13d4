"""The ends of a log that were given up: which checkpoints a later generation does not go on from, and since when."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

from chibox.clock import day
from chibox.records import canonical
from chibox.records.checkpoints import Checkpoint, split_origin
from chibox.records.envelope import decode
from chibox.records.log import LogReader
from chibox.records.notes import split_note
from chibox.records.parts import MAX_BODY


class GivenUp(NamedTuple):
    """An end: from `shared` on, what `generation` had was left on the day `on`; `orphans` are the checkpoints given out of it."""

    generation: int
    shared: int
    on: dt.date
    orphans: tuple[Checkpoint, ...]


def given_up(connection: sqlite3.Connection) -> Iterator[GivenUp]:
    """One for each generation that was closed, oldest first, as the entry says by which the next one was opened."""
    lineage = LogReader(connection).lineage
    for closed in lineage.closed:
        generation = closed.head.generation
        after = LogReader(connection, generation=lineage.after(generation))
        orphans = [
            Checkpoint.parse(split_note(str(note).encode())[0]) for note in _fields(after, closed.shared)["orphans"]
        ]
        mine = tuple(one for one in orphans if split_origin(one.origin)[1] == generation)
        yield GivenUp(generation, closed.shared, day(decode(after.entry(closed.shared)).time), mine)


def first_key(reader: LogReader) -> str:
    """The key (base64) by which a generation began to sign: in the founding entry, or in the one that opened it."""
    return str(_fields(reader, reader.lineage.first_of(reader.lineage.generation))["key"])


def _fields(reader: LogReader, position: int) -> dict[str, Any]:
    body = reader.body(position)
    value = canonical.parse(body or b"", limit=MAX_BODY)
    if not isinstance(value, dict) or not isinstance(value.get("f"), dict):
        raise ValueError(f"the body at {position} has no fields")  # noqa: TRY004 - as any parser of foreign bytes
    fields: dict[str, Any] = value["f"]
    return fields
