"""One row against the roll: new, changed, as it was, doubtful or wrong. Pages, command line and command sort by this alone."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import msgspec

from chibox.plugin import Words, name_order, words
from chibox_membership.checks import NEEDED
from chibox_membership.importing.held import KEEP, NEW, TAKE, WHO, Difference, Purpose, Question, Said, Trial, What
from chibox_membership.importing.held import Fault as HeldFault
from chibox_membership.importing.roll import NUMBERS, Roll
from chibox_membership.records import DETAILS
from chibox_membership.sheet.columns import BY_KEY
from chibox_membership.sheet.faults import Fault, Wrong
from chibox_membership.sheet.rows import ReadRow
from chibox_membership.tables import GONE, Member

_ORDER: Final = ("full_name", "sex", "born_on", "ethnic_group", "religion", "personal_id", "cell", "admitted_on")
assert {*_ORDER} == NEEDED | {"cell"}
_FIXED: Final = ("born_on", "admitted_on", "official_on", "personal_id", "national_id")
"""What stands in the roll and no sheet changes: where they differ, one of the two is wrong."""
_NEEDED: Final = words("Row {row}, column {column}: {label} is needed.")
_CARD_NEEDED: Final = words("Row {row}, column {column}: an official member has a party card number. Write it.")
_RECOGNITION_NEEDED: Final = words(
    "Row {row}, column {column}: with a party card number, the day of official recognition is needed. "
    "A probationary member has neither."
)
_TWO_MEMBERS: Final = words("Row {row}, column {column}: the numbers of this row belong to two members, {names}.")
_ELSEWHERE: Final = words(
    "Row {row}, column {column}: this number is that of a member of another unit, where you record nothing."
)
_NO_CELL: Final = words("Row {row}, column {column}: members belong to cells; this is none of yours.")
_BEFORE: Final = words("Row {row}, column {column}: {day} lies before joining the Party, {joined}.")
_NAMESAKE: Final = words("The name and the birth date are those of a member, the numbers are not. Who is it?")
_DIFFERS: Final = words("“{label}” stands differently in the box. A wrong entry is corrected on the member's page.")
_RENAMED: Final = words("The numbers are those of a member with another name. Which name is right?")
_GONE: Final = words("This member left the committee on {day}. A sheet brings nobody back.")
_WENT: Final = words("This member left the committee on {day}, in another way than the file says.")
_SINCE: Final = words("In the box this state began on {since}.")
_EARLIER: Final = words("The state in the box began on {since}, after the day in the file.")


class Sorter:
    """Sorts the rows of one file. `cells`: in which rows may put members; `letter`: the letter of a column in the file."""

    def __init__(self, roll: Roll, cells: Collection[str], purpose: Purpose = "import") -> None:
        self._roll, self._cells, self._purpose = roll, cells, purpose

    def sort(
        self, row: ReadRow, answers: Mapping[str, str], faults: Collection[Fault] = (), letters: Mapping[str, str] = {}
    ) -> Trial:
        """What the row is. `faults`: what the rest of the file says against it. Pure: the same row and roll, the same trial."""
        one = _Row(row, answers, letters)
        one.faults += faults
        member, who = self._match(one)
        if (cell := row.values.get("cell")) is not None and cell not in self._cells:
            one.wrong("cell", _NO_CELL)
        questions: list[Question] = []
        differences: list[Difference] = []
        values: dict[str, Any] = {}
        if who is not None:
            questions.append(who)
        elif member is None:
            values = {} if one.is_elsewhere else _new(one)
        else:
            differences, asked = _known(one, member)
            _check_days(one, member)
            if self._purpose == "compare":
                differences += [Difference(question.key, question.old, question.new) for question in asked]
            else:
                taken = [q for q in asked if answers.get(q.key) == TAKE and q.may_take]
                differences += [Difference(question.key, question.old, question.new) for question in taken]
                questions += [q for q in asked if q not in taken and answers.get(q.key) != KEEP]
            values = _changes(one, member, differences)
        what = _what(one, member, questions, differences)
        return Trial(
            what=what,
            name=str(row.values.get("full_name") or (member.full_name if member else one.found("full_name"))),
            member=None if member is None else member.subject,
            faults=tuple(_held(fault) for fault in one.faults),
            questions=tuple(questions),
            differences=tuple(differences),
            values=msgspec.to_builtins(values) if what in {"new", "changed"} else {},
        )

    def _match(self, one: "_Row") -> tuple[Member | None, Question | None]:
        """The member whom the row is about (none: a new one), or the question that a person has to answer first."""
        values, answer = one.row.values, one.answers.get(WHO)
        found = self._roll.by_numbers(values)
        named = self._roll.members.get(answer or "")
        if named is not None and named.cell in self._cells:
            found = [named, *(member for member in found if member is not named)]
        one.is_elsewhere = any(self._hide(one, member) for member in found)
        found = [member for member in found if member.cell in self._cells]
        if len(found) > 1:
            key = next(key for key in ("personal_id", "national_id", "card_number") if key in values)
            one.wrong(key, _TWO_MEMBERS, names=", ".join(sorted(member.full_name for member in found)))
        if found:
            return found[0], None
        namesakes = self._roll.namesakes(values)
        if namesakes and answer != NEW:
            ids = tuple(sorted(member.subject for member in namesakes if member.cell in self._cells))
            return None, Question(WHO, Said.of(_NAMESAKE), candidates=ids)
        return None, None

    def _hide(self, one: "_Row", member: Member) -> bool:
        """Whether a member stands in a cell that is not the clerk's: the number is wrong for her, and nothing is told of whom."""
        if member.cell in self._cells:
            return False
        for key in NUMBERS:
            if (number := one.row.values.get(key)) is not None and number == getattr(member, key):
                one.wrong(key, _ELSEWHERE)
        return True


class _Row:
    """A row while it is sorted, and what is found to be wrong with it."""

    def __init__(self, row: ReadRow, answers: Mapping[str, str], letters: Mapping[str, str]) -> None:
        self.row, self.answers, self._letters = row, answers, letters
        self.faults: list[Fault] = list(row.faults)
        self.is_elsewhere = False

    def wrong(self, key: str, sentence: Words, **params: Any) -> None:
        """A fault at a column; one that has a fault already needs no second."""
        if all(fault.field != key for fault in self.faults):
            value = self.row.values.get(key)
            found = "" if value is None else shown(value)
            column = self._letters.get(key, BY_KEY[key].letter)
            self.faults.append(Wrong(sentence, **params).at(self.row.row, column, key, found))

    def found(self, key: str) -> str:
        """What the file has in a column that is wrong."""
        return next((fault.found for fault in self.faults if fault.field == key), "")


def shown(value: Any) -> str:
    """A value as it is typed."""
    if isinstance(value, dt.date):
        return f"{value.day:02}/{value.month:02}/{value.year:04}"
    return str(value)


def kept(value: Any) -> str | None:
    """A value as facts hold it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)


def _new(one: _Row) -> dict[str, Any]:
    """A new member's values; what is missing is wrong."""
    values = one.row.values
    for key in _ORDER:
        if key not in values:
            one.wrong(key, _NEEDED, label=BY_KEY[key].label)
    official, card = "official_on" in values, "card_number" in values
    if official and not card:
        one.wrong("card_number", _CARD_NEEDED)
    if card and not official:
        one.wrong("official_on", _RECOGNITION_NEEDED)
    told: dict[str, Any] = {key: values[key] for key in (*DETAILS, "cell", "status", "left_on") if key in values}
    return {**told, "row": one.row.row, "is_new": one.answers.get(WHO) == NEW}


def _known(one: _Row, member: Member) -> tuple[list[Difference], list[Question]]:
    """In what the row differs from a member, and what of it a sheet does not change by itself. Empty cells say nothing."""
    differences: list[Difference] = []
    questions: list[Question] = []
    for key in DETAILS:
        value, stands = one.row.values.get(key), getattr(member, key)
        if value is None or value == stands or (key == "full_name" and name_order(value) == name_order(stands)):
            continue
        old, new = kept(stands), kept(value)
        if key == "full_name":
            questions.append(Question(key, Said.of(_RENAMED), old=old, new=new, may_take=True))
        elif key in _FIXED and stands is not None:
            why = _DIFFERS._replace(params={"label": BY_KEY[key].label})
            questions.append(Question(key, Said.of(why), old=old, new=new))
        else:
            differences.append(Difference(key, old, new))
    cell = one.row.values.get("cell")
    if cell is not None and cell != member.cell and member.status not in GONE:
        differences.append(Difference("cell", member.cell, cell))
    for found in _state(one, member):
        (differences if isinstance(found, Difference) else questions).append(found)  # type: ignore[arg-type]
    return differences, questions


def _state(one: _Row, member: Member) -> Iterator[Difference | Question]:
    status, left_on = one.row.values.get("status"), one.row.values.get("left_on")
    if status is None or status == member.status:
        if left_on is not None and status is not None and left_on != member.status_since:
            since = _SINCE._replace(params={"since": member.status_since})
            yield Question("left_on", Said.of(since), old=kept(member.status_since), new=kept(left_on))
    elif member.status in GONE:
        why = (_WENT if status in GONE else _GONE)._replace(params={"day": member.status_since})
        yield Question("status", Said.of(why), old=member.status, new=status)
    elif left_on is not None and left_on < member.status_since:
        since = _EARLIER._replace(params={"since": member.status_since})
        yield Question("status", Said.of(since), old=member.status, new=status)
    else:
        yield Difference("status", member.status, status)


def _check_days(one: _Row, member: Member) -> None:
    """Days that the row gives, against those that stand; the reader has compared those of the row with each other."""
    joined = member.admitted_on
    for key in ("official_on", "left_on"):
        day = one.row.values.get(key)
        if day is not None and day < joined and one.row.values.get("admitted_on") in {None, joined}:
            one.wrong(key, _BEFORE, day=day, joined=joined)


def _changes(one: _Row, member: Member, differences: Collection[Difference]) -> dict[str, Any]:
    """What would be recorded of a known member: the fields that differ, and the day of a new state."""
    keys = {difference.key for difference in differences}
    told = {key: one.row.values[key] for key in keys}
    if "status" in keys and (day := one.row.values.get("left_on")) is not None:
        told["left_on"] = day
    return {**told, "row": one.row.row, "member": member.subject}


def _what(
    one: _Row, member: Member | None, questions: Collection[Question], differences: Collection[Difference]
) -> What:
    if one.faults:
        return "wrong"
    if questions:
        return "doubtful"
    if member is None:
        return "new"
    return "changed" if differences else "same"


def _held(fault: Fault) -> HeldFault:
    return HeldFault(fault.field, fault.column, fault.found, Said.of(fault.words), fault.guess, fault.readings)
