"""The verifier over an exported log, beside a bare loop over the same files, and beside Tessera's fsck by processor time."""

import base64
import json
import math
import os
import resource
import shutil
import subprocess
import time
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.bench.watch import Watch
from tests.verify.make_log import Log, lay_out, make

from chibox.records.verify import verify_log

ENTRIES: Final = 30_000
FSCK: Final = "github.com/transparency-dev/tessera/cmd/fsck@v1.0.4"


class Verifying:
    """An exported log of 30,000 entries, each with its body, a fifth sealed; what reads it, and how long that takes."""

    def __init__(self, place: Path, entries: int = ENTRIES) -> None:
        self._place, self._entries = place, entries

    def ours(self, watch: Watch) -> dict[str, float]:
        """Seconds of our verifier, by the clock and of the processor; it found no fault."""
        folder, log = self._laid_out
        begin = time.process_time()
        with watch.timed("verify"):
            report = verify_log(folder, key=log.key.vkey)
        assert report.ok, report.lines()
        return {"verify": watch.seconds, "verify cpu": time.process_time() - begin}

    def bare(self, watch: Watch) -> dict[str, float]:
        """Seconds of a loop that reads every file, parses each entry as JSON, and hashes entries and nodes; it knows no rule."""
        with watch.timed("bare loop"):
            root = bare_root(self._laid_out[0] / "1")
        assert root == self._laid_out[1].root
        return {"bare verify": watch.seconds}

    def fsck(self, _watch: Watch) -> dict[str, float]:
        """Seconds of the processor that Tessera's fsck takes; not a number where it cannot be built."""
        folder, log = self._laid_out
        if self._program is None:
            return {"fsck cpu": math.nan}
        key = self._place / "vkey"
        key.write_text(f"{log.key.vkey}\n")
        asked = [f"--storage_url=file://{folder.absolute()}/1", f"--public_key={key}", "--ui=false", "-N", "1024"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([self._program, *asked], check=True, capture_output=True, text=True, timeout=60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert "Successfully fsck'd" in done.stdout + done.stderr
        return {"fsck cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}

    @cached_property
    def _laid_out(self) -> "tuple[Path, _Known]":
        log = make(self._entries)
        return lay_out(self._place / "verified", log.files()), _Known(log)

    @cached_property
    def _program(self) -> Path | None:
        go = shutil.which("go")
        if go is None:
            return None
        place = (self._place / "fsck").absolute()
        environment = os.environ | {"GOBIN": str(place), "GOTOOLCHAIN": "local"}
        built = subprocess.run([go, "install", FSCK], env=environment, check=False, capture_output=True, timeout=600)
        return place / "fsck" if built.returncode == 0 else None


class _Known:
    """The key and the root of a log that is not kept in memory."""

    def __init__(self, log: Log) -> None:
        self.key, self.root = log.key, log.text().split("\n")[2]


def bare_root(folder: Path) -> str:
    """The root in base64 over the entries in a folder, every other file read as well."""
    leaves: list[bytes] = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if "entries" in path.parts:
            at = 0
            while at < len(data):
                end = at + 2 + int.from_bytes(data[at : at + 2], "big")
                entry = data[at + 2 : end]
                json.loads(entry)
                leaves.append(sha256(b"\0" + entry).digest())
                at = end
    while len(leaves) > 1:
        pairs = zip(leaves[::2], leaves[1::2], strict=False)
        leaves = [sha256(b"\1" + left + right).digest() for left, right in pairs] + leaves[len(leaves) & ~1 :]
    return base64.b64encode(leaves[0]).decode()
