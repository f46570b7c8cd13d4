"""What is to come of a member by the calendar alone: the end of the probation, the next badge. No record, a reckoning."""

import datetime as dt
from typing import Final

import msgspec

from chibox.plugin import Read, Words, words
from chibox_membership.onday import Held
from chibox_membership.rules import ends_probation, months_later, years_between
from chibox_membership.tables import GONE

BADGES: Final = (30, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90)
"""Years of party age for which the Party gives its badge, as form 2-HSĐV lists them."""
_YEAR: Final = 12


class Ahead(msgspec.Struct, frozen=True):
    """Something that will be on a day if nothing else is recorded."""

    day: dt.date
    what: Words


def ahead(read: Read, held: Held, day: dt.date) -> list[Ahead]:
    """What is to come after `day` of a member who stands so on that day, the latest first; nothing of who has gone.

    Party age counts from the decision of admission; time out of party life is not known here and not taken off.
    """
    admitted = held.admitted_on
    if admitted is None or admitted > day or held.status in GONE:
        return []
    found = []
    years = next((years for years in BADGES if years > years_between(admitted, day)), None)
    if years is not None:
        what = words("{years} years of party age, counted from the decision of {day}", years=years, day=admitted)
        found.append(Ahead(months_later(admitted, years * _YEAR), what))
    ends = ends_probation(read, admitted)
    if ends > day and (held.official_on is None or held.official_on > day):
        found.append(
            Ahead(ends, words("The months of probation end, counted from the decision of {day}", day=admitted))
        )
    return sorted(found, key=lambda one: one.day, reverse=True)
