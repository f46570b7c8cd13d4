"""The commands of erasing: one person asks, another does it; either withdraws."""

from typing import Any, Final

from chibox.commands import Command
from chibox.core_commands import commands
from chibox.erasing.finding import Holding, holding, is_held, is_sealed, needs
from chibox.erasing.records import ErasureAsked, ErasureWithdrawn, SealedErasureAsked, SealedErasureWithdrawn
from chibox.erasing.tables import DONE, OPEN, Erasure
from chibox.errors import Conflict, Invalid, NotFound, Refused, words
from chibox.identity.permissions import Need
from chibox.reading import Read
from chibox.records.core import Erased, ErasureReason, SealedErased
from chibox.records.stated import Entry, Stated, state

DAYS: Final = 30
"""An erasure that was asked so long ago has to be asked again."""
MOST: Final = 20_000
"""Records that one asking can name: their ids have to fit into a body."""
_DAY: Final = 86_400_000


class AskErasure(Command, frozen=True):
    """Ask that what is held about a person be erased: all of it, or the content of these records (ids) only."""

    subject: str
    reason: ErasureReason
    records: tuple[str, ...] = ()


class Erase(Command, frozen=True):
    """Do what another person asked (the id of the record by which it was asked)."""

    asked: str


class WithdrawErasure(Command, frozen=True):
    """What was asked is not to be done."""

    asked: str


def wanted(command: AskErasure, read: Read) -> tuple[Holding, list[Entry[Any]]]:
    """What is held about the person, and of it what this command names. Raises NotFound for a person of whom nothing is."""
    held = read.once(("held", command.subject), lambda: holding(read, command.subject))
    if not held.records:
        raise NotFound("Nothing is held about this person, or its content was erased before.")
    if missing := set(command.records) - set(held.records):
        raise Invalid(
            "{count} of the records are not about this person, or were erased before.", count=len(missing),
            fields={"records": words("Choose again")},
        )  # fmt: skip
    return held, [entry for entry in held.entries if not command.records or entry.rid in command.records]


def _ask_needs(command: AskErasure, read: Read) -> list[Need]:
    held, entries = wanted(command, read)
    root = [(f"{area}.capture", read.picture.root) for area in ("core",) if not entries and held.orphans]
    return [*needs(read, entries, "capture"), *root]


@commands.decides(needs=_ask_needs, about="subject")
def ask_erasure(command: AskErasure, read: Read) -> list[Stated]:
    """One open asking for a person at a time; never for a unit, nor while the person holds a post."""
    held, entries = wanted(command, read)
    if command.subject in read.picture.units:
        raise Refused("Only what is held about a person can be erased.")
    if is_open(read, command.subject):
        raise Refused("This erasure was asked for already. Look at it, or withdraw it first.")
    _check_posts(read, command.subject, entries)
    records = tuple(command.records or held.records)
    if len(records) > MOST:
        raise Refused("One asking can name at most {most} records. Ask for some of them at a time.", most=MOST)
    sealed = any(is_sealed(read, entry) for entry in entries)
    record = (SealedErasureAsked if sealed else ErasureAsked)(records=records, reason=command.reason)
    return [state(record, command.subject, _unit(read, entries))]


def _row(asked: str, read: Read) -> Erasure:
    row = read.row(Erasure, asked)
    if row is None:
        raise NotFound("There is no such request.")
    return row


def named(read: Read, row: Erasure) -> list[Entry[Any]]:
    """The entries that an asking names and whose content is still here."""
    body = read.entry(row.position).body
    places = map(read.past_index.place, body.records) if isinstance(body, ErasureAsked | Erased) else ()
    entries = [read.entry(place.position) for place in places if place is not None]
    return sorted((e for e in entries if is_held(read, e)), key=lambda e: e.position)


def newer(read: Read, row: Erasure) -> list[Entry[Any]]:
    """What was recorded about the person since it was asked."""
    found = holding(read, row.person, sealed=row.sealed, scope="approve").entries
    return [entry for entry in found if entry.position > row.position]


def is_open(read: Read, person: str) -> Erasure | None:
    """The asking about a person that waits for a second one, if there is any."""
    group = sorted(read.past.group(person))
    rows = read.found(Erasure, f"person IN ({', '.join('?' * len(group))}) AND state=?", (*group, OPEN))
    return next((row for row in rows if row.time >= read.now - DAYS * _DAY), None)


def _erase_needs(command: Erase, read: Read) -> list[Need]:
    return needs_of(read, _row(command.asked, read), "approve")


def needs_of(read: Read, row: Erasure, scope: str) -> list[Need]:
    """What somebody needs to do (approve) or withdraw an asking; where nothing that it names is here, in the whole box."""
    found = needs(read, named(read, row), scope)
    return found or [(f"core.{scope}", read.picture.root)]


@commands.decides(needs=_erase_needs, alone=True)
def erase(command: Erase, read: Read) -> list[Stated]:
    """By another person, within 30 days, and only when nothing was recorded about the person meanwhile."""
    row = _row(command.asked, read)
    check(read, row)
    entries = named(read, row)
    body = read.entry(row.position).body
    if not isinstance(body, ErasureAsked):
        raise Refused("What was asked cannot be read any more. Ask again.")
    _check_posts(read, row.person, entries)
    record = (SealedErased if row.sealed else Erased)(records=body.records, reason=body.reason)
    return [state(record, row.person, _unit(read, entries), (f"r{row.subject}",))]


def check(read: Read, row: Erasure) -> None:
    """Raises Refused where `read.actor` cannot do what was asked, saying why."""
    _check_waits(row)
    if row.by == read.actor:
        raise Refused("Whoever asked cannot also do it. A second person has to.")
    if row.time < read.now - DAYS * _DAY:
        raise Refused("This was asked more than {days} days ago. Ask again.", days=DAYS)
    if count := len(newer(read, row)):
        raise Conflict(
            "Since this was asked, {count} records about the person were recorded. Look at them, then ask again.",
            count=count, last=row.position,
        )  # fmt: skip


def _withdraw_needs(command: WithdrawErasure, read: Read) -> list[Need]:
    row = _row(command.asked, read)
    return needs_of(read, row, "capture" if row.by == read.actor else "approve")


@commands.decides(needs=_withdraw_needs)
def withdraw_erasure(command: WithdrawErasure, read: Read) -> list[Stated]:
    """By whoever asked, or may do it, as long as it was not done."""
    row = _row(command.asked, read)
    _check_waits(row)
    record = SealedErasureWithdrawn() if row.sealed else ErasureWithdrawn()
    return [state(record, row.person, read.entry(row.position).unit, (f"r{row.subject}",))]


def _check_waits(row: Erasure) -> None:
    if row.state == DONE:
        raise Refused("This was done before.")
    if row.state != OPEN:
        raise Refused("This was withdrawn.")


def _check_posts(read: Read, person: str, entries: list[Entry[Any]]) -> None:
    """Raises Refused while the person holds a post whose record would go: nobody would know any more what they may do."""
    going = {entry.rid for entry in entries}
    posts = [post for one in read.past.group(person) for post in read.picture.posts.get(one, ())]
    if any(post.subject in going and (post.until is None or post.until > read.today) for post in posts):
        raise Refused("This person holds a post in the box. End the post first.")


def _unit(read: Read, entries: list[Entry[Any]]) -> str:
    """The unit of all of them, or the committee."""
    units = {entry.unit for entry in entries}
    only = units.pop() if len(units) == 1 else ""
    return only if only in read.picture.units else read.picture.root
