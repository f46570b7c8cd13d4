"""The plugin membership: what it contributes, by the hooks of chibox."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from chibox.plugin import (
    CliCommand,
    Commands,
    Due,
    Filling,
    Held,
    Naming,
    NavEntry,
    Number,
    Projection,
    Read,
    ReadPages,
    Record,
    Rule,
    Saying,
    Step,
    Task,
    Words,
    hookimpl,
    words,
)
from chibox_membership import held, home, projection, several
from chibox_membership import records as stated
from chibox_membership.cli import IMPORT
from chibox_membership.commands import commands as asked
from chibox_membership.exporting import exports
from chibox_membership.importing import command as importing
from chibox_membership.importing.task import TASK as TRIAL
from chibox_membership.naming import full_names
from chibox_membership.pages import HANDLERS
from chibox_membership.read_pages import read_pages as worded_pages
from chibox_membership.rules import rules as rule_lines
from chibox_membership.tables import members

if TYPE_CHECKING:
    from chibox.testing.commune import Commune

__all__ = ["importing", "projection", "several"]  # their declarations register with `asked` and `members`


@hookimpl
def kinds() -> Sequence[type[Record]]:
    """What membership states."""
    return stated.RECORDS


@hookimpl
def projections() -> Sequence[Projection]:
    """The roll, and what went out of it."""
    return (members, exports)


@hookimpl
def commands() -> Commands:
    """What can be asked of the roll."""
    return asked


@hookimpl
def nav() -> Sequence[NavEntry]:
    """The roll is the clerk's second line."""
    return (NavEntry(words("Members").msgid, "/membership", "membership.view", "work", 10),)


@hookimpl
def acts() -> Sequence[NavEntry]:
    """What a clerk does most."""
    return (
        NavEntry(words("Add a member").msgid, "/membership/enter", "membership.capture", weight=10),
        NavEntry(words("Import a sheet").msgid, "/membership/import", "membership.capture", weight=20),
    )


@hookimpl
def pages() -> Sequence[Any]:
    """The roll, its members, its sheets."""
    return HANDLERS


@hookimpl
def rules() -> Sequence[Rule]:
    """How long a probation lasts."""
    return rule_lines()


@hookimpl
def due() -> Callable[[Read, str], Sequence[Due]]:
    """Members whose probation ends."""
    return home.due


@hookimpl
def numbers() -> Callable[[Read, Collection[str]], Sequence[Number]]:
    """How many members there are."""
    return home.numbers


@hookimpl
def names() -> Naming:
    """Members have names."""
    return Naming(full_names)


@hookimpl
def read_pages() -> ReadPages:
    """On which pages members are read."""
    return worded_pages()


@hookimpl
def sayings() -> Sequence[Saying]:
    """How membership's records read."""
    said: dict[type[Record], Words] = {
        stated.Entered: words("Entered in the roll"),
        stated.Changed: words("Changed"),
        stated.Corrected: words("Wrong entry corrected"),
        stated.Moved: words("Moved to another cell"),
        stated.StatusSet: words("State of activity set"),
        stated.Left: words("Left the committee"),
        stated.Noted: words("Noted"),
        stated.Exported: words("Changes exported for the national database: {count} members"),
    }
    return [Saying(record.KIND.name, sentence.msgid) for record, sentence in said.items()]


@hookimpl
def held_on() -> Callable[[Read, str], Held]:
    """Notes about others, and what went out."""
    return held.held_on


@hookimpl
def tasks() -> Sequence[Task]:
    """Files on a clerk's desk are read and tried."""
    return (TRIAL,)


@hookimpl
def cli() -> Sequence[CliCommand]:
    """A sheet from the command line."""
    return (IMPORT,)


@hookimpl
def demo() -> Callable[[Filling, "Commune"], Iterator[Step]]:
    """A synthetic commune's members, and three years of what happened to them."""

    def fill(filling: Filling, commune: "Commune") -> Iterator[Step]:
        from chibox_membership.demo import fill  # noqa: PLC0415 - a box that is no practice box loads no invented people

        yield from fill(filling, commune)

    return fill
