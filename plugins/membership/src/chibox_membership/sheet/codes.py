"""Codes and the words of the sheet that stand for them, both ways."""

from collections.abc import Mapping
from typing import Final

from chibox.plugin import search_key
from chibox_membership.sheet.columns import NATIONAL, Kind


class CodeList:
    """A closed list: the code of a word as people spell it, and the word that is written for a code."""

    def __init__(self, words: Mapping[str, list[str]]) -> None:
        self._written = {code: spelt[0] for code, spelt in words.items()}
        self._read = {folded(word): code for code, spelt in words.items() for word in spelt}

    def code(self, word: str) -> str | None:
        """The code of a word, whatever its marks, case, dashes and apostrophes; None when the list has none."""
        return self._read.get(folded(word))

    def __contains__(self, code: str) -> bool:
        """Whether the list has the code."""
        return code in self._written

    def word(self, code: str) -> str:
        """The word for a code; raises `KeyError` for a code that is not on the list."""
        return self._written[code]

    def words(self) -> list[str]:
        """Every word that is written, in the order of the list."""
        return list(self._written.values())

    def pairs(self) -> list[tuple[str, str]]:
        """Every code with its word, in the order of the list."""
        return list(self._written.items())


def folded(text: str) -> str:
    """What spellings of one word share: as for a search, and no dash or apostrophe."""
    return search_key(text).replace("-", " ").replace("'", "")


CODES: Final[Mapping[Kind, CodeList]] = {
    kind: CodeList(NATIONAL[kind.value])
    for kind in (Kind.SEX, Kind.ETHNIC_GROUP, Kind.RELIGION, Kind.STATUS, Kind.ANSWER)
}
"""The list of each kind of column that has one."""
