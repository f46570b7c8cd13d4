"""What is wrong with a cell, in a sentence that names its row and its column."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from chibox.plugin import Invalid, Words

MOST_FAULTS: Final = 1_000
"""So many are found at once; who mends a thousand sends the sheet again."""


class Fault(NamedTuple):
    """One cell that is wrong: row as Excel counts it, letter of the column, key of the column, the whole sentence."""

    row: int
    column: str
    field: str
    words: Words


class Wrong(Exception):
    """A cell's fault before its place is known: its sentence has {row} and {column} besides its own parameters."""

    def __init__(self, sentence: Words, /, **params: object) -> None:
        self.words = sentence._replace(params={**sentence.params, **params})
        super().__init__(sentence.msgid)

    def at(self, row: int, column: str, field: str) -> Fault:
        """The fault, with its place in its sentence."""
        placed = {"row": str(row), "column": column, **self.words.params}
        return Fault(row, column, field, self.words._replace(params=placed))


def refusal(faults: Sequence[Fault]) -> Invalid:
    """What answers a sheet with faults: nothing was taken; `fields` has each sentence by its cell, C318."""
    fields = {f"{fault.column}{fault.row}": fault.words for fault in reversed(faults)}
    rows = len({fault.row for fault in faults})
    return Invalid(
        "The sheet was not taken: {count} places in {rows} rows need a look. Nothing was changed.",
        fields=dict(reversed(fields.items())),
        count=len(faults),
        rows=rows,
    )
