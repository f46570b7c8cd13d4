"""The process that reads a workbook, python -m chibox_membership.sheet.child: bytes in, an answer out, and no way round.

It is started anew for each file and knows no secret of the box. Limits on memory and time are its own first act; what
breaks them ends it, and the parent says so.
"""

import resource
import sys
from pathlib import Path
from typing import Final

from msgspec import msgpack

from chibox_membership.sheet import cells, guard, separated, survey
from chibox_membership.sheet.wire import Limits, Refusal, Unreadable, Workbook, packed, words

_TOO_MUCH: Final = words("This workbook takes too much memory to read. Delete what is not of the list.")


def answer(data: bytes, limits: Limits) -> Workbook | Refusal:
    """What the file holds, or why it cannot be read. Any fault of the libraries is a refusal, not a traceback."""
    try:
        if separated.is_text(data):
            return separated.read(data, limits)
        with guard.opened(data, limits) as archive:
            surveyed = survey.surveyed(archive, limits)
        return cells.read(data, surveyed, limits)
    except Unreadable as refused:
        return refused.refusal
    except MemoryError:
        return _TOO_MUCH
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its file leads it to; nothing was changed by any of it
        return words("This workbook cannot be read to its end. Save it again in Excel.")


def limit(limits: Limits) -> None:
    """Bind this process: memory above what it takes idle, processor time, no files written, no core left behind."""
    idle = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    bounds = {
        resource.RLIMIT_AS: idle + limits.memory,
        resource.RLIMIT_CPU: limits.cpu,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in bounds.items():
        resource.setrlimit(what, (most, most))


def main() -> None:
    """Read the limits and the file from stdin, write the answer to stdout."""
    length = int.from_bytes(sys.stdin.buffer.read(4), "big")
    limits = msgpack.decode(sys.stdin.buffer.read(length), type=Limits)
    limit(limits)
    try:
        told = packed(answer(sys.stdin.buffer.read(), limits))
    except MemoryError:
        told = packed(_TOO_MUCH)
    sys.stdout.buffer.write(told)


if __name__ == "__main__":
    main()
