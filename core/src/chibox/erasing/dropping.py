"""Drafts and erasures: what people have begun may hold anybody, packed in files; it goes, and its owners are told."""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from chibox.drafts.draft import Draft
from chibox.drafts.drafts import Drafts
from chibox.drafts.file import DraftFile, forget

KIND: Final = "dropped"
_AREA: Final = "core"
_DAYS: Final = 30
_FIELDS: Final = "id, kind, owner, made, changed, until, revision, state"


class Dropped(msgspec.Struct, frozen=True):
    """So many drafts of a person were dropped by an erasure."""

    count: int


def drop_drafts(file: DraftFile, harmless: Mapping[str, Callable[[Draft], bool]], now: int) -> int:
    """Drop every draft, uploads among them, but for those of which their plugin says that they speak of nobody; how many.

    A file that was sent is packed, and rows of a sheet are written in a hundred ways: no search would find a person in them
    with certainty, and whom to search for is no longer known when this is done after a crash. So all go. Their owners
    find a note for 30 days. All or nothing; durable on return.
    """
    gone: dict[str, int] = {}
    with file.store.writing() as run:
        rows = run.execute(f"SELECT no, area, {_FIELDS} FROM draft").fetchall()
        for no, area, *fields in rows:
            draft = Draft(*fields)
            if (area, draft.kind) != (_AREA, KIND) and not _is_harmless(harmless.get(area), draft):
                forget(run, no)
                gone[draft.owner] = gone.get(draft.owner, 0) + 1
    for owner, count in gone.items():
        Drafts(file, _AREA, owner, lambda: now).begin(KIND, Dropped(count), days=_DAYS)
    return sum(gone.values())


def dropped(file: DraftFile, person: str, now: int) -> int:
    """How many drafts of a person erasures dropped in the last 30 days, as far as the person has not put the note away."""
    notes = Drafts(file, _AREA, person, lambda: now).all(KIND)
    return sum(note.state(Dropped).count for note in notes)


def put_away(file: DraftFile, person: str, now: int) -> None:
    """The person has read it."""
    drafts = Drafts(file, _AREA, person, lambda: now)
    for note in drafts.all(KIND):
        drafts.drop(note)


def _is_harmless(said: Callable[[Draft], bool] | None, draft: Draft) -> bool:
    try:
        return said is not None and said(draft)
    except Exception:  # noqa: BLE001 - of another version, or a fault of the plugin: it may hold anybody
        return False
