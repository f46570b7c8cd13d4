"""A box that idles: `chibox run` in a process of its own, asked for one page, then for its memory."""

import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Final

_ADDRESS: Final = re.compile(r"http://\S+:\d+")
_SETTLE: Final = 2.0


def memory(folder: Path) -> float:
    """MB that a served box holds two seconds after its first page: resident, shared pages included."""
    command = [str(Path(sys.executable).with_name("chibox")), "run", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            address = _told(process)
            with urllib.request.urlopen(address, timeout=10) as page:
                page.read()
            time.sleep(_SETTLE)
            return _resident(process.pid)
        finally:
            process.terminate()


def _told(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if found := _ADDRESS.search(line):
            return found[0]
    raise RuntimeError("the box ended before it was served")


def _resident(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
