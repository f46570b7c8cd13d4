"""What commands state and folds read: a record on its way in, and an entry on its way out."""

import datetime as dt
from typing import Any, Generic, TypeVar

import msgspec

from chibox.clock import day
from chibox.records.record import Record

R_co = TypeVar("R_co", bound=Record, covariant=True)


class Stated(msgspec.Struct, frozen=True, gc=False):
    """A record that a command wants to append: about whom, in which unit, answering which records or acts."""

    record: Record
    subject: str
    unit: str
    refs: tuple[str, ...] = ()
    case: str | None = None  # opaque kinds: the case whose handle stands in the envelope; None: a fresh one


def state(record: Record, subject: str, unit: str, refs: tuple[str, ...] = (), case: str | None = None) -> Stated:
    """State `record` about `subject` in `unit`. Raises nothing: the writer checks it."""
    return Stated(record, subject, unit, refs, case)


class Entry(msgspec.Struct, Generic[R_co], frozen=True, gc=False):
    """An entry as a fold sees it: the envelope, with an opaque kind's true kind, subject, time and refs from its body.

    `body` is None where the body was withheld or erased: every fold says what that means. `case` is the subject in the
    envelope of an opaque entry (else equal to `subject`).
    """

    position: int
    rid: str
    act: str
    kind: str
    time: int
    unit: str
    subject: str
    by: str
    refs: tuple[str, ...]
    case: str
    context: dict[str, Any]
    body: R_co | None

    @property
    def day(self) -> dt.date:
        """The day on which it was recorded, in Viet Nam."""
        return day(self.time)
