"""Asking for a delay, agreeing to it, ending it: two people, neither of them the box, and never the person concerned."""

import datetime as dt

from chibox.commands import Command
from chibox.core_commands import commands
from chibox.errors import Forbidden, Invalid, NotFound, Refused, words
from chibox.hooks import Due
from chibox.identity.closing import is_service
from chibox.identity.delays import MOST_DAYS, Delay, DelayAgreed, DelayAsked, DelayEnded, DelayReason
from chibox.identity.permissions import SELF, Need
from chibox.identity.tables import Person
from chibox.reading import Read
from chibox.records.stated import Stated, state

ASK = "core.capture"
AGREE = "core.approve"


class DelayReadings(Command, frozen=True):
    """What `reader` reads about `person` for an inspection is to be told after the day `until`."""

    person: str
    reader: str
    reason: DelayReason
    until: dt.date


class AgreeDelay(Command, frozen=True):
    """Agree, as the second person, to a delay that was asked."""

    asked: str


class EndDelay(Command, frozen=True):
    """End a delay with this day: what it held back is told from tomorrow on."""

    delay: str


def _root(permission: str, read: Read) -> list[Need]:
    if is_service(read, read.actor):
        raise Forbidden("A delay is asked and agreed by people, not by the box.")
    return [(permission, read.picture.root)]


@commands.decides(needs=lambda _, read: _root(ASK, read))
def delay_readings(command: DelayReadings, read: Read) -> list[Stated]:
    """For at most as many days as the rule book says, one at a time for the same person and reader."""
    if read.row(Person, command.reader) is None or is_service(read, command.reader):
        raise Invalid("There is no such reader.", fields={"reader": words("Choose one from the list")})
    if command.person in (command.reader, read.actor):
        raise Refused("Nobody delays what they are told about readings of their own file.")
    most = read.rule(MOST_DAYS).value
    latest = read.today + dt.timedelta(days=most)
    if not read.today <= command.until <= latest:
        said = words("From today until {day} at the latest", day=latest)
        raise Invalid("A delay lasts {days} days at most.", fields={"until": said}, days=most)
    same = read.found(Delay, "reader=? AND person=?", (command.reader, command.person))
    if any(one.runs(read.today) or one.waits(read.today) for one in same):
        raise Refused("A delay for this person and this reader was asked already.")
    record = DelayAsked(person=command.person, reader=command.reader, reason=command.reason, until=command.until)
    return [state(record, read.new_id(), read.picture.root)]


@commands.decides(needs=lambda _, read: _root(AGREE, read), about="asked")
def agree_delay(command: AgreeDelay, read: Read) -> list[Stated]:
    """Another person than who asked, than the reader, than the person concerned."""
    delay = _delay(read, command.asked)
    if read.actor == delay.asked_by:
        raise Refused("Another person has to agree than the one who asked.")
    if read.actor == delay.reader:
        raise Refused("Who is to read cannot be the second person.")
    if not delay.waits(read.today):
        raise Refused("This delay does not wait for anybody: it was agreed, or its time is over.")
    return [state(DelayAgreed(until=delay.until), delay.subject, read.picture.root)]


def _ending(command: EndDelay, read: Read) -> list[Need]:
    """Whoever has to do with it may end it, whatever posts they still hold; others need what asking needs."""
    delay = read.row(Delay, command.delay)
    if delay is not None and read.actor in parties(delay):
        return [(SELF, read.actor)]
    return _root(ASK, read)


@commands.decides(needs=_ending, about="delay")
def end_delay(command: EndDelay, read: Read) -> list[Stated]:
    """By who asked, who agreed or who reads; one that is over is not ended again."""
    delay = _delay(read, command.delay)
    if read.actor not in parties(delay):
        raise NotFound("There is no such delay.")
    if delay.last <= read.today:
        raise Refused("This delay ends today, or has ended.")
    return [state(DelayEnded(last=read.today), delay.subject, read.picture.root)]


def parties(delay: Delay) -> set[str]:
    """Who has to do with a delay: who asked, who agreed, who reads."""
    return {delay.asked_by, delay.reader, *((delay.agreed_by,) if delay.agreed_by is not None else ())}


def due(read: Read, person: str) -> list[Due]:
    """What waits for somebody as the second person: how many, naming nobody."""
    if read.picture.post_for(person, AGREE, read.picture.root, read.today) is None:
        return []
    count = len(to_agree(read, person))
    return [Due(words("Agree to a reading for an inspection"), "/delays", count=count)] if count else []


def to_agree(read: Read, person: str) -> list[Delay]:
    """The delays that wait for a second person, and may be agreed by this one."""
    found = read.found(Delay, "agreed_by IS NULL AND last>=?", (read.today.isoformat(),))
    return [one for one in found if person not in (one.person, one.reader, one.asked_by)]


def _delay(read: Read, delay: str) -> Delay:
    """The delay. Whoever it is about is told that there is none."""
    found = read.row(Delay, delay)
    if found is None or found.person == read.actor:
        raise NotFound("There is no such delay.")
    return found
