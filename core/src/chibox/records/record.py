"""A record: a fact that was stated, a frozen struct of one kind; and what its kind declares for ever."""

import datetime as dt
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Final, Literal, NamedTuple, TypeVar

import msgspec

from chibox.records.canonical import CanonicalError, parse
from chibox.records.envelope import MAX_KIND
from chibox.records.typetext import default_text, holds_numbers, type_text

GoesUp = Literal["envelope", "counts", "parts"]  # the most that may leave for the parent
KIND_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.[1-9][0-9]*\Z")
BODY = "body"
MAX_BODY = 1 << 20


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of every kind. A field left at its default is not written and states no fact."""

    KIND: ClassVar["Kind"]


class Fact(NamedTuple):
    """A dated fact that a kind states.

    `field` of the record is true from the date in its field `since` (None: as long as is known) until the date in its
    field `until` (None: until further notice), both as stated, never computed from a later fact.
    """

    field: str
    since: str | None = None
    until: str | None = None


class Kind(msgspec.Struct, frozen=True):
    """What a kind declares. Frozen in the plugin's `kinds.lock`; a kind evolves by a new number.

    `opaque`: kind, subject, actor and time stay out of the envelope. `day`: the field that dates it (None: the time of
    the entry). `corrects`: its facts end the stretches of the same fields of the records it refers to. `final`: an undo
    may not cross it.
    """

    name: str
    record: type[Record]
    opaque: bool = False
    day: str | None = None
    facts: tuple[Fact, ...] = ()
    goes_up: GoesUp = "envelope"
    corrects: bool = False
    final: bool = False

    @property
    def plugin(self) -> str:
        """The name of the plugin that owns the kind."""
        return self.name.partition(".")[0]

    def fingerprint(self) -> str:
        """A digest of the fields and of all that is declared: what `kinds.lock` holds."""
        fields = [(f.encode_name, type_text(f.type), default_text(f)) for f in msgspec.structs.fields(self.record)]
        declared = [self.opaque, self.day, [list(f) for f in self.facts], self.goes_up, self.corrects, self.final]
        return hashlib.sha256(msgspec.json.encode([self.name, sorted(fields), declared])).hexdigest()


R = TypeVar("R", bound=Record)


def kind(
    name: str,
    *,
    opaque: bool = False,
    day: str | None = None,
    facts: Iterable[Fact | str] = (),
    goes_up: GoesUp = "envelope",
    corrects: bool = False,
    final: bool = False,
) -> Callable[[type[R]], type[R]]:
    """Declare a Struct as the kind `name`, e.g. `membership.moved.1`; a fact given by its field's name is true from `day` on.

    Raises TypeError for a name that is none of a kind, for a field that is not there, and for one stated as two facts.
    """
    if not KIND_NAME.match(name) or len(name) > MAX_KIND:
        raise TypeError(f"{name!r} is no name of a kind: <plugin>.<past tense>.<n>")
    stated = tuple(f if isinstance(f, Fact) else Fact(f, day) for f in facts)

    def declare(record: type[R]) -> type[R]:
        named = {day, *(n for f in stated for n in f)} - {None}
        if missing := named - set(record.__struct_fields__):
            raise TypeError(f"{name}: no field {sorted(missing, key=str)}")
        if len({fact.field for fact in stated}) < len(stated):
            raise TypeError(f"{name}: a field is stated as two facts")
        record.KIND = Kind(name, record, opaque, day, stated, goes_up, corrects, final)
        return record

    return declare


class Kinds:
    """All kinds that this box knows, by name."""

    def __init__(self, records: Iterable[type[Record]]) -> None:
        self._known: dict[str, Kind] = {}
        self._bodies: dict[str, msgspec.json.Decoder[Any]] = {}
        for record in records:
            self.add(record.KIND)

    def add(self, declared: Kind) -> None:
        """Make a kind known. Raises ValueError when another record already bears its name."""
        before = self._known.get(declared.name)
        if before is not None and before.record is not declared.record:
            raise ValueError(f"two records bear the kind {declared.name}")
        self._known[declared.name] = declared
        body = msgspec.defstruct("Body", [("c", dict[str, Any]), ("f", declared.record)], forbid_unknown_fields=True)
        self._bodies[declared.name] = msgspec.json.Decoder(body)

    def get(self, name: str) -> Kind | None:
        """The kind of that name, or None."""
        return self._known.get(name)

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._known.values())

    def decode(self, name: str, body: bytes) -> tuple[dict[str, Any], Record] | None:
        """Context and record of a stored body; None when the kind is not known or the body is not one of it."""
        decoder = self._bodies.get(name)
        if decoder is None:
            return None
        try:
            read = decoder.decode(body)
        except msgspec.MsgspecError:
            return None
        return read.c, read.f

    def fingerprint(self) -> str:
        """A digest over all kinds: when it changes, the index over the log is built again."""
        names = sorted((k.name, k.fingerprint()) for k in self)
        return hashlib.sha256(msgspec.json.encode(names)).hexdigest()[:16]


_encoder = msgspec.json.Encoder(order="sorted")
_decoders: dict[type[Record], msgspec.json.Decoder[Any]] = {}
_ESCAPED: Final = re.compile(rb"\\(.)")  # in JSON a backslash always begins a pair


class BodyError(ValueError):
    """What was stated cannot be kept as it stands: it would not read the same for ever."""


class Unreadable(BodyError):
    """The values of a record do not fit its own types: whoever stated it made a mistake, and nobody could read it again."""


def encode_body(context: bytes, record: Record) -> bytes:
    """The part `body`: canonical JSON of context (already encoded) and fields.

    Raises BodyError for text that is not NFC or holds control characters (line feed and tab aside), for integers beyond
    2**53-1, and for a body above 1 MiB; Unreadable for values that are not of the record's types.
    """
    try:
        fields = _encoder.encode(record)
    except UnicodeEncodeError:
        raise BodyError("a text holds half a character") from None
    body = b'{"c":' + context + b',"f":' + fields + b"}"
    if len(body) > MAX_BODY:
        raise BodyError("it holds more than 1 MiB; more belongs into a file")
    if not body.isascii() and not unicodedata.is_normalized("NFC", body.decode()):
        raise BodyError("a text is not NFC")
    if (b"\\" in body and any(sign in b"bfru" for sign in _ESCAPED.findall(body))) or b"\x7f" in body:
        raise BodyError("a text holds a control character")
    if holds_numbers(type(record)):
        try:
            parse(body, limit=MAX_BODY)
        except CanonicalError as error:
            raise BodyError(str(error)) from None
    _read_back(fields, record)
    return body


def _read_back(fields: bytes, record: Record) -> None:
    """Raises Unreadable unless the fields as they are kept give the record again: a struct takes whatever it is made of."""
    shape = type(record)
    decoder = _decoders.get(shape)
    if decoder is None:
        decoder = _decoders[shape] = msgspec.json.Decoder(shape)
    try:
        same = decoder.decode(fields) == record
    except msgspec.MsgspecError as error:
        raise Unreadable(str(error)) from None
    if not same:
        raise Unreadable("a value is kept as another one")


def encode_context(context: dict[str, Any]) -> bytes:
    """Canonical JSON of a context."""
    return _encoder.encode(context)


def day_of(declared: Kind | None, record: Record | None) -> dt.date | None:
    """The day that the record itself names, or None."""
    if declared is None or record is None or declared.day is None:
        return None
    value = getattr(record, declared.day)
    return value if isinstance(value, dt.date) else None
