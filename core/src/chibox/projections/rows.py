"""Rows of projections: the Struct is the one definition; the Piccolo table and the bound statements are made from it."""

import datetime as dt
import operator
import sqlite3
import types
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from piccolo.columns import BigInt, Boolean, Column, Date, Text
from piccolo.engine.sqlite import SQLiteEngine
from piccolo.table import Table as PiccoloTable
from piccolo.table import create_table_class

Key = tuple[str, ...]
_DIALECT = SQLiteEngine(path=":memory:")  # never connected: it tells Piccolo which SQL to write
_COLUMNS: dict[object, type[Column]] = {str: Text, int: BigInt, bool: Boolean, dt.date: Date}


class Row(msgspec.Struct, frozen=True):
    """The base of a projection's rows: fields of str, int, bool, date, closed words, each also optional.

    A projection must accept every log, so a row's fields carry no constraint; defaults are plain values.
    """


R = TypeVar("R", bound=Row)


class Table(Generic[R]):
    """A projected table: one row for each (box, key). Its version stands in its name, so no row is ever migrated."""

    def __init__(
        self, row: type[R], name: str, key: Sequence[str], index: Sequence[str | tuple[str, ...]] = ()
    ) -> None:
        hints = get_type_hints(row, include_extras=False)
        fields = row.__struct_fields__
        self.index = tuple((one,) if isinstance(one, str) else one for one in index)
        if missing := {*key, *(field for one in self.index for field in one)} - set(fields):
            raise TypeError(f"{name}: {sorted(missing)} are no fields of {row.__name__}")
        self.row, self.name, self.key = row, name, tuple(key)
        self.fields = fields
        self._kinds = [_plain(hints[field], f"{name}.{field}") for field in fields]
        self._dates = [i for i, kind in enumerate(self._kinds) if kind is dt.date]
        self._flags = [i for i, kind in enumerate(self._kinds) if kind is bool]
        self._key_at = [fields.index(k) for k in key]
        self.piccolo: Any = self._describe()  # columns are attributes that only Piccolo knows
        self._columns = ", ".join(f'"{f}"' for f in fields)
        keyed = " AND ".join(f'"{k}"=?' for k in key)
        self.select = f'SELECT folded, {self._columns} FROM "{name}" WHERE box=? AND {keyed}'
        self.whole = f'SELECT {self._columns} FROM "{name}" WHERE box=? AND '
        self._update, self._where = f'UPDATE "{name}" SET folded=?', f" WHERE box=? AND {keyed}"
        self.delete = f'DELETE FROM "{name}"{self._where}'
        marks = ", ".join("?" * (len(fields) + 2))
        kept = ", ".join(f'"{f}"=excluded."{f}"' for f in ("folded", *fields) if f not in key)
        target = ", ".join(("box", *(f'"{k}"' for k in key)))
        into = f'INSERT INTO "{name}"(box, folded, {self._columns}) VALUES({marks})'
        self.upsert = f"{into} ON CONFLICT({target}) DO UPDATE SET {kept}"

    @cached_property
    def ddl(self) -> tuple[str, ...]:
        """The statements that make the table, its one unique index and those for reading."""
        name, columns = self.name, ", ".join(("box", *(f'"{k}"' for k in self.key)))
        unique = f'CREATE UNIQUE INDEX "{name}_key" ON "{name}"({columns})'
        reading = (f'CREATE INDEX "{name}_{one[0]}" ON "{name}"({_quoted(("box", *one))})' for one in self.index)
        return (*self.piccolo.create_table().ddl, unique, *reading)

    def create(self, run: Callable[[str], object]) -> None:
        """Create the table and its indexes, unless they are there."""
        for statement in self.ddl:
            run(statement.replace("TABLE ", "TABLE IF NOT EXISTS ", 1).replace("INDEX ", "INDEX IF NOT EXISTS ", 1))

    def as_declared(self, connection: sqlite3.Connection) -> bool:
        """Whether the table is not there, or was made by just these statements."""
        found = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE tbl_name=? AND sql IS NOT NULL", (self.name,)
        ).fetchall()
        return not found or {sql for (sql,) in found} == set(self.ddl)

    def values(self, box: int, folded: int, row: R) -> list[Any]:
        """A row as `upsert` takes it."""
        values: list[Any] = [box, folded, *msgspec.structs.astuple(row)]
        for i in self._dates:
            if (day := values[i + 2]) is not None:
                values[i + 2] = day.isoformat()
        return values

    def write(self, box: int, key: Key, folded: int, before: R | None, row: R | None) -> tuple[str, Sequence[Any]]:
        """The statement, with its arguments, by which the row that stands under `key` becomes `row`.

        Only columns that differ are written: a column that is written costs its index anew, though its value stays.
        """
        if row is None:
            return self.delete, (box, *key)
        if before is None:
            return self.upsert, self.values(box, folded, row)
        old, new = msgspec.structs.astuple(before), msgspec.structs.astuple(row)
        changed = [i for i, same in enumerate(map(operator.is_, old, new)) if not same and old[i] != new[i]]
        set_ = "".join(f', "{self.fields[i]}"=?' for i in changed)
        values = (new[i].isoformat() if isinstance(new[i], dt.date) else new[i] for i in changed)
        return f"{self._update}{set_}{self._where}", (folded, *values, box, *key)

    def read(self, columns: Sequence[Any]) -> R:
        """The row whose columns stand in the order of its fields."""
        if not self._dates and not self._flags:
            return self.row(*columns)
        values = list(columns)
        for i in self._dates:
            if values[i] is not None:
                values[i] = dt.date.fromisoformat(values[i])
        for i in self._flags:
            if values[i] is not None:
                values[i] = bool(values[i])
        return self.row(*values)

    def keyed(self, row: R, key: Key) -> R:
        """The row under `key`: a fold need not know that two keys became one."""
        for field, value in zip(self.key, key, strict=True):
            if getattr(row, field) != value:
                return msgspec.structs.replace(row, **dict(zip(self.key, key, strict=True)))
        return row

    def get(self, connection: sqlite3.Connection, box: int, key: Key) -> tuple[int, R] | None:
        """The last day folded and the row of that key, or None."""
        found = connection.execute(self.select, (box, *key)).fetchone()
        return None if found is None else (found[0], self.read(found[1:]))

    def all(self, connection: sqlite3.Connection, box: int) -> dict[Key, tuple[int, R]]:
        """Every row of a box, by key."""
        rows = connection.execute(f'SELECT folded, {self._columns} FROM "{self.name}" WHERE box=?', (box,))
        return {tuple(values[i] for i in self._key_at): (folded, self.read(values)) for folded, *values in rows}

    def _describe(self) -> type[PiccoloTable]:
        members: dict[str, Column] = {
            "box": BigInt(null=False, default=None),
            "folded": BigInt(null=False, default=None),
        }
        for field, kind in zip(self.fields, self._kinds, strict=True):
            members[field] = _COLUMNS[kind](null=True, default=None)
        return create_table_class(
            self.row.__name__, class_kwargs={"tablename": self.name, "db": _DIALECT}, class_members=members
        )


def _quoted(fields: Sequence[str]) -> str:
    return ", ".join(field if field == "box" else f'"{field}"' for field in fields)


def compiled(query: Any) -> tuple[str, list[Any]]:
    """SQL and arguments of a Piccolo query, for SQLite."""
    text, arguments = query.querystrings[0].compile_string(engine_type="sqlite")
    return text, [a.isoformat() if isinstance(a, dt.date) else a for a in arguments]


def _plain(annotation: Any, where: str) -> object:
    """The column type behind an annotation: what is left of it without None, Annotated and Literal."""
    if isinstance(annotation, types.UnionType) or get_origin(annotation) is Union:
        options = [a for a in get_args(annotation) if a is not types.NoneType]
        if len(options) == 1:
            return _plain(options[0], where)
    if get_origin(annotation) is Literal:
        return type(get_args(annotation)[0])
    if annotation in _COLUMNS:
        return annotation
    raise TypeError(f"{where}: a row holds str, int, bool, date and closed words, not {annotation}")
