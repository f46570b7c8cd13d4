"""The lock of kinds: a frozen kind is never changed, and never gone."""

from pathlib import Path

import pytest
from tests.core.notes import Counted, Whispered, Written

from chibox.errors import Refused
from chibox.kindslock import NAME, changed, missing, read_lock, write_lock
from chibox.records.record import Record, kind


def test_new_kinds_are_frozen_once(tmp_path: Path) -> None:
    """Each call freezes what is new, and leaves what was frozen byte for byte."""
    assert missing(tmp_path, (Written, Counted)) == ["notes.counted.1", "notes.written.1"]
    assert write_lock(tmp_path, (Written, Counted)) == ["notes.counted.1", "notes.written.1"]
    before = (tmp_path / NAME).read_bytes()
    assert write_lock(tmp_path, (Counted, Written)) == []
    assert (tmp_path / NAME).read_bytes() == before
    assert write_lock(tmp_path, (Whispered, Written, Counted)) == ["notes.whispered.1"]
    assert set(read_lock(tmp_path)) == {"notes.counted.1", "notes.whispered.1", "notes.written.1"}


def test_a_frozen_kind_that_changes_is_refused(tmp_path: Path) -> None:
    """A field more, another default, an opaque kind made open, a kind that is gone: named, and nothing is written."""
    write_lock(tmp_path, (Written, Counted))
    before = (tmp_path / NAME).read_bytes()

    @kind("notes.counted.1")
    class More(Record, frozen=True):
        """A field more."""

        count: int
        more: int = 0

    @kind("notes.counted.1", opaque=True)
    class Opaque(Record, frozen=True):
        """The same field, sealed."""

        count: int

    for records in ((Written, More), (Written, Opaque), (Written,)):
        assert changed(tmp_path, records) == ["notes.counted.1"]
        with pytest.raises(Refused, match=r"notes\.counted\.1"):
            write_lock(tmp_path, records)
        assert (tmp_path / NAME).read_bytes() == before


def test_a_damaged_lock_is_told(tmp_path: Path) -> None:
    """A line that is none, or a kind that stands twice."""
    for text in ("what is this\n", "notes.a.1 x\nnotes.a.1 y\n", "notes.a.1\n"):
        (tmp_path / NAME).write_text(text)
        with pytest.raises(ValueError, match=r"."):
            read_lock(tmp_path)
