"""What is left of a file when the good rows are recorded: its rows as they are written, and why each was left."""

from collections.abc import Callable, Iterator
from typing import Final

from chibox.plugin import Draft, Drafts, Words, words
from chibox_membership.importing.held import Desk, Kept
from chibox_membership.sheet.columns import BY_KEY, Kind
from chibox_membership.sheet.wire import Cell

LEFT: Final = ("wrong", "doubtful")
_RESULT: Final = {"wrong": words("Wrong"), "doubtful": words("Doubtful")}
_ISO_PARTS: Final = 3


def left_over(drafts: Drafts, draft: Draft, say: Callable[[Words], str]) -> Iterator[dict[str, str]]:
    """The wrong and doubtful rows in the order of the file: texts by key, with what is wrong in "check_detail"."""
    columns = draft.state(Desk).columns
    found = [item for what in LEFT for item in drafts.items(draft, Kept, tag=what)]
    for _, what, kept in sorted(found, key=lambda item: item[0]):
        texts = {
            columns[place]: _text(cell, columns[place]) for place, cell in kept.row.cells.items() if place in columns
        }
        texts |= kept.mends
        yield {**texts, "check_result": say(_RESULT[what]), "check_detail": " ".join(map(say, _reasons(kept)))}


def _reasons(kept: Kept) -> Iterator[Words]:
    trial = kept.trial
    if trial is not None:
        yield from (fault.why.words for fault in trial.faults)
        if not trial.faults:
            yield from (question.why.words for question in trial.questions)


def _text(cell: Cell, key: str) -> str:
    """What stands in a cell, as a person would type it: a day with its day first."""
    parts = cell.text[:10].split("-")
    if cell.kind in {"date", "moment"} and len(parts) == _ISO_PARTS and BY_KEY[key].kind is Kind.DATE:
        return "/".join(reversed(parts))
    return cell.text
