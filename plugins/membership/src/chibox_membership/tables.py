"""The roll as it stands: one row a member."""

import datetime as dt
from typing import Final

from chibox.plugin import Contact, Identity, Ordinary, Plain, Projection, Row, Sensitive

members = Projection("membership.members")
GONE: Final = frozenset({"transferred", "left_party", "deceased"})


@members.table("member", index=("personal_id", "national_id", "card_number", "name_order"))
class Member(Row, frozen=True):
    """A member as known now. How things stood on a day is told by the dated facts."""

    subject: str
    cell: Plain[str]
    cell_since: Plain[dt.date]
    status: Ordinary[str]
    status_since: Ordinary[dt.date]
    entered_on: Ordinary[dt.date]  # the day on which the entry stands: nothing of this member is folded before it
    full_name: Ordinary[str]
    name_key: Ordinary[str]  # for search: without marks, with the other name
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

    def standing(self, day: dt.date) -> str:
        """Official or probationary on `day`."""
        return "official_member" if self.official_on is not None and self.official_on <= day else "probationary_member"
