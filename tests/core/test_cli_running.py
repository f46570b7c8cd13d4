"""The command line and a box that runs: serving it, asking it on loopback, ending it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chibox.beside import beside
from chibox.calling import Running
from chibox.cli import main
from chibox.core_commands import CreateUnit, RenameUnit
from chibox.errors import Away, Forbidden, Invalid, NotFound


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A box, closed."""
    folder = tmp_path_factory.mktemp("running") / "box"
    assert main(["init", str(folder), "--name", "xa-sao-mai.lamson", "--committee", "Đảng bộ xã Sao Mai"]) == 0
    return folder


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """`chibox run` in a process of its own, and the address that it printed."""
    command = [sys.executable, "-c", "import sys; from chibox.cli import main; sys.exit(main())"]
    with subprocess.Popen(
        [*command, "--lang", "en", *arguments, str(folder), "--port", "0"],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONWARNINGS": "default"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        address = ""
        while not address:
            line = process.stdout.readline()
            assert line, "it ended before it served"
            address = (re.findall(r"http://127\.0\.0\.1:\d+", line) or [""])[0]
        try:
            yield process, address
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def test_a_running_box_is_asked_on_loopback(box: Path, tmp_path: Path) -> None:
    """The service account acts; what is refused keeps its kind, words and fields; the same act is done once."""
    with served(box, "run") as (process, address):
        running = Running(box, "en")
        assert running.address == address
        with beside(box) as seen:
            root = seen.read.picture.root
        unit = CreateUnit(parent=root, name="Chi bộ thôn Đông", kind="cell", day="2026-01-01")  # type: ignore[arg-type]
        answer = running.perform("core", unit, act="ab" * 16)
        assert running.perform("core", unit, act="ab" * 16) == answer
        with beside(box) as seen:
            made = seen.read.entry(answer.last).subject
        with pytest.raises(Invalid, match="last position") as refused:
            running.perform("core", RenameUnit(unit=made, name="x", day="2026-01-01"))  # type: ignore[arg-type]
        assert str(refused.value.fields["seen"]) == "Missing."
        with pytest.raises((NotFound, Forbidden)):
            running.perform("core", CreateUnit(parent="0" * 32, name="x", kind="cell", day="2026-01-01"))  # type: ignore[arg-type]
        assert main(["verify", str(box)]) == 0
        assert main(["export-log", str(box), str(tmp_path / "log")]) == 0
    assert process.returncode == 0
    assert not (box / "address").exists()
    with pytest.raises(Away, match="does not answer"):
        running.perform("core", unit)


def test_a_box_has_one_process(box: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second one is refused with the number of the first."""
    with served(box, "run") as (process, _):
        assert main(["--lang", "en", "run", str(box), "--port", "0"]) == 1
    assert f"Another process ({process.pid}) runs this box" in capsys.readouterr().err


def test_a_practice_box_is_served_with_its_accounts(tmp_path: Path) -> None:
    """Filled the first time, served at once the second; a name for each role, links only the first time."""
    folder = tmp_path / "demo"
    outputs = []
    for _ in range(2):
        begun = time.monotonic()
        with served(folder, "demo", "--size", "tiny") as (process, _):
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(6)]
        outputs.append("".join(lines))
        assert time.monotonic() - begun < 60
    for output in outputs:
        assert re.findall(r"^  (\w+)", output, re.MULTILINE) == ["quantri", "canbo", "bithu", "bithuchibo", "kythuat"]
        assert re.search(r"Password of each, until another is chosen: \w{4}-\w{4}-\w{4}\n", output)
    assert [output.count("/link/") for output in outputs] == [5, 0]


def test_the_state_of_a_running_box_is_told(box: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each check; a box that does not run is trouble enough."""
    assert main(["--lang", "en", "health", str(box)]) == 1
    assert "does not answer" in capsys.readouterr().err
    with served(box, "run"):
        state = main(["--lang", "en", "health", str(box)])
        said = capsys.readouterr().out
        assert (state == 1) == ("Trouble: " in said)
        assert "Good: " in said
        assert main(["health", str(box)]) == state
        assert "Tốt: " in capsys.readouterr().out
