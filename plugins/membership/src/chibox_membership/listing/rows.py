"""The roll of today as a page of members: counted and put in order by an index; no more rows are read than stand on the page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from chibox.plugin import Read
from chibox_membership.listing.asked import SIZE, Found, Scope, Wanted, place, sought_digits
from chibox_membership.listing.conditions import ALL, Cut, narrowed, probationary, typed
from chibox_membership.tables import GONE, Member

_ORDERS: Final = {"born": "born_on", "admitted": "admitted_on"}
_SOME: Final = 2_500
"""So many ids are taken at once: of a search that finds more, only the page is read."""
_PART: Final = 500
_CELL: Final = Cut("cell")


def today(read: Read, scope: Scope, wanted: Wanted, due: dt.date, size: int = SIZE) -> Found:
    """The members of the roll as it stands. `due`: who was admitted up to that day has completed the probation."""
    standing = read.figures(Member, "status, cell, count(*)", "1 GROUP BY status, cell")
    present: dict[str, int] = {}
    for status, cell, count in standing:
        if cell in scope.units and status not in GONE:
            present[cell] = present.get(cell, 0) + count
    where = narrowed(scope, wanted, frozenset(cell for _, cell, _ in standing), read.today, due)
    page, ids, found = _page(read, scope, wanted, where, present, size)
    rows = _whole(read, ids)
    return Found([rows[one] for one in ids], found, sum(present.values()), page, {one: rows[one].cell for one in ids})


def _whole(read: Read, ids: Sequence[str]) -> dict[str, Member]:
    """The rows of these ids; some hundred at a time, for SQLite takes no more arguments than thirty thousand."""
    parts = [ids[at : at + _PART] for at in range(0, len(ids), _PART)]
    found = (read.found(Member, f"subject IN ({', '.join('?' * len(part))})", part) for part in parts)
    return {row.subject: row for rows in found for row in rows}


def _page(
    read: Read, scope: Scope, wanted: Wanted, where: Cut, present: Mapping[str, int], size: int
) -> tuple[int, list[str], int]:
    """The page, the ids on it in their order, and how many were found."""
    column = (wanted.sort or "").removeprefix("-")
    if column in {"cell", "standing"}:
        return _grouped(read, scope, wanted, where, present, size)
    rank = typed(wanted.q) if wanted.q and not wanted.sort and not sought_digits(wanted.q) else ALL
    if wanted.q and (some := _some(read, wanted, where, rank)) is not None:
        page, offset = place(wanted.page, len(some), size)
        return page, some[offset : offset + size], len(some)
    known = None if wanted.q or wanted.state else _known(wanted, present)
    count = sum(known.values()) if known is not None else sum(_counted(read, ALL, where).values())
    page, offset = place(wanted.page, count, size)
    order = _order(wanted) if rank is ALL else f"{rank.text} DESC, {_order(wanted)}"
    return page, _ids(read, where, Cut(order, rank.arguments), size, offset), count


def _some(read: Read, wanted: Wanted, where: Cut, rank: Cut) -> list[str] | None:
    """Whom a search finds, all in their order, from one way through an index. None for many: then it soon stops."""
    condition = f"{where.text} ORDER BY {_order(wanted)} LIMIT ?"
    found = read.figures(Member, f"subject, {rank.text}", condition, (*where.arguments, _SOME + 1), rank.arguments)
    if len(found) > _SOME:
        return None
    return [subject for subject, _ in sorted(found, key=lambda one: one[1], reverse=True)]


def _grouped(
    read: Read, scope: Scope, wanted: Wanted, where: Cut, present: Mapping[str, int], size: int
) -> tuple[int, list[str], int]:
    """A list by cell, or by standing, and within each by name: only the groups that reach into the page are gone through."""
    sort = wanted.sort or ""
    by_cell, ranks = sort.endswith("cell"), scope.ranks()
    group = _CELL if by_cell else probationary(read.today)
    known = None if wanted.q or wanted.state or not by_cell else _known(wanted, present)
    counts = _counted(read, group, where) if known is None else known
    count = sum(counts.values())
    page, offset = place(wanted.page, count, size)
    ids: list[str] = []
    for key in sorted(counts, key=lambda key: ranks.get(key, len(ranks)) if by_cell else key, reverse=sort[:1] == "-"):
        if offset < counts[key] and len(ids) < size:
            those = where & Cut(f"{group.text}=?", (*group.arguments, key))
            ids += _ids(read, those, Cut(_order(wanted)), size - len(ids), offset)
        offset = max(0, offset - counts[key])
    return page, ids, count


def _known(wanted: Wanted, present: Mapping[str, int]) -> dict[Any, int]:
    """The counts of a list that is narrowed by a cell at most: they need no counting."""
    return {cell: count for cell, count in present.items() if wanted.cell in {None, cell}}


def _counted(read: Read, group: Cut, where: Cut) -> dict[Any, int]:
    columns, behind = (f"{group.text} AS place, count(*)", " GROUP BY 1") if group is not ALL else ("1, count(*)", "")
    return dict(read.figures(Member, columns, where.text + behind, where.arguments, group.arguments))


def _order(wanted: Wanted) -> str:
    sort = wanted.sort or "name"
    column = _ORDERS.get(sort.removeprefix("-"), "name_order")
    way = " DESC" if sort.startswith("-") and not sort.endswith(("cell", "standing")) else ""
    return f"{column}{way}, subject{way}"


def _ids(read: Read, where: Cut, order: Cut, limit: int, offset: int) -> list[str]:
    """So many of the order, from an index alone."""
    condition = f"{where.text} ORDER BY {order.text} LIMIT ? OFFSET ?"
    found = read.figures(Member, "subject", condition, (*where.arguments, *order.arguments, limit, offset))
    return [subject for (subject,) in found]
