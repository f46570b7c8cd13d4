"""From an HTML form to the struct of a command; what cannot be read is named field by field."""

import re
from collections.abc import Callable, Collection
from functools import cache
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

import msgspec
from litestar.datastructures import UploadFile
from msgspec import UNSET
from msgspec import inspect as shapes

from chibox.errors import Invalid, Words, words
from chibox.web import typed

T = TypeVar("T", bound=msgspec.Struct)
FORM: Final = "form"  # Meta(extra={"form": "lines" | "partial_date" | "date"}): how a text is typed
NEEDED: Final = "needed"  # Meta(extra={"needed": words("State the paper")}): said when the field is empty
WRONG: Final = "wrong"  # Meta(extra={"wrong": words("… here there are {count}")}): said when it breaks the pattern
ACT: Final = "_act"
SEEN: Final = "_seen"
_MANY = (shapes.ListType, shapes.VarTupleType, shapes.SetType, shapes.FrozenSetType)
_ID = re.compile(r"[0-9a-f]{32}\Z")


class Sent(Protocol):
    """A form or a query as litestar gives it."""

    def items(self) -> Any:
        """Every name with every value, in the order of the page."""
        ...


class Filled(msgspec.Struct, Generic[T], frozen=True):
    """A form that could be read: the command, the act that the page gave it, the position that the page had seen."""

    value: T
    act: str | None
    seen: int | None


class _Field(NamedTuple):
    name: str
    attribute: str
    type: Any
    kind: shapes.Type
    extra: dict[str, Any]
    nullable: bool
    default: Any
    required: bool


def values_of(form: Sent) -> dict[str, list[Any]]:
    """Every value of a form by its name."""
    found: dict[str, list[Any]] = {}
    for name, value in form.items():
        found.setdefault(name, []).append(value)
    return found


def parse(shape: type[T], form: Sent, *, beside: Collection[str] = ()) -> Filled[T]:
    """The command that a form means: a field that was not sent is UNSET (or its default), an empty one None.

    Raises `Invalid` naming every field that cannot be read, and why; what was typed stays in `form`. A field that the
    shape does not have is refused too, unless named in `beside` (a button, a choice of the page itself).
    """
    sent = values_of(form)
    act, seen = _act(sent.pop(ACT, [])), _seen(sent.pop(SEEN, []))
    fields = _fields(shape)
    unknown = sent.keys() - {field.name for field in fields} - set(beside)
    if unknown:
        raise Invalid("This form has fields that the box does not know: {names}", names=", ".join(sorted(unknown)))
    found: dict[str, Any] = {}
    wrong: dict[str, Words] = {}
    for field in fields:
        try:
            value = _read(field, sent.get(field.name))
        except Invalid as refusal:
            wrong[field.name] = refusal.words
        else:
            if value is not UNSET:
                found[field.attribute] = value
    if wrong:
        raise Invalid("What was sent cannot be taken yet", fields=wrong)
    return Filled(shape(**found), act, seen)


@cache
def _fields(shape: type[msgspec.Struct]) -> tuple[_Field, ...]:
    return tuple(_field(info) for info in msgspec.structs.fields(shape))


def _field(info: msgspec.structs.FieldInfo) -> _Field:
    options = shapes.type_info(info.type)
    members = options.types if isinstance(options, shapes.UnionType) else (options,)
    nullable = any(isinstance(member, shapes.NoneType) for member in members)
    kind = next(member for member in members if not isinstance(member, shapes.NoneType))
    extra: dict[str, Any] = {}
    while isinstance(kind, shapes.Metadata):
        extra = {**(kind.extra or {}), **extra}
        kind = kind.type
    return _Field(info.encode_name, info.name, info.type, kind, extra, nullable, info.default, info.required)


def _read(field: _Field, sent: list[Any] | None) -> Any:
    """The value of one field; UNSET leaves it to the default of the shape."""
    kind = field.kind
    if sent is None:
        return _not_sent(field)
    texts = [value for value in sent if not _empty(value)]
    if isinstance(kind, shapes.BoolType):
        return bool(texts)  # a hidden empty field goes before the box, so an unticked one is sent as empty
    if isinstance(kind, _MANY):
        return _convert(field, [_normal(kind.item_type, field.extra, value) for value in texts])
    if not texts:
        if field.nullable:
            return None
        raise _invalid(field.extra.get(NEEDED, words("This has to be filled in")))
    if len(texts) > 1:
        raise Invalid("This was sent twice; open the page again")
    return _convert(field, _normal(kind, field.extra, texts[0]))


def _not_sent(field: _Field) -> Any:
    if not field.required:
        return UNSET
    if isinstance(field.kind, shapes.BoolType):
        return False
    if isinstance(field.kind, _MANY):
        return _convert(field, [])
    if field.nullable:
        return None
    raise _invalid(field.extra.get(NEEDED, words("This has to be filled in")))


def _empty(value: Any) -> bool:
    return not value.filename if isinstance(value, UploadFile) else not str(value).strip()


_BY_FORM: Final[dict[str, Callable[[str], Any]]] = {
    "lines": typed.lines,
    "partial_date": typed.partial_date,
    "date": lambda text: typed.date(text).isoformat(),
}
_BY_KIND: Final[dict[type[shapes.Type], Callable[[str], Any]]] = {
    shapes.DateType: typed.date,
    shapes.IntType: typed.whole,
    shapes.FloatType: lambda text: float(typed.number(text)),
    shapes.DecimalType: typed.number,
}


def _normal(kind: shapes.Type, extra: dict[str, Any], value: Any) -> Any:
    if isinstance(value, UploadFile):
        return value
    reader = _BY_FORM.get(extra.get(FORM, "")) or _BY_KIND.get(type(kind), typed.line)
    return reader(str(value))


def _convert(field: _Field, value: Any) -> Any:
    if isinstance(value, UploadFile):
        return value
    try:
        return msgspec.convert(value, field.type, strict=False)
    except msgspec.ValidationError:
        raise _invalid(_why(field, value)) from None


def _why(field: _Field, value: Any) -> Words:
    """What a person has to hear when a value breaks the bounds of its type."""
    kind = field.kind
    if isinstance(kind, shapes.EnumType | shapes.LiteralType):
        return words("Choose one from the list")
    if isinstance(kind, shapes.StrType):
        count = len(value)
        if kind.min_length is not None and count < kind.min_length:
            return words("At least {least} letters; here there are {count}", least=kind.min_length, count=count)
        if kind.max_length is not None and count > kind.max_length:
            return words("At most {most} letters; here there are {count}", most=kind.max_length, count=count)
        wrong = field.extra.get(WRONG)
        if isinstance(wrong, Words):
            return Words(wrong.msgid, {**wrong.params, "count": count, "typed": value})
    if isinstance(kind, shapes.IntType | shapes.FloatType):
        return _out_of_bounds(kind, value)
    return words("This is not written as the field asks; here stands “{typed}”", typed=str(value))


def _out_of_bounds(kind: shapes.IntType | shapes.FloatType, value: float) -> Words:
    if kind.ge is not None and value < kind.ge:
        return words("At least {bound}; here stands {value}", bound=kind.ge, value=value)
    if kind.gt is not None and value <= kind.gt:
        return words("More than {bound}; here stands {value}", bound=kind.gt, value=value)
    if kind.le is not None and value > kind.le:
        return words("At most {bound}; here stands {value}", bound=kind.le, value=value)
    return words("Less than {bound}; here stands {value}", bound=kind.lt, value=value)


def _invalid(reason: Words) -> Invalid:
    return Invalid(reason.msgid, **reason.params)


def _act(sent: list[Any]) -> str | None:
    if not sent or sent == [""]:
        return None
    if len(sent) != 1 or not _ID.match(str(sent[0])):
        raise Invalid("The number of this page cannot be read; open the page again")
    return str(sent[0])


def _seen(sent: list[Any]) -> int | None:
    if not sent or sent == [""]:
        return None
    if len(sent) != 1 or not str(sent[0]).isascii() or not str(sent[0]).isdecimal():
        raise Invalid("The number of this page cannot be read; open the page again")
    return int(sent[0])
