"""Every module says in its first line what it is for; every test says what it holds to."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path


def opens_with_a_docstring(source: str) -> bool:
    """Whether the docstring stands on the first line and says something there."""
    module = ast.parse(source)
    words = ast.get_docstring(module, clean=False)
    return bool(words and words.split("\n")[0].strip()) and module.body[0].lineno == 1


def written_tests(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every test function, also one of a class."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node


def silent_tests(source: str) -> Iterator[tuple[str, int]]:
    """Name and line of every test without a docstring."""
    for test in written_tests(source):
        if not (ast.get_docstring(test) or "").strip():
            yield test.name, test.lineno


def idle_tests(source: str) -> Iterator[tuple[str, int]]:
    """Name and line of every test that holds nothing but its docstring, `pass` or an ellipsis."""
    for test in written_tests(source):
        if all(isinstance(statement, ast.Pass | ast.Expr) and not calls(statement) for statement in test.body):
            yield test.name, test.lineno


def calls(statement: ast.stmt) -> bool:
    """Whether a statement calls or awaits anything."""
    return any(isinstance(part, ast.Call | ast.Await) for part in ast.walk(statement))


def test_a_late_or_missing_docstring_is_seen() -> None:
    """The rule refuses an empty module, one that opens with a comment, and one whose first line is blank."""
    assert opens_with_a_docstring('"""What it is for."""\n')
    for source in ("", "# a comment\n'''Late.'''\n", '"""\nLate.\n"""\n', "import os\n"):
        assert not opens_with_a_docstring(source)


def test_a_test_without_words_or_work_is_seen() -> None:
    """The rules name a test without a docstring, and one that does nothing."""
    assert list(silent_tests("class TestIt:\n    async def test_it(self): assert True\n")) == [("test_it", 2)]
    assert list(idle_tests("def test_it():\n    '''Holds nothing.'''\n    ...\n")) == [("test_it", 1)]
    assert not list(idle_tests("def test_it():\n    '''Calls.'''\n    check()\n"))


def test_every_module_opens_with_its_purpose(texts: Callable[[str], dict[Path, str]]) -> None:
    """Every Python file begins with a docstring on its first line."""
    found = [str(path) for path, source in texts(".py").items() if not opens_with_a_docstring(source)]
    assert not found, "\n".join(found)


def test_every_test_says_what_it_holds_to(texts: Callable[[str], dict[Path, str]]) -> None:
    """Every test function has a docstring, and does something."""
    found = [
        f"{path}:{line}: {name}"
        for path, source in texts(".py").items()
        if "tests" in path.parts
        for name, line in (*silent_tests(source), *idle_tests(source))
    ]
    assert not found, "\n".join(found)
