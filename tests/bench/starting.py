"""Opening a box that was killed amid its work, and opening one that was closed: as many records in both."""

import asyncio
import os
import signal
import threading
import time
from pathlib import Path
from typing import Final

from tests.bench.asking import ask_all, askings
from tests.bench.seed import Seed
from tests.bench.watch import Watch

from chibox.box import Box

CALLERS: Final = 64
COMMANDS: Final = 2048


def started(seed: Seed, watch: Watch) -> dict[str, float]:
    """Seconds until the box records again, both ways; the process that was killed had its log of writes full."""
    found = {}
    for name, killed in (("start killed", True), ("start clean", False)):
        with seed.copied() as folder:
            _work(seed, folder, killed=killed)
            with watch.timed(name):
                box = Box.open(folder, plugins=seed.plugins, clock=seed.clock)
            found[name] = watch.seconds
            assert box.stopped is None
            box.close()
    return found


def _work(seed: Seed, folder: Path, *, killed: bool) -> None:
    """In a process of its own: it ends itself by SIGKILL with callers still asking, or closes the box."""
    child = os.fork()
    if child == 0:
        box = Box.open(folder, plugins=seed.plugins, clock=seed.clock)
        until = box.log.size + COMMANDS
        if killed:
            threading.Thread(target=_kill_at, args=(box, until), daemon=True).start()
        asyncio.run(ask_all(box, seed.clerk, askings(box, seed, CALLERS, 2 * COMMANDS if killed else COMMANDS)))
        box.close()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == (signal.SIGKILL if killed else 0), status


def _kill_at(box: Box, size: int) -> None:
    """The process ends as soon as the log has so many entries: callers are waiting, a transaction may be open."""
    while box.log.size < size:
        time.sleep(0.0005)
    os.kill(os.getpid(), signal.SIGKILL)
