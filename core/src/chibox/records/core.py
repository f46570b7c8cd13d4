"""Core's own kinds about records: what was taken back, what was erased, what turned out to be the same.

Their bodies hold ids and closed words only, and always go up: without them a parent would go on counting what is gone.
"""

from typing import Literal

from chibox.records.record import Record, kind

ErasureReason = Literal["request", "retention", "entered_by_mistake", "court_order"]


@kind("core.retracted.1", goes_up="parts")
class Retracted(Record, frozen=True):
    """Acts (`a…`) or records (`r…`) count as never stated, unless this is itself retracted; the records in `left` stay.

    Opaque when anything that it refers to is. Holds ids only, is never erased, always goes up. Works only on what stands
    before it in the log.
    """

    targets: tuple[str, ...]
    left: tuple[str, ...] = ()


@kind("core.joined.1", goes_up="parts")
class Joined(Record, frozen=True):
    """The key `old` is the key `new` from now on, in every tuple that holds it, unless this is retracted."""

    old: str
    new: str


@kind("core.erased.1", goes_up="parts", final=True)
class Erased(Record, frozen=True):
    """The bodies of these records are gone for every fold, and from this box; no undo brings them back."""

    records: tuple[str, ...]
    reason: ErasureReason


@kind("core.sealed_retracted.1", opaque=True, goes_up="parts")
class SealedRetracted(Retracted, frozen=True):
    """A retraction of something opaque."""


@kind("core.sealed_joined.1", opaque=True, goes_up="parts")
class SealedJoined(Joined, frozen=True):
    """A join of cases or subjects known from opaque records only."""


@kind("core.sealed_erased.1", opaque=True, goes_up="parts", final=True)
class SealedErased(Erased, frozen=True):
    """An erasure of opaque records."""


CORE_RECORDS = (Retracted, Joined, Erased, SealedRetracted, SealedJoined, SealedErased)
