"""Readers by other hands, built with Go: a small program over golang.org/x/mod/sumdb, and Tessera's fsck."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCE = Path(__file__).with_name("goreader")
FSCK = "github.com/transparency-dev/tessera/cmd/fsck@v1.0.4"
NEEDS = 24  # Go 1.24 builds it
SUCCESS = "Successfully fsck'd log with size"
_LOCAL = {"GOTOOLCHAIN": "local", "GOFLAGS": ""}


class Said(NamedTuple):
    """Whether a reader found a log sound, and its words."""

    sound: bool
    words: str


def go() -> str:
    """Go on the path; where the machine has none the test is skipped, and fails under CI, in words."""
    found = shutil.which("go")
    if found is None:
        words = "Go is not on the path: the readers by other hands were not run (apt install golang-go)"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    return found


def minor(program: str) -> int:
    """The version of Go: 26 of go1.26.8."""
    told = subprocess.run([program, "version"], check=True, capture_output=True, text=True).stdout
    match = re.search(r"go1\.(\d+)", told)
    return int(match[1]) if match else 0


class Reader:
    """The small program over x/mod. `read` holds a log against older checkpoints too."""

    def __init__(self, folder: Path) -> None:
        self.program = folder / "goreader"
        built = subprocess.run(
            [go(), "build", "-o", self.program, "."], cwd=SOURCE, check=False, capture_output=True, text=True
        )
        if built.returncode:
            pytest.fail(f"the Go reader does not build:\n{built.stdout}{built.stderr}")

    def read(self, folder: Path, vkey: str, *old: Path) -> Said:
        """Generation 1 of an exported log."""
        done = subprocess.run(
            [self.program, folder / "1", vkey, *old], check=False, capture_output=True, text=True, timeout=60
        )
        return Said(done.returncode == 0, done.stdout + done.stderr)


class Fsck:
    """Tessera's fsck. It ends with 0 whatever it finds: only its words count; it may hang or panic: then it refuses."""

    def __init__(self, folder: Path) -> None:
        program = go()
        if (found := minor(program)) < NEEDS:
            pytest.skip(f"Go 1.{found} is older than 1.{NEEDS}: Tessera's fsck was not run")
        self.program = folder / "fsck"
        built = subprocess.run(
            [program, "install", FSCK], env=os.environ | _LOCAL | {"GOBIN": str(folder)},
            check=False, capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        if built.returncode:
            words = f"Tessera's fsck cannot be built here, and was not run:\n{built.stderr[-500:]}"
            if os.environ.get("CI"):
                pytest.fail(words)
            pytest.skip(words)

    def read(self, folder: Path, vkey: str) -> Said:
        """Generation 1 of an exported log."""
        key = folder.with_name(f"{folder.name}.vkey")
        key.write_text(f"{vkey}\n")
        asked = [f"--storage_url=file://{folder.absolute()}/1", f"--public_key={key}", "--ui=false", "-N", "1024"]
        try:
            done = subprocess.run([self.program, *asked], check=False, capture_output=True, text=True, timeout=20)
        except subprocess.TimeoutExpired:
            return Said(sound=False, words="it did not come to an end")
        words = done.stdout + done.stderr
        return Said(done.returncode == 0 and SUCCESS in words, words)
