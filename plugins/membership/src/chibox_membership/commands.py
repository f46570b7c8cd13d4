"""How what is asked of the roll is decided: commands into records."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from msgspec import UNSET

from chibox.plugin import Commands, NotFound, Read, Refused, Stated, Unclean, Words, clean, state, words
from chibox_membership.asking import Change, Correct, Enter, Leave, Move, SetStatus
from chibox_membership.checks import LONGEST, check_cell, check_day, check_details, check_new, refuse
from chibox_membership.onday import held
from chibox_membership.records import DETAILS, Changed, Corrected, Entered, Ground, Left, Moved, StatusSet
from chibox_membership.sheet.columns import BY_KEY, Kind
from chibox_membership.sheet.secrecy import is_marked
from chibox_membership.tables import GONE, Member

commands = Commands("membership")
CAPTURE: Final = "membership.capture"
IDENTIFYING: Final = frozenset(
    ("full_name", "born_on", "personal_id", "national_id", "card_number", "old_card_number", "old_identity_number")
)
"""Details that are corrected with a paper only."""
_SECRET: Final = words("This is a mark of secrecy. State secrets do not belong in this box.")


def member_of(read: Read, subject: str) -> Member:
    """The row of a member. Raises NotFound."""
    row = read.row(Member, subject)
    if row is None:
        raise NotFound("There is no such member in this roll.")
    return row


def _where(command: Any, read: Read) -> Sequence[tuple[str, str]]:
    return [(CAPTURE, member_of(read, command.member).cell)]


def given(command: Any) -> dict[str, Any]:
    """The details that a command gives, cleaned; an empty text is None. Raises Invalid naming every field that is not clean."""
    found: dict[str, Any] = {}
    wrong: dict[str, Words] = {}
    for field in DETAILS:
        value = getattr(command, field)
        if isinstance(value, str):
            found[field], why = told(field, value)
            if why is not None:
                wrong[field] = why
        elif value is not UNSET:
            found[field] = value
    refuse(wrong)
    return found


def told(field: str, text: str) -> tuple[str | None, Words | None]:
    """The text of a detail as it is kept, None for an empty one; and why it cannot be kept."""
    if is_marked(text):
        return None, _SECRET
    try:
        return _cleaned(field, text), None
    except Unclean as unclean:
        return None, unclean.words


def _cleaned(field: str, text: str) -> str | None:
    kind = BY_KEY[field].kind
    text = clean(text)
    if kind is Kind.DIGITS:
        text = text.replace(" ", "")  # as people write a long number: by groups
    return (text.lower() if kind is Kind.UUID else text) or None


def line(field: str, text: str | None) -> str | None:
    """A text of one's own, cleaned; None when empty. Raises Invalid for one that is too long, unclean, a mark of secrecy."""
    if text is None:
        return None
    try:
        kept = clean(text)
    except Unclean as unclean:
        refuse({field: unclean.words})
        raise
    if is_marked(text):
        refuse({field: _SECRET})
    if len(kept) > LONGEST:
        refuse({field: words("At most {most} characters are kept; this has {count}.", most=LONGEST, count=len(kept))})
    return kept or None


def _paper(command: Any) -> str | None:
    return line("paper", command.paper)


@commands.decides(needs=lambda c, _: [(CAPTURE, c.cell)])
def enter(command: Enter, read: Read) -> list[Stated]:
    """Refused when the personal number, card or national id is another member's."""
    check_cell(read, command.cell)
    details = given(command)
    check_new(read, details)
    known = {field: value for field, value in details.items() if value is not None}
    record = Entered(cell=command.cell, status="active", paper=_paper(command), **known)
    return [state(record, read.new_id(), command.cell)]


@commands.decides(needs=_where, about="member")
def change(command: Change, read: Read) -> list[Stated]:
    """A new fact from a day on: what is not as it was on that day. Birth, admission and recognition do not change."""
    row = member_of(read, command.member)
    check_day(read, row, command.day)
    asked = given(command)
    then = held(read, row.subject, asked, command.day)
    details = {f: v for f, v in asked.items() if v != then[f]}
    days = [f for f in ("born_on", "admitted_on", "official_on") if f in details and getattr(row, f) is not None]
    refuse({f: words("This day does not change. Correct it if it was written down wrongly.") for f in days})
    if not details:
        return []
    check_details(read, row, details)
    record = Changed(day=command.day, paper=_paper(command), **details)
    return [state(record, row.subject, row.cell, _after_entry(read, row, command.day))]


@commands.decides(needs=_where, about="member")
def correct(command: Correct, read: Read) -> list[Stated]:
    """One correction for each record that stated something wrong; it refers to that record and stands on its day."""
    row = member_of(read, command.member)
    details = {f: v for f, v in given(command).items() if v != getattr(row, f)}
    if not details:
        return []
    paper = _paper(command)
    _check_ground(command.ground, paper, details)
    check_details(read, row, details)
    return corrections(read, row, details, command.ground, paper)


def corrections(
    read: Read, row: Member, details: dict[str, Any], ground: Ground, paper: str | None = None
) -> list[Stated]:
    """The records that correct `details` of a member: grouped by the record that stated them."""
    known = read.facts([row.subject], fields=details).get(row.subject, {})
    by_record: dict[str | None, dict[str, Any]] = {}
    for field, value in details.items():
        fact = known.get(field)
        by_record.setdefault(None if fact is None else fact.rid, {})[field] = value
    stated = []
    for rid, some in by_record.items():
        text = next((known[f].since for f in some if f in known), None)
        since = None if text is None else dt.date.fromisoformat(text)
        record = Corrected(day=since or row.entered_on, since=since, ground=ground, paper=paper, **some)
        stated.append(state(record, row.subject, row.cell, () if rid is None else (f"r{rid}",)))
    return stated


@commands.decides(
    needs=lambda c, read: [(CAPTURE, member_of(read, c.member).cell), (CAPTURE, c.cell)],
    about="member",
)
def move(command: Move, read: Read) -> list[Stated]:
    """Both cells are concerned."""
    row = member_of(read, command.member)
    check_day(read, row, command.day)
    then = _present(read, row, command.day)
    check_cell(read, command.cell)
    if command.cell == then["cell"]:
        return []
    return [state(Moved(day=command.day, cell=command.cell, paper=_paper(command)), row.subject, command.cell)]


@commands.decides(needs=_where, about="member")
def set_status(command: SetStatus, read: Read) -> list[Stated]:
    """Only for who has not gone."""
    row = member_of(read, command.member)
    check_day(read, row, command.day)
    then = _present(read, row, command.day)
    if command.status == then["status"]:
        return []
    return [state(StatusSet(day=command.day, status=command.status, paper=_paper(command)), row.subject, row.cell)]


@commands.decides(needs=_where, about="member")
def leave(command: Leave, read: Read) -> list[Stated]:
    """Who has gone cannot go again; nobody goes before the state that was recorded last."""
    row = member_of(read, command.member)
    if row.status in GONE:
        raise Refused("This member left the committee on {day}.", day=row.status_since)
    check_day(read, row, command.day)
    if command.day < row.status_since:
        refuse({"day": words("A state is recorded from {day} on: nobody leaves before it.", day=row.status_since)})
    record = Left(day=command.day, status=command.status, departure=command.departure, paper=_paper(command))
    return [state(record, row.subject, row.cell)]


def _after_entry(read: Read, row: Member, day: dt.date) -> tuple[str, ...]:
    """What a change refers to: the entry, where it lies before that, so that it is folded after it.

    Such days are between an admission that was corrected to an earlier day and the one that the entry gave.
    """
    if day >= row.entered_on:
        return ()
    return next(((f"r{e.rid}",) for e in read.history(row.subject) if isinstance(e.body, Entered)), ())


def _present(read: Read, row: Member, day: dt.date) -> dict[str, Any]:
    """Cell and state on the day. Raises Refused when the member had left by then: a late fact of the time before is taken."""
    then = held(read, row.subject, ("cell", "status"), day)
    if then["status"] in GONE:
        raise Refused("This member left the committee on {day}.", day=row.status_since)
    return then


def _check_ground(ground: Ground, paper: str | None, details: dict[str, Any]) -> None:
    wrong: dict[str, Words] = {}
    if "born_on" in details and ground != "original_file":
        wrong["ground"] = words("A birth date is corrected from the original file only (notice 13-TB/TW of 17/8/2016).")
    if IDENTIFYING & details.keys() and paper is None:
        wrong["paper"] = words("State the paper: what it is, its number and date.")
    refuse(wrong)
