"""Reading dated facts: what was true on a day, as known now or as this box knew it then."""

import datetime as dt
import sqlite3
from collections.abc import Collection, Sequence
from functools import lru_cache

import msgspec

_PART = 500


class KnownFact(msgspec.Struct, frozen=True, gc=False):
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
    days = () if day is None else (day.isoformat(),) * 2
    ends = () if known is None else (known, known)
    for part in _parts(subjects):
        query = _query(_count(fields), _count(part), bool(days), bool(ends))
        arguments = (box, *(fields or ()), *(part or ()), *days, *ends)
        for subject, field, value, since, until, rid, position in connection.execute(query, arguments):
            new = KnownFact(value, since, until, rid, position)
            of_subject = found.setdefault(subject, {})
            held = of_subject.get(field)
            if held is None or _rank(held) < _rank(new):
                of_subject[field] = new
    return found


def _rank(fact: KnownFact) -> tuple[str, int]:
    return fact.since or "", fact.position


def _count(some: Collection[str] | None) -> int | None:
    return None if some is None else len(some)


def _parts(subjects: Collection[str] | None) -> Sequence[Collection[str] | None]:
    """The subjects by some hundred; None stands for all."""
    if subjects is None or len(subjects) <= _PART:
        return [subjects]
    some = list(subjects)
    return [some[i : i + _PART] for i in range(0, len(some), _PART)]


@lru_cache(maxsize=256)
def _query(fields: int | None, subjects: int | None, dated: bool, past: bool) -> str:
    """The statement for so many fields and subjects (None: all), on a day or whatever the day, as known then or now."""
    where = ["box=?"]
    if fields is not None:
        where.append(f"field IN ({', '.join('?' * fields)})")
    if subjects is not None:
        where.append(f"subject IN ({', '.join('?' * subjects)})")
    if dated:
        where.append("(since IS NULL OR since<=?) AND (until IS NULL OR until>?)")
    where.append("known_from<=? AND (known_until IS NULL OR known_until>?)" if past else "known_until IS NULL")
    return f"SELECT subject, field, value, since, until, rid, position FROM fact WHERE {' AND '.join(where)}"
