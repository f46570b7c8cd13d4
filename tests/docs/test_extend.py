"""The pages for plugin authors say of hooks and names what the code says, and leave none out."""

import ast
import inspect
import re
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from tests.docs.pages import ROOT, page, rows_of

from chibox import hooks, plugin
from chibox.observe.health import checks
from chibox.office import Office
from chibox.plugin import Check, Read, hookimpl, words
from chibox.testing.boxes import plugins_of, sandbox

HOOKS: Final = Path(hooks.__file__)
_CODE: Final = re.compile("`([^`]+)`")


def specified() -> dict[str, str]:
    """Name -> signature of every hook, as it is declared."""
    found = {}
    for node in ast.parse(HOOKS.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and any(ast.unparse(d) == "hookspec" for d in node.decorator_list):
            returns = "" if node.returns is None else ast.unparse(node.returns).replace("'", "")
            found[node.name] = f"{node.name}({ast.unparse(node.args)}) -> {returns}"
    return found


def used() -> set[str]:
    """Every hook that core, an installed plugin or a plugin of the tests implements, as a function or as a value."""
    found = set()
    modules = [path for folder in ("core/src", "plugins", "tests") for path in (ROOT / folder).rglob("*.py")]
    for module in modules:
        text = module.read_text("utf-8")
        if "hookimpl" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and any(ast.unparse(d) == "hookimpl" for d in node.decorator_list):
                found.add(node.name)
            elif isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("hookimpl("):
                found.add(ast.unparse(node.targets[0]))
    return found


def test_every_hook_stands_on_its_page_with_its_signature() -> None:
    """The page of hooks has each hook once, in their order, with the signature of its specification and one sentence."""
    rows = rows_of(page("extend/hooks.md"))
    assert [signature.strip("`") for signature, _ in rows] == list(specified().values())
    assert [said for _, said in rows if not re.fullmatch(r"[A-Z].+\.", said)] == []


@pytest.mark.parametrize("hook", specified())
def test_every_hook_is_used(hook: str) -> None:
    """Core, a plugin or a test implements each hook: none is there for nobody."""
    assert hook in used()


def _full(_: Read) -> list[Check]:
    """What the plugin below finds."""
    return [Check(words("Letter box"), "attention", words("{count} letters are not entered yet.", count=3))]


class Watched:
    """A plugin that gives one hook, as a value."""

    health = hookimpl(lambda: _full)


def test_a_hook_may_be_a_value(tmp_path: Path) -> None:
    """A function that a marked value returns is called as one of a marked function is: with a `Read` of the moment."""
    with (
        sandbox(tmp_path / "box", plugins_of(letters=Watched)) as made,
        closing(Office(made.box)) as office,
        made.reading() as read,
    ):
        found = checks(office, read)
    assert [check.sentence for check in found if check.name.msgid == "Letter box"] == [
        words("{count} letters are not entered yet.", count=3)
    ]


def test_every_name_of_the_plugin_api_is_told_once() -> None:
    """The page of the API has each exported name once, and no other."""
    told = Counter(name for cells in rows_of(page("extend/api.md")) for name in _CODE.findall(cells[0]))
    assert told == Counter(plugin.__all__)


def test_every_exported_name_says_what_it_is() -> None:
    """Each class and function of the API has a docstring of its own."""
    silent = [
        name for name in plugin.__all__
        if (isinstance(value := getattr(plugin, name), type) or callable(value))
        and not hasattr(value, "__metadata__")
        and not (getattr(value, "__doc__", "") or "").strip()
    ]  # fmt: skip
    assert silent == []


def test_every_module_named_for_tests_is_there() -> None:
    """What the pages for authors name below `chibox.` can be found."""
    text = "".join(page(f"extend/{file}.md") for file in ("api", "pages", "tutorial", "hooks"))
    named = set(re.findall(r"`(chibox(?:\.[a-z_]+)+)(?:\.[A-Z]\w*)?`", text)) - {"chibox.toml"}
    places = {name: ROOT / "core/src" / name.replace(".", "/") for name in named}
    assert [name for name, place in places.items() if not (place.is_dir() or place.with_suffix(".py").is_file())] == []


def test_what_a_page_may_ask_is_there() -> None:
    """Whatever the page about pages names of `visit` and of `look` is theirs, and what it calls besides is in the API."""
    text = page("extend/pages.md")
    of_visit = {name for cells in rows_of(text) for name in re.findall(r"`(\w+)", cells[0])}
    has = {*dir(plugin.Visit), *re.findall(r"self\.(\w+)", inspect.getsource(plugin.Visit))}
    assert of_visit >= {"reading", "as_on", "render"}
    assert of_visit - has == set()
    assert set(re.findall(r"look\.(\w+)", text)) - set(dir(plugin.Looking)) == set()
    assert set(re.findall(r"\b(ask|tell|take|parse|page|form|words)\(", text)) - set(plugin.__all__) == set()
