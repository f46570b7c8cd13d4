"""How the box is: checks as data, the same for the page, for monitors and for whoever is called by telephone."""

from collections.abc import Callable, Iterable
from typing import Any, Final, Literal

from chibox.hooks import Check
from chibox.observe import care_checks
from chibox.observe.core_checks import CHECKS, unheard
from chibox.office import Office
from chibox.reading import Read

State = Literal["good", "attention", "trouble", "off"]
WORST_FIRST: Final[tuple[State, ...]] = ("trouble", "attention", "good", "off")


def checks(office: Office, read: Read) -> list[Check]:
    """Every check of core and plugins, worst first. One that raises is a trouble, and named."""
    found: list[Check] = []
    for check in (*CHECKS, *care_checks.CHECKS):
        found += _heard(check.__name__, lambda check=check: [check(office, read)])  # type: ignore[misc]
    for plugin, health in office.box.plugins.each("health"):
        found += _heard(plugin, lambda health=health: health(read))  # type: ignore[misc]
    return sorted(found, key=lambda check: WORST_FIRST.index(check.state))


def worst(found: Iterable[Check]) -> State:
    """The state of the whole: that of its worst part."""
    states = {check.state for check in found}
    return next(state for state in (*WORST_FIRST[:2], "good") if state in states or state == "good")


def _heard(name: str, check: Callable[[], Any]) -> list[Check]:
    try:
        return list(check())
    except Exception as error:  # noqa: BLE001 - whatever a check meets, the others are told
        return [unheard(name, error)]
