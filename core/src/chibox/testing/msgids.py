"""Every msgid that a package uses, in its modules and templates, each with the place where it stands."""

import ast
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from jinja2.ext import babel_extract

from chibox import errors

_SAYING: Final = {"words", "Words", "gettext", "ngettext", "_", "say"}
_DECLARING: Final = {"NavEntry": 0, "Saying": 1, "Role": 1}  # which of their arguments is a sentence
_ERRORS: Final = {
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.ChiboxError)
}
_CALLED: Final = ("_", "gettext", "ngettext")


class Msgid(NamedTuple):
    """A sentence that is used, its plural if it has one, and where."""

    one: str
    many: str | None
    where: str


def used(package: Path) -> tuple[list[Msgid], list[str]]:
    """The msgids of a package, and the places where a sentence is put together, so that nobody could translate it."""
    found: list[Msgid] = []
    faults: list[str] = []
    modules = {path: ast.parse(path.read_bytes()) for path in sorted(package.rglob("*.py"))}
    sayings = _SAYING | _raised_in(modules.values())
    for path, module in modules.items():
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in sayings:
                where = f"{path.relative_to(package)}:{node.lineno}"
                if _put_together(node.args[0]):
                    faults.append(f"{where}: a sentence that is put together cannot be translated")
                found += _of_call(node, where)
            elif isinstance(node, ast.Call):
                found += _of_declaration(node, f"{path.relative_to(package)}:{node.lineno}")
    for path in sorted(path for path in package.rglob("*.html") if "templates" in path.parts):
        found += _of_template(path, str(path.relative_to(package)))
    return found, faults


def _raised_in(modules: Collection[ast.Module]) -> set[str]:
    """The errors of chibox, and the classes of the package that are one of them."""
    classes = [node for module in modules for node in ast.walk(module) if isinstance(node, ast.ClassDef)]
    known = set(_ERRORS)
    while True:
        more = {node.name for node in classes if any(_name(base) in known for base in node.bases)} - known
        if not more:
            return known
        known |= more


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _put_together(node: ast.expr) -> bool:
    """An f-string, a sum of strings, a format: a name or an attribute only hands a sentence on."""
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (isinstance(node, ast.Call) and _name(node.func) == "format")


def _of_call(node: ast.Call, where: str) -> Iterator[Msgid]:
    texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if texts and texts[0]:
        yield Msgid(texts[0], texts[1] if _name(node.func) == "ngettext" and len(texts) > 1 else None, where)


def _of_declaration(node: ast.Call, where: str) -> Iterator[Msgid]:
    at = _DECLARING.get(_name(node.func))
    if at is not None and len(node.args) > at:
        said = node.args[at]
        if isinstance(said, ast.Constant) and isinstance(said.value, str):
            yield Msgid(said.value, None, where)


def _declared(node: ast.Call, where: str) -> Iterator[Msgid]:
    at = _DECLARING[_name(node.func)]
    sentence = node.args[at] if len(node.args) > at else None
    if isinstance(sentence, ast.Constant) and isinstance(sentence.value, str):
        yield Msgid(sentence.value, None, where)


def _of_template(path: Path, where: str) -> Iterator[Msgid]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
    with path.open("rb") as file:
        for line, function, message, _ in babel_extract(file, _CALLED, [], options):
            texts = [text for text in (message if isinstance(message, tuple) else (message,)) if text]
            if texts:
                yield Msgid(texts[0], texts[1] if function == "ngettext" else None, f"{where}:{line}")
