"""What the garden states: something was planted; somebody's plot was watched, and nobody may see whose."""

import datetime as dt

from chibox.plugin import Fact, Plain, Record, Sensitive, kind


@kind("garden.planted.1", day="day", facts=("what", Fact("since", "day")))
class Planted(Record, frozen=True):
    """Something stands in a plot (the subject) from a day on."""

    day: Plain[dt.date]
    what: Plain[str]
    since: Plain[str | None] = None


@kind("garden.watched.1", opaque=True)
class Watched(Record, frozen=True):
    """A plot was watched at night."""

    seen: Sensitive[str]


RECORDS = (Planted, Watched)
