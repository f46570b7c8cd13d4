"""Reads a file, .xlsx or .csv, in a process of its own, so that no file can take the box down with it."""

import subprocess
import sys
from typing import Final

from msgspec import msgpack

from chibox.plugin import ChiboxError, Invalid
from chibox_membership.sheet.wire import Limits, Refusal, Workbook, unpacked

_COMMAND: Final = (sys.executable, "-I", "-m", "chibox_membership.sheet.child")
_STARTING: Final = 15
"""Seconds that a busy machine may take to start the process, before its own clock runs."""


def read(data: bytes, limits: Limits | None = None) -> Workbook:
    """Every visible sheet of the workbook, with its cells as the file has them.

    Blocks until the reading process has ended, at most the wall time of the limits: call it from a thread. Raises
    `Invalid` with a sentence for a person; nothing has changed then, and nothing is left behind: the process is
    replaced by execve at once, not forked to run on, and writes no file.
    """
    bounds = limits or Limits()
    if len(data) > bounds.file:  # not worth a process
        raise Invalid("This file is larger than {most} MB.", most=bounds.file // 1_000_000)
    told = msgpack.encode(bounds)
    try:
        ended = subprocess.run(  # noqa: S603 - our own interpreter and module, nothing of the file's
            _COMMAND,
            input=len(told).to_bytes(4, "big") + told + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may hold what stands in a cell
            timeout=bounds.wall + _STARTING,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Invalid("This workbook takes too long to read. Delete what is not of the list.") from None
    if ended.returncode < 0:
        raise Invalid("This workbook cannot be read within the limits. Delete what is not of the list.")
    if ended.returncode > 0:
        raise ChiboxError("The process that reads workbooks failed with code {code}.", code=str(ended.returncode))
    answer = unpacked(ended.stdout)
    if isinstance(answer, Refusal):
        raise Invalid(answer.msgid, fields=None, **answer.params)
    return answer
