"""A plugin's code: what it imports, what it says to people, and that every sentence is translated."""

import ast
import importlib.metadata
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from chibox.plugins import CORE, GROUP
from chibox.testing.contract.subject import Check, Subject
from chibox.testing.msgids import _raised_in
from chibox.testing.wording import check_catalogue

_DOORS: Final = ("chibox.plugin", "chibox.testing")  # the second for seeds of demo boxes
_SHARED: Final = "records"


def imports_only_the_plugin_api(plugin: Subject) -> list[str]:
    """From core `chibox.plugin`, and data of `chibox.testing`; from another plugin its `records`, which never change."""
    if plugin.name == CORE:
        return []
    others = {point.value.partition(".")[0] for point in importlib.metadata.entry_points(group=GROUP)}
    others -= {plugin.package.partition(".")[0]}
    faults = []
    for path, module in _modules(plugin.folder):
        for line, name in _imported(module):
            top, _, rest = name.partition(".")
            if top == "chibox" and not any(name == door or name.startswith(f"{door}.") for door in _DOORS):
                faults.append(f"{path}:{line}: imports {name}; what a plugin may use is in {_DOORS[0]}")
            if top in others and rest.partition(".")[0] != _SHARED:
                faults.append(f"{path}:{line}: imports {name}; of another plugin only its records may be imported")
    return faults


def refusals_have_words(plugin: Subject) -> list[str]:
    """Whatever is raised to say no to a person says why."""
    modules = list(_modules(plugin.folder))
    errors = _raised_in([module for _, module in modules])
    return [
        f"{path}:{node.lineno}: a refusal without words"
        for path, module in modules
        for node in ast.walk(module)
        if isinstance(node, ast.Raise) and _silent(node.exc, errors)
    ]


def words_are_translated(plugin: Subject) -> list[str]:
    """The catalogue is whole, and what it says is what a good office clerk would write."""
    return check_catalogue(plugin.folder)


def _silent(raised: ast.expr | None, errors: set[str]) -> bool:
    called = raised.func if isinstance(raised, ast.Call) else raised
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in errors and not (isinstance(raised, ast.Call) and raised.args)


def _modules(folder: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield str(path.relative_to(folder)), ast.parse(path.read_bytes())


def _imported(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a module imports; `from chibox import box` is `chibox.box`."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            whole = node.module == "chibox" or "." not in node.module
            yield from ((node.lineno, f"{node.module}.{a.name}" if whole else node.module) for a in node.names)


CODE: Final[tuple[Check, ...]] = (imports_only_the_plugin_api, refusals_have_words, words_are_translated)
