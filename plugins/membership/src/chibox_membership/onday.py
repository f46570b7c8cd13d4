"""The roll on a day: who was a member, in which cell and state, from the dated facts; as known now, or as known then."""

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any, Final

import msgspec

from chibox.plugin import Contact, Identity, KnownFact, Ordinary, Plain, Read, Sensitive, name_order
from chibox_membership.records import DETAILS
from chibox_membership.tables import GONE, Member, key_of

LISTED: Final = (
    "full_name", "other_name", "born_on", "personal_id", "card_number", "admitted_on", "official_on", "cell", "status", "note",
)  # fmt: skip
SHOWN: Final = (*DETAILS, "cell", "status", "note")
_DATES: Final = frozenset({"born_on", "card_date", "admitted_on", "official_on"})


class OnDay(msgspec.Struct, frozen=True):
    """A member as he stood on a day: the fields that lists show."""

    subject: str
    full_name: Ordinary[str]
    other_name: Ordinary[str | None]
    name_key: Ordinary[str]
    name_order: Ordinary[str]
    born_on: Identity[dt.date | None]
    personal_id: Identity[str | None]
    card_number: Identity[str | None]
    admitted_on: Ordinary[dt.date | None]
    official_on: Ordinary[dt.date | None]
    cell: Plain[str]
    status: Ordinary[str]
    note: Ordinary[str | None]

    def standing(self, day: dt.date) -> str:
        """Official or probationary on `day`."""
        return "official_member" if self.official_on is not None and self.official_on <= day else "probationary_member"


class Held(msgspec.Struct, frozen=True):
    """Every field of a member on a day, by class of field; with `facts` for where each comes from."""

    subject: str
    sex: Ordinary[str | None] = None
    full_name: Ordinary[str | None] = None
    other_name: Ordinary[str | None] = None
    born_on: Identity[dt.date | None] = None
    ethnic_group: Ordinary[str | None] = None
    religion: Sensitive[str | None] = None
    personal_id: Identity[str | None] = None
    national_id: Identity[str | None] = None
    card_number: Identity[str | None] = None
    card_place: Ordinary[str | None] = None
    card_date: Ordinary[dt.date | None] = None
    old_card_number: Identity[str | None] = None
    old_identity_number: Identity[str | None] = None
    birth_place_country: Ordinary[str | None] = None
    birth_place_province: Ordinary[str | None] = None
    birth_place_detail: Ordinary[str | None] = None
    home_place_country: Ordinary[str | None] = None
    home_place_province: Ordinary[str | None] = None
    home_place_detail: Ordinary[str | None] = None
    residence_country: Contact[str | None] = None
    residence_province: Contact[str | None] = None
    residence_detail: Contact[str | None] = None
    admitted_on: Ordinary[dt.date | None] = None
    official_on: Ordinary[dt.date | None] = None
    delete_requested: Ordinary[bool | None] = None
    cell: Plain[str | None] = None
    status: Ordinary[str | None] = None
    note: Ordinary[str | None] = None


def roll_on(read: Read, day: dt.date, known: int | None = None) -> list[OnDay]:
    """Everybody who was a member on `day`, by given name; `known`: only what stood in the log up to that position."""
    found = list(_members(read, read.facts(fields=LISTED, day=day, known=known), day, known))
    return sorted(found, key=lambda member: (member.name_order, member.subject))


def member_on(read: Read, subject: str, day: dt.date, known: int | None = None) -> tuple[Held, dict[str, KnownFact]]:
    """One member's fields on `day`, and the fact behind each."""
    facts = read.facts([subject], fields=SHOWN, day=day, known=known).get(subject, {})
    values = {field: value_of(field, fact) for field, fact in facts.items()}
    return Held(subject=subject, **values), facts


def held(read: Read, subject: str, fields: Collection[str], day: dt.date) -> dict[str, Any]:
    """What these fields of a member held on `day`, as known now; None where nothing is known."""
    facts = read.facts([subject], fields=tuple(fields), day=day).get(subject, {})
    return {field: value_of(field, facts[field]) if field in facts else None for field in fields}


def _members(
    read: Read, all_facts: dict[str, dict[str, KnownFact]], day: dt.date, known: int | None
) -> Iterator[OnDay]:
    for subject, facts in all_facts.items():
        values: dict[str, Any] = {f: value_of(f, facts[f]) if f in facts else None for f in LISTED}
        status = values["status"] or "active"  # a corrected admission may lie before the first state that was recorded
        admitted, name, other = values["admitted_on"], values["full_name"], values["other_name"]
        if admitted is None or admitted > day or status in GONE or name is None:
            continue
        cell = values["cell"] or _first_cell(read, subject, known)
        yield OnDay(
            subject=subject,
            name_key=key_of(name, other),
            name_order=name_order(name),
            **{**values, "cell": cell, "status": status},
        )


def _first_cell(read: Read, subject: str, known: int | None) -> str:
    """The cell in which the entry put the member, for the time before it."""
    row = read.row(Member, subject)
    if row is None:
        return ""
    facts = read.facts([subject], fields=("cell",), day=row.entered_on, known=known).get(subject, {})
    return facts["cell"].value or "" if "cell" in facts else ""


def value_of(field: str, fact: KnownFact) -> Any:
    """The value of a fact as a field holds it: a date, yes or no, a text; None where it is stated to be empty."""
    if fact.value is None:
        return None
    if field in _DATES:
        return dt.date.fromisoformat(fact.value)
    return fact.value == "true" if field == "delete_requested" else fact.value
