"""A verification keeps little of what it reads: a log of a million entries needs tens of megabytes, not gigabytes."""

import tracemalloc
from pathlib import Path

from tests.verify.make_log import lay_out, make

from chibox.records.verify import verify_log
from chibox.records.verify.rules import Met

FEW, MANY = 2_560, 12_800


def peak(folder: Path) -> int:
    """The most that was held at once while a sound log was verified, in bytes."""
    tracemalloc.start()
    try:
        assert verify_log(folder).ok
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_grows_by_a_hundred_bytes_an_entry_at_most(tmp_path: Path) -> None:
    """The ids that may stand once, and 32 bytes for 256 leaves; no entry, no part, no tile is kept."""
    log = make(MANY)
    large = lay_out(tmp_path / "large", log.files())
    log.entries, log.parts = log.entries[:FEW], log.parts[:FEW]
    small = lay_out(tmp_path / "small", log.files())
    peak(small)  # what is made once for all is made now
    assert peak(large) - peak(small) < 100 * (MANY - FEW)


def test_ids_that_were_met_again_are_told_by_their_positions() -> None:
    """Whatever byte they begin with, and as often as they come; in the order of positions."""
    met = Met()
    for position in range(2000):
        met.add(position, bytes([position % 200, *(0,) * 15]) if position < 400 else position.to_bytes(16, "big"))
    assert met.again() == list(range(200, 400))
