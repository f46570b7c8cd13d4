"""What is wrong with a cell, in a sentence that names its row and its column, and what the cell could be meant to be."""

from collections.abc import Sequence
from typing import NamedTuple

from chibox.plugin import Words


class Fault(NamedTuple):
    """One cell that is wrong: row as Excel counts it, letter of the column in this file, key of the column, the sentence.

    `found`: what stands in the file; `guess`: what it is surely meant to be, as it is typed, else ""; `readings`: what it
    could be meant to be, for a person to choose from.
    """

    row: int
    column: str
    field: str
    words: Words
    found: str = ""
    guess: str = ""
    readings: tuple[str, ...] = ()


class Wrong(Exception):
    """A cell's fault before its place is known: its sentence has {row} and {column} besides its own parameters."""

    def __init__(self, sentence: Words, /, guess: str = "", readings: Sequence[str] = (), **params: object) -> None:
        self.words = sentence._replace(params={**sentence.params, **params})
        self.guess, self.readings = guess, tuple(readings)
        super().__init__(sentence.msgid)

    def at(self, row: int, column: str, field: str, found: str = "") -> Fault:
        """The fault, with its place in its sentence."""
        placed = {"row": str(row), "column": column, **self.words.params}
        return Fault(row, column, field, self.words._replace(params=placed), found, self.guess, self.readings)
