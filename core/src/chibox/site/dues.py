"""What is due, by every plugin, and how much of it: the first page lists it, the menu counts it."""

import datetime as dt
import logging
from collections.abc import Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Final

import msgspec

from chibox.errors import where
from chibox.hooks import Due

if TYPE_CHECKING:
    from chibox.site.looking import Looking
    from chibox.site.visit import Visit

log = logging.getLogger(__name__)
COSTLY: Final = 0.002  # s; what takes longer is not asked again for the menu of every page
_MOST: Final = 500  # persons whose counts are kept


class Asked(msgspec.Struct, frozen=True):
    """What every plugin said: its lines, and the names of those that could not say it."""

    lines: tuple[tuple[str, Due], ...]
    silent: tuple[str, ...]


class _Kept(msgspec.Struct, frozen=True):
    size: int
    cost: float
    counts: Mapping[str, int]


class Dues:
    """Asks the plugins; keeps how much is due to a person on a day while the log stands where it stood."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, dt.date], _Kept] = {}

    def all(self, visit: "Visit", look: "Looking") -> Asked:
        """Everything that is due to the visitor. Who sees no people is told only what names nobody else."""
        began, size = perf_counter(), look.size
        lines: list[tuple[str, Due]] = []
        silent: list[str] = []
        for plugin, ask in visit.office.box.plugins.each("due"):
            try:
                said = list(ask(look, visit.person))
            except Exception as error:  # noqa: BLE001 - what one plugin cannot say, the others still say
                log.error("%s could not say what is due: %s", plugin, where(error))  # noqa: TRY400 - no message: see where
                silent.append(plugin)
                continue
            lines += [(plugin, due) for due in said if visit.sees_people or set(due.about) <= {visit.person}]
        counts: dict[str, int] = {}
        for plugin, due in lines:
            counts[plugin] = counts.get(plugin, 0) + due.count
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[visit.person, visit.today] = _Kept(size, perf_counter() - began, counts)
        return Asked(tuple(lines), tuple(silent))

    def counts(self, visit: "Visit", look: "Looking") -> Mapping[str, int]:
        """How much is due by plugin. Never an old number: where asking again would cost too much, none at all."""
        key = (visit.person, visit.today)
        kept = self._kept.get(key)
        if kept is not None and kept.size != look.size:
            if kept.cost > COSTLY:
                return {}
            kept = None
        if kept is None:
            self.all(visit, look)
            kept = self._kept[key]
        return kept.counts
