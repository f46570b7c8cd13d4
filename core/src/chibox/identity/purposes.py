"""Why somebody reads about people: a short dated list, so that whoever is read can be told."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

import msgspec

from chibox.errors import Words, words


class Purpose(msgspec.Struct, frozen=True):
    """One purpose, in force from `since` until the day before `until`. `by_delay`: for who reads by a delay only."""

    name: str
    label: Words
    since: dt.date
    until: dt.date | None = None
    by_delay: bool = False

    def holds(self, day: dt.date) -> bool:
        """Whether it may be chosen on `day`."""
        return self.since <= day and (self.until is None or day < self.until)


_FIRST: Final = dt.date(2025, 1, 1)
INSPECTION: Final = "inspection"
PURPOSES: Final = (
    Purpose("files", words("Keeping the members' files"), _FIRST),
    Purpose("cell_life", words("Work of the cell"), _FIRST),
    Purpose("leading", words("Leading and deciding"), _FIRST),
    Purpose("reports", words("Counting and reporting"), _FIRST),
    Purpose("own", words("My own affairs"), _FIRST),
    Purpose(INSPECTION, words("Inspection and supervision"), _FIRST, by_delay=True),
)
_USUAL: Final = {
    "clerk": "files",
    "service": "files",
    "cell_secretary": "cell_life",
    "committee_secretary": "leading",
}


def on(day: dt.date, *, by_delay: bool = False) -> list[Purpose]:
    """The purposes that may be chosen on `day`; `by_delay`: by somebody who reads by a delay."""
    return [purpose for purpose in PURPOSES if purpose.holds(day) and (by_delay or not purpose.by_delay)]


def usual(roles: Iterable[str]) -> str:
    """The purpose that is preselected for who holds these roles."""
    return next((_USUAL[role] for role in roles if role in _USUAL), "own")


def said(name: str) -> Words:
    """What a purpose is called, in force or not; a name that the list never had, by itself."""
    return next((purpose.label for purpose in PURPOSES if purpose.name == name), Words(name, {}))
