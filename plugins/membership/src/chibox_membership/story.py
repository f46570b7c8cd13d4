"""A member's history as a page tells it: from entries to events, newest day first, with what was what before."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from chibox.plugin import Entry, Looking, Masked
from chibox_membership.labels import GROUPS
from chibox_membership.records import DETAILS, Changed, Corrected, Entered, Left, Moved, Noted, StatusSet

What = Literal["entered", "official", "changed", "corrected", "moved", "status", "left", "noted", "gone"]
_LATE: Final = dt.timedelta(days=31)
_KINDS: Final = {record.KIND.name for record in (Entered, Changed, Corrected, Moved, StatusSet, Left, Noted)}
_GROUP: Final = {field: name for name, (_, fields) in GROUPS.items() for field in fields}


class Line(msgspec.Struct, frozen=True):
    """A field that became another: its value before (None: nothing was recorded) and after, as the reader may see them."""

    field: str
    old: Any
    new: Any


class Act(msgspec.Struct, frozen=True):
    """Who recorded something, when, under which receipt number (a position)."""

    by: str
    time: int
    last: int


class Event(msgspec.Struct, frozen=True):
    """Something of a member's life. `gone`: the content was erased. `back`: by what it was taken back."""

    what: What
    day: dt.date
    recorded: Act
    position: int
    lines: tuple[Line, ...] = ()
    paper: str | None = None
    ground: str | None = None
    departure: str | None = None
    from_paper: bool = False
    on_behalf: str | None = None
    back: Act | None = None
    valid: dt.date | None = None  # for a correction: since when what it says holds

    @property
    def recorded_on(self) -> dt.date:
        """The day of its record, in Viet Nam."""
        return dt.datetime.fromtimestamp(self.recorded.time / 1000, dt.timezone(dt.timedelta(hours=7))).date()

    @property
    def late(self) -> bool:
        """Whether it was recorded more than a month after its day."""
        return self.recorded_on - self.day > _LATE

    @property
    def groups(self) -> list[str]:
        """The groups of fields that it touches, in the order of pages."""
        touched = {_GROUP[line.field] for line in self.lines if line.field in _GROUP}
        return [name for name in GROUPS if name in touched]


def story(
    look: Looking, subject: str, unit: str, *, day: dt.date | None = None, known: int | None = None
) -> list[Event]:
    """The events of a member up to `day` (None: all), told by what was in the log at position `known` (None: now)."""
    teller = _Teller(look, unit, known)
    entries = [e for e in look.history(subject) if e.kind in _KINDS and (known is None or e.position <= known)]
    for entry in reversed(entries):
        teller.tell(entry)
    events = [event for event in teller.events() if day is None or (event.valid or event.day) <= day]
    return sorted(events, key=lambda event: (event.day, event.position), reverse=True)


def receipts(look: Looking, subject: str) -> list[Entry[Any]]:
    """One entry of each act about a member, the latest first."""
    acts: dict[str, Entry[Any]] = {}
    for entry in look.history(subject):
        acts.setdefault(entry.act, entry)
    return sorted(acts.values(), key=lambda entry: -entry.position)


class _Teller:
    """Goes through a member's entries in the order of folding, and remembers what held before each."""

    def __init__(self, look: Looking, unit: str, known: int | None) -> None:
        self._look, self._unit, self._known = look, unit, known
        self._held: dict[str, Any] = {}
        self._from: dict[str, Entry[Any]] = {}
        self._bodies: dict[str, dict[str, Any]] = {}
        self._told: list[Event] = []

    def events(self) -> list[Event]:
        """What was told, with the recognition that no record of its own states."""
        official, source = self._held.get("official_on"), self._from.get("official_on")
        if isinstance(official, dt.date) and source is not None and not isinstance(source.body, Changed):
            self._told.append(self._event(source, "official", official))
        admitted = self._held.get("admitted_on")
        return [
            msgspec.structs.replace(event, day=admitted)
            if event.what == "entered" and isinstance(admitted, dt.date)
            else event
            for event in self._told
        ]

    def tell(self, entry: Entry[Any]) -> None:
        """The next entry in the order of folding."""
        back = self._taken_back(entry)
        body = entry.body
        if body is None:
            self._told.append(self._event(entry, "gone", entry.day, back=back))
            return
        fields = self._bodies[entry.rid] = self._look.shown(body, self._unit, "membership.view")
        stated = {f: fields[f] for f in (*DETAILS, "cell", "status", "note") if self._states(entry, f)}
        lines = tuple(Line(f, self._before(entry, f), value) for f, value in stated.items())
        self._told.append(self._worded(entry, lines, back))
        if back is None:
            self._held |= stated
            self._from |= dict.fromkeys(stated, entry)

    def _states(self, entry: Entry[Any], field: str) -> bool:
        """Whether the record states the field; what stands at its default says nothing."""
        value = getattr(entry.body, field, msgspec.UNSET)
        return value is not msgspec.UNSET and not (isinstance(entry.body, Entered) and value is None)

    def _before(self, entry: Entry[Any], field: str) -> Any:
        if not isinstance(entry.body, Corrected):
            return self._held.get(field)
        corrected = [self._bodies[ref[1:]] for ref in entry.refs if ref[1:] in self._bodies]
        found = [body[field] for body in corrected if body.get(field, msgspec.UNSET) is not msgspec.UNSET]
        return found[-1] if found else self._held.get(field)

    def _worded(self, entry: Entry[Any], lines: tuple[Line, ...], back: Act | None) -> Event:
        body = entry.body
        fields = {line.field for line in lines}
        if isinstance(body, Entered):
            day = self._bodies[entry.rid]["admitted_on"]
            return self._event(entry, "entered", day if isinstance(day, dt.date) else entry.day, back=back)
        if isinstance(body, Corrected):
            return self._event(entry, "corrected", entry.day, lines, back=back, ground=body.ground, valid=body.day)
        if isinstance(body, Changed) and "official_on" in fields and fields <= {"official_on", "card_number"}:
            return self._event(entry, "official", body.official_on or body.day, lines, back=back)
        if isinstance(body, Moved | StatusSet | Noted):
            what: What = "moved" if isinstance(body, Moved) else "status" if isinstance(body, StatusSet) else "noted"
            return self._event(entry, what, body.day, lines, back=back)
        if isinstance(body, Left):
            return self._event(entry, "left", body.day, lines, back=back, departure=body.departure)
        return self._event(entry, "changed", getattr(body, "day", entry.day), lines, back=back)

    def _event(self, entry: Entry[Any], what: What, day: dt.date, lines: Sequence[Line] = (), **more: Any) -> Event:
        paper = self._bodies.get(entry.rid, {}).get("paper")
        return Event(
            what=what,
            day=day,
            recorded=self._act(entry),
            position=entry.position,
            lines=tuple(lines),
            paper=None if isinstance(paper, Masked) else paper,
            from_paper=bool(entry.context.get("from_paper")),
            on_behalf=entry.context.get("on_behalf"),
            **more,
        )

    def _act(self, entry: Entry[Any]) -> Act:
        span = self._look.act(entry.act)
        return Act(entry.by, entry.time, entry.position if span is None else span[1])

    def _taken_back(self, entry: Entry[Any]) -> Act | None:
        """The first act, in force at the time asked for, that takes the entry back."""
        past = self._look.past
        if not past.is_retracted(entry, self._known):
            return None
        for position in sorted(past.retractions(entry)):
            retraction = self._look.entry(position)
            if (self._known is None or position <= self._known) and not past.is_retracted(retraction, self._known):
                return self._act(retraction)
        return None
