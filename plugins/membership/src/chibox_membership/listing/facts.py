"""The members on a past day as a list: from the dated facts, of those whom the visitor may see today."""

import datetime as dt

from chibox.plugin import Read
from chibox_membership.listing.asked import SIZE, Found, Scope, Wanted, is_as_typed, is_sought, place
from chibox_membership.onday import OnDay, roll_on
from chibox_membership.tables import Member


def on(
    read: Read, scope: Scope, wanted: Wanted, day: dt.date, due: dt.date, known: int | None = None, size: int = SIZE
) -> Found:
    """The members on a past day, of those whom the visitor may see today."""
    cells = {who: cell for who, cell in read.figures(Member, "subject, cell", "1") if cell in scope.units}
    there = [m for m in roll_on(read, day, known) if m.subject in cells]
    found = [m for m in there if _meets(m, wanted, day, due, cells, scope) and _is_sought(m, wanted.q, scope, cells)]
    found.sort(key=lambda m: (m.name_order, m.subject))
    word = wanted.sort or ""
    key = word.removeprefix("-")
    down = word.startswith("-")
    if key == "cell":
        ranks = scope.ranks()
        found.sort(key=lambda m: ranks.get(m.cell, len(ranks)), reverse=down)
    elif key == "standing":
        found.sort(key=lambda m: m.standing(day) == "probationary_member", reverse=down)
    elif key in {"born", "admitted"}:
        found.sort(key=lambda m: (_day(m, key), m.subject), reverse=down)
    elif key == "name":
        found.sort(key=lambda m: (m.name_order, m.subject), reverse=down)
    elif wanted.q:
        q = wanted.q
        found.sort(key=lambda m: not is_as_typed(q, m.full_name))
    page, offset = place(wanted.page, len(found), size)
    some = found[offset : offset + size]
    return Found(some, len(found), len(there), page, {m.subject: cells[m.subject] for m in some})


def _day(member: OnDay, key: str) -> dt.date:
    return (member.born_on if key == "born" else member.admitted_on) or dt.date.min


def _is_sought(member: OnDay, q: str | None, scope: Scope, cells: dict[str, str]) -> bool:
    if not q:
        return True
    number = (member.personal_id or "") if cells[member.subject] in scope.identity else ""
    return is_sought(q, member.full_name, member.other_name, number)


def _meets(member: OnDay, wanted: Wanted, day: dt.date, due: dt.date, cells: dict[str, str], scope: Scope) -> bool:
    if wanted.cell is not None and member.cell != wanted.cell:
        return False
    state = wanted.state
    if state == "noted":
        return member.note is not None
    if state == "no_card":
        return member.card_number is None and cells[member.subject] in scope.identity
    if state in {"official_member", "probationary_member"}:
        return member.standing(day) == state
    if state == "due":
        admitted = member.admitted_on
        return member.standing(day) == "probationary_member" and admitted is not None and admitted <= due
    return state in {None, member.status}
