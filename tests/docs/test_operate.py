"""The pages for whoever runs a box name every command, setting, file and figure, as they are."""

import importlib
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import pytest
from tests.docs.pages import DOCS, ROOT, page, rows_of

from chibox import demo
from chibox.calling import announced
from chibox.cli import COMMANDS
from chibox.console import Parser, Terminal
from chibox.observe.metrics import Metrics
from chibox.settings import Settings
from chibox.testing.boxes import sandbox
from chibox.testing.sites import site

README = "operate/README.md"
_MANY = re.DOTALL | re.MULTILINE


def test_every_command_of_core_has_its_section() -> None:
    """Each command of `chibox` stands under a heading of its own, and no other one does."""
    told = re.findall(r"^### chibox ([a-z-]+)", page("operate/cli.md"), re.MULTILINE)
    assert sorted(told) == sorted(COMMANDS)


def written() -> list[str]:
    """Every line of a block of code, on any page, that calls `chibox`."""
    pages = [ROOT / "README.md", ROOT / "README.vi.md", *DOCS.rglob("*.md")]
    blocks = [block for path in pages for block in re.findall(r"^```.*?\n(.*?)^```", path.read_text("utf-8"), _MANY)]
    return sorted({line for block in blocks for line in block.splitlines() if re.match(r"(\.venv/bin/)?chibox ", line)})


@pytest.mark.parametrize("line", written())
def test_every_command_on_a_page_is_understood(line: str) -> None:
    """A command that a page gives its reader has arguments and options that it takes; so has one inside another."""
    for call in (re.sub(r"\$\([^)]*\)", "KEY", line), *re.findall(r"\$\(([^)]*)\)", line)):
        _, name, *rest = shlex.split(call)
        module = importlib.import_module(f"chibox.cli.{COMMANDS[name][0]}")
        parser = Parser(name, COMMANDS[name][1], Terminal("en"))
        module.arguments(parser)
        assert vars(parser.parse_args(rest))


def test_every_setting_stands_with_its_default() -> None:
    """The table of settings has each of them once, in their order, with the value that it has when nobody sets it."""
    fields = {field.name: msgspec.to_builtins(field.default) for field in msgspec.structs.fields(Settings)}
    rows = [(name, default) for name, default, why in rows_of(page("operate/settings.md")) if len(why) > 30]
    told = [(name.strip("`"), tomllib.loads(f"value = {default.strip('`')}")["value"]) for name, default in rows]
    assert told == list(fields.items())


def test_the_example_of_settings_can_be_read() -> None:
    """The example is a file that a box takes."""
    (example,) = re.findall(r"^```toml\n(.*?)^```", page("operate/settings.md"), re.DOTALL | re.MULTILINE)
    assert msgspec.toml.decode(example, type=Settings).https


@pytest.mark.parametrize("setting", get_type_hints(Settings))
def test_every_setting_does_something(setting: str) -> None:
    """Each setting is asked for somewhere in core: none is there for nobody."""
    source = ROOT / "core/src/chibox"
    asked = re.compile(rf"settings\.{'allowed' if setting == 'plugins' else setting}\b")
    assert [path for path in source.rglob("*.py") if asked.search(path.read_text("utf-8"))]


def test_every_file_of_a_box_is_told_with_its_trust(tmp_path: Path) -> None:
    """Whatever lies in the folder of a box that was used stands in the table of files, each with one sentence of trust."""
    with sandbox(tmp_path / "box") as made, announced(made.folder) as announcement, site(made.box) as signed_in:
        announcement.say("http://127.0.0.1:1")
        signed_in(made.administrator).get("/health")
        made.box.publish()
        there = _files(made.folder)
    rows = {row[0].strip("`"): row[2] for row in rows_of(page(README)) if len(row) == 3}
    also = {"chibox.toml", "jobs.db", demo.FILE, "care.json", "check.json", "keys/recovery.pub", "restored", "erased"}
    also |= {"opening.json", "stopped.json"}
    assert set(rows) == there | also
    assert [trust for trust in rows.values() if not re.fullmatch(r"[A-Z][^.]*(?:\.db[^.]*)?\.", trust)] == []


def _files(folder: Path) -> set[str]:
    """The files below a folder, what belongs to a database left out."""
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return {name for name in found if not name.endswith(("-wal", "-shm"))}


def test_every_figure_is_told() -> None:
    """The table of figures has each metric of a box."""
    rows: list[Any] = [row[0].strip("`") for row in rows_of(page(README)) if len(row) == 2]
    there = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in Metrics().registry.collect()
    }  # fmt: skip
    assert set(rows) == there
