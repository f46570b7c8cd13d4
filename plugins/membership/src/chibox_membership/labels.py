"""What fields, groups of fields, states, grounds and ways to leave are called on pages."""

from collections.abc import Mapping
from typing import Final

from chibox.plugin import Words, words
from chibox_membership.records import DETAILS
from chibox_membership.sheet.codes import CODES
from chibox_membership.sheet.columns import BY_KEY, Kind

FIELDS: Final[Mapping[str, Words]] = {
    **{field: BY_KEY[field].label for field in DETAILS},
    "admitted_on": words("Admission decided on"),
    "official_on": words("Official from"),
    "cell": words("Cell"),
    "status": words("State of activity"),
    "note": words("Note of the clerk"),
}

GROUPS: Final[Mapping[str, tuple[Words, tuple[str, ...]]]] = {
    "name": (words("Names"), ("full_name", "other_name")),
    "birth": (words("Birth"), ("born_on",)),
    "person": (words("Sex, ethnic group, religion"), ("sex", "ethnic_group", "religion")),
    "numbers": (words("Personal number"), ("personal_id", "old_identity_number")),
    "party": (words("Admission and recognition"), ("admitted_on", "official_on")),
    "card": (words("Party card"), ("card_number", "card_place", "card_date", "old_card_number")),
    "residence": (
        words("Permanent residence"),
        ("residence_country", "residence_province", "residence_detail"),
    ),
    "home_place": (words("Home place"), ("home_place_country", "home_place_province", "home_place_detail")),
    "birth_place": (
        words("Place of birth registration"),
        ("birth_place_country", "birth_place_province", "birth_place_detail"),
    ),
    "national": (words("National database"), ("national_id", "delete_requested")),
}
"""The details of a member as pages show and ask them: one group a page."""

STACKS: Final = (
    ("name", "birth", "person", "numbers", "residence"),
    ("party", "card", "home_place", "birth_place", "national"),
)
"""The same groups in two columns."""

PARTS: Final[Mapping[str, Words]] = {
    **{f"{place}_country": words("Country") for place in ("residence", "home_place", "birth_place")},
    **{f"{place}_province": words("Province or city") for place in ("residence", "home_place", "birth_place")},
    **{f"{place}_detail": words("Detail") for place in ("residence", "home_place", "birth_place")},
}
"""Shorter names of fields, below the name of their group."""

STATES: Final[Mapping[str, Words]] = {
    "active": words("Active"),
    "exempt": words("Exempt from activity"),
    "interrupted": words("Activity interrupted"),
    "suspended": words("Suspended from activity"),
    "transferred": words("Transferred elsewhere"),
    "left_party": words("Left the Party"),
    "deceased": words("Deceased"),
}
STANDINGS: Final[Mapping[str, Words]] = {
    "official_member": words("Official member"),
    "probationary_member": words("Probationary member"),
}
STANDINGS_SHORT: Final[Mapping[str, Words]] = {
    "official_member": words("Official"),
    "probationary_member": words("Probationary"),
}
GROUNDS: Final[Mapping[str, Words]] = {
    "original_file": words("The original file says otherwise"),
    "identity_card": words("The identity card says otherwise"),
    "party_card": words("The party card says otherwise"),
    "decision": words("A decision says otherwise"),
    "statement": words("The member states otherwise"),
    "typing_error": words("A slip of the keyboard"),
}
DEPARTURES: Final[Mapping[str, Words]] = {
    "official_transfer": words("Official transfer to another committee"),
    "removal_from_list": words("Removal from the list"),
    "resignation": words("Leaves the Party on request"),
    "expulsion": words("Expulsion"),
    "death": words("Death"),
}
STATUS_OF: Final[Mapping[str, str]] = {
    "official_transfer": "transferred",
    "removal_from_list": "left_party",
    "resignation": "left_party",
    "expulsion": "left_party",
    "death": "deceased",
}
"""The state that a departure leads to."""

_LISTED: Final = {"sex": Kind.SEX, "ethnic_group": Kind.ETHNIC_GROUP, "religion": Kind.RELIGION}


def options(field: str) -> list[tuple[str, str]]:
    """Codes and names to choose from, for a field that has a list of its own."""
    return CODES[_LISTED[field]].pairs()


def is_listed(field: str) -> bool:
    """Whether the field's values are codes of a list."""
    return field in _LISTED


def named(field: str, code: str) -> str:
    """The name of a code; the code itself when its list does not have it."""
    return dict(options(field)).get(code, code)
