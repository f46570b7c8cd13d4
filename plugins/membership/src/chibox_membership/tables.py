"""The roll as it stands: one row a member."""

import datetime as dt
from typing import Final

from chibox.plugin import Contact, Identity, Ordinary, Plain, Projection, Row, Sensitive, search_key

members = Projection("membership.members", version=2)
GONE: Final = frozenset({"transferred", "left_party", "deceased"})
_LISTED: Final = (
    ("name_order", "subject", "status", "cell", "official_on", "admitted_on", "name_words", "personal_id"),
    ("born_on", "subject", "status", "cell"),
    ("admitted_on", "subject", "status", "cell"),
    ("status", "cell"),
    ("official_on", "admitted_on"),
)
"""What a list is searched, counted and sorted by stands in its index: of thousands of rows only those of a page are read."""


@members.table("member", index=("personal_id", "national_id", "card_number", *_LISTED))
class Member(Row, frozen=True):
    """A member as known now. How things stood on a day is told by the dated facts."""

    subject: str
    cell: Plain[str]
    cell_since: Plain[dt.date]
    status: Ordinary[str]
    status_since: Ordinary[dt.date]
    entered_on: Ordinary[dt.date]  # the day on which the entry stands: nothing of this member is folded before it
    full_name: Ordinary[str]
    name_key: Ordinary[str]  # without marks, with the other name
    name_words: Ordinary[str]  # for search: a space before each word of it
    name_order: Ordinary[str]  # for sorting by given name
    sex: Ordinary[str]
    born_on: Identity[dt.date]
    ethnic_group: Ordinary[str]
    religion: Sensitive[str]
    personal_id: Identity[str]
    admitted_on: Ordinary[dt.date]
    official_on: Ordinary[dt.date | None]
    national_id: Identity[str | None]
    other_name: Ordinary[str | None]
    card_number: Identity[str | None]
    card_place: Ordinary[str | None]
    card_date: Ordinary[dt.date | None]
    old_card_number: Identity[str | None]
    birth_place_country: Ordinary[str | None]
    birth_place_province: Ordinary[str | None]
    birth_place_detail: Ordinary[str | None]
    home_place_country: Ordinary[str | None]
    home_place_province: Ordinary[str | None]
    home_place_detail: Ordinary[str | None]
    residence_country: Contact[str | None]
    residence_province: Contact[str | None]
    residence_detail: Contact[str | None]
    old_identity_number: Identity[str | None]
    delete_requested: Ordinary[bool | None]
    note: Ordinary[str | None]

    def standing(self, day: dt.date) -> str:
        """Official or probationary on `day`."""
        return "official_member" if self.official_on is not None and self.official_on <= day else "probationary_member"


def key_of(full_name: str, other_name: str | None) -> str:
    """The names without marks, the other name behind a stroke."""
    return search_key(full_name if other_name is None else f"{full_name} / {other_name}")


def words_of(full_name: str, other_name: str | None) -> str:
    """The same with a space before every word; what stands behind an apostrophe (H'Nhuôn) is a word too."""
    words = key_of(full_name, other_name).split()
    behind = [word[at + 1 :] for word in words for at, sign in enumerate(word) if sign == "'"]
    return "".join(f" {word}" for word in (*words, *behind))
