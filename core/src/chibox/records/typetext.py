"""Types as text that is the same on every Python: what a kind's fingerprint is made of, so that it is frozen for good."""

import types
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec


def type_text(annotation: Any) -> str:
    """A type with everything in it: the members of a union in order of their text, nested structs with their fields."""
    if get_origin(annotation) is not None:
        return _compound_text(annotation)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        fields = msgspec.structs.fields(annotation)
        return f"{{{', '.join(sorted(f'{f.encode_name}: {type_text(f.type)} = {default_text(f)}' for f in fields))}}}"
    names: dict[Any, str] = {types.NoneType: "None", Ellipsis: "..."}
    return names.get(annotation) or annotation.__name__


def _compound_text(annotation: Any) -> str:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return f"{type_text(args[0])} as {', '.join(sorted(map(repr, annotation.__metadata__)))}"
    if origin in (Union, types.UnionType):
        return " | ".join(sorted(map(type_text, args)))
    if origin is Literal:
        return f"one of {', '.join(sorted(map(repr, args)))}"
    return f"{origin.__name__}[{', '.join(map(type_text, args))}]"


def default_text(field: msgspec.structs.FieldInfo) -> str:
    """A field's default, or that it has none."""
    if field.default is not msgspec.NODEFAULT:
        return repr(field.default)
    made = field.default_factory
    return "required" if made is msgspec.NODEFAULT else f"made by {made.__qualname__}"


@cache
def holds_numbers(struct: type[msgspec.Struct]) -> bool:
    """Whether a value of this type may hold a number: only then are its numbers looked at one by one."""
    hints = get_type_hints(struct)
    return any(_holds_numbers(hints[field]) for field in struct.__struct_fields__)


def _holds_numbers(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return holds_numbers(annotation)
    if get_origin(annotation) is Literal:
        return any(_holds_numbers(type(value)) for value in get_args(annotation))
    return annotation in (int, float, Any) or any(_holds_numbers(arg) for arg in get_args(annotation))
