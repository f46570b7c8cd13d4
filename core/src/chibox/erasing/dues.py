"""What is due of erasing: a second person is told of what was asked."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from chibox.clock import day
from chibox.erasing.commands import DAYS, needs_of
from chibox.erasing.tables import OPEN, Erasure
from chibox.errors import Forbidden, Words, words
from chibox.hooks import Due
from chibox.reading import Read

REASONS: Final[dict[str, Words]] = {
    "request": words("the person asks for it"),
    "retention": words("the time to keep it is over"),
    "entered_by_mistake": words("it was entered by mistake"),
    "court_order": words("a court or authority orders it"),
}
_DAY: Final = 86_400_000


def due(read: Read, person: str) -> Sequence[Due]:
    """A line for each open request that this person may do; nothing for who asked it."""
    rows = read.found(Erasure, "state=? AND time>=? ORDER BY position", (OPEN, read.now - DAYS * _DAY))
    return [_line(row) for row in rows if row.by != person and may(read, row, person)]


def may(read: Read, row: Erasure, person: str, scope: str = "approve") -> bool:
    """Whether a person's posts meet what doing this erasure needs."""
    try:
        read.picture.check(person, needs_of(read, row, scope), read.today)
    except Forbidden:
        return False
    return True


def _line(row: Erasure) -> Due:
    return Due(
        words("Decide on a request to erase what is held about a person"), f"/erasing/{row.subject}",
        day(row.time) + dt.timedelta(days=DAYS), REASONS.get(row.reason), (row.person,),
    )  # fmt: skip
