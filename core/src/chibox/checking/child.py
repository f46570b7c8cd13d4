"""The process that checks the whole box, so that pages go on meanwhile: `python -m chibox.checking.child FOLDER`."""

import os
import sys
import time
from pathlib import Path
from typing import Final

import msgspec

from chibox.checking.whole import PROGRESS, RESULT, SHOWN, Fault, Result, Said
from chibox.records.verify import Report
from chibox.verifying import verify_box

_NICE: Final = 10
_BETWEEN: Final = 1.0  # s


def main(folder: str) -> int:
    """Print lines `progress <read> <size>` now and then, and at last `result {…}`; ends with 0 whatever was found."""
    report = verify_box(Path(folder), progress=_Progress().tell)
    sys.stdout.write(f"{RESULT} {msgspec.json.encode(_result(report)).decode()}\n")
    return 0


class _Progress:
    """Tells how far it is, seldom enough for a file that is replaced each time."""

    def __init__(self) -> None:
        self._next = 0.0

    def tell(self, read: int, size: int) -> None:
        """So many of so many entries are read."""
        if (now := time.monotonic()) >= self._next:
            self._next = now + _BETWEEN
            sys.stdout.write(f"{PROGRESS} {min(read, size)} {size}\n")
            sys.stdout.flush()


def _result(report: Report) -> Result:
    faults = tuple(Fault(one.log, one.where, Said.of(one.what)) for one in report.findings[:SHOWN])
    more = len(report.findings) - len(faults) + report.more
    size = max((figures.size for figures in report.figures), default=0)
    return Result(report.ok, size, faults, more, tuple(map(Said.of, report.notes)), tuple(map(Said.of, report.since)))


if __name__ == "__main__":
    os.nice(_NICE)  # pages go first
    sys.exit(main(sys.argv[1]))
