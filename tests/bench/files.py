"""Files that a clerk may bring: 5,000 rows of which three in a hundred are wrong, in fifteen ways; and 50,000 rows."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace
from tests.bench.goals import SHEET, WRONG
from tests.bench.seed import TODAY, Seed, strangers

from chibox.testing.commune import commune
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.sheet.writing import write

MANY: Final = 50_000
_LATE: Final = dt.date(2031, 1, 1)
WAYS: Final[Sequence[Mapping[str, Any]]] = (
    {"full_name": None}, {"sex": None}, {"born_on": None}, {"ethnic_group": None}, {"religion": None},
    {"personal_id": None}, {"cell": None}, {"admitted_on": None}, {"personal_id": "99106800"},
    {"personal_id": "99A068000001"}, {"card_number": "12"}, {"national_id": "no-such-id"}, {"born_on": _LATE},
    {"admitted_on": _LATE}, {"admitted_on": dt.date(1900, 1, 1)},
)  # fmt: skip
"""What is missing, misspelt or impossible in a wrong row."""


def strange(seed: Seed) -> tuple[SheetRow, ...]:
    """5,000 rows about people who are not on the roll, each without fault."""
    others = strangers(seed.people, commune("large", seed=2, today=TODAY).members)
    return seed.rows(others[:SHEET])


def spoiled(rows: Sequence[SheetRow]) -> list[SheetRow]:
    """The same rows, of which 150, spread over all, are wrong: ten in each way."""
    found = list(rows)
    for number in range(WRONG):
        place = number * len(found) // WRONG
        found[place] = replace(found[place], **WAYS[number % len(WAYS)])
    return found


def file_of(seed: Seed, rows: Sequence[SheetRow]) -> bytes:
    """The rows as an entry sheet 4.0."""
    names = dict(zip(seed.cells, (cell.name for cell in seed.committee.cells), strict=True))
    return write(rows, names, committee=seed.committee.name, day=TODAY)


def repeated(rows: Sequence[SheetRow], number: int) -> list[SheetRow]:
    """So many rows: these again and again."""
    return [rows[at % len(rows)] for at in range(number)]
