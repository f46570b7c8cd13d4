"""A box that idles, in a process of its own: opened, its web application imported, then asked for its memory."""

import subprocess
import sys
import time
from pathlib import Path

_SETTLE = 1.0


def memory(folder: Path) -> float:
    """MB that such a process holds (resident, shared pages included)."""
    run = [sys.executable, "-m", "tests.bench.idle", str(folder)]
    done = subprocess.run(run, check=True, capture_output=True, text=True)
    return float(done.stdout)


def _resident() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


if __name__ == "__main__":
    import litestar  # noqa: F401

    from chibox.box import Box

    box = Box.open(Path(sys.argv[1]))
    time.sleep(_SETTLE)
    print(_resident())
    box.close()
