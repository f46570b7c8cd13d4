"""What has been recorded out of a file, whether it stands, and what colleagues recorded about the same members meanwhile."""

from typing import Any, Final

import msgspec

from chibox.plugin import Draft, Looking, Visit, Words
from chibox_membership.importing.held import Desk, Recorded
from chibox_membership.pages import seeing
from chibox_membership.pages.importing import places
from chibox_membership.records import Entered
from chibox_membership.sheet.columns import BY_KEY
from chibox_membership.tables import Member
from chibox_membership.views import Shown, shown

MOST: Final = 10
"""So many acts of colleagues are listed."""
_SCANNED: Final = 5_000
"""So many entries are looked through for them."""
_RETRACTS: Final = "retracts"


class Done(msgspec.Struct, frozen=True):
    """An act that was recorded out of the file. `back`: how many of its entries were taken back since, of how many."""

    act: Recorded
    entries: int
    back: int


class Faster(msgspec.Struct, frozen=True):
    """What a colleague recorded about a member of the file: about whom, by whom, when (ms), in words, with which values."""

    member: str
    about: str
    who: str
    when: int
    said: str
    values: tuple[tuple[Words, Shown], ...]


class _Tried(msgspec.Struct, frozen=True):
    member: str | None = None


class _Row(msgspec.Struct, frozen=True):
    """As much of a row as says whom it is about."""

    trial: _Tried | None = None


def recorded(look: Looking, desk: Desk) -> list[Done]:
    """Every act out of the file, newest first, with what was taken back of it."""
    return [_done(look, act) for act in reversed(desk.recorded)]


def _done(look: Looking, act: Recorded) -> Done:
    first, last = look.act(act.act) or (act.position, act.position)
    entries = [look.entry(position) for position in range(first, last + 1)] if _is_touched(look, act) else []
    return Done(act, last - first + 1, sum(look.past.is_retracted(entry) for entry in entries))


def _is_touched(look: Looking, act: Recorded) -> bool:
    """Whether any retraction names the act: only then its entries are looked at one by one."""
    return bool(look.past_index.links(f"a{act.act}", _RETRACTS))


def faster(visit: Visit, look: Looking, draft: Draft, since: int) -> list[Faster]:
    """What was recorded after `since` about members of the file, newest first, as far as the visitor may see it."""
    rows = visit.drafts.items(draft, _Row)
    members = {row.trial.member for _, _, row in rows if row.trial is not None and row.trial.member}
    found: list[Faster] = []
    for position in range(look.size - 1, max(since, look.size - 1 - _SCANNED, -1), -1):
        if len(found) == MOST:
            break
        entry = look.entry(position)
        if entry.subject in members and look.may_see(entry):
            found.append(_told(visit, look, entry))
    return found


def _told(visit: Visit, look: Looking, entry: Any) -> Faster:
    told = {} if isinstance(entry.body, Entered) else look.told(entry)  # a whole entry is read on the member's page
    row = look.row(Member, entry.subject)
    values = tuple(
        (places.label(key), shown(key, value, lambda unit: seeing.unit_name(visit, unit)))
        for key, value in told.items()
        if key in BY_KEY and value is not None and value is not msgspec.UNSET
    )
    about = "" if row is None else row.full_name
    who = look.names([entry.by]).get(entry.by, "")
    return Faster(entry.subject, about, who, entry.time, look.saying(entry), values)
