"""The tutorial is true: what stands in the page is built, installed, tested, used in a box and taken out again, as it stands."""

import ast
import shlex
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from tests.docs.bench import Bench
from tests.docs.pages import ROOT, commands_of, files_of, page

PAGE: Final = "extend/tutorial.md"
LINES: Final = 32  # of Python that a reader types: statements, without imports and docstrings


class Typed(NamedTuple):
    """The workbench of a reader who has typed everything on the page up to the last command, which takes the plugin out."""

    bench: Bench
    printed: dict[str, str]
    last: str


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    """Write the files of the page, run its commands but the last one."""
    text = page(PAGE)
    bench = Bench(tmp_path_factory.mktemp("reader"))
    bench.write(files_of(text))
    *commands, last = commands_of(text)
    return Typed(bench, {command: bench.run(command) for command in commands}, last)


def life(bench: Bench, folder: Path, which: str) -> None:
    """Have the workbench's Python live a part of the life of a box."""
    script = shlex.join([str(Path(__file__).with_name("life.py")), str(folder), which])
    bench.run(f"PYTHONPATH={shlex.quote(str(ROOT))} python {script}")


def test_the_commands_of_the_page_do_what_it_says(typed: Typed) -> None:
    """The kind is frozen, the plugin is listed, its test and the whole contract pass."""
    assert "letters.received.1" in typed.printed["chibox kinds-lock letters"]
    assert "letters 1.0" in typed.printed["chibox plugins"]
    assert " passed" in typed.printed["pytest -q"]
    assert "failed" not in typed.printed["pytest -q"]


def test_a_box_takes_the_plugin_and_lives_on_without_it(typed: Typed, tmp_path: Path) -> None:
    """Installed, its command, page and timeline are there; taken out, the log keeps what it stated and verifies."""
    life(typed.bench, tmp_path / "box", "with")
    assert "uninstall" in typed.last
    typed.bench.run(typed.last)
    life(typed.bench, tmp_path / "box", "without")


def test_the_plugin_is_as_short_as_the_page_says() -> None:
    """So many lines of Python, imports and docstrings aside."""
    (code,) = (text for path, text in files_of(page(PAGE)).items() if path.endswith("plugin.py"))
    quiet = {
        line
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    count = sum(bool(line.strip()) and number not in quiet for number, line in enumerate(code.splitlines(), 1))
    assert f"in {count} lines" in " ".join(page(PAGE).split())
    assert count <= LINES
