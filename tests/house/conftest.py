"""What the house rules are held against: the files that a commit of this working tree would hold."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """Every file that git tracks or would add, relative to the root, deleted ones left out."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted(Path(name) for name in set(listed.split("\0")) if name and (ROOT / name).is_file())


@pytest.fixture(scope="session")
def texts(files: list[Path]) -> Callable[[str], dict[Path, str]]:
    """Path and text of every file whose name has one of the endings given, separated by blanks."""

    def read(endings: str) -> dict[Path, str]:
        return {path: (ROOT / path).read_text("utf-8") for path in files if path.suffix in endings.split()}

    return read
