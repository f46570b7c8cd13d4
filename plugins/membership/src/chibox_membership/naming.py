"""What members are called: by what is known now, else by the entry that once stood, so that no line of the log is nameless."""

import datetime as dt
from collections.abc import Collection

from chibox.plugin import Read
from chibox_membership.records import Entered
from chibox_membership.tables import Member


def full_names(read: Read, ids: Collection[str], day: dt.date) -> dict[str, str]:
    """What these people are called on `day`: by the dated facts, so that a name corrected or changed later reads right.

    Whose entry was taken back is called as that entry says. Ids of nobody whom the roll ever knew are left out.
    """
    facts = read.facts(ids, fields=("full_name",), day=day)
    found = {subject: name for subject, some in facts.items() if (name := some["full_name"].value) is not None}
    for missing in set(ids) - found.keys():
        row = read.row(Member, missing)
        name = _entered(read, missing) if row is None else row.full_name
        if name is not None:
            found[missing] = name
    return found


def _entered(read: Read, subject: str) -> str | None:
    """The name in the last entry of somebody in the roll that was not erased, in force or not."""
    return next((entry.body.full_name for entry in read.history(subject) if isinstance(entry.body, Entered)), None)
