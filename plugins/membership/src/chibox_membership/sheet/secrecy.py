"""Marks of secrecy: a line that consists of one alone, never the word inside a sentence. Such content goes into no box."""

from typing import Final

from chibox.plugin import nfc
from chibox_membership.sheet.columns import NATIONAL

_MARKS: Final = frozenset(NATIONAL["marks"]["secrecy"])
_AROUND: Final = ' \t.,:;()[]*"“”-–—'


def is_marked(text: str) -> bool:
    """Whether a line of the text is a mark of secrecy and nothing else."""
    if text.isdigit():  # most of what is asked about are numbers and codes
        return False
    return any(line.strip(_AROUND) in _MARKS for line in nfc(text).casefold().splitlines())
