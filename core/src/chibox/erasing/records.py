"""Core's kinds about erasing: that it was asked, that the asking was withdrawn. What erases is `core.erased.1`."""

from chibox.identity.classes import Plain
from chibox.records.core import ErasureReason
from chibox.records.record import Record, kind


@kind("core.erasure_asked.1", final=True)
class ErasureAsked(Record, frozen=True):
    """Someone asks that the content of these records (ids) be erased; the subject is the person of whom they tell.

    Nothing is erased by it: a second person's `core.erased.1`, which refers to it, does.
    """

    records: Plain[tuple[str, ...]]
    reason: Plain[ErasureReason]


@kind("core.erasure_withdrawn.1", final=True)
class ErasureWithdrawn(Record, frozen=True):
    """The erasure that the record it refers to asks for is not wanted any more."""


@kind("core.sealed_erasure_asked.1", opaque=True, final=True)
class SealedErasureAsked(ErasureAsked, frozen=True):
    """Asks for the erasure of records of which one at least is opaque."""


@kind("core.sealed_erasure_withdrawn.1", opaque=True, final=True)
class SealedErasureWithdrawn(ErasureWithdrawn, frozen=True):
    """Withdraws what was asked by an opaque record."""


RECORDS = (ErasureAsked, ErasureWithdrawn, SealedErasureAsked, SealedErasureWithdrawn)
