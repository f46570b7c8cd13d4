"""The 31 columns of the national entry sheet 4.0, A to AE, as data."""

import tomllib
from collections.abc import Mapping
from enum import Enum
from importlib.resources import files
from typing import Any, Final, NamedTuple

from chibox.plugin import Words, words
from chibox_membership.sheet.places import letters

NATIONAL: Final[Mapping[str, Any]] = tomllib.loads(files(__package__).joinpath("national.toml").read_text("utf-8"))
"""Headings and the words that stand for codes."""

HEADING_ROWS: Final = (6, 7)
FIRST_ROW: Final = 8


class Kind(Enum):
    """What a column holds, and so how its cells are read."""

    ORDER = "order"
    TEXT = "text"
    DATE = "date"
    UUID = "uuid"
    DIGITS = "digits"
    SEX = "sex"
    ETHNIC_GROUP = "ethnic_group"
    RELIGION = "religion"
    STATUS = "status"
    ANSWER = "answer"
    UNIT = "unit"


class Column(NamedTuple):
    """One column. `digits`: how many its number may have; `required`: no row may leave it empty."""

    letter: str
    key: str
    label: Words
    kind: Kind
    required: bool
    digits: tuple[int, ...]
    heading: tuple[str, str]
    also: tuple[str, ...]


_DEFINED: tuple[tuple[str, Words, Kind, bool, tuple[int, ...]], ...] = (
    ("number", words("No."), Kind.ORDER, False, ()),
    ("national_id", words("ID (UUID)"), Kind.UUID, False, ()),
    ("full_name", words("Full name"), Kind.TEXT, True, ()),
    ("other_name", words("Other name"), Kind.TEXT, False, ()),
    ("sex", words("Sex"), Kind.SEX, True, ()),
    ("born_on", words("Born on"), Kind.DATE, True, ()),
    ("ethnic_group", words("Ethnic group"), Kind.ETHNIC_GROUP, True, ()),
    ("religion", words("Religion"), Kind.RELIGION, True, ()),
    ("personal_id", words("Personal number"), Kind.DIGITS, True, (12,)),
    ("card_number", words("Party card number"), Kind.DIGITS, False, (12,)),
    ("card_place", words("Party card issued by"), Kind.TEXT, False, ()),
    ("card_date", words("Party card issued on"), Kind.DATE, False, ()),
    ("old_card_number", words("Card number of decision 85"), Kind.DIGITS, False, ()),
    ("cell", words("Party organisation of activity"), Kind.UNIT, True, ()),
    ("birth_place_country", words("Birth registered: country"), Kind.TEXT, False, ()),
    ("birth_place_province", words("Birth registered: province"), Kind.TEXT, False, ()),
    ("birth_place_detail", words("Birth registered: detail"), Kind.TEXT, False, ()),
    ("home_place_country", words("Home place: country"), Kind.TEXT, False, ()),
    ("home_place_province", words("Home place: province"), Kind.TEXT, False, ()),
    ("home_place_detail", words("Home place: detail"), Kind.TEXT, False, ()),
    ("residence_country", words("Permanent residence: country"), Kind.TEXT, False, ()),
    ("residence_province", words("Permanent residence: province"), Kind.TEXT, False, ()),
    ("residence_detail", words("Permanent residence: detail"), Kind.TEXT, False, ()),
    ("admitted_on", words("Day of joining the Party (column X)"), Kind.DATE, True, ()),
    ("official_on", words("Official from"), Kind.DATE, False, ()),
    ("old_identity_number", words("Old identity card number"), Kind.DIGITS, False, (9, 12)),
    ("status", words("State of activity"), Kind.STATUS, True, ()),
    ("left_on", words("Day of leaving, death or exemption"), Kind.DATE, False, ()),
    ("delete_requested", words("Deletion requested"), Kind.ANSWER, False, ()),
    ("check_result", words("Result of the check"), Kind.TEXT, False, ()),
    ("check_detail", words("Faults found by the check"), Kind.TEXT, False, ()),
)

COLUMNS: Final[tuple[Column, ...]] = tuple(
    Column(
        letters(place),
        key,
        label,
        kind,
        required,
        digits,
        (NATIONAL["headings"][key][0], NATIONAL["headings"][key][1]),
        tuple(NATIONAL["also_headed"].get(key, ())),
    )
    for place, (key, label, kind, required, digits) in enumerate(_DEFINED, 1)
)
"""In the order of the sheet. An official member has a card number and a day of recognition, a probationary one neither:
so columns J and Y bear the sheet's star and may yet be empty, together."""

BY_KEY: Final[Mapping[str, Column]] = {column.key: column for column in COLUMNS}
