"""How a value of a member is shown: as a date, a name, a number with its middle hidden, or not at all."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final, Literal

import msgspec

from chibox.plugin import Masked, Words, words
from chibox_membership import labels

NUMBERS: Final = frozenset({"personal_id", "card_number", "old_card_number", "old_identity_number"})
COVERED: Final = frozenset({*NUMBERS, "religion"})
"""Fields that a page covers until somebody asks to see one: that is recorded."""
SEX: Final = {"male": words("male"), "female": words("female")}
_ANSWER: Final = {True: words("yes"), False: words("no")}

Form = Literal["none", "closed", "covered", "number", "digits", "day", "words", "text"]


class Shown(msgspec.Struct, frozen=True):
    """A value ready for a template. `closed`: the reader's posts do not open it; `covered`, `number`: the reader may ask."""

    form: Form
    value: Any = None


def shown(field: str, value: Any, unit_name: Callable[[str], str], *, uncovered: bool = False) -> Shown:
    """One field's value; `uncovered`: the reader asked for it."""
    if isinstance(value, Masked):
        return Shown("closed" if value.known else "none")
    if value is None or value == "" or value is msgspec.UNSET:
        return Shown("none")
    if field in COVERED and not uncovered:
        return Shown("number", value) if field in NUMBERS else Shown("covered")
    return _open(field, value, unit_name)


def _open(field: str, value: Any, unit_name: Callable[[str], str]) -> Shown:
    if isinstance(value, dt.date):
        return Shown("day", value)
    if field in NUMBERS:
        return Shown("digits", value)
    known: dict[Any, Words] = {}
    if field == "sex":
        known = SEX
    elif field == "delete_requested":
        known = _ANSWER
    elif field == "status":
        known = dict(labels.STATES)
    if value in known:
        return Shown("words", known[value])
    if labels.is_listed(field):
        return Shown("text", labels.named(field, value))
    return Shown("text", unit_name(value) if field == "cell" else str(value))
