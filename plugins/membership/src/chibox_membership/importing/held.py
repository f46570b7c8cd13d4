"""What an import holds while it lies on a clerk's desk: how far it has come, and each row with what the trial said of it.

None of it is in the log: it is a draft, its owner's alone, gone after 30 days. Everything here is JSON.
"""

import datetime as dt
from typing import Any, Final, Literal

import msgspec

from chibox.plugin import Words
from chibox_membership.sheet.wire import Row

Purpose = Literal["import", "compare"]
Phase = Literal["reading", "refused", "checking", "checked", "recording"]
What = Literal["new", "changed", "same", "doubtful", "wrong", "recorded", "missing"]
WHATS: Final[tuple[What, ...]] = ("new", "changed", "same", "doubtful", "wrong")
"""In the order of the tabs. A row that was recorded is on none of them; "missing" is a member whom a compared file has not."""
DAYS: Final = 30
WHO: Final = "who"
"""The question whether a row is about one of the candidates (the answer is the member's id) or about somebody NEW."""
NEW: Final = "new"
KEEP: Final = "keep"
TAKE: Final = "take"


class Said(msgspec.Struct, frozen=True):
    """A sentence that can be kept: days in its parameters are {"day": ISO}, other sentences are themselves Said."""

    msgid: str
    params: dict[str, Any] = {}

    @classmethod
    def of(cls, words: Words) -> "Said":
        """The sentence as it is kept."""
        return cls(words.msgid, {name: _kept(value) for name, value in words.params.items()})

    @property
    def words(self) -> Words:
        """The sentence as it is shown."""
        return Words(self.msgid, {name: _shown(value) for name, value in self.params.items()})


def _kept(value: Any) -> Any:
    if isinstance(value, Words):
        return {"msgid": value.msgid, "params": {name: _kept(one) for name, one in value.params.items()}}
    return {"day": value.isoformat()} if isinstance(value, dt.date) else value


def _shown(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "day" in value:
        return dt.date.fromisoformat(value["day"])
    return Words(value["msgid"], {name: _shown(one) for name, one in value["params"].items()})


class Recorded(msgspec.Struct, frozen=True):
    """An act that was recorded out of this import: its last position, when (ms), how many rows entered and changed."""

    act: str
    position: int
    when: int
    new: int
    changed: int


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """The state of the draft.

    `digest`: SHA-256 of the file, lower hex; `took`: ms from the file's coming to the end of the first trial; `as_of`: the
    last position that the trial saw, -1 for an empty log; `unread`: headings of columns that were not read; `act`: while
    the phase is "recording", the act that is being asked: a start after a crash looks whether the log has it. `columns`: key
    of each column by its place; `asked`: how many rows enter and change by the act that is being asked.
    """

    purpose: Purpose
    name: str
    size: int
    digest: str
    phase: Phase = "reading"
    done: int = 0
    total: int = 0
    took: int = 0
    as_of: int = -1
    refusal: Said | None = None
    unread: tuple[str, ...] = ()
    columns: dict[int, str] = {}
    act: str = ""
    asked: tuple[int, int] = (0, 0)
    recorded: tuple[Recorded, ...] = ()


class Fault(msgspec.Struct, frozen=True):
    """A cell that is wrong: why, what stands in the file, what it is surely meant to be (else ""), or what it could be."""

    key: str
    column: str
    found: str
    why: Said
    guess: str = ""
    readings: tuple[str, ...] = ()


class Difference(msgspec.Struct, frozen=True):
    """A field in which a row says something else than the roll; values as facts hold them (ISO days, codes, ids of units)."""

    key: str
    old: str | None
    new: str | None


class Question(msgspec.Struct, frozen=True):
    """What only a person can say of a row.

    WHO: `candidates` are members. Else a field that a sheet does not change by itself: KEEP what the roll has, or, where
    `may_take`, TAKE what the file has.
    """

    key: str
    why: Said
    candidates: tuple[str, ...] = ()
    old: str | None = None
    new: str | None = None
    may_take: bool = False


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What the trial says of a row. `values`: what would be recorded of it, ready for the command."""

    what: What
    name: str
    member: str | None = None
    faults: tuple[Fault, ...] = ()
    questions: tuple[Question, ...] = ()
    differences: tuple[Difference, ...] = ()
    values: dict[str, Any] = {}


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the file: its cells as they came, what the clerk wrote instead (by key), what the clerk answered (by key).

    `merged`: the range of each cell that lies in one, by place. `unchecked`: something was written or answered since the trial.
    """

    row: Row
    merged: dict[int, str] = {}
    mends: dict[str, str] = {}
    answers: dict[str, str] = {}
    trial: Trial | None = None
    unchecked: bool = False
