"""Which plugins there are: found by entry point, loaded one by one in the order of names; a broken one is named, not fatal."""

import importlib
import importlib.metadata
from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

import msgspec
import pluggy

from chibox import hooks

GROUP: Final = "chibox.plugins"
CORE: Final = "core"


class Broken(msgspec.Struct, frozen=True):
    """A plugin that could not be loaded, and why."""

    name: str
    why: str


class Plugins:
    """The plugins of one box. `broken` names those that are installed but could not be loaded."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager("chibox")
        self._manager.add_hookspecs(hooks)
        self._declared: dict[str, dict[str, Any]] = {}
        self.broken: list[Broken] = []
        self.modules: dict[str, Any] = {}

    @classmethod
    def discover(cls, allowed: Collection[str] | None = None) -> "Plugins":
        """Core and every installed plugin that is allowed (None: all). Raises nothing for a broken one."""
        found = cls()
        found.add(CORE, lambda: importlib.import_module("chibox.core_plugin"))
        for point in sorted(importlib.metadata.entry_points(group=GROUP), key=lambda p: p.name):
            if allowed is None or point.name in allowed:
                found.add(point.name, point.load)
        return found

    @property
    def names(self) -> list[str]:
        """The plugins that work, core first, then by name."""
        return sorted(self._declared, key=lambda name: (name != CORE, name))

    def add(self, name: str, load: Callable[[], Any]) -> None:
        """Load one plugin and ask all its hooks; whatever goes wrong in it is noted in `broken`, and nothing of it stays."""
        if name in self._declared:
            self.broken.append(Broken(name, "two plugins bear this name"))
            return
        try:
            module = load()
            self._manager.register(module, name)
            self._manager.check_pending()
            declared = self._ask(name)
            _check(name, declared)
        except Exception as error:
            if name == CORE:
                raise
            if self._manager.has_plugin(name):
                self._manager.unregister(name=name)
            self.broken.append(Broken(name, f"{type(error).__name__}: {error}"))
            return
        self._declared[name], self.modules[name] = declared, module

    def each(self, hook: str) -> Iterator[tuple[str, Any]]:
        """(plugin, what its hook returned) for the plugins that have it, core first, then by name."""
        for name in self.names:
            if hook in self._declared[name]:
                yield name, self._declared[name][hook]

    def flat(self, hook: str) -> list[Any]:
        """The members of what every plugin's hook returned, in order."""
        return [item for _, items in self.each(hook) for item in items]

    def package(self, name: str) -> str:
        """The package that holds a plugin's templates, static files and locale."""
        return str(self.modules[name].__name__).rpartition(".")[0] if name != CORE else "chibox"

    def _ask(self, name: str) -> dict[str, Any]:
        plugin = self._manager.get_plugin(name)
        callers = self._manager.get_hookcallers(plugin) or []
        found: dict[str, Any] = {}
        for caller in callers:
            (implementation,) = (i for i in caller.get_hookimpls() if i.plugin_name == name)
            found[caller.name] = implementation.function()
        return found


def _check(name: str, declared: dict[str, Any]) -> None:
    """Raises ValueError when a plugin states or owns what is not its own."""
    for record in declared.get("kinds", ()):
        if record.KIND.plugin != name:
            raise ValueError(f"the kind {record.KIND.name} is not of the plugin {name}")
    for projection in declared.get("projections", ()):
        if projection.plugin != name:
            raise ValueError(f"the projection {projection.name} is not of the plugin {name}")
    if "commands" in declared and declared["commands"].plugin != name:
        raise ValueError(f"the commands of {declared['commands'].plugin} are not of the plugin {name}")
