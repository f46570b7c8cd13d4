"""Classes of field: every field of a record or row declares one; `shown` is the one place that enforces them."""

from typing import Annotated, Any, Literal, TypeVar, get_type_hints

import msgspec

ClassName = Literal["plain", "contact", "ordinary", "identity", "sensitive"]
T = TypeVar("T")


class FieldClass(msgspec.Struct, frozen=True):
    """The class that a field declares in its annotation."""

    name: ClassName


Plain = Annotated[T, FieldClass("plain")]  # says nothing about a person
Contact = Annotated[T, FieldClass("contact")]
Ordinary = Annotated[T, FieldClass("ordinary")]
Identity = Annotated[T, FieldClass("identity")]
Sensitive = Annotated[T, FieldClass("sensitive")]  # religion, family class, health, discipline, household economy


class Masked(msgspec.Struct, frozen=True):
    """Stands where a value may not be seen; `known` tells whether there is one."""

    known: bool


_declared: dict[type, dict[str, ClassName]] = {}


def classes_of(struct: type[msgspec.Struct]) -> dict[str, ClassName]:
    """The declared class of each field; fields that declare none are absent."""
    found = _declared.get(struct)
    if found is None:
        hints = get_type_hints(struct, include_extras=True)
        found = _declared[struct] = {
            field: next(m for m in hints[field].__metadata__ if isinstance(m, FieldClass)).name
            for field in struct.__struct_fields__
            if any(isinstance(m, FieldClass) for m in getattr(hints[field], "__metadata__", ()))
        }
    return found


def shown(value: msgspec.Struct, may: frozenset[ClassName] | set[ClassName]) -> dict[str, Any]:
    """The fields of a record or row as someone with these classes may see them: others are `Masked`.

    A field that declares no class is a key and stays.
    """
    declared = classes_of(type(value))
    found: dict[str, Any] = {}
    for field in value.__struct_fields__:
        held = getattr(value, field)
        name = declared.get(field, "plain")
        if name == "plain" or name in may:
            found[field] = held
        else:
            found[field] = Masked(known=held is not None and held is not msgspec.UNSET)
    return found


def readable(struct: type[msgspec.Struct], may: frozenset[ClassName] | set[ClassName]) -> bool:
    """Whether every field may be seen: only then is a body handed out whole, for nothing of it can be left out."""
    return all(name == "plain" or name in may for name in classes_of(struct).values())
