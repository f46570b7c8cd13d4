"""Plugins: found by name, in order; a broken one is named and not fatal, and nothing of it stays."""

import sys
from collections.abc import Iterator, Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from tests.core import toys
from tests.core.toys import Make, Toy

from chibox import core_plugin
from chibox.identity.roles import Role
from chibox.library import declared
from chibox.plugin import Commands, Plain, Projection, Record, Row, hookimpl, kind
from chibox.plugins import Plugins


def found(**modules: Any) -> Plugins:
    """Core and these."""
    plugins = Plugins.discover(())
    for name, module in modules.items():
        plugins.add(name, partial(lambda module: module, module))
    return plugins


def hook(name: str, answer: Any) -> Any:
    """A plugin whose one hook gives that answer."""

    def function() -> Any:
        return answer

    function.__name__ = name
    return SimpleNamespace(**{name: hookimpl(function)})


def why(plugins: Plugins) -> str:
    """Why the one broken plugin is."""
    (broken,) = plugins.broken
    assert plugins.names == ["core"]
    assert broken.name == "odd"
    return broken.why


def test_core_comes_first_then_others_by_name() -> None:
    """Whatever the order in which they were added."""
    plugins = found(zoo=object(), toys=toys, apes=object())
    assert plugins.names == ["core", "apes", "toys", "zoo"]
    assert [name for name, _ in plugins.each("kinds")] == ["core", "toys"]
    assert plugins.modules["core"] is core_plugin
    assert (plugins.package("core"), plugins.package("toys")) == ("chibox", "tests.core")


def test_a_plugin_that_cannot_be_loaded_is_named() -> None:
    """An import that raises anything, an end of the process included."""
    for error in (SyntaxError("no"), ImportError("no"), SystemExit(1), RuntimeError("no")):

        def load(error: BaseException = error) -> Any:
            raise error

        plugins = Plugins.discover(())
        plugins.add("odd", load)
        assert type(error).__name__ in why(plugins)


def test_a_misspelt_hook_is_named() -> None:
    """It would never be called: better said at the start."""
    assert "controlers" in why(found(odd=hook("controlers", ())))


def test_a_hook_that_raises_is_named() -> None:
    """And nothing of the plugin stays, what it declared before included."""

    def nav() -> Any:
        raise KeyError("gone")

    odd = SimpleNamespace(kinds=toys.kinds, nav=hookimpl(nav))
    assert "KeyError" in why(found(odd=odd))


def test_a_name_is_taken_once() -> None:
    """Two plugins of one name: the second is broken. Nobody is called core."""
    plugins = found(toys=toys)
    plugins.add("toys", object)
    plugins.add("core", object)
    assert [broken.name for broken in plugins.broken] == ["toys", "core"]
    assert plugins.modules["toys"] is toys
    assert "small letters" in found(**{"Odd-One": object()}).broken[0].why


@kind("odd.made.1")
class One(Record, frozen=True):
    """A kind."""


@kind("odd.made.1")
class Two(Record, frozen=True):
    """Another of that name."""


def _projection(name: str, table: str) -> Projection:
    projection = Projection(name)

    @projection.table(table)
    class Some(Row, frozen=True):
        subject: str
        name: Plain[str]

    return projection


def _commands() -> Commands:
    first, second = Commands("odd"), Commands("odd")
    for commands in (first, second):
        make = type("Make", (Make,), {}, frozen=True)

        def decide(command: Any, read: Any) -> Any:
            return []

        decide.__annotations__ = {"command": make}
        commands.decides(needs=lambda c, _: [])(decide)
    first.definitions.update(second.definitions)
    return first


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("kinds", (toys.Made,), "not of the plugin"),
        ("kinds", (One, Two), "two kinds"),
        ("kinds", (int,), "KIND"),
        ("kinds", None, "NoneType"),
        ("projections", (toys.toys,), "not of the plugin"),
        ("projections", (_projection("odd.a", "a"), _projection("odd.a", "b")), "two projections"),
        ("commands", toys.commands_, "not of the plugin"),
        ("commands", _commands(), "two commands"),
        ("roles", (Role("clerk", "Clerk", frozenset({"*.approve"})),), "such roles"),
    ],
)
def test_a_plugin_states_and_owns_its_own_only(name: str, answer: Any, said: str) -> None:
    """Another's kinds, projections, commands; one name for two things; a role that is there: each is named."""
    assert said in why(found(odd=hook(name, answer)))


def test_tables_of_two_plugins_do_not_clash() -> None:
    """`a` with a table `b_c` and `a_b` with a table `c` would share one table in the database."""
    plugins = found(
        a=hook("projections", (_projection("a.x", "b_c"),)), a_b=hook("projections", (_projection("a_b.x", "c"),))
    )
    assert plugins.names == ["core", "a"]
    assert "a_b_c_1" in plugins.broken[0].why


def test_a_hook_may_yield() -> None:
    """What it yields is there however often it is looked at."""

    def kinds() -> Iterator[type[Record]]:
        yield from (toys.Made, toys.Painted)

    plugins = found(toys=SimpleNamespace(kinds=hookimpl(kinds)))
    assert plugins.flat("kinds")[-2:] == plugins.flat("kinds")[-2:] == [toys.Made, toys.Painted]


def test_what_plugins_declare_is_gathered() -> None:
    """Kinds by name, tables by row, commands by type, roles by name."""
    library, commands, roles = declared(found(toys=toys))
    assert library.kinds.get("toys.made.1") is toys.Made.KIND
    assert library.table(Toy).name == "toys_toy_1"
    assert commands[Make].plugin == "toys"
    assert {"administrator", "clerk", "service"} <= set(roles)


def test_installed_plugins_are_found_by_their_entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order of names; those that are not allowed are not even imported; one that cannot be imported is named."""

    class Point:
        def __init__(self, name: str, module: Any) -> None:
            self.name, self.module = name, module

        def load(self) -> Any:
            if self.module is None:
                raise ImportError("away")
            return self.module

    def points(group: str) -> Sequence[Point]:
        assert group == "chibox.plugins"
        return [Point("zoo", object()), Point("odd", None), Point("toys", toys)]

    monkeypatch.setattr(sys.modules["chibox.plugins"].importlib.metadata, "entry_points", points)
    assert Plugins.discover().names == ["core", "toys", "zoo"]
    assert [broken.name for broken in Plugins.discover().broken] == ["odd"]
    assert Plugins.discover(("zoo",)).names == ["core", "zoo"]
    assert Plugins.discover(("zoo",)).broken == []
