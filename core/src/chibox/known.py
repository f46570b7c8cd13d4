"""Reading dated facts: what was true on a day, as known now or as this box knew it then."""

import datetime as dt
import sqlite3
from collections.abc import Collection
from typing import NamedTuple

_PART = 500


class KnownFact(NamedTuple):
    """A fact that holds: its value as text (None: stated to be empty), since when as stated, who stated it where."""

    value: str | None
    since: str | None
    until: str | None
    rid: str
    position: int


def facts_on(
    connection: sqlite3.Connection,
    box: int,
    *,
    subjects: Collection[str] | None,
    fields: Collection[str] | None,
    day: dt.date | None,
    known: int | None,
) -> dict[str, dict[str, KnownFact]]:
    """Subject -> field -> the fact that holds on `day` (None: whatever its day), as known at position `known` (None: now).

    Of the facts that hold the latest `since` wins, then the latest position. `subjects` None: all of the box.
    """
    found: dict[str, dict[str, KnownFact]] = {}
    parts: list[list[str] | None] = [None]
    if subjects is not None:
        some = list(subjects)
        parts = [some[i : i + _PART] for i in range(0, len(some), _PART)]
    for part in parts:
        query, arguments = _query(box, part, fields, day, known)
        for subject, field, *fact in connection.execute(query, arguments):
            held, new = found.setdefault(subject, {}), KnownFact(*fact)
            if field not in held or _rank(held[field]) < _rank(new):
                held[field] = new
    return found


def _rank(fact: KnownFact) -> tuple[str, int]:
    return fact.since or "", fact.position


def _query(
    box: int, subjects: list[str] | None, fields: Collection[str] | None, day: dt.date | None, known: int | None
) -> tuple[str, list[object]]:
    where = ["box=?"]
    args: list[object] = [box]
    if fields is not None:
        where.append(f"field IN ({', '.join('?' * len(fields))})")
        args += fields
    if subjects is not None:
        where.append(f"subject IN ({', '.join('?' * len(subjects))})")
        args += subjects
    if day is not None:
        where.append("(since IS NULL OR since<=?) AND (until IS NULL OR until>?)")
        args += [day.isoformat(), day.isoformat()]
    if known is None:
        where.append("known_until IS NULL")
    else:
        where.append("known_from<=? AND (known_until IS NULL OR known_until>?)")
        args += [known, known]
    columns = "subject, field, value, since, until, rid, position"
    return f"SELECT {columns} FROM fact WHERE {' AND '.join(where)}", args
