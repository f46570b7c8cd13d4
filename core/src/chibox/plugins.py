"""Which plugins there are: found by entry point, loaded one by one in the order of names; a broken one is named, not fatal."""

import importlib
import importlib.metadata
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any, Final, get_origin

import msgspec
import pluggy

from chibox import hooks

GROUP: Final = "chibox.plugins"
CORE: Final = "core"
_is_name = re.compile(r"[a-z][a-z0-9_]*").fullmatch


def _of_sequence(spec: object) -> bool:
    """Whether it is a hook that returns a sequence: such a hook may also yield, and is asked once."""
    return get_origin(getattr(spec, "__annotations__", {}).get("return")) is Sequence


_MANY: Final = {name for name, spec in vars(hooks).items() if _of_sequence(spec)}


class Broken(msgspec.Struct, frozen=True):
    """A plugin that could not be loaded, and why."""

    name: str
    why: str


class Plugins:
    """The plugins of one box. `broken` names those that are installed but could not be loaded; nothing of them is here."""

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
            self._check_apart(declared)
        except (Exception, SystemExit) as error:
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
            answer: Any = implementation.function()
            found[caller.name] = tuple(answer) if caller.name in _MANY else answer
        return found

    def _check_apart(self, declared: dict[str, Any]) -> None:
        """Raises ValueError when a plugin bears a name that core or another plugin bears already."""
        tables = {t.name for p in self.flat("projections") for t in p.tables.values()}
        roles = {role.name for role in self.flat("roles")}
        for projection in declared.get("projections", ()):
            if taken := tables & {table.name for table in projection.tables.values()}:
                raise ValueError(f"there are such tables already: {', '.join(sorted(taken))}")
        if taken := roles & {role.name for role in declared.get("roles", ())}:
            raise ValueError(f"there are such roles already: {', '.join(sorted(taken))}")


def _check(name: str, declared: dict[str, Any]) -> None:
    """Raises ValueError when a plugin states or owns what is not its own, or gives one name to two things."""
    if not _is_name(name):
        raise ValueError("a plugin's name is of small letters, digits and underscores")
    for record in declared.get("kinds", ()):
        if record.KIND.plugin != name:
            raise ValueError(f"the kind {record.KIND.name} is not of the plugin {name}")
    for projection in declared.get("projections", ()):
        if projection.plugin != name:
            raise ValueError(f"the projection {projection.name} is not of the plugin {name}")
    definitions = declared["commands"].definitions.values() if "commands" in declared else ()
    if any(definition.plugin != name for definition in definitions):
        raise ValueError(f"the commands of {declared['commands'].plugin} are not of the plugin {name}")
    _check_once("kinds", (record.KIND.name for record in declared.get("kinds", ())))
    _check_once("projections", (projection.name for projection in declared.get("projections", ())))
    _check_once("commands", (definition.name for definition in definitions))


def _check_once(what: str, names: Iterable[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise ValueError(f"two {what} bear the name {', '.join(twice)}")
