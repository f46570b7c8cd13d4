"""Rehearsing a restore: the same as when a machine is lost, into a folder that is looked at and removed again."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from chibox.backup import care
from chibox.backup.copies import REHEARSAL, scratch
from chibox.backup.restoring import restore
from chibox.backup.sheet import Secrets
from chibox.backup.unpacking import Progress, silent
from chibox.beside import snapshot
from chibox.clock import Clock, SystemClock
from chibox.errors import ChiboxError, NotFound
from chibox.plugins import Plugins
from chibox.records.log import LogReader
from chibox.records.verify import Report
from chibox.verifying import verify_box


class Rehearsal(NamedTuple):
    """What came of it: the entries that were restored, how long it took (s), and what verifying the restored box said."""

    size: int
    seconds: float
    report: Report
    heads_agree: bool

    @property
    def good(self) -> bool:
        """Whether this backup would give back the box that was saved."""
        return self.report.ok and self.heads_agree


def rehearse(
    source: Path,
    opening: Secrets | None = None,
    *,
    box: Path | None = None,
    plugins: Plugins | None = None,
    clock: Clock | None = None,
    told: Progress = silent,
) -> Rehearsal:
    """Restore `source` into a scratch folder, verify the box there without opening it for writing, and remove it again.

    With `box` the scratch folder is inside that box's, and the outcome stands in its `care.json`; otherwise it is in the
    system's folder for temporary files. A crash leaves the scratch folder; the next rehearsal for that box clears it away.
    Raises what `restore` raises, which is noted too.
    """
    clock, begun = clock or SystemClock(), time.monotonic()
    if box is not None and not (box / "box.db").is_file():
        raise NotFound("There is no box in {folder}. `chibox init` makes one.", folder=box)
    try:
        with _place(box) as place:
            restored = restore(source, place / "box", opening, clock=clock, told=told)
            report = verify_box(place / "box", plugins=plugins)
            with snapshot(place / "box") as connection:
                heads = tuple(head.note.decode() for head in LogReader(connection).generations())
    except ChiboxError:
        _note(box, source, clock.now(), begun, entries=0, good=False)
        raise
    found = Rehearsal(restored.size, time.monotonic() - begun, report, heads == restored.manifest.heads)
    _note(box, source, clock.now(), begun, entries=found.size, good=found.good)
    return found


def _note(box: Path | None, source: Path, now: int, begun: float, *, entries: int, good: bool) -> None:
    if box is not None:
        seconds = round(time.monotonic() - begun, 1)
        care.note(box, rehearsal=care.Rehearsed(now, good, seconds, entries, str(source.absolute())))


@contextmanager
def _place(box: Path | None) -> Iterator[Path]:
    if box is not None:
        with scratch(box, REHEARSAL) as place:
            yield place
    else:
        with tempfile.TemporaryDirectory(prefix="chibox-rehearsal-") as place:  # of mode 700
            yield Path(place)
