"""What a clerk wrote and answered on a page of rows: by row and key, as far as it is not what stood there before."""

import re
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from chibox.plugin import nfc
from chibox_membership.importing.held import KEEP, NEW, TAKE, WHO, Kept
from chibox_membership.sheet.columns import BY_KEY

By = dict[int, dict[str, str]]
_FIELD: Final = re.compile(r"([ma])-([0-9]{1,8})-([a-z_]{1,40})\Z")
_LONGEST: Final = 500
"""Letters: what a member's detail may have."""


class Typed(msgspec.Struct):
    """Mends and answers, each by row and key."""

    mends: By
    answers: By

    def __bool__(self) -> bool:
        return bool(self.mends or self.answers)


def typed(fields: Iterable[tuple[str, object]], row: Callable[[int], Kept | None], *, guesses: bool) -> Typed:
    """What the fields of a page say. An empty field says nothing, unless something was written there before.

    `guesses`: a guess that the page filled in and nobody changed is taken as written; else it says nothing.
    """
    found = Typed({}, {})
    for name, value in fields:
        match = _FIELD.match(name)
        kept = row(int(match[2])) if match else None
        if match is None or kept is None:
            continue
        text = nfc(str(value)).strip()[:_LONGEST]
        if match[1] == "m" and _says(kept, match[3], text, guesses=guesses):
            found.mends.setdefault(int(match[2]), {})[match[3]] = text
        if match[1] == "a" and _answers(kept, match[3], text):
            found.answers.setdefault(int(match[2]), {})[match[3]] = text
    return found


def _says(kept: Kept, key: str, text: str, *, guesses: bool) -> bool:
    if key not in BY_KEY or kept.trial is None:
        return False
    if key in kept.mends:
        return text != kept.mends[key]
    guess = next((fault.guess for fault in kept.trial.faults if fault.key == key), "")
    return bool(text) and (guesses or text != guess)


def _answers(kept: Kept, key: str, text: str) -> bool:
    """Whether it answers a question that the row asks, and was not answered so before."""
    if kept.trial is None or kept.answers.get(key) == text:
        return False
    for question in kept.trial.questions:
        if question.key == key:
            may = {NEW, *question.candidates} if key == WHO else {KEEP, TAKE} if question.may_take else {KEEP}
            return text in may
    return False


def taken(value: str) -> tuple[int, str, str] | None:
    """Row, key and reading of a button that takes it; the reading may be empty: the cell is."""
    row, _, rest = value.partition(" ")
    key, _, reading = rest.partition(" ")
    if not (row.isascii() and row.isdecimal()) or key not in {*BY_KEY, WHO}:
        return None
    return int(row), key, nfc(reading).strip()[:_LONGEST]
