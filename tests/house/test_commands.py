"""The commands that the pages name exist, and what the scripts say is what a shell can read."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CODE = re.compile(r"^```[^\n]*\n(.*?)^```|`([^`\n]+)`", re.DOTALL | re.MULTILINE)
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def made(page: str) -> Iterator[str]:
    """Every target that the code on a page asks make for."""
    for block, span in CODE.findall(page):
        for line in (block or span).split("\n"):
            call = re.match(r"\s*(?:\$ )?(?:[A-Z]+=\S+ )*make((?: [^\s#|&;]+)+)", line)
            words = call[1].split() if call else []
            yield from (word for word in words if re.fullmatch("[a-z][a-z-]*", word))


@pytest.fixture(scope="module")
def makefile(root: Path) -> str:
    """The text of the Makefile."""
    return (root / "Makefile").read_text()


def test_a_command_on_a_page_is_seen() -> None:
    """Targets are read from blocks and spans of code, variables and prose left out."""
    page = "We make sure: `make test TESTS=x`\n\n```sh\n$ make run  # make it\nCI=true make lint bench\n```\n"
    assert list(made(page)) == ["test", "run", "lint", "bench"]


def test_every_command_on_a_page_exists(root: Path, texts: Callable[[str], dict[Path, str]], makefile: str) -> None:
    """Whatever a page or the continuous integration asks make for is a target of the Makefile."""
    script = Path(".ci/run")
    pages = {**texts(".md"), script: f"```\n{(root / script).read_text()}```\n"}
    asked = [(path, target) for path, page in pages.items() for target in made(page)]
    assert not [f"{path}: make {target}" for path, target in asked if target not in TARGET.findall(makefile)]


def test_the_readme_gives_the_two_commands(root: Path) -> None:
    """Both READMEs, English and Vietnamese, give `make run` and `make test`."""
    pages = [root / "README.md", root / "README.vi.md"]
    assert [{"run", "test"} - set(made(page.read_text("utf-8"))) for page in pages] == [set(), set()]


def test_help_lists_every_command(root: Path, makefile: str) -> None:
    """`make help` is the default and has a line for each target that a person may ask for."""
    command = ["make", "--no-print-directory"]
    shown = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    assert [line.split()[1] for line in shown.strip().split("\n")] == phony[1].split() == TARGET.findall(makefile)


def test_scripts_stop_at_the_first_fault(root: Path, files: list[Path]) -> None:
    """Every shell script is executable, parses, and ends at the first command that fails."""
    scripts = [path for path in files if path.suffix == ".sh" or path.parent == Path(".ci")]
    for path in scripts:
        subprocess.run(["bash", "-n", root / path], check=True)
        assert os.access(root / path, os.X_OK), path
        assert "\nset -euo pipefail\n" in (root / path).read_text(), path
