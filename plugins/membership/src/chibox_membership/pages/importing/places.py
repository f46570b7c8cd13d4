"""What the pages of an import share: whose desk, which file, its steps, where what stood in the file."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from anyio import to_thread

from chibox.plugin import Crumb, Draft, Duty, NotFound, Visit, Words, words
from chibox_membership.importing import desk as desks
from chibox_membership.importing import task
from chibox_membership.importing.held import WHATS, Desk, Fault, Kept, Purpose, Said, What
from chibox_membership.pages import seeing
from chibox_membership.sheet.columns import BY_KEY

STEPS: Final = (words("Choose a file"), words("Look and mend"), words("Import"))
NAMES: Final[Mapping[Purpose, Words]] = {
    "import": words("Import a sheet"),
    "compare": words("Compare with the national database"),
}
_PLACE: Final = words("Row {row}, column {column}:")
_VIET_NAM: Final = dt.timezone(dt.timedelta(hours=7))
_DATES: Final = frozenset({"date", "moment"})
_AT_WORK: Final = frozenset({"reading", "checking", "recording"})


def open_file(visit: Visit, id: str, purpose: Purpose) -> tuple[Draft, Desk]:  # noqa: A002 - the word for it
    """The visitor's own file on the desk. Raises NotFound for another's, one that is over, or one of another purpose."""
    visit.demand(seeing.CAPTURE)
    draft, desk = desks.desk_of(visit.drafts, id)
    if desk.purpose != purpose:
        raise NotFound("There is no such page for this account.")
    return draft, desk


def is_at_work(desk: Desk) -> bool:
    """Whether the box works on the file at this moment."""
    return desk.phase in _AT_WORK


def address(purpose: Purpose, draft: str, **query: object) -> str:
    """The page of a file; a query that is None or empty is left out."""
    asked = "&".join(f"{name}={value}" for name, value in query.items() if value not in {None, ""})
    return f"/membership/{purpose}/{draft}" + (f"?{asked}" if asked else "")


def crumbs(visit: Visit, purpose: Purpose, here: Words) -> dict[str, Any]:
    """The frame of a page below the one where files are chosen."""
    above = (
        *visit.crumbs(),
        Crumb(visit.say("Members"), "/membership"),
        Crumb(visit.say(NAMES[purpose].msgid), f"/membership/{purpose}"),
    )
    return {"crumbs": (*above, Crumb(visit.say(here.msgid)))}


def until(draft: Draft) -> dt.date | None:
    """The last day on which the file is kept."""
    return None if draft.until is None else dt.datetime.fromtimestamp(draft.until / 1000, _VIET_NAM).date()


def counts(visit: Visit, draft: Draft) -> dict[What, int]:
    """How many rows are what, in the order of the tabs."""
    found = desks.counts(visit.drafts, draft)
    kinds: tuple[What, ...] = (*WHATS, "missing", "recorded")
    return {what: found.get(what, 0) for what in kinds}


def going(found: Mapping[What, int]) -> int:
    """How many rows would be recorded."""
    return found["new"] + found["changed"]


def left_aside(found: Mapping[What, int]) -> int:
    """How many rows would be left."""
    return found["doubtful"] + found["wrong"]


async def set_to_work(visit: Visit) -> None:
    """Have the box read and try what lies on desks: in the background, or at once where nobody works there."""
    work = visit.office.work
    if work is None:
        duty = Duty(visit.office.box, visit.area, visit.office.drafts)
        await to_thread.run_sync(task.run, duty)
    else:
        await to_thread.run_sync(work.hint, f"{visit.area}.{task.TRIAL}")


def reason(visit: Visit, said: Said, row: int, column: str) -> str:
    """A sentence without the place that it begins with: that stands in a column of its own."""
    why = said.words
    place = visit.say(_PLACE.msgid, row=str(row), column=column)
    told = visit.say(why.msgid, **why.params).removeprefix(place).strip()
    return told[:1].upper() + told[1:]


def label(key: str) -> Words:
    """What a column is called."""
    return BY_KEY[key].label


def in_file(desk: Desk, kept: Kept, fault: Fault) -> str:
    """What stands in the cell of the file, as a person reads it, whatever was written instead since."""
    place = next((place for place, key in desk.columns.items() if key == fault.key), None)
    if place is None:
        return ""
    return text_at(kept, place)


def text_at(kept: Kept, place: int) -> str:
    """The text of a cell; a date with the day first."""
    cell = kept.row.cells.get(place)
    if cell is None:
        return ""
    if cell.kind in _DATES:
        day, _, time = cell.text.partition(" ") if " " in cell.text else cell.text.partition("T")
        return "/".join(reversed(day.split("-"))) + (f" {time}" if time else "")
    return cell.text
