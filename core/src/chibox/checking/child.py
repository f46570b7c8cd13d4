"""The process that checks the whole box, so that pages go on meanwhile: `python -m chibox.checking.child FOLDER`."""

import os
import sys
from pathlib import Path

import msgspec

from chibox.checking.whole import RESULT, SHOWN, Fault, Result, Said
from chibox.records.verify import Report
from chibox.verifying import verify_box

_NICE = 10


def main(folder: str) -> int:
    """Print one line `result {…}`; the end state is 0 whatever was found."""
    os.nice(_NICE)
    report = verify_box(Path(folder))
    sys.stdout.write(f"{RESULT} {msgspec.json.encode(_result(report)).decode()}\n")
    return 0


def _result(report: Report) -> Result:
    faults = tuple(Fault(one.log, one.where, Said.of(one.what)) for one in report.findings[:SHOWN])
    more = len(report.findings) - len(faults) + report.more
    size = max((figures.size for figures in report.figures), default=0)
    return Result(report.ok, size, faults, more, tuple(Said.of(note) for note in report.notes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
