"""How a plugin says what becomes of an entry: a projection, its tables, and pure folds from (row, entry) to row."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, get_args, get_type_hints

from chibox.projections.rows import Key, Row, Table
from chibox.records.stated import Entry

R = TypeVar("R", bound=Row)
FoldFunction = Callable[[Any, Any], Any]
KeysFunction = Callable[[Any], Iterable[Key]]


class Fold:
    """One fold: what becomes of a row of `table` when an entry of `kind` comes."""

    __slots__ = ("function", "keys", "kind", "table")

    def __init__(self, kind: str, table: Table[Any], function: FoldFunction, keys: KeysFunction | None) -> None:
        self.kind, self.table, self.function, self.keys = kind, table, function, keys

    def raw_keys(self, entry: Entry[Any]) -> list[Key]:
        """The keys that the entry names, before any join. Raises what a plugin's function raises, ValueError for no key."""
        if self.keys is None:
            return [(entry.subject,)]
        found = list(self.keys(entry))
        if any(len(key) != len(self.table.key) or not all(isinstance(word, str) for word in key) for key in found):
            raise ValueError(f"a key of {self.table.name} is a tuple of {len(self.table.key)} words")
        return found

    @property
    def space(self) -> str:
        """Where the engine's index keeps these keys: empty for subjects, else the table."""
        return "" if self.keys is None else self.table.name


class Projection:
    """A set of tables fed by folds, with one version: another version is another set of tables, folded from nothing."""

    def __init__(self, name: str, *, version: int = 1) -> None:
        self.name, self.version = name, version
        self.tables: dict[type[Row], Table[Any]] = {}
        self.folds: dict[str, list[Fold]] = {}

    @property
    def plugin(self) -> str:
        """The plugin whose projection it is: the first word of its name."""
        return self.name.partition(".")[0]

    def table(
        self, name: str, *, key: Sequence[str] = ("subject",), index: Sequence[str | tuple[str, ...]] = ()
    ) -> Callable[[type[R]], type[R]]:
        """Declare a Struct as the rows of `<plugin>_<name>_<version>`, keyed by `key`; `index`: columns that pages search by.

        Several columns in one index are a tuple: a list that needs no others is read from it alone. No two begin alike.
        """

        def declare(row: type[R]) -> type[R]:
            self.tables[row] = Table(row, f"{self.plugin}_{name}_{self.version}", key, index)
            return row

        return declare

    def fold(
        self, row: type[R], *, keys: KeysFunction | None = None
    ) -> Callable[[Callable[[R | None, Entry[Any]], R | None]], Callable[[R | None, Entry[Any]], R | None]]:
        """Declare a function `(row or None, entry: Entry[Kind]) -> row or None` as the fold of that kind into `row`'s table.

        It reads no clock, no random number, no table and no network. Rows are keyed by the entry's subject, unless `keys`
        gives a list of tuples. Raises TypeError when the entry's annotation names no kind.
        """

        def declare(function: Callable[[R | None, Entry[Any]], R | None]) -> Callable[[R | None, Entry[Any]], R | None]:
            hints = [get_args(h) for n, h in get_type_hints(function).items() if n != "return"]
            records = [args[0] for args in hints if args and hasattr(args[0], "KIND")]
            if len(records) != 1:
                raise TypeError(f"{function.__name__}: its entry is annotated Entry[Kind]")
            table = self.tables[row]
            if keys is None and len(table.key) != 1:
                raise TypeError(f"{function.__name__}: a table with the key {table.key} needs keys=")
            kind = records[0].KIND.name
            if any(f.table is table for f in self.folds.get(kind, ())):
                raise TypeError(f"{function.__name__}: {kind} is folded into {table.name} already")
            self.folds.setdefault(kind, []).append(Fold(kind, table, function, keys))
            return function

        return declare
