"""Files of at most 300 lines, functions of at most 40: what fits on a screen is read, what does not is believed."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

FILE, FUNCTION = 300, 40

# What may be longer: a table of data, or what is carried away as one file. Its path, and why it is one file.
TABLES: dict[str, str] = {
    "docs/verify/verify.py": "a stranger takes it along and reads it alone; it stays under 400 lines"
}


def long_functions(source: str) -> Iterator[tuple[str, int, int]]:
    """Name, line and length of each function that is too long, from its `def` to its last line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION:
                yield node.name, node.lineno, length


def test_a_function_of_41_lines_is_seen() -> None:
    """The rule names a function one line over the limit, also as a method, and lets one at the limit pass."""
    over = "class A:\n    async def over(self):\n" + "        pass\n" * FUNCTION
    at = "@decorated\n@twice\ndef at():\n" + "    pass\n" * (FUNCTION - 1)
    assert list(long_functions(over + at)) == [("over", 2, FUNCTION + 1)]


def test_no_function_is_too_long(texts: Callable[[str], dict[Path, str]]) -> None:
    """No function of core, plugins or tests has more than 40 lines."""
    found = [
        f"{path}:{line}: {name} has {length} lines"
        for path, source in texts(".py").items()
        for name, line, length in long_functions(source)
    ]
    assert not found, "\n".join(found)


def test_no_file_is_too_long(texts: Callable[[str], dict[Path, str]]) -> None:
    """No module, script, style sheet or template has more than 300 lines, unless it is a named table of data."""
    found = [
        f"{path}: {lines} lines"
        for path, source in texts(".py .sh .js .css .html .go").items()
        if (lines := source.count("\n")) > FILE and path.as_posix() not in TABLES
    ]
    assert not found, "\n".join(found)


def test_every_exempted_table_needs_it(root: Path) -> None:
    """A file on the list of tables exists and is longer than the limit: a stale exemption goes."""
    stale = [name for name in TABLES if not (root / name).is_file() or (root / name).read_text().count("\n") <= FILE]
    assert not stale
