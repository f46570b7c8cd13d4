"""Rows on the desk as a page shows them: what is wrong, what is asked, what would change, who would enter."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from chibox.plugin import Looking, Masked, Visit, Words, words
from chibox_membership import labels
from chibox_membership.importing.held import KEEP, NEW, TAKE, WHO, Desk, Difference, Fault, Kept, Question, Trial
from chibox_membership.pages import seeing
from chibox_membership.pages.importing import places
from chibox_membership.sheet.codes import CODES
from chibox_membership.sheet.columns import BY_KEY, Kind
from chibox_membership.tables import Member
from chibox_membership.views import Shown, shown

Control = Literal["text", "date", "number", "cell", "select", "none"]
"""none: the cell has a second fault, and one field is enough to mend it."""
DETAILS: Final = ("born_on", "cell", "personal_id", "admitted_on")
"""What is told of somebody who would enter."""
TOLD: Final = ("born_on", "cell", "personal_id", "card_number")
"""What the file says of somebody who may be a member."""
_CONTROLS: Final[dict[Kind, Control]] = {
    Kind.DATE: "date", Kind.DIGITS: "number", Kind.UNIT: "cell",
    Kind.SEX: "select", Kind.ETHNIC_GROUP: "select", Kind.RELIGION: "select", Kind.STATUS: "select",
    Kind.ANSWER: "select",
}  # fmt: skip


class Wrong(msgspec.Struct, frozen=True):
    """A cell that is wrong. `value`: what stands in the field that mends it; `emptied`: the clerk said that it is empty."""

    row: int
    key: str
    column: str
    label: Words
    name: str
    found: str
    why: str
    control: Control
    value: str = ""
    emptied: bool = False
    readings: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


class Choice(msgspec.Struct, frozen=True):
    """An answer that may be chosen: its value, its words, the value that it stands for, what tells people apart."""

    value: str
    said: Words
    shown: Shown | None = None
    hints: tuple[tuple[Words, Shown], ...] = ()
    chosen: bool = False


class Unclear(msgspec.Struct, frozen=True):
    """A question about a row. `member`: where a wrong entry is corrected; `hidden`: members whom the visitor may not see."""

    row: int
    key: str
    label: Words
    name: str
    why: str
    choices: tuple[Choice, ...]
    told: tuple[tuple[Words, Shown], ...] = ()
    member: str = ""
    hidden: int = 0
    old: Shown | None = None
    new: Shown | None = None


class Line(msgspec.Struct, frozen=True):
    """A row that would go in, or says nothing new. `answers`: what the clerk has answered, to be taken back here."""

    row: int
    name: str
    member: str = ""
    changes: tuple[tuple[Words, Shown, Shown], ...] = ()
    details: Mapping[str, Shown] = {}
    answers: tuple[tuple[str, Words], ...] = ()
    note: str = ""


class Lines:
    """Makes lines for one page; every member whom they show is noted as read. `uncovered`: numbers and religion are open."""

    def __init__(self, visit: Visit, look: Looking, desk: Desk, *, uncovered: bool = False) -> None:
        self._visit, self._look, self._desk, self._uncovered = visit, look, desk, uncovered

    def wrong(self, number: int, kept: Kept) -> list[Wrong]:
        """A line for every cell that is wrong."""
        trial = _trial(kept)
        self._note(trial)
        lines = [self._wrong(number, kept, trial, fault) for fault in trial.faults]
        first = {line.key: place for place, line in reversed(list(enumerate(lines)))}
        return [
            line if first[line.key] == place else msgspec.structs.replace(line, control="none", readings=())
            for place, line in enumerate(lines)
        ]

    def unclear(self, number: int, kept: Kept) -> list[Unclear]:
        """A line for every question."""
        trial = _trial(kept)
        held = self._note(trial)
        return [self._unclear(number, kept, trial, question, held) for question in trial.questions]

    def line(self, number: int, kept: Kept) -> Line:
        """One line for the row."""
        trial = _trial(kept)
        held = self._note(trial)
        changes = tuple(self._change(one, held) for one in trial.differences)
        answers = tuple((key, WHO_SAID if key == WHO else places.label(key)) for key in kept.answers)
        details = {key: self._told(key, trial.values.get(key)) for key in DETAILS} if trial.what == "new" else {}
        if trial.what == "missing" and held is not None:
            details = {"cell": self._shown("cell", held["cell"])}
        member = trial.member if held is not None and trial.member is not None else ""
        return Line(number, trial.name, member, changes, details, answers)

    def _wrong(self, number: int, kept: Kept, trial: Trial, fault: Fault) -> Wrong:
        mended = kept.mends.get(fault.key)
        kind = BY_KEY[fault.key].kind
        return Wrong(
            row=number, key=fault.key, column=fault.column, label=places.label(fault.key), name=trial.name,
            found=places.in_file(self._desk, kept, fault), why=places.reason(self._visit, fault.why, number, fault.column),
            control=_CONTROLS.get(kind, "text"), value=fault.guess if mended is None else mended, emptied=mended == "",
            readings=tuple(text for text in fault.readings if text != mended),
            options=tuple(CODES[kind].words()) if kind in CODES else (),
        )  # fmt: skip

    def _unclear(
        self, number: int, kept: Kept, trial: Trial, question: Question, held: dict[str, Any] | None
    ) -> Unclear:
        why = self._visit.say(question.why.msgid, **question.why.words.params)
        answer = kept.answers.get(question.key)
        if question.key == WHO:
            return self._who(number, kept, trial, question, why)
        _, old, new = self._change(Difference(question.key, question.old, question.new), held)
        choices = [Choice(KEEP, words("as the box has it:"), old, chosen=answer == KEEP)]
        if question.may_take:
            choices.append(Choice(TAKE, words("as the file has it:"), new, chosen=answer == TAKE))
        told = () if question.may_take else ((words("In the file"), new),)
        member = trial.member if held is not None and trial.member is not None else ""
        return Unclear(
            number, question.key, places.label(question.key), trial.name, why, tuple(choices), told=told, member=member,
            old=old, new=new,
        )  # fmt: skip

    def _who(self, number: int, kept: Kept, trial: Trial, question: Question, why: str) -> Unclear:
        answer = kept.answers.get(WHO)
        people = [one for member in question.candidates if (one := self._candidate(member, answer)) is not None]
        other = Choice(NEW, words("somebody else, not in the roll yet"), chosen=answer == NEW)
        told = tuple((places.label(key), self._told(key, value)) for key in TOLD if (value := self._cell(kept, key)))
        hidden = len(question.candidates) - len(people)
        return Unclear(number, WHO, WHO_SAID, trial.name, why, (*people, other), told=told, hidden=hidden)

    def _candidate(self, member: str, answer: str | None) -> Choice | None:
        row = self._look.row(Member, member)
        if row is None or not self._visit.may(seeing.VIEW, row.cell):
            return None
        held = self._look.shown(row, row.cell, seeing.VIEW)
        hints = tuple(
            (labels.FIELDS[key], shown(key, held[key], self._unit)) for key in ("cell", "born_on", "personal_id")
        )
        name = held["full_name"]
        said = words("{name}", name=name if isinstance(name, str) else row.subject)
        return Choice(member, said, hints=hints, chosen=answer == member)

    def _change(self, one: Difference, held: dict[str, Any] | None) -> tuple[Words, Shown, Shown]:
        """Old and new; what the visitor may not see of the member is not told from the file either."""
        closed = held is None or isinstance(held.get(one.key), Masked)
        old, new = (Masked(known=text is not None) if closed else _value(one.key, text) for text in (one.old, one.new))
        return places.label(one.key), self._shown(one.key, old), self._shown(one.key, new)

    def _note(self, trial: Trial) -> dict[str, Any] | None:
        """The fields of the member whom a row is about, as the visitor may see them: the reading is noted."""
        row = None if trial.member is None else self._look.row(Member, trial.member)
        if row is None or not self._visit.may(seeing.VIEW, row.cell):
            return None
        return self._look.shown(row, row.cell, seeing.VIEW)

    def _told(self, key: str, text: Any) -> Shown:
        return self._shown(key, _value(key, text) if isinstance(text, str) else text)

    def _shown(self, key: str, value: Any) -> Shown:
        return shown(key, value, self._unit, uncovered=self._uncovered)

    def _cell(self, kept: Kept, key: str) -> str:
        """What stands in the file; a date as it would be kept, when it is one."""
        place = next((place for place, one in self._desk.columns.items() if one == key), None)
        return kept.mends.get(key) or ("" if place is None else places.text_at(kept, place))

    def _unit(self, unit: str) -> str:
        return seeing.unit_name(self._visit, unit) or unit


WHO_SAID: Final = words("Who is it?")


def _trial(kept: Kept) -> Trial:
    """What the trial said; a row that was read and not tried yet is on no tab."""
    if kept.trial is None:
        raise LookupError("a row without a trial bears no tag of a tab")
    return kept.trial


def _value(key: str, text: str | None) -> Any:
    """A value as facts hold it, from the text in which a draft keeps it; what is no date yet stays text."""
    if text is None:
        return None
    kind = BY_KEY[key].kind
    if kind is Kind.DATE:
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            return text
    return text == "true" if kind is Kind.ANSWER else text
