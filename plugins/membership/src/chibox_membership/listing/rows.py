"""The roll of today as a page of members: SQL of a few shapes, with the values as arguments, never more rows than the page."""

import datetime as dt
from typing import Any, Final, NamedTuple

from chibox.plugin import Read
from chibox_membership.listing.asked import (
    SIZE,
    Found,
    Scope,
    State,
    Wanted,
    place,
    sought_digits,
    sought_words,
    typed_words,
)
from chibox_membership.tables import GONE, Member

_PRESENT: Final = (
    "+status NOT IN ('" + "', '".join(sorted(GONE)) + "')"
)  # +: read the index in its order, never by status
_ORDERS: Final = {"born": "born_on", "admitted": "admitted_on"}


class Cut(NamedTuple):
    """A piece of a condition with its arguments."""

    text: str
    arguments: tuple[Any, ...] = ()

    def __and__(self, other: "Cut") -> "Cut":
        return Cut(f"{self.text} AND {other.text}", (*self.arguments, *other.arguments))


def today(read: Read, scope: Scope, wanted: Wanted, due: dt.date, size: int = SIZE) -> Found:
    """The members of the roll as it stands. `due`: who was admitted up to that day has completed the probation."""
    present, seen = _present(read, scope)
    where = seen & _narrowed(read, scope, wanted, due)
    groups, falling = _groups(read, wanted)
    counts = _known(wanted, groups, present)
    if counts is None:
        counts = _counted(read, groups, where)
    count = sum(counts.values())
    page, offset = place(wanted.page, count, size)
    ranks = scope.ranks()
    keys = sorted(counts, key=lambda key: ranks.get(key, len(ranks)) if groups.text == "cell" else key, reverse=falling)
    rows: list[Member] = []
    for key in keys:
        if offset < counts[key] and len(rows) < size:
            among = where if groups.text == "0" else where & Cut(f"{groups.text}=?", (*groups.arguments, key))
            rows += _slice(read, among, wanted, size - len(rows), offset)
        offset = max(0, offset - counts[key])
    return Found(rows, count, sum(present.values()), page, {row.subject: row.cell for row in rows})


def _present(read: Read, scope: Scope) -> tuple[dict[str, int], Cut]:
    """How many members stand in each cell of the scope, and the condition for seeing them: none when no row is outside of it."""
    rows = read.figures(Member, "status, cell, count(*)", "1 GROUP BY status, cell")
    counts: dict[str, int] = {}
    for status, cell, count in rows:
        if cell in scope.units and status not in GONE:
            counts[cell] = counts.get(cell, 0) + count
    return counts, Cut("1") if all(cell in scope.units for _, cell, _ in rows) else _one_of(scope.units)


def _known(wanted: Wanted, groups: Cut, present: dict[str, int]) -> dict[Any, int] | None:
    """The counts of a list that is narrowed by a cell at most: they are known already."""
    if wanted.q or wanted.state or groups.text not in {"0", "cell"}:
        return None
    some = {cell: count for cell, count in present.items() if wanted.cell in {None, cell}}
    return some if groups.text == "cell" else {0: sum(some.values())}


def _narrowed(read: Read, scope: Scope, wanted: Wanted, due: dt.date) -> Cut:
    where = _state(wanted.state, read.today, due)
    if wanted.state == "no_card":
        where &= _one_of(scope.identity)
    if wanted.cell is not None:
        where &= Cut("cell=?", (wanted.cell,))
    return where & _search(wanted.q, scope) if wanted.q else where


def _one_of(units: frozenset[str]) -> Cut:
    return Cut(f"cell IN ({', '.join('?' * len(units))})", tuple(sorted(units)))


def _state(state: State | None, day: dt.date, due: dt.date) -> Cut:
    present, iso = Cut(_PRESENT), day.isoformat()
    probationary = Cut("(official_on IS NULL OR official_on>?)", (iso,))
    among = {
        None: Cut("1"),
        "official_member": Cut("official_on<=?", (iso,)),
        "probationary_member": probationary,
        "due": probationary & Cut("+admitted_on<=?", (due.isoformat(),)),
        "noted": Cut("note IS NOT NULL"),
        "no_card": Cut("card_number IS NULL"),
    }
    return present & among[state] if state in among else Cut("+status=?", (state,))


def _search(q: str, scope: Scope) -> Cut:
    """As `asked.is_sought` has it."""
    words, digits = sought_words(q), sought_digits(q)
    found = Cut(" AND ".join(["instr(name_words, ?)"] * len(words)) or "0", tuple(f" {word}" for word in words))
    if not digits or not scope.identity:
        return Cut(f"({found.text})", found.arguments)
    number = Cut("instr(personal_id, ?)", (digits,)) & _one_of(scope.identity)
    return Cut(f"({found.text} OR {number.text})", (*found.arguments, *number.arguments))


def _groups(read: Read, wanted: Wanted) -> tuple[Cut, bool]:
    """What stands in the list before names do: an expression whose values follow one another, and whether they fall."""
    sort = wanted.sort or ""
    if sort.endswith("cell"):
        return Cut("cell"), sort.startswith("-")
    if sort.endswith("standing"):
        return Cut("(official_on IS NULL OR official_on>?)", (read.today.isoformat(),)), sort.startswith("-")
    if wanted.q and not sort:  # those that bear the marks that were typed first
        words = typed_words(wanted.q)
        each = " AND ".join(["instr(' ' || name_order || ' ', ?)"] * len(words)) or "1"
        return Cut(f"(({each})>0)", tuple(f" {word} " for word in words)), True
    return Cut("0"), False


def _counted(read: Read, groups: Cut, where: Cut) -> dict[Any, int]:
    if groups.text == "0":
        return dict(read.figures(Member, "0, count(*)", where.text, where.arguments))
    columns = f"{groups.text} AS place, count(*)"
    return dict(read.figures(Member, columns, f"{where.text} GROUP BY 1", where.arguments, groups.arguments))


def _slice(read: Read, where: Cut, wanted: Wanted, limit: int, offset: int) -> list[Member]:
    """So many rows of the order: found by the narrow index, then read whole.

    The `+` outside keeps SQLite from going through that index once more to find the few rows in their order.
    """
    sort = wanted.sort or "name"
    column = _ORDERS.get(sort.removeprefix("-"), "name_order")
    way = " DESC" if sort.startswith("-") and not sort.endswith(("cell", "standing")) else ""
    order = f"{column}{way}, subject{way}"
    table = read.library.table(Member).name
    narrow = f'SELECT subject FROM "{table}" WHERE box=? AND {where.text} ORDER BY {order} LIMIT ? OFFSET ?'
    whole = f"subject IN ({narrow}) ORDER BY +{order}"
    return read.found(Member, whole, (read.box, *where.arguments, limit, offset))
