"""msgids are plain English and Vietnamese stands in vi.po: no Vietnamese text in code, scripts or templates."""

import ast
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

# Letters that no msgid in plain English has; marks that French shares are left out.
LETTER = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")

# Data that is Vietnamese by its nature: the file or folder, and why.
DATA: dict[str, str] = {
    "core/src/chibox/text.py": "the letters themselves, their order and their marks",
    "core/src/chibox/records/wording.py": "a receipt is read without the box: both languages stand in it, frozen",
    "core/src/chibox/records/pack_wording.py": "an evidence pack is read without the box, too",
    "core/src/chibox/testing": "synthetic people and places have Vietnamese names",
}


def speaks(text: str) -> bool:
    """Whether a Vietnamese letter stands in the text, composed or not."""
    return LETTER.search(unicodedata.normalize("NFC", text)) is not None


def docstrings(tree: ast.Module) -> set[ast.expr]:
    """The strings that stand as statements, also below a constant: they may name a term of the domain."""
    return {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def vietnamese_strings(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of every Vietnamese string of a module, docstrings left out."""
    tree = ast.parse(source)
    silent = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in silent and speaks(node.value):
            yield node.lineno, node.value


def is_data(path: Path) -> bool:
    """Whether the path, or a folder above it, is on the list of Vietnamese data."""
    return any(name in DATA for name in (path.as_posix(), *(folder.as_posix() for folder in path.parents)))


def is_ours(path: Path) -> bool:
    """Whether the rule looks at the path: what is shipped, not what tests it."""
    return "src" in path.parts and not is_data(path)


def test_a_vietnamese_string_is_seen() -> None:
    """The rule names a Vietnamese string and a part of an f-string, composed or not, and leaves docstrings alone."""
    decomposed = unicodedata.normalize("NFD", "Đảng viên")
    source = f'"""Về chi bộ."""\na = "{decomposed}"\nb = f"{{a}} được"\nc = "café"\n'
    assert [line for line, _ in vietnamese_strings(source)] == [2, 3]


def test_code_speaks_english(texts: Callable[[str], dict[Path, str]]) -> None:
    """No string in shipped Python code is Vietnamese, named data left out."""
    found = [
        f"{path}:{line}: {text[:60]}"
        for path, source in texts(".py").items()
        if is_ours(path)
        for line, text in vietnamese_strings(source)
    ]
    assert not found, "\n".join(found)


def test_pages_and_scripts_speak_english(texts: Callable[[str], dict[Path, str]]) -> None:
    """No template, script or style sheet holds a Vietnamese word: it would escape translation."""
    found = [
        f"{path}:{number}: {line.strip()[:60]}"
        for path, source in texts(".html .txt .js .css").items()
        if is_ours(path)
        for number, line in enumerate(source.split("\n"), 1)
        if speaks(line)
    ]
    assert not found, "\n".join(found)


def test_every_named_data_is_there(root: Path) -> None:
    """A path on the list of Vietnamese data exists: a stale exemption goes."""
    assert not [name for name in DATA if not (root / name).exists()]
