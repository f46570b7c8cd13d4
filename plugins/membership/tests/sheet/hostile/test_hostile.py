"""Hostile and odd files, a few hundred: each is refused, faulted or read just as it should be, and opens nothing."""

import datetime as dt
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from plugins.membership.tests.sheet.hostile import archives, kinds, lists, markup, separated, values, workbooks
from plugins.membership.tests.sheet.hostile.files import READ, TODAY, UNIT, Case, Gets, good

from chibox.plugin import Invalid
from chibox_membership.sheet.child import answer
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.whole import taken
from chibox_membership.sheet.wire import Limits, Refusal, packed, unpacked

CASES: Final = [case for kind in (archives, kinds, markup, workbooks, lists, values, separated) for case in kind.CASES]
_SECONDS: Final = 8
_UNITS: Final = Units([(UNIT, "a" * 32)])


class _Watch:
    """What this process asks of the system while a file is read: Python tells every opening, connection and start."""

    def __init__(self) -> None:
        self.thread, self.seen = 0, list[str]()
        sys.addaudithook(self._heard)

    def _heard(self, event: str, told: tuple[Any, ...]) -> None:
        if self.thread != threading.get_ident():
            return
        if event.startswith(("socket.", "subprocess.", "os.", "ctypes.", "urllib.", "shutil.", "pty.")):
            self.seen.append(event)
        elif event == "open" and not str(told[0]).startswith((sys.prefix, sys.base_prefix)):
            self.seen.append(f"open {told[0]}")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Nothing is asked within."""
        self.seen.clear()
        self.thread = threading.get_ident()
        try:
            yield
        finally:
            self.thread = 0
        assert not self.seen


_WATCH: Final = _Watch()


def told(data: bytes, today: dt.date = TODAY) -> Gets:
    """What comes of a file, read in this process for speed: in words."""
    found = unpacked(packed(answer(data, Limits())))
    if isinstance(found, Refusal):
        return found.msgid.format(**found.params)
    try:
        return tuple(f"{row.full_name}, {row.born_on}" for row in taken(found, _UNITS, today))
    except Invalid as refused:
        return {place: str(words) for place, words in refused.fields.items()} or str(refused)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_hostile_file_gets_what_it_deserves(case: Case) -> None:
    """One sentence, or one for each wrong cell, or the member whole; in seconds, and a good file is read right after it.

    Nothing that the file names is opened, fetched or started.
    """
    data = case.make()
    begun = time.monotonic()
    with _WATCH.watching():
        found = told(data)
    assert time.monotonic() - begun < _SECONDS
    assert found == case.gets
    assert told(good()) == READ


def test_the_watch_sees() -> None:
    """What is watched for would be seen: an opened file ends the test that did it."""
    with pytest.raises(AssertionError, match="/proc/self/status"), _WATCH.watching():
        open("/proc/self/status", "rb").close()  # noqa: PTH123 - the call that is heard


def test_there_are_files_of_every_kind() -> None:
    """Each file is another one, and there are hundreds."""
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
    assert len(names) > 200
