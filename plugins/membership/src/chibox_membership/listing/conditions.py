"""What a list is narrowed by, as pieces of SQL: texts of a few shapes, with the values as arguments."""

import datetime as dt
from typing import Any, Final, NamedTuple

from chibox_membership.listing.asked import Scope, State, Wanted, sought_digits, sought_words, typed_words
from chibox_membership.tables import GONE

_PRESENT: Final = (
    "+status NOT IN ('" + "', '".join(sorted(GONE)) + "')"
)  # +: read the index in its order, never by status


class Cut(NamedTuple):
    """A piece of SQL with its arguments."""

    text: str
    arguments: tuple[Any, ...] = ()

    def __and__(self, other: "Cut") -> "Cut":
        return Cut(f"{self.text} AND {other.text}", (*self.arguments, *other.arguments))


ALL: Final = Cut("1")


def narrowed(scope: Scope, wanted: Wanted, cells: frozenset[str], day: dt.date, due: dt.date) -> Cut:
    """Whom the list has. `cells`: those in which anybody stands at all: a scope that holds them all narrows nothing."""
    where = among(scope.units, cells) & _state(wanted.state, day, due)
    if wanted.state == "no_card":
        where &= among(scope.identity, cells)
    if wanted.cell is not None:
        where &= Cut("cell=?", (wanted.cell,))
    return where & _search(wanted.q, scope, cells) if wanted.q else where


def among(units: frozenset[str], cells: frozenset[str]) -> Cut:
    """Who stands in one of these units."""
    if cells <= units:
        return ALL
    some = sorted(cells & units)
    return Cut(f"cell IN ({', '.join('?' * len(some))})", tuple(some))


def probationary(day: dt.date) -> Cut:
    """Who is not official on the day; 1 or 0."""
    return Cut("(official_on IS NULL OR official_on>?)", (day.isoformat(),))


def typed(q: str) -> Cut:
    """Whose name has every word with the very marks that were typed, as `asked.is_as_typed` has it; 1 or 0."""
    words = typed_words(q)
    each = " AND ".join(["instr(' ' || name_order || ' ', ?)"] * len(words)) or "1"
    return Cut(f"(({each})>0)", tuple(f" {word} " for word in words))


def _state(state: State | None, day: dt.date, due: dt.date) -> Cut:
    present = Cut(_PRESENT)
    of_the_present = {
        None: ALL,
        "official_member": Cut("official_on<=?", (day.isoformat(),)),
        "probationary_member": probationary(day),
        "due": probationary(day) & Cut("+admitted_on<=?", (due.isoformat(),)),
        "noted": Cut("note IS NOT NULL"),
        "no_card": Cut("card_number IS NULL"),
    }
    return present & of_the_present[state] if state in of_the_present else Cut("+status=?", (state,))


def _search(q: str, scope: Scope, cells: frozenset[str]) -> Cut:
    """Whom the search finds, as `asked.is_sought` has it."""
    words, digits = sought_words(q), sought_digits(q)
    found = Cut(" AND ".join(["instr(name_words, ?)"] * len(words)) or "0", tuple(f" {word}" for word in words))
    if not digits:
        return Cut(f"({found.text})", found.arguments)
    number = Cut("instr(personal_id, ?)", (digits,)) & among(scope.identity, cells)
    return Cut(f"({found.text} OR {number.text})", (*found.arguments, *number.arguments))
