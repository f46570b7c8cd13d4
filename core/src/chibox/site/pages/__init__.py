"""Core's own pages."""

from typing import Any, Final

from chibox.site.pages import (
    check,
    delays,
    erasing,
    evidence,
    health,
    home,
    log,
    people,
    plugins,
    readers,
    readings,
    settings,
    sign_in,
    signing,
    units,
    unsent,
)

_MODULES: Final = (
    sign_in, home, health, units, people, log, check, readers, plugins, settings, readings, delays, erasing,
    evidence, signing, unsent,
)  # fmt: skip
PAGES: Final[list[Any]] = [handler for module in _MODULES for handler in module.PAGES]
