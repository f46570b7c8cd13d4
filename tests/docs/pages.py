"""Pages of the documentation as tests read them: the files and the commands that stand in their blocks of code."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
_BLOCK: Final = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def page(name: str) -> str:
    """The text of a page below `docs`."""
    return (DOCS / name).read_text("utf-8")


def files_of(text: str) -> dict[str, str]:
    """Path -> text of the files that a page tells its reader to write: blocks with a path, those of one path joined."""
    found: dict[str, str] = {}
    for _, path, code in _BLOCK.findall(text):
        if path:
            found[path] = found.get(path, "") + code
    return found


def commands_of(text: str) -> list[str]:
    """The lines that a page tells its reader to type at a shell, in their order."""
    return [line for language, _, code in _BLOCK.findall(text) if language == "sh" for line in code.splitlines()]


def rows_of(text: str) -> list[list[str]]:
    """The rows of all tables of a page, headings and rules left out, each a list of its cells."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rows = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    ruled = {at for at, row in enumerate(rows) if all(re.fullmatch(r":?-+:?", cell) for cell in row)}
    return [row for at, row in enumerate(rows) if at not in ruled and at + 1 not in ruled]
