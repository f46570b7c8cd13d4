"""Kinds and rows: frozen, of plain types, every field with its class, and as the lock says."""

import datetime as dt
import types
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from chibox.identity.classes import classes_of
from chibox.kindslock import changed, missing
from chibox.records.core import CORE_RECORDS
from chibox.testing.contract.subject import Check, Subject

_PLAIN: Final = (str, int, bool, dt.date, types.NoneType, msgspec.UnsetType)


def kinds_lock(plugin: Subject) -> list[str]:
    """The lock names every kind as it is declared: what was frozen is as it was, what is new was frozen."""
    faults = [
        f"{kind} was changed after it was frozen, or is gone: a kind evolves by a new number"
        for kind in changed(plugin.folder, plugin.records)
    ]
    new = missing(plugin.folder, plugin.records)
    return [*faults, *(f"{kind} is not frozen yet: chibox kinds-lock {plugin.name}" for kind in new)]


def kinds_are_plain(plugin: Subject) -> list[str]:
    """Kinds are frozen and hold text, whole numbers, yes or no, days, closed words, tuples and frozen structs of these."""
    faults = []
    for record in plugin.records:
        faults += _of_struct(record, record.KIND.name)
        day = record.KIND.day
        if day is not None and dt.date not in _members(get_type_hints(record)[day]):
            faults.append(f"{record.KIND.name}.{day}: the day of a kind is a date")
    return faults


def fields_have_classes(plugin: Subject) -> list[str]:
    """Every field of a kind, and of a row but its key, says whether it tells something about a person."""
    structs: list[tuple[str, type[msgspec.Struct], tuple[str, ...]]] = [
        (record.KIND.name, record, ())
        for record in plugin.records
        if record not in CORE_RECORDS  # they hold ids only
    ]
    structs += [(t.name, t.row, t.key) for p in plugin.projections for t in p.tables.values()]
    return [
        f"{name}.{field}: Plain, Contact, Ordinary, Identity or Sensitive?"
        for name, struct, key in structs
        for field in struct.__struct_fields__
        if field not in key and field not in classes_of(struct)
    ]


def rows_take_no_default_from_chance(plugin: Subject) -> list[str]:
    """Neither a row nor its table makes a value by itself: parent and child would differ."""
    faults = []
    for table in (table for p in plugin.projections for table in p.tables.values()):
        faults += [
            f"{table.name}.{f.name}: a default that is made anew each time"
            for f in msgspec.structs.fields(table.row)
            if f.default_factory is not msgspec.NODEFAULT
        ]
        columns = table.piccolo._meta.columns  # noqa: SLF001  Piccolo says it nowhere else
        faults += [
            f"{table.name}.{c._meta.name}: a default in the table"  # noqa: SLF001
            for c in columns
            if c._meta.params.get("default") is not None and c._meta.name != "id"  # noqa: SLF001
        ]
    return faults


def tables_bear_the_plugins_name(plugin: Subject) -> list[str]:
    """A projection's tables are its plugin's own, and so are the tables of its folds."""
    faults = []
    for projection in plugin.projections:
        tables = set(projection.tables.values())
        faults += [
            f"{table.name}: not a table of {plugin.name}"
            for table in tables
            if not table.name.startswith(f"{plugin.name}_")
        ]
        faults += [
            f"{fold.function.__name__}: folds into {fold.table.name}, which is another projection's"
            for folds in projection.folds.values()
            for fold in folds
            if fold.table not in tables
        ]
    return faults


def sayings_fit_their_kinds(plugin: Subject) -> list[str]:
    """How a record reads in a timeline: of a kind of this plugin, with fields that it has."""
    faults = []
    for saying in plugin.hooks.get("sayings", ()):
        record = plugin.known.get(saying.kind)
        if record is None or record.KIND.plugin != plugin.name:
            faults.append(f"{saying.kind}: a saying of a kind that {plugin.name} does not state")
            continue
        fields = {name.partition(".")[0] for name in _placeholders(saying.msgid)}
        faults += [f"{saying.kind}: there is no field {name}" for name in fields - set(record.__struct_fields__)]
    return faults


def _placeholders(text: str) -> Iterator[str]:
    return (part.partition("}")[0] for part in text.split("{")[1:])


def _of_struct(struct: type[msgspec.Struct], where: str) -> list[str]:
    faults = [] if struct.__struct_config__.frozen else [f"{where}: a struct that can be changed"]
    hints = get_type_hints(struct)
    for field in msgspec.structs.fields(struct):
        if not field.encode_name.isascii():
            faults.append(f"{where}.{field.name}: its name is not ASCII")
        if field.default_factory is not msgspec.NODEFAULT:
            faults.append(f"{where}.{field.name}: a default that is made anew each time")
        faults += _of_type(hints[field.name], f"{where}.{field.name}")
    return faults


def _of_type(annotation: Any, where: str) -> list[str]:
    faults = []
    for member in _members(annotation):
        if isinstance(member, type) and issubclass(member, msgspec.Struct):
            faults += _of_struct(member, where)
        elif get_origin(member) is Literal:
            faults += [f"{where}: {word!r} is no word" for word in get_args(member) if not isinstance(word, str)]
        elif get_origin(member) is tuple:
            faults += [fault for inner in get_args(member) if inner is not ... for fault in _of_type(inner, where)]
        elif member not in _PLAIN:
            faults.append(f"{where}: a record holds no {getattr(member, '__name__', member)}")
    return faults


def _members(annotation: Any) -> list[Any]:
    """The types of a union, without what is annotated around them."""
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [member for arg in get_args(annotation) for member in _members(arg)]
    return [annotation]


KINDS: Final[tuple[Check, ...]] = (
    kinds_lock,
    kinds_are_plain,
    fields_have_classes,
    rows_take_no_default_from_chance,
    tables_bear_the_plugins_name,
    sayings_fit_their_kinds,
)
