"""Which party organisation a cell of a sheet names: by its name, by one it bore before, or by a likely slip."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from chibox.plugin import search_key, words
from chibox_membership.sheet.faults import Wrong

_SHORT: Final = ("chi bo ", "cb ", "c.b ", "dang bo ", "db ")
_LIKE: Final = 0.75
_MOST: Final = 3


class Units:
    """The organisations that a sheet may name. Names are compared without marks, case and spaces."""

    def __init__(self, named: Iterable[tuple[str, str]], former: Iterable[tuple[str, str]] = ()) -> None:
        """(name, id) of today's units; `former`: the names that they bore before."""
        self._names: dict[str, str] = {}
        self._ids: dict[str, list[str]] = {}
        self._cores: dict[str, set[str]] = {}
        for name, unit in named:
            self._names.setdefault(unit, name)
            _add(self._ids.setdefault(search_key(name), []), unit)
            self._cores.setdefault(_core(name), set()).add(unit)
        self._former: dict[str, set[str]] = {}
        for name, unit in former:
            if unit in self._names:
                self._former.setdefault(_core(name), set()).add(unit)

    def id(self, text: str) -> str:
        """The one unit of that name. Raises `Wrong`, with the name that is surely meant, or those that are near."""
        ids = self._ids.get(search_key(text), [])
        if len(ids) == 1:
            return ids[0]
        if ids:
            raise Wrong(
                words("Row {row}, column {column}: {count} party organisations are called “{text}”.",
                      count=len(ids), text=text)
            )  # fmt: skip
        core = _core(text)
        before = self._former.get(core, set())
        if len(before) == 1:
            name = self._names[next(iter(before))]
            raise Wrong(
                words("Row {row}, column {column}: “{text}” is called “{name}” now.", text=text, name=name), guess=name
            )
        meant = self._cores.get(core, set())
        guess = self._names[next(iter(meant))] if len(meant) == 1 else ""
        raise Wrong(
            words("Row {row}, column {column}: this box has no party organisation “{text}”.", text=text),
            guess=guess, readings=() if guess else self._near(core, meant),
        )  # fmt: skip

    def _near(self, core: str, meant: set[str]) -> list[str]:
        some = meant or {
            unit for near in get_close_matches(core, self._cores, _MOST, _LIKE) for unit in self._cores[near]
        }
        return sorted(self._names[unit] for unit in some)[:_MOST]


def _add(ids: list[str], unit: str) -> None:
    if unit not in ids:
        ids.append(unit)


def _core(name: str) -> str:
    """The name without the word for what it is."""
    key = search_key(name)
    return next((key.removeprefix(short) for short in _SHORT if key.startswith(short)), key)
