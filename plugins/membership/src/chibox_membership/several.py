"""What is asked of several members at once, and notes: decided as for one, all or nothing."""

from collections.abc import Sequence
from typing import Any, Final

from chibox.plugin import Conflict, Invalid, NotFound, Read, Refused, Stated, Words, state, words
from chibox_membership.asking import MoveAll, Note, NoteAll
from chibox_membership.checks import check_cell, check_day, refuse
from chibox_membership.commands import CAPTURE, commands, line, member_of
from chibox_membership.onday import value_of
from chibox_membership.records import Moved, Noted
from chibox_membership.tables import GONE, Member

MOST: Final = 1_000
"""So many members one act concerns."""
_NAMED: Final = 5
_PART: Final = 500


def members_of(read: Read, ids: Sequence[str]) -> list[Member]:
    """The rows of members, by given name, each once. Raises NotFound when one is not in the roll."""
    rows: list[Member] = []
    known = sorted(set(ids))
    for at in range(0, len(known), _PART):
        part = known[at : at + _PART]
        rows += read.found(Member, f"subject IN ({', '.join('?' * len(part))})", part)
    if len(rows) < len(known):
        raise NotFound("There is no such member in this roll.")
    return sorted(rows, key=lambda row: (row.name_order, row.subject))


def _all(command: Any, read: Read) -> list[Member]:
    """Raises Invalid for nobody and for too many."""
    if not command.members:
        refuse({"members": words("Nobody is selected: pick somebody first.")})
    if len(command.members) > MOST:
        count = len(command.members)
        refuse(
            {"members": words("One act concerns at most {most} members; these are {count}.", most=MOST, count=count)}
        )
    return read.once(("several", command.members), lambda: members_of(read, command.members))


def _where(command: Any, read: Read) -> list[tuple[str, str]]:
    return [(CAPTURE, cell) for cell in sorted({row.cell for row in _all(command, read)})]


@commands.decides(needs=lambda c, read: [*_where(c, read), (CAPTURE, c.cell)], alone=True)
def move_all(command: MoveAll, read: Read) -> list[Stated]:
    """Who is in that cell already stays; when one cannot be moved, nobody is. Raises Conflict when somebody was faster."""
    rows = _all(command, read)
    _nobody_faster(read, rows, command.as_of)
    check_cell(read, command.cell)
    _check_days(read, rows, command)
    paper = line("paper", command.paper)
    facts = read.facts([row.subject for row in rows], fields=("cell", "status"), day=command.day)
    stated = []
    for row in rows:
        then = {field: value_of(field, fact) for field, fact in facts.get(row.subject, {}).items()}
        if then.get("status") in GONE:
            raise Refused("{name} left the committee on {day}.", name=row.full_name, day=row.status_since)
        if then.get("cell") != command.cell:
            stated.append(state(Moved(day=command.day, cell=command.cell, paper=paper), row.subject, command.cell))
    return stated


@commands.decides(needs=lambda c, read: [(CAPTURE, member_of(read, c.member).cell)], about="member")
def note(command: Note, read: Read) -> list[Stated]:
    """The note stands until there is another one. Who has gone may be noted too."""
    row = member_of(read, command.member)
    check_day(read, row, command.day)
    return _notes(read, [row], command)


@commands.decides(needs=_where, alone=True)
def note_all(command: NoteAll, read: Read) -> list[Stated]:
    """The same note for all; whoever has it already stays as he is. Raises Conflict when somebody was faster."""
    rows = _all(command, read)
    _nobody_faster(read, rows, command.as_of)
    _check_days(read, rows, command)
    return _notes(read, rows, command)


def _notes(read: Read, rows: Sequence[Member], command: Any) -> list[Stated]:
    text = line("note", command.note)
    facts = read.facts([row.subject for row in rows], fields=("note",), day=command.day)
    stated = []
    for row in rows:
        fact = facts.get(row.subject, {}).get("note")
        if (None if fact is None else fact.value) != text:
            stated.append(state(Noted(day=command.day, note=text), row.subject, row.cell))
    return stated


def _check_days(read: Read, rows: Sequence[Member], command: Any) -> None:
    """As for one, with the name of the first for whom the day does not do."""
    for row in rows:
        try:
            check_day(read, row, command.day)
        except Invalid as invalid:
            said: Words = invalid.fields["day"]
            if command.day <= read.today:
                said = words("{name} was admitted later, on {day}.", name=row.full_name, day=row.admitted_on)
            refuse({"day": said})


def _nobody_faster(read: Read, rows: Sequence[Member], as_of: int) -> None:
    """Raises Conflict with the names of those about whom something was recorded behind `as_of`."""
    touched = read.touched(as_of, read.size - 1) if as_of < read.size - 1 else set()
    names = [row.full_name for row in rows if row.subject in touched]
    if len(names) > _NAMED:
        raise Conflict("Since this page was opened, others have recorded something about {names} and {count} more.",
                       names=", ".join(names[:_NAMED]), count=len(names) - _NAMED)  # fmt: skip
    if names:
        raise Conflict(
            "Since this page was opened, others have recorded something about {names}.", names=", ".join(names)
        )
