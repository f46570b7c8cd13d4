"""Two colleagues at one form: what this one typed and what the other recorded meanwhile, side by side, to choose from."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Final

import msgspec

from chibox.plugin import Form, Words
from chibox_membership import labels
from chibox_membership.pages.fields import WAS

KEEP: Final = "_keep_"
"""Before a field's name: whose value stands."""
MINE: Final = "mine"
THEIRS: Final = "theirs"
Saying = Callable[[str, str], str]


class Collision(msgspec.Struct, frozen=True):
    """A field of which both wrote something else: what was typed here, what was recorded, by whom, when (ms)."""

    field: str
    label: Words
    mine: str
    theirs: str
    who: str
    when: int


def met(form: Form, held: Mapping[str, Any], fields: Collection[str], said: Saying) -> list[Collision]:
    """The fields in which both met, after the form was made to stand on what is recorded now (`held`).

    A field that only the colleague changed shows their value; one that only this clerk changed stays as typed. `said`:
    a value of a field in words.
    """
    if not form.meanwhile:
        return []
    found = []
    for field in fields:
        now = Form.blank(**{field: held[field]}).value(field)
        was, typed = form.value(f"{WAS}{field}"), form.value(field)
        form.put(f"{WAS}{field}", held[field])
        if now == was:
            continue
        if typed in {was, now}:
            form.put(field, held[field])
            continue
        found.append(_collision(form, field, said(field, typed), said(field, now)))
        if not form.value(f"{KEEP}{field}"):
            form.put(f"{KEEP}{field}", MINE)
    return found


def stated(form: Form, fields: Iterable[str], said: Saying) -> list[Collision]:
    """The same for an act that is not about fields of a row: what the colleague stated of what is asked here."""
    found = []
    for field in fields:
        typed = form.value(field)
        theirs = next((one.values[field] for one in form.meanwhile if field in one.values), "")
        if typed and theirs and typed != theirs:
            found.append(_collision(form, field, said(field, typed), said(field, theirs)))
    return found


def given_up(sent: Iterable[tuple[str, object]], fields: Collection[str]) -> set[str]:
    """The fields in which the colleague's value stands."""
    chosen = {name for name, value in sent if value == THEIRS}
    return {field for field in fields if f"{KEEP}{field}" in chosen}


def _collision(form: Form, field: str, mine: str, theirs: str) -> Collision:
    by = next((one for one in form.meanwhile if field in one.values), form.meanwhile[0])
    label = labels.PARTS.get(field, labels.FIELDS[field])
    return Collision(field, label, mine, theirs, by.who, by.when)
