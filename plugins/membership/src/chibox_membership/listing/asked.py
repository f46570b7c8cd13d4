"""What a list is narrowed by, and what comes of it; what a search means, in plain words of Python."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from chibox.plugin import name_order, search_key
from chibox_membership.onday import OnDay
from chibox_membership.tables import Member, words_of

State = Literal[
    "official_member", "probationary_member", "due", "active", "exempt", "interrupted", "suspended", "transferred", "left_party",
    "deceased", "no_card", "noted",
]  # fmt: skip
Sort = Literal["name", "-name", "born", "-born", "cell", "-cell", "standing", "-standing", "admitted", "-admitted"]
SIZE: Final = 25
SIZES: Final = (25, 50, 100)
_FEWEST_DIGITS: Final = 4
"""So many digits make a search one for a number."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed by, as its address says; `rows`: how many stand on a page.

    `due`: probationary members whose time is over; `no_card`: no card number is recorded; `noted`: with a note.
    """

    q: str | None = None
    cell: str | None = None
    state: State | None = None
    sort: Sort | None = None
    page: int | None = None
    rows: Literal[25, 50, 100] | None = None


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
    """Where a visitor sees members, and where their numbers and birth dates too; `order`: cells as a list has them."""

    units: frozenset[str]
    identity: frozenset[str]
    order: tuple[str, ...] = ()

    def ranks(self) -> dict[str, int]:
        """The place of each cell in the order."""
        return {cell: place for place, cell in enumerate(self.order)}


def place(page: int | None, count: int, size: int) -> tuple[int, int]:
    """The page that there is, and where it begins: beyond the last one stands the last one."""
    last = max(1, -(-count // size))
    here = min(max(page or 1, 1), last)
    return here, (here - 1) * size


def sought_words(q: str) -> list[str]:
    """The words of a search, each of which has to begin a word of the name."""
    return search_key(q).split()


def sought_digits(q: str) -> str:
    """The digits of a search that is one for a number; empty for any other."""
    digits = "".join(q.split())
    return digits if digits.isdecimal() and digits.isascii() and len(digits) >= _FEWEST_DIGITS else ""


def is_sought(q: str, full_name: str, other_name: str | None, number: str) -> bool:
    """Whether a search finds somebody: every word begins a word of the name, in any order; or the digits stand in `number`.

    Marks and case make no difference; what stands behind an apostrophe counts as a word too. `number` is empty where it may
    not be seen.
    """
    words, digits = sought_words(q), sought_digits(q)
    name = words_of(full_name, other_name)
    by_name = bool(words) and all(f" {word}" in name for word in words)
    return by_name or bool(digits and digits in number)


def typed_words(q: str) -> list[str]:
    """The words of a search as `name_order` has them: with their marks, wherever the tone was put. A number has no marks."""
    return [] if sought_digits(q) else [name_order(word) for word in q.split()]


def is_as_typed(q: str, full_name: str) -> bool:
    """Whether the name has every word with the very marks that were typed."""
    name = {name_order(word) for word in full_name.split()}
    return name.issuperset(typed_words(q))
