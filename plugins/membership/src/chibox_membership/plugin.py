"""The plugin membership: what it contributes, by the hooks of chibox."""

import datetime as dt
from collections.abc import Collection, Sequence

from chibox.plugin import Commands, Naming, NavEntry, Projection, Read, Record, Saying, hookimpl
from chibox_membership import importing, projection
from chibox_membership import records as stated
from chibox_membership.commands import commands as asked
from chibox_membership.tables import Member, members

__all__ = ["importing", "projection"]  # their declarations register with `asked` and `members`


@hookimpl
def kinds() -> Sequence[type[Record]]:
    """What membership states."""
    return stated.RECORDS


@hookimpl
def projections() -> Sequence[Projection]:
    """The roll."""
    return (members,)


@hookimpl
def commands() -> Commands:
    """What can be asked of the roll."""
    return asked


@hookimpl
def nav() -> Sequence[NavEntry]:
    """The roll is the clerk's second line."""
    return (NavEntry("Members", "/membership/", "membership.view", "work", 10),)


@hookimpl
def names() -> Naming:
    """Members have names."""
    return Naming(full_names)


@hookimpl
def sayings() -> Sequence[Saying]:
    """How membership's records read."""
    return (
        Saying("membership.entered.1", "Entered in the roll"),
        Saying("membership.changed.1", "Changed"),
        Saying("membership.corrected.1", "Wrong entry corrected"),
        Saying("membership.moved.1", "Moved to another cell"),
        Saying("membership.status_set.1", "State of activity: {status}"),
        Saying("membership.left.1", "Left the committee: {status}"),
    )


def full_names(read: Read, ids: Collection[str], day: dt.date) -> dict[str, str]:
    """What these people are called on `day`: by the dated facts, so that a name corrected or changed later reads right."""
    facts = read.facts(ids, fields=("full_name",), day=day)
    found = {subject: name for subject, some in facts.items() if (name := some["full_name"].value) is not None}
    for missing in set(ids) - found.keys():
        if (row := read.row(Member, missing)) is not None:
            found[missing] = row.full_name
    return found
