"""Random records of any kind, and a log in memory: what the contract tests of folds are made of."""

import datetime as dt
import random
import types
from collections.abc import Callable
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from chibox.records.envelope import HOUR, SEALED, Envelope, encode
from chibox.records.record import Kind, Record, encode_body, encode_context

_GIVEN = 0.6  # how often an optional field is given
WORDS = ("", "a", "Đặng Hữu Đễ", "H’Nhuôn", "thôn Đông", "12", "x" * 40)


def random_id(rng: random.Random) -> str:
    """An id from the given source: the same seed, the same id."""
    return f"{rng.getrandbits(128):032x}"


def random_record(kind: Kind, rng: random.Random, *, day: dt.date, ids: list[str]) -> Record:
    """A record of `kind` with plausible values; dates stand within two years around `day`, ids come from `ids`."""
    hints = get_type_hints(kind.record, include_extras=False)
    values = {
        field.name: random_value(hints[field.name], rng, day=day, ids=ids)
        for field in msgspec.structs.fields(kind.record)
        if field.required or rng.random() < _GIVEN
    }
    return kind.record(**values)


def random_value(annotation: Any, rng: random.Random, *, day: dt.date, ids: list[str]) -> Any:
    """A value of that type. Raises TypeError for a type that no record should hold."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return random_value(get_args(annotation)[0], rng, day=day, ids=ids)
    if origin in (Union, types.UnionType):
        options = [a for a in get_args(annotation) if a is not msgspec.UnsetType]
        return random_value(rng.choice(options), rng, day=day, ids=ids)
    if origin is Literal:
        return rng.choice(get_args(annotation))
    if origin in (tuple, list):
        return origin(random_value(get_args(annotation)[0], rng, day=day, ids=ids) for _ in range(rng.randrange(3)))
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        hints = get_type_hints(annotation)
        return annotation(**{f: random_value(hints[f], rng, day=day, ids=ids) for f in annotation.__struct_fields__})
    makers: dict[Any, Callable[[], Any]] = {
        str: lambda: rng.choice((*WORDS, rng.choice(ids))),
        int: lambda: rng.randrange(100),
        bool: lambda: rng.choice((False, True)),
        dt.date: lambda: day + dt.timedelta(days=rng.randrange(-400, 300)),
        types.NoneType: lambda: None,
    }
    if annotation not in makers:
        raise TypeError(f"a record holds plain values, not {annotation}")
    return makers[annotation]()


class MemoryLog:
    """Entries and bodies in two lists: the engine's source in tests. No tree, no signature."""

    def __init__(self) -> None:
        self.envelopes: list[bytes] = []
        self.bodies: list[bytes | None] = []

    def entry(self, position: int) -> bytes:
        """The envelope's bytes."""
        return self.envelopes[position]

    def body(self, position: int) -> bytes | None:
        """The body's bytes, or None."""
        return self.bodies[position]

    def drop(self, position: int) -> None:
        """The body is gone."""
        self.bodies[position] = None

    def add(
        self,
        record: Record,
        *,
        rid: str,
        act: str,
        subject: str,
        case: str,
        by: str,
        time: int,
        refs: tuple[str, ...] = (),
    ) -> int:
        """Append one record as the writer would; returns its position."""
        kind, unit, parts = record.KIND, "0" * 32, {"body": "0" * 64}
        context: dict[str, Any] = {}
        envelope = Envelope(act, by, kind.name, parts, refs, rid, subject, time, unit)
        if kind.opaque:
            hidden = {"kind": kind.name, "subject": subject, "by": by, "unit": unit, "time": time}
            context = {**hidden, "refs": list(refs)}
            envelope = Envelope(act, unit, SEALED, parts, (), rid, case, time // HOUR * HOUR, unit)
        self.bodies.append(encode_body(encode_context(context), record))
        self.envelopes.append(encode(envelope))
        return len(self.envelopes) - 1
