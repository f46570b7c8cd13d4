"""A box that idles: served, asked for one page, then for its memory."""

import time
from pathlib import Path
from typing import Final

from tests.bench.served import running

_SETTLE: Final = 2.0


def memory(folder: Path) -> float:
    """MB that a served box holds two seconds after its first page: resident, shared pages included."""
    with running(folder) as served:
        assert served.asked("/sign-in").status == 200
        time.sleep(_SETTLE)
        return resident(served.process)


def resident(process: int, line: str = "VmRSS") -> float:
    """MB of memory that a process holds now, or by another line of what the kernel tells of it."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(each.split()[1]) for each in lines if each.startswith(line)) / 1024
