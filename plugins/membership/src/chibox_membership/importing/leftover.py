"""What is left of a file when the good rows are recorded: its rows as they are written, and why each was left."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, time
from typing import Final

from chibox.plugin import Draft, Drafts, Words, words
from chibox_membership.importing.held import Desk, Kept
from chibox_membership.sheet.columns import BY_KEY, FIRST_ROW, Kind
from chibox_membership.sheet.values import typed
from chibox_membership.sheet.wire import Cell
from chibox_membership.sheet.writing import Typed

LEFT: Final = ("wrong", "doubtful")
_RESULT: Final = {"wrong": words("Wrong"), "doubtful": words("Doubtful")}
_COUNTED: Final = frozenset({Kind.DIGITS, Kind.DATE})
"""Columns in which a number is a question, whatever its text would be."""


def left_over(drafts: Drafts, draft: Draft, say: Callable[[Words], str]) -> Iterator[dict[str, Typed]]:
    """The wrong and doubtful rows in the order of the file: cells by key, with what is wrong in "check_detail".

    A cell keeps its kind where its text alone would be another value; the sentences name rows and columns of the 4.0 sheet
    that is made of them.
    """
    columns = draft.state(Desk).columns
    found = sorted((number, what, kept) for what in LEFT for number, _, kept in drafts.items(draft, Kept, tag=what))
    where = {number: row for row, (number, _, _) in enumerate(found, FIRST_ROW)}
    for number, what, kept in found:
        cells: dict[str, Typed] = {
            columns[place]: _value(cell, BY_KEY[columns[place]].kind)
            for place, cell in kept.row.cells.items()
            if place in columns
        }
        why = " ".join(map(say, _reasons(kept, number, where)))
        yield {**cells, **kept.mends, "check_result": say(_RESULT[what]), "check_detail": why}


def _reasons(kept: Kept, number: int, where: Mapping[int, int]) -> Iterator[Words]:
    trial = kept.trial
    if trial is not None:
        for fault in trial.faults:
            said = fault.why.words
            here = {"row": str(where[number]), "column": BY_KEY[fault.key].letter if fault.key else fault.column}
            if "other" in said.params:
                here["other"] = str(where.get(int(said.params["other"]), said.params["other"]))
            yield said._replace(params={**said.params, **here})
        if not trial.faults:
            yield from (question.why.words for question in trial.questions)


def _value(cell: Cell, kind: Kind) -> Typed:
    """What stands in a cell, as a person would type it: a day with its day first; else of the kind that it is."""
    with suppress(ValueError):
        if cell.kind == "date" and kind is Kind.DATE:
            return typed(datetime.fromisoformat(cell.text).date())
        if cell.kind in {"date", "moment"}:
            return datetime.fromisoformat(cell.text)
        if cell.kind == "time":
            return time.fromisoformat(cell.text)
        if cell.kind == "number" and kind in _COUNTED:
            return float(cell.text)
    return cell.text == "TRUE" if cell.kind == "truth" else cell.text
