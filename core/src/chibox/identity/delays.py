"""A delay: readings for an inspection that the person read is told later, asked by one person and agreed by another."""

import datetime as dt
from typing import Final, Literal

import msgspec

from chibox.hooks import Held
from chibox.identity.classes import Plain, Sensitive
from chibox.organisation.rules import Rule
from chibox.projections.folds import Projection
from chibox.projections.rows import Row
from chibox.reading import Read
from chibox.records.record import Record, kind
from chibox.records.stated import Entry

MOST_DAYS: Final = "core.inspection_delay_days"
_TO_BE_NAMED: Final = "to be named"
RULE: Final = Rule(MOST_DAYS, 180, _TO_BE_NAMED, _TO_BE_NAMED, dt.date(2026, 11, 25), dt.date(2020, 1, 1))
"""No regulation is known that sets a number: this one is ours until one is named."""
DelayReason = Literal["inspection", "supervision", "denunciation", "discipline_complaint"]


@kind("core.delay_asked.1", opaque=True, final=True)
class DelayAsked(Record, frozen=True):
    """Readings by `reader` about `person` for this reason are told after the day `until` only. The subject is the delay.

    The delay, not the person: else how much is recorded about somebody would tell that there is one. Without its body
    there is none.
    """

    person: Plain[str]
    reader: Plain[str]
    reason: Sensitive[DelayReason]
    until: Plain[dt.date]


@kind("core.delay_agreed.1", opaque=True, final=True)
class DelayAgreed(Record, frozen=True):
    """A second person agrees to the delay (the subject) with the day that it then had: it runs from here on."""

    until: Plain[dt.date]


@kind("core.delay_ended.1", opaque=True, final=True)
class DelayEnded(Record, frozen=True):
    """The delay (the subject) has this last day, before the one that was asked: what it held back is told after it."""

    last: Plain[dt.date]


RECORDS = (DelayAsked, DelayAgreed, DelayEnded)
delays = Projection("core.delays")


@delays.table("delay", index=("reader", "person"))
class Delay(Row, frozen=True):
    """A delay as it stands. `agreed_by` None: it does not run yet; `last`: the last day on which it holds back.

    `record`: the id of the record that asked for it.
    """

    subject: str
    person: Plain[str]
    reader: Plain[str]
    reason: Sensitive[str]
    until: Plain[dt.date]
    asked_by: Plain[str]
    agreed_by: Plain[str | None]
    last: Plain[dt.date]
    record: Plain[str]

    def runs(self, day: dt.date) -> bool:
        """Whether the reader may read by it on `day`."""
        return self.agreed_by is not None and day <= self.last

    def waits(self, day: dt.date) -> bool:
        """Whether it still waits for a second person."""
        return self.agreed_by is None and day <= self.last


@delays.fold(Delay)
def asked(row: Delay | None, entry: Entry[DelayAsked]) -> Delay | None:
    """It is asked, once."""
    body = entry.body
    if row is not None or body is None:
        return row
    return Delay(
        entry.subject, body.person, body.reader, body.reason, body.until, entry.by, None, body.until, entry.rid
    )


@delays.fold(Delay)
def agreed(row: Delay | None, entry: Entry[DelayAgreed]) -> Delay | None:
    """The first who agrees counts."""
    if row is None or row.agreed_by is not None:
        return row
    return msgspec.structs.replace(row, agreed_by=entry.by)


@delays.fold(Delay)
def ended(row: Delay | None, entry: Entry[DelayEnded]) -> Delay | None:
    """It never comes to last longer by that."""
    if row is None or entry.body is None:
        return row
    return msgspec.structs.replace(row, last=min(row.last, entry.body.last))


def delays_of(read: Read, reader: str) -> list[Delay]:
    """The delays by which somebody may read today."""
    return [one for one in read.found(Delay, "reader=?", (reader,)) if one.runs(read.today)]


def held_on(read: Read, person: str) -> Held:
    """The delays about somebody that are over: one that runs or waits is nobody's to find. Erased, it holds nothing back."""
    found = read.found(Delay, "person=? AND last<?", (person, read.today.isoformat()))
    return Held(records=tuple(one.record for one in found))
