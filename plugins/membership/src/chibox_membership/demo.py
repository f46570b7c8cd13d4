"""Fills a practice box with a synthetic commune's members and with three years of what happened to them, by commands only."""

import datetime as dt
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import asdict
from typing import Any, Final

from chibox.plugin import Answer, Command, Filling, Step, words
from chibox.testing.commune import Commune, Person
from chibox.testing.commune.history import Happening, history
from chibox_membership.asking import Change, Correct, Enter, Leave, Move, SetStatus
from chibox_membership.importing.command import ImportSheet
from chibox_membership.records import DETAILS, Ground
from chibox_membership.sheet.columns import FIRST_ROW
from chibox_membership.sheet.rows import SheetRow

_STEP: Final = 500
_NOBODY_FASTER: Final = 2**53 - 1
_CLERK: Final = "clerk"
_DEPARTURES: Final = {
    "transferred": "official_transfer", "deceased": "death", "removed": "removal_from_list", "resigned": "resignation",
}  # fmt: skip
_GROUNDS: Final[Mapping[str, Ground]] = {
    "birth_date_corrected": "original_file", "name_corrected": "original_file", "home_place_corrected": "statement",
}  # fmt: skip
_PAPER_FIRST: Final = 3
"""One act in so many is entered from a paper."""


def fill(filling: Filling, commune: Commune) -> Iterator[Step]:
    """The opening roll as one sheet, then everything in the order of its recording, late facts where they were late."""
    past = history(commune)
    filling.on(filling.start, 9)
    members: dict[int, str | Future[Answer]] = dict(_open(filling, past.opening))
    yield Step(words("The opening roll"), len(members), len(commune.members))
    clerk = _Clerk(filling, members, past.opening)
    for done, told in enumerate(past.happenings, 1):
        clerk.record(told)
        if done % _STEP == 0:
            yield Step(words("What happened to members"), done, len(past.happenings))
    clerk.record_put_off()
    yield Step(words("What happened to members"), len(past.happenings), len(past.happenings))


def _open(filling: Filling, opening: Mapping[int, Person]) -> dict[int, str]:
    rows = tuple(
        SheetRow(row=row, cell=filling.cells[person.cell], **_columns(person))
        for row, person in enumerate(opening.values(), FIRST_ROW)
    )
    answer = filling.perform(_CLERK, ImportSheet(rows=rows, as_of=_NOBODY_FASTER), from_paper=True)
    ids = dict.fromkeys(filling.subjects(answer))  # a state beside the entry is about the same member
    filling.members.update(zip(opening, ids, strict=True))
    return dict(filling.members)


def _columns(person: Person) -> dict[str, Any]:
    return {name: value for name, value in asdict(person).items() if name not in {"cell", "departure"}}


class _Clerk:
    """Records one happening after another, and waits only where an id is needed that is not known yet."""

    def __init__(
        self, filling: Filling, members: dict[int, str | Future[Answer]], opening: Mapping[int, Person]
    ) -> None:
        self._filling, self._members, self._opening = filling, members, opening
        self._count = 0
        self._told: dict[tuple[int, str], list[tuple[dt.date, Any]]] = {}
        self._put_off: list[Happening] = []

    def record(self, told: Happening) -> None:
        """One happening on the day of its recording; put off when nothing would change by it as long as a late one is missing."""
        if self._holds(told):
            self._put_off.append(told)
            return
        self._filling.on(told.recorded, 8 + self._count % 9)
        self._submit(told)

    def record_put_off(self) -> None:
        """What has to wait for a late fact (there and back again, and the way there recorded last)."""
        for told in self._put_off:
            if not self._holds(told):
                self._submit(told)

    def _submit(self, told: Happening) -> None:
        self._count += 1
        for field, value in told.values.items():
            self._told.setdefault((told.member, field), []).append((told.true, value))
        future = self._filling.submit(_CLERK, self._command(told), from_paper=self._count % _PAPER_FIRST == 0)
        if told.what == "admitted":
            self._members[told.member] = future

    def _holds(self, told: Happening) -> bool:
        """Whether what is told stands already, as known now, on its day."""
        if told.what not in {"moved", "residence_changed"}:
            return False
        return all(self._value(told.member, field, told.true) == value for field, value in told.values.items())

    def _value(self, member: int, field: str, day: dt.date) -> Any:
        """What was told to hold on a day; at first what the opening has."""
        stated = [(true, place, value) for place, (true, value) in enumerate(self._told.get((member, field), ()))]
        known = sorted((s for s in stated if s[0] <= day), key=lambda s: s[:2])
        return known[-1][2] if known else getattr(self._opening.get(member), field, None)

    def _id(self, member: int) -> str:
        known = self._members[member]
        if isinstance(known, str):
            return known
        found = self._members[member] = self._filling.members[member] = self._filling.subjects(known.result())[0]
        return found

    def _command(self, told: Happening) -> Command:
        values, day = dict(told.values), told.true
        if told.what == "admitted":
            details = {field: values[field] for field in DETAILS if field in values}
            return Enter(cell=self._filling.cells[values["cell"]], **details)
        who = self._id(told.member)
        if told.what == "moved":
            return Move(member=who, cell=self._filling.cells[values["cell"]], day=day)
        if told.what == "departed":
            return Leave(member=who, status=values["status"], day=day, departure=_departure(values))
        if told.what in {"exempted", "suspended", "interrupted"}:
            return SetStatus(member=who, status=values["status"], day=day)
        if told.what in _GROUNDS:
            return Correct(member=who, ground=_GROUNDS[told.what], paper=told.ground, **values)
        return Change(member=who, day=day, **values)


def _departure(values: Mapping[str, Any]) -> Any:
    return _DEPARTURES[values["departure"]]
