"""The plug is pulled: a file system loses what was not synced; what was acknowledged is there after the next mount."""

import fcntl
import os
import random
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from tests.core.test_kill import Victim, acknowledged, check, check_whole
from tests.core.toys import toy_plugins

from chibox.testing.boxes import sandbox

LONG: Final = bool(os.environ.get("CHIBOX_LONG"))
CUTS: Final = 20 if LONG else 3
SHUTDOWN: Final = 0x8004587D  # EXT4_IOC_SHUTDOWN
NO_LOG_FLUSH: Final = struct.pack("I", 2)
SEED: Final = 3


class Disk:
    """An ext4 image behind a loop device, mounted in a folder."""

    def __init__(self, place: Path, options: str) -> None:
        self.image, self.mount, self.options = place / "disk.img", place / "mnt", options
        self.mount.mkdir()
        with self.image.open("wb") as file:
            file.truncate(256 << 20)
        _run("mkfs.ext4", "-q", "-F", str(self.image))
        self.up()

    def up(self) -> None:
        """Mount it; the journal is replayed."""
        _run("mount", "-o", f"loop,{self.options}", str(self.image), str(self.mount))

    def cut(self) -> None:
        """From now on nothing reaches the disk, not even the journal: what was not synced is lost."""
        descriptor = os.open(self.mount, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, SHUTDOWN, NO_LOG_FLUSH)
        finally:
            os.close(descriptor)

    def down(self) -> None:
        """Unmount it, however it stands."""
        _run("umount", str(self.mount))


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


@contextmanager
def disk(place: Path, options: str) -> Iterator[Disk]:
    """A disk, gone at the end. Where nobody may mount one, or there is no loop device, a line says that the test was not run."""
    try:
        made = Disk(place, options)
    except (OSError, subprocess.CalledProcessError) as error:
        why = getattr(error, "stderr", b"") or str(error).encode()
        pytest.skip(f"not run: no disk can be mounted ({why.decode().strip()})")
    try:
        yield made
    finally:
        made.down()


@pytest.mark.parametrize("options", ["nodelalloc", "defaults"])
@pytest.mark.parametrize("work", ["work", "fill"])
def test_what_was_acknowledged_outlives_a_power_cut(tmp_path: Path, options: str, work: str) -> None:
    """Small acts by many callers, and imports of two thousand records: cut amid them, mounted again, looked at, and on."""
    rng, known, size = random.Random(SEED), dict[str, tuple[int, int]](), 0
    with disk(tmp_path, options) as place, sandbox(place.mount / "box", toy_plugins()) as made:
        clerk = made.someone("clerk")
        made.box.close()
        victim = Victim(made.folder)
        for point in range(CUTS):
            victim.start(work, clerk, 100 + point)
            told = victim.until(
                "done" if work == "work" else "begin", rng.randrange(1, 40) if work == "work" else 1 + point % 3
            )
            time.sleep(rng.random() * (0.02 if work == "work" else 0.3))
            place.cut()
            told += victim.kill()
            known |= acknowledged(told)
            place.down()
            place.up()
            after = check(made, known)
            assert after >= size
            size = after
        victim.end()
        assert known
        check_whole(made)
