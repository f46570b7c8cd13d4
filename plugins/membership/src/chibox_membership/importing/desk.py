"""The clerk's desk: a file is laid on it, looked at, mended, recorded; a page may be left at any time and found again."""

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from typing import Final

import msgspec
from anyio import to_thread

from chibox.plugin import Answer, Conflict, Draft, Drafts, File, Invalid, Read, Refused, Visit, Words, ask, words
from chibox_membership.importing.command import ImportSheet
from chibox_membership.importing.held import DAYS, Desk, Kept, Purpose, Recorded, Said, Trial, What
from chibox_membership.importing.leftover import left_over
from chibox_membership.importing.trial import Reading, read_in, try_all
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.sheet.writing import write_cells

KIND: Final = "sheet"
SIZE: Final = 25
_BUSY: Final = words("This file is being worked on; look again in a moment.")
_GOES: Final[tuple[What, ...]] = ("new", "changed")


class _Unchecked(Conflict):
    """What is shown of a row is older than what was written on it."""


def open_desk(drafts: Drafts, purpose: Purpose, file: File) -> Draft:
    """Lay a file on the desk, kept for 30 days; nothing of it is read yet."""
    digest = hashlib.sha256(file.data).hexdigest()
    return drafts.begin(
        KIND, Desk(purpose=purpose, name=file.name, size=len(file.data), digest=digest), days=DAYS, data=file.data
    )


def desk_of(drafts: Drafts, id: str) -> tuple[Draft, Desk]:  # noqa: A002 - the word for it
    """A draft and what is known of it. Raises NotFound: not there, over, or another's."""
    draft = drafts.get(id, KIND)
    return draft, _desk(draft)


def _desk(draft: Draft) -> Desk:
    try:
        return draft.state(Desk)
    except Invalid as other:
        return Desk(purpose="import", name="", size=0, digest="", phase="refused", refusal=Said.of(other.words))


def desks(drafts: Drafts, purpose: Purpose) -> list[tuple[Draft, Desk]]:
    """Everything of that purpose that lies on the desk, newest first; what another version laid there is told as refused."""
    found = [(draft, _desk(draft)) for draft in drafts.all(KIND)]
    return [(draft, desk) for draft, desk in found if desk.purpose == purpose]


def go_on(drafts: Drafts, draft: Draft, reading: Reading, now: Callable[[], int]) -> Draft:
    """Take the file as far as it goes without a person: read it, try it. One that is done stays as it is."""
    if draft.state(Desk).phase == "reading":
        draft = read_in(drafts, draft)
    if draft.state(Desk).phase == "checking":
        draft = try_all(drafts, draft, reading, now)
    return draft


def counts(drafts: Drafts, draft: Draft) -> dict[str, int]:
    """How many rows are what."""
    return drafts.counts(draft)


def rows(drafts: Drafts, draft: Draft, what: What, *, page: int = 1, size: int = SIZE) -> list[tuple[int, Kept]]:
    """A page of the rows that are `what`, by their numbers in the file."""
    some = drafts.items(draft, Kept, tag=what, limit=size, offset=(page - 1) * size)
    return [(number, kept) for number, _, kept in some]


def write(
    drafts: Drafts, draft: Draft, mends: Mapping[int, Mapping[str, str]], answers: Mapping[int, Mapping[str, str]]
) -> int:
    """Keep what the clerk wrote and answered, by row and key; nothing is checked by it. Returns how many rows it concerns.

    An answer "" takes an answer back. A row that was recorded already is left alone.
    """

    def changed(number: int, tag: str, kept: Kept) -> tuple[str, Kept]:
        if tag == "recorded":
            return tag, kept
        said = {key: answer for key, answer in {**kept.answers, **answers.get(number, {})}.items() if answer}
        return tag, msgspec.structs.replace(
            kept, mends={**kept.mends, **mends.get(number, {})}, answers=said, unchecked=True
        )

    return drafts.amend(draft, Kept, sorted(mends.keys() | answers.keys()), changed)


def check(drafts: Drafts, draft: Draft, reading: Reading, now: Callable[[], int]) -> Draft:
    """The trial over all rows again. What the clerk wrote stays, whatever comes of it.

    Raises Conflict as long as the file is read, or recorded.
    """
    draft = drafts.get(draft.id, KIND)
    if draft.state(Desk).phase not in {"checking", "checked"}:
        raise Conflict(_BUSY.msgid)
    return try_all(drafts, draft, reading, now)


async def record(visit: Visit, drafts: Drafts, draft: Draft, reading: Reading) -> Recorded:
    """Record every row that is new or changed, as one act, and mark them so.

    Raises Refused, and nothing is recorded; where a colleague recorded something about one of these members (Conflict), or
    something after which a row is doubtful or wrong (Invalid), the trial has been run again. A crash after the act leaves
    the phase "recording" with the act: see `settle`.
    """
    act, now = visit.new_act(), visit.office.box.clock.now
    try:
        draft, command = await to_thread.run_sync(_begin, drafts, draft, act)
    except _Unchecked as unchecked:
        await to_thread.run_sync(check, drafts, draft, reading, now)
        raise Conflict(unchecked.words.msgid, **unchecked.words.params) from None
    try:
        answer = await ask(visit, command, act)
    except Refused as refused:
        await to_thread.run_sync(_not_done, drafts, draft)
        if isinstance(refused, Conflict | Invalid):
            await to_thread.run_sync(check, drafts, draft, reading, now)
        raise
    return await to_thread.run_sync(_done, drafts, draft, answer, visit.now)


def settle(drafts: Drafts, draft: Draft, read: Read, now: int) -> Draft:
    """After a crash while it was recorded: the log says whether the act is in it."""
    desk = draft.state(Desk)
    span = read.act(desk.act)
    if span is None:
        return _not_done(drafts, draft)
    _done(drafts, draft, Answer(desk.act, *span), now)
    return drafts.get(draft.id, KIND)


def leftover_sheet(drafts: Drafts, draft: Draft, committee: str, day: dt.date, say: Callable[[Words], str]) -> bytes:
    """The wrong and doubtful rows as a 4.0 sheet, with what the clerk mended, what is wrong in its last two columns."""
    return write_cells(left_over(drafts, draft, say), committee=committee, day=day)


def _begin(drafts: Drafts, draft: Draft, act: str) -> tuple[Draft, ImportSheet]:
    desk = draft.state(Desk)
    if desk.phase != "checked":
        raise Conflict(_BUSY.msgid)
    kept = [kept for what in _GOES for _, _, kept in drafts.items(draft, Kept, tag=what)]
    if desk.purpose != "import" or not kept:
        raise Refused("No row of this file is to be recorded.")
    if count := sum(one.unchecked for one in kept):
        raise _Unchecked("{count} rows were mended after the last check. Look at them again.", count=count)
    new = sum(one.trial is not None and one.trial.what == "new" for one in kept)
    asked = (new, len(kept) - new)
    draft = drafts.save(draft, msgspec.structs.replace(desk, phase="recording", act=act, asked=asked))
    told = sorted((_row(one.trial) for one in kept if one.trial is not None), key=lambda row: row.row)
    return draft, ImportSheet(rows=tuple(told), as_of=desk.as_of)


def _row(trial: Trial) -> SheetRow:
    return msgspec.convert(trial.values, SheetRow)


def _not_done(drafts: Drafts, draft: Draft) -> Draft:
    draft = drafts.get(draft.id, KIND)
    return drafts.save(draft, msgspec.structs.replace(draft.state(Desk), phase="checked", act=""))


def _done(drafts: Drafts, draft: Draft, answer: Answer, now: int) -> Recorded:
    """Mark the rows, then say so: a crash between leaves rows that are marked, and the same again marks none."""
    draft = drafts.get(draft.id, KIND)
    desk = draft.state(Desk)
    numbers = [number for what in _GOES for number, _, _ in drafts.items(draft, Kept, tag=what)]
    drafts.amend(draft, Kept, numbers, lambda _, tag, kept: (tag if kept.unchecked else "recorded", kept))
    told = Recorded(answer.act, answer.last, now, *desk.asked)
    drafts.save(draft, msgspec.structs.replace(desk, phase="checked", act="", recorded=(*desk.recorded, told)))
    return told
