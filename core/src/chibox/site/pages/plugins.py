"""The plugins of the box: what each adds, in which version, and why one does not run."""

import importlib.metadata
from typing import Any, Final

import msgspec
from litestar import Response

from chibox import __version__
from chibox.plugins import CORE, GROUP
from chibox.site.routes import page
from chibox.site.visit import Visit


class Installed(msgspec.Struct, frozen=True):
    """A plugin that runs."""

    name: str
    version: str
    summary: str
    kinds: tuple[str, ...]
    commands: int
    stopped: bool


@page("/plugins")
def plugins(visit: Visit) -> Response[str]:
    """For whoever runs the box."""
    visit.demand("core.operate")
    box = visit.office.box
    stopped = {projection.plugin for projection in box.engine.stopped}
    installed = [
        Installed(
            name, *_version(name),
            tuple(sorted(kind.name for kind in box.library.kinds if kind.plugin == name)),
            sum(definition.plugin == name for definition in box.commands.values()),
            name in stopped,
        )
        for name in box.plugins.names
    ]  # fmt: skip
    return visit.render("core/plugins.html", here=visit.say("Plugins"), installed=installed, broken=box.plugins.broken)


def _version(name: str) -> tuple[str, str]:
    """Version and summary of the distribution that brings the plugin; empty for one that no distribution brings."""
    if name == CORE:
        return __version__, ""
    for point in importlib.metadata.entry_points(group=GROUP, name=name):
        if point.dist is not None:
            return point.dist.version, point.dist.metadata["Summary"] or ""
    return "", ""


PAGES: Final[list[Any]] = [plugins]
