"""A restore of a usual box, three years old, and the copying of the bytes that it made: both synced."""

import os
import shutil
import time
from pathlib import Path

import pyrage
from tests.bench.watch import Watch

from chibox import demo
from chibox.backup import recovery
from chibox.backup.restoring import restore
from chibox.backup.sheet import Secrets
from chibox.backup.taking import take


class Lost:
    """An encrypted backup of a practice box of 2,100 members, made once, and what is needed to read it."""

    def __init__(self, place: Path) -> None:
        self._place = place
        place.mkdir()
        box = place / "box"
        demo.fill(box, lambda _: None)
        self._key = pyrage.x25519.Identity.generate()
        recovery.keep_public(box / "keys", self._key)
        self.backup = take(box, place).path
        shutil.rmtree(box)

    def restored(self, watch: Watch) -> dict[str, float]:
        """Seconds of a restore, everything checked, and of copying the folder that it made, each file synced."""
        folder = self._place / "restored"
        with watch.timed("restore"):
            restore(self.backup, folder, Secrets(self._key, None))
        begun = time.perf_counter()
        _copy(folder, self._place / "copied")
        found = {"restore": watch.seconds, "restore copy": time.perf_counter() - begun}
        shutil.rmtree(folder)
        shutil.rmtree(self._place / "copied")
        return found


def _copy(source: Path, target: Path) -> None:
    for folder, _, files in os.walk(source):
        inner = target / Path(folder).relative_to(source)
        inner.mkdir()
        for name in files:
            with (Path(folder) / name).open("rb") as read, (inner / name).open("wb") as write:
                shutil.copyfileobj(read, write, 1 << 20)
                write.flush()
                os.fsync(write.fileno())
