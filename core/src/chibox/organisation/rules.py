"""The rule book: every number that a regulation sets, dated, with its document."""

import datetime as dt
from collections.abc import Iterable

import msgspec

from chibox.errors import Refused


class Rule(msgspec.Struct, frozen=True):
    """One number of one regulation, in force from `since` until the day before `until`."""

    name: str
    value: int
    document: str  # kind and number, e.g. 208-QĐ/TW
    issuer: str
    issued: dt.date
    since: dt.date
    until: dt.date | None = None


class RuleBook:
    """All rules of core and plugins, by name and day."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules: dict[str, list[Rule]] = {}
        for rule in rules:
            self._rules.setdefault(rule.name, []).append(rule)

    def on(self, name: str, day: dt.date) -> Rule:
        """The rule of that name in force on `day`. Raises Refused when the book has none."""
        for rule in self._rules.get(name, ()):
            if rule.since <= day and (rule.until is None or day < rule.until):
                return rule
        raise Refused("The rule book has no rule {name} for {day}.", name=name, day=day)
