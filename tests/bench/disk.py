"""How long the disk takes to keep a page: what bounds whoever commits one thing at a time."""

import os
import time
from pathlib import Path
from statistics import median
from typing import Final

_TIMES: Final = 200


def sync(folder: Path) -> float:
    """Milliseconds of one fdatasync after 4 KiB were appended, the median of some hundred."""
    path = folder / "sync"
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        return median(_once(descriptor) for _ in range(_TIMES)) * 1000
    finally:
        os.close(descriptor)
        path.unlink()


def _once(descriptor: int) -> float:
    os.write(descriptor, os.urandom(4096))
    begun = time.perf_counter()
    os.fdatasync(descriptor)
    return time.perf_counter() - begun
