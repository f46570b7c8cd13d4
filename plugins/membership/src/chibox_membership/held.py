"""What membership holds on a person besides the records about them: notes about others, and what went out."""

from typing import Final

from chibox.plugin import Draft, Held, Read, words
from chibox_membership.exporting import last_export
from chibox_membership.pages.saved import KIND, Saved
from chibox_membership.records import Changed, Corrected, Entered

_NUMBERS: Final = ("personal_id", "national_id", "card_number", "old_card_number", "old_identity_number")
_LONG: Final = 6
"""Signs that a number has at least, to be nobody else's: shorter ones stand in every second sentence."""


def held_on(read: Read, person: str) -> Held:
    """Notes about other members that hold a number of this one; where a name stands in a note, that somebody has to look.

    Namesakes are common: what a name is found in is never erased by it.
    """
    numbers: set[str] = set()
    names: set[str] = set()
    first = None
    for entry in read.history(person):
        if isinstance(entry.body, Entered | Changed | Corrected):
            first = entry.position if first is None else min(first, entry.position)
            numbers.update(n for f in _NUMBERS if isinstance(n := getattr(entry.body, f), str) and len(n) >= _LONG)
            names.update(n for f in ("full_name",) if isinstance(n := getattr(entry.body, f), str))
    records = {rid for number in numbers for rid in read.stating("note", number)}
    elsewhere = []
    if count := len({rid for name in names for rid in read.stating("note", name)} - records):
        elsewhere.append(
            words("{count} notes hold this name. Read them, and correct those about other members.", count=count)
        )
    export = last_export(read)
    if export is not None and first is not None and first <= export.until:
        elsewhere.append(words("It went out with an export for the national database. Have it deleted there too."))
    return Held(tuple(sorted(records)), tuple(elsewhere), _is_harmless)


def _is_harmless(draft: Draft) -> bool:
    """A filter without a text to search for; sheets and everything else may speak of anybody."""
    return draft.kind == KIND and draft.state(Saved).q is None
