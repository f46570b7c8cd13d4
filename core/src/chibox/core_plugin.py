"""Core's own contributions: it eats its own hooks."""

from collections.abc import Callable, Sequence

from chibox.commands import Commands
from chibox.core_commands import commands as core_commands
from chibox.erasing import commands as _erasing_commands
from chibox.erasing import records as erasing_records
from chibox.erasing.care import checks as erasing_checks
from chibox.erasing.dues import due as erasing_due
from chibox.erasing.tables import erasing
from chibox.errors import words
from chibox.hooks import Check, Due, Held, NavEntry, ReadPages, Saying, hookimpl
from chibox.identity import closing, delaying, delays
from chibox.identity import records as identity_records
from chibox.identity.roles import CORE_ROLES, Role
from chibox.identity.tables import identity
from chibox.organisation import records as organisation_records
from chibox.organisation import working_days
from chibox.organisation.rules import Rule
from chibox.organisation.tables import organisation
from chibox.pagewords import READ_PAGES
from chibox.projections.folds import Projection
from chibox.reading import Read
from chibox.records.core import CORE_RECORDS
from chibox.records.record import Record
from chibox.signing import records as signing_records
from chibox.signing.tables import keys as signing_keys

__all__ = ["Check", "_erasing_commands"]


@hookimpl
def kinds() -> Sequence[type[Record]]:
    """Core's kinds."""
    own = (signing_records, organisation_records, identity_records, erasing_records, closing, delays)
    return (*CORE_RECORDS, *(record for module in own for record in module.RECORDS))


@hookimpl
def projections() -> Sequence[Projection]:
    """Core's projections."""
    return (organisation, identity, signing_keys, erasing, closing.closing, delays.delays)


@hookimpl
def commands() -> Commands:
    """Core's commands."""
    return core_commands


@hookimpl
def roles() -> Sequence[Role]:
    """Core's roles."""
    return CORE_ROLES


@hookimpl
def rules() -> Sequence[Rule]:
    """Core's lines of the rule book."""
    return (*working_days.rules(), delays.RULE)


@hookimpl
def nav() -> Sequence[NavEntry]:
    """The menu's lines about the box itself."""
    return (
        NavEntry(words("What is due").msgid, "/", None, "work", 0),
        NavEntry(words("Party organisations").msgid, "/units", "core.administer", "box", 10),
        NavEntry(words("People and posts").msgid, "/people", "core.administer", "box", 20),
        NavEntry(words("Log and receipts").msgid, "/log", "core.view", "box", 30),
        NavEntry(words("Check").msgid, "/check", None, "box", 32),
        NavEntry(words("Readers of the log").msgid, "/readers", "core.administer", "box", 35),
        NavEntry(words("Erasing").msgid, "/erasing", "core.view", "box", 36),
        NavEntry(words("State of the box").msgid, "/health", None, "box", 40),
        NavEntry(words("Plugins").msgid, "/plugins", "core.operate", "box", 50),
    )


@hookimpl
def due() -> Callable[[Read, str], Sequence[Due]]:
    """Erasures and delays of readings that wait for a second person."""
    return lambda read, person: [*erasing_due(read, person), *delaying.due(read, person)]


@hookimpl
def held_on() -> Callable[[Read, str], Held]:
    """Delays of readings about somebody, once they are over."""
    return delays.held_on


@hookimpl
def health() -> Callable[[Read], Sequence[Check]]:
    """Whether erasures are finished."""
    return erasing_checks


@hookimpl
def sayings() -> Sequence[Saying]:
    """How core's records read."""
    return (
        Saying("core.founded.1", "The box was founded: {committee}"),
        Saying("core.unit_created.1", "{name} was created"),
        Saying("core.unit_renamed.1", "Renamed: {name}"),
        Saying("core.unit_moved.1", "Moved under another party organisation"),
        Saying("core.person_registered.1", "Became known to the box"),
        Saying("core.appointed.1", "Appointed: {role}"),
        Saying("core.post_ended.1", "Post ended"),
        Saying("core.retracted.1", "Taken back"),
        Saying("core.joined.1", "Found to be the same"),
        Saying("core.erased.1", "Content erased"),
        Saying("core.erasure_asked.1", "Erasure asked for"),
        Saying("core.erasure_withdrawn.1", "The request to erase was withdrawn"),
        Saying("core.generation_opened.1", "Generation {generation} of the log was opened"),
        Saying("core.key_announced.1", "The next key of the log was announced"),
        Saying("core.key_retired.1", "The old key of the log was retired"),
        Saying("core.readings_closed.1", "Access log of {day} closed: {count} readings"),
        Saying("core.readings_dropped.1", "Old days of the access log dropped after {months} months"),
        Saying("core.delay_asked.1", "Asked that readings for an inspection be told later"),
        Saying("core.delay_agreed.1", "Agreed that readings for an inspection are told later"),
        Saying("core.delay_ended.1", "Delay of readings ended"),
    )


@hookimpl
def read_pages() -> ReadPages:
    """Core's own pages on which data about persons may stand."""
    return READ_PAGES
