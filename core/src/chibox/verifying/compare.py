"""Two tables that ought to be equal, row by row: what is there and what the records give."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from chibox.errors import Words, words

Rows = Sequence[tuple[Any, ...]]


class Table(NamedTuple):
    """A table as it is compared: `query` selects the columns of its key, then `columns`.

    The values of those in `personal` say something about a person.
    """

    name: str
    query: str
    key: int
    columns: tuple[str, ...]
    personal: frozenset[str] = frozenset()


def differences(
    table: Table, found: Rows, wanted: Rows, *, values: bool, skip: Collection[tuple[tuple[Any, ...], str]] = ()
) -> Iterator[tuple[str, Words]]:
    """(place, what) of each difference. With `values` also those of personal columns are told.

    `skip` names the (key, column) that the log no longer tells: they are not compared.
    """
    here, twice = _by_key(table, found)
    there, _ = _by_key(table, wanted)
    for key in twice:
        yield _place(table, key), words("the row stands twice")
    for key in sorted(here.keys() | there.keys(), key=repr):
        if key not in here:
            yield _place(table, key), words("the row is missing: the records give one")
        elif key not in there:
            yield _place(table, key), words("no record gives this row")
        else:
            for column, is_, ought in zip(table.columns, here[key], there[key], strict=True):
                if not _same(is_, ought) and (key, column) not in skip:
                    yield _place(table, key), _unequal(column, is_, ought, told=values or column not in table.personal)


def _by_key(table: Table, rows: Rows) -> tuple[dict[tuple[Any, ...], tuple[Any, ...]], list[tuple[Any, ...]]]:
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    twice: list[tuple[Any, ...]] = []
    for row in rows:
        key = row[: table.key]
        if key in found:
            twice.append(key)
        found[key] = row[table.key :]
    return found, twice


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def _unequal(column: str, is_: object, ought: object, *, told: bool) -> Words:
    if told:
        return words(
            "{column} is {found}, the records say {wanted}", column=column, found=_told(is_), wanted=_told(ought)
        )
    return words("{column} is not what the records say", column=column)


def _told(value: object) -> object:
    return words("nothing") if value is None else str(value)


def _place(table: Table, key: tuple[Any, ...]) -> str:
    return " ".join((table.name, *(str(part) if part != "" else "-" for part in key)))
