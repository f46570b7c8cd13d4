"""Finding members in the roll: by name without marks, by number, by cell and state; today from rows, on a past day from facts."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from chibox.plugin import Read, name_order, search_key
from chibox_membership.onday import OnDay, roll_on
from chibox_membership.tables import GONE, Member

State = Literal[
    "official_member", "probationary_member", "due", "active", "exempt", "interrupted", "suspended", "transferred", "left_party",
    "deceased",
]  # fmt: skip
Sort = Literal["name", "-name", "born", "-born", "admitted", "-admitted"]
SIZE: Final = 25
_FEWEST_DIGITS: Final = 4
"""So many digits make a search one for a number."""
_COLUMNS: Final = {"name": "name_order", "born": "born_on", "admitted": "admitted_on"}


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed by, as its address says. `due`: probationary members whose time is over."""

    q: str | None = None
    cell: str | None = None
    state: State | None = None
    sort: Sort | None = None
    page: int | None = None


class Found(msgspec.Struct, frozen=True):
    """A page of members, how many were found and how many there are in all; `page` counts from 1.

    `cells`: where each of them stands today, by which it is decided what a visitor sees of them, on a past day too.
    """

    rows: Sequence[Member | OnDay]
    count: int
    total: int
    page: int
    cells: Mapping[str, str]


class Scope(msgspec.Struct, frozen=True):
    """Where a visitor sees members, and where their numbers and birth dates too."""

    units: frozenset[str]
    identity: frozenset[str]


def today(read: Read, scope: Scope, wanted: Wanted, due: dt.date, size: int = SIZE) -> Found:
    """The members of the roll as it stands. `due`: who was admitted up to that day has completed the probation."""
    t = read.table(Member)
    where = [t.cell.is_in(sorted(scope.units) or [""])]
    present = t.status.not_in(sorted(GONE))
    total = read.count(Member, *where, present)
    where += _state(t, wanted.state, read.today, due) or [present]
    if wanted.cell is not None:
        where.append(t.cell == wanted.cell)
    if wanted.q:
        where.append(_search(t, wanted.q, scope))
    count = read.count(Member, *where)
    page, offset = _place(wanted.page, count, size)
    query = read.select(Member)
    for condition in where:
        query = query.where(condition)
    if wanted.q and wanted.sort is None:
        best = sorted(read.rows(Member, query), key=lambda m: (not _as_typed(wanted.q or "", m), *_by_name(m)))
        return _found(best[offset : offset + size], count, total, page)
    column, ascending = _order(wanted.sort)
    query = query.order_by(getattr(t, column), ascending=ascending).order_by(t.subject)
    return _found(read.rows(Member, query.limit(size).offset(offset)), count, total, page)


def on(
    read: Read, scope: Scope, wanted: Wanted, day: dt.date, due: dt.date, known: int | None = None, size: int = SIZE
) -> Found:
    """The members on a past day, of those whom the visitor may see today."""
    t = read.table(Member)
    rows = read.rows(Member, read.select(Member).where(t.cell.is_in(sorted(scope.units) or [""])))
    cells = {row.subject: row.cell for row in rows}
    there = [m for m in roll_on(read, day, known) if m.subject in cells]
    found = [m for m in there if _meets(m, wanted, day, due) and (not wanted.q or _sought(m, wanted.q, scope, cells))]
    if wanted.q and wanted.sort is None:
        found.sort(key=lambda m: (not _as_typed(wanted.q or "", m), *_by_name(m)))
    else:
        column, ascending = _order(wanted.sort)
        found.sort(key=lambda m: m.subject)
        found.sort(key=lambda m: getattr(m, column) or dt.date.min, reverse=not ascending)
    page, offset = _place(wanted.page, len(found), size)
    some = found[offset : offset + size]
    return Found(some, len(found), len(there), page, {m.subject: cells[m.subject] for m in some})


def _found(rows: Sequence[Member], count: int, total: int, page: int) -> Found:
    return Found(rows, count, total, page, {row.subject: row.cell for row in rows})


def _place(page: int | None, count: int, size: int) -> tuple[int, int]:
    """The page that there is, and where it begins: beyond the last one stands the last one."""
    last = max(1, -(-count // size))
    here = min(max(page or 1, 1), last)
    return here, (here - 1) * size


def _order(sort: Sort | None) -> tuple[str, bool]:
    word = sort or "name"
    return _COLUMNS[word.removeprefix("-")], not word.startswith("-")


def _by_name(member: Member | OnDay) -> tuple[str, str]:
    return member.name_order, member.subject


def _state(t: Any, state: State | None, day: dt.date, due: dt.date) -> list[Any]:
    present = t.status.not_in(sorted(GONE))
    probationary = t.official_on.is_null() | (t.official_on > day)
    if state == "official_member":
        return [present, t.official_on <= day]
    if state == "probationary_member":
        return [present, probationary]
    if state == "due":
        return [present, probationary, t.admitted_on <= due]
    return [] if state is None else [t.status == state]


def _meets(member: OnDay, wanted: Wanted, day: dt.date, due: dt.date) -> bool:
    if wanted.cell is not None and member.cell != wanted.cell:
        return False
    state = wanted.state
    if state in {"official_member", "probationary_member"}:
        return member.standing(day) == state
    if state == "due":
        admitted = member.admitted_on
        return member.standing(day) == "probationary_member" and admitted is not None and admitted <= due
    return state is None or member.status == state


def _search(t: Any, q: str, scope: Scope) -> Any:
    """Every word begins a word of the name, in any order; digits stand in the number, where it may be seen."""
    condition: Any = None
    for word in _words(q):
        one = t.name_key.like(f"{word}%") | t.name_key.like(f"% {word}%") | t.name_key.like(f"%'{word}%")
        condition = one if condition is None else condition & one
    digits = _digits(q)
    if digits and scope.identity:
        number = t.personal_id.like(f"%{digits}%") & t.cell.is_in(sorted(scope.identity))
        condition = number if condition is None else condition | number
    return t.name_key == "" if condition is None else condition


def _sought(member: OnDay, q: str, scope: Scope, cells: Mapping[str, str]) -> bool:
    name = f" {member.name_key}"
    by_name = bool(_words(q)) and all(f" {word}" in name or f"'{word}" in name for word in _words(q))
    digits = _digits(q)
    return by_name or bool(digits and cells[member.subject] in scope.identity and digits in (member.personal_id or ""))


def _words(q: str) -> list[str]:
    return [kept for word in search_key(q).split() if (kept := word.replace("%", "").replace("_", ""))]


def _digits(q: str) -> str:
    digits = "".join(q.split())
    return digits if digits.isdecimal() and digits.isascii() and len(digits) >= _FEWEST_DIGITS else ""


def _as_typed(q: str, member: Member | OnDay) -> bool:
    """Whether the name has every word with the very marks that were typed, wherever the tone mark was put."""
    name = {name_order(word) for word in member.full_name.split()}
    return all(name_order(word) in name for word in q.split())
