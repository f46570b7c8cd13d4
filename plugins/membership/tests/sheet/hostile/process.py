"""The reading process itself, told to say what it opened and how much memory it took."""

import json
import os
import subprocess
import time
from tempfile import TemporaryFile
from typing import Any, Final, NamedTuple

import pytest

from chibox_membership.sheet import reading

_DRIVER: Final = """
import json, sys
from chibox_membership.sheet import child
seen, limit = [], child.limit
def heard(event, told):
    if event.startswith(("socket.", "subprocess.", "os.", "ctypes.", "urllib.", "shutil.", "pty.")):
        seen.append(event)
    elif event == "open" and not str(told[0]).startswith((sys.prefix, sys.base_prefix)):
        seen.append("open " + str(told[0]))
def bound(limits):
    limit(limits)
    sys.addaudithook(heard)
child.limit = bound
{main}
asked = list(seen)
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(json.dumps([asked, peak]), file=sys.stderr)
"""


class Cost(NamedTuple):
    """What reading a file took: seconds of the processor, peak of memory in MB (0 for one that was ended), what it asked for."""

    seconds: float
    peak: float
    asked: list[str]
    wall: float


class Process:
    """Stands in for `subprocess.run` in the reading of files: the same process, and what it did is known."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.last = Cost(0, 0, [], 0)
        self.drive(monkeypatch, "child.main()")
        monkeypatch.setattr("chibox_membership.sheet.reading.subprocess.run", self._run)

    def drive(self, monkeypatch: pytest.MonkeyPatch, main: str) -> None:
        """Have the process do something else than read a file."""
        monkeypatch.setattr(reading, "_COMMAND", (*reading._COMMAND[:2], "-c", _DRIVER.replace("{main}", main)))

    def _run(self, command: tuple[str, ...], *, input: bytes, timeout: float, **how: Any) -> Any:  # noqa: A002 - as run
        how = {**how, "stderr": subprocess.PIPE}
        del how["check"]
        begun = time.monotonic()
        with TemporaryFile() as given:
            given.write(input)
            given.seek(0)
            with subprocess.Popen(command, stdin=given, **how) as process:
                assert process.stdout is not None
                assert process.stderr is not None
                answer = process.stdout.read()
                said = process.stderr.read()
                _, status, took = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
        asked, peak = json.loads(said) if process.returncode == 0 else ([], 0)
        wall = time.monotonic() - begun
        assert wall < timeout
        self.last = Cost(took.ru_utime + took.ru_stime, peak / 1024, asked, wall)
        return subprocess.CompletedProcess(command, process.returncode, answer)
