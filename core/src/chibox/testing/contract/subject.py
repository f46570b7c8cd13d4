"""What the contract is held against: one installed plugin, with all that it declares."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from chibox.commands import Definition
from chibox.plugins import Plugins
from chibox.projections.folds import Fold, Projection
from chibox.records.record import Record


class Subject(NamedTuple):
    """A plugin under test, one of `plugins`. `folder` is that of its package."""

    name: str
    package: str
    folder: Path
    hooks: dict[str, Any]
    plugins: Plugins

    @property
    def known(self) -> dict[str, type[Record]]:
        """All kinds that a box with these plugins knows, its own among them, by name."""
        return {record.KIND.name: record for record in (*self.plugins.flat("kinds"), *self.records)}

    @property
    def records(self) -> Sequence[type[Record]]:
        """Its kinds."""
        return tuple(self.hooks.get("kinds", ()))

    @property
    def projections(self) -> Sequence[Projection]:
        """Its projections."""
        return tuple(self.hooks.get("projections", ()))

    @property
    def folds(self) -> Sequence[Fold]:
        """Its folds."""
        return [fold for p in self.projections for folds in p.folds.values() for fold in folds]

    @property
    def commands(self) -> Sequence[Definition]:
        """Its commands."""
        return tuple(self.hooks["commands"].definitions.values()) if "commands" in self.hooks else ()


Check = Callable[[Subject], list[str]]


def installed() -> list[str]:
    """Every plugin that is installed, core and broken ones included."""
    plugins = _plugins()
    return [*plugins.names, *(broken.name for broken in plugins.broken)]


def subject(name: str) -> Subject:
    """The installed plugin of that name. Raises AssertionError when it is broken or not there, saying why."""
    plugins = _plugins()
    assert not [b for b in plugins.broken if b.name == name], [b.why for b in plugins.broken if b.name == name]
    assert name in plugins.names, f"no plugin {name} is installed: {', '.join(plugins.names)}"
    return subject_of(plugins, name)


def subject_of(plugins: Plugins, name: str) -> Subject:
    """A plugin of a set that need not be installed."""
    package = plugins.package(name) or name
    hooks = {hook: answer for hook in _HOOKS for owner, answer in plugins.each(hook) if owner == name}
    return Subject(name, package, Path(str(files(package))), hooks, plugins)


@cache
def _plugins() -> Plugins:
    return Plugins.discover()


_HOOKS = ("kinds", "projections", "commands", "sayings", "held_on")
