"""Fields of forms about a member: which control, which label, which list to choose from."""

from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from chibox.plugin import Words, words
from chibox_membership import labels
from chibox_membership.checks import NEEDED
from chibox_membership.sheet.columns import BY_KEY, Kind

Control = Literal["date", "choice", "select", "check", "number", "text"]
WAS: Final = "_was_"
"""Before a field's name: what stood in it when the page was made."""
_CONTROLS: Final[dict[Kind, Control]] = {Kind.DATE: "date", Kind.DIGITS: "number", Kind.SEX: "choice",
                                         Kind.ETHNIC_GROUP: "select", Kind.RELIGION: "select",
                                         Kind.ANSWER: "check"}  # fmt: skip
_HINTS: Final = {
    "other_name": words("what people call this member besides"),
    "personal_id": words("12 digits, as on the identity card"),
    "card_number": words("12 digits"),
    "national_id": words("as the national database has it, five groups"),
    "admitted_on": words("the day of the decision, column X of the sheet"),
}


class Field(msgspec.Struct, frozen=True):
    """One field of a form."""

    name: str
    label: Words
    control: Control
    needed: bool
    hint: Words | None = None
    options: tuple[tuple[str, Words | str], ...] = ()


def field(name: str, *, short: bool = False) -> Field:
    """The field for a detail of a member; `short`: it stands below the name of its group."""
    kind = BY_KEY[name].kind
    label = labels.PARTS.get(name, labels.FIELDS[name]) if short else labels.FIELDS[name]
    options: tuple[tuple[str, Words | str], ...] = ()
    if name == "sex":
        options = (("male", words("male")), ("female", words("female")))
    elif labels.is_listed(name):
        options = tuple(labels.options(name))
    return Field(name, label, _CONTROLS.get(kind, "text"), name in NEEDED, _HINTS.get(name), options)


def sections(*, without: Iterable[str] = ()) -> list[list[tuple[Words, list[Field]]]]:
    """Every group with its fields, but for some, in two columns."""
    left_out = set(without)
    return [
        [
            (
                labels.GROUPS[group][0],
                [field(name, short=True) for name in labels.GROUPS[group][1] if name not in left_out],
            )
            for group in stack
        ]
        for stack in labels.STACKS
    ]


def untouched(sent: Iterable[tuple[str, object]], names: Iterable[str]) -> set[str]:
    """The fields in which the same stands as when the page was made."""
    values: dict[str, str] = {}
    for name, value in sent:
        values[name] = str(value).strip() or values.get(name, "")
    return {name for name in names if f"{WAS}{name}" in values and values.get(name, "") == values[f"{WAS}{name}"]}
