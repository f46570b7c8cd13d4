"""Why a box takes nothing new: each reason with a sentence for everyone, the next step, and the technique for who runs it."""

from typing import Final, Literal, NamedTuple

from chibox.errors import Words, words
from chibox.signing.records import Reason

Passing = Literal["writer", "disk_full", "read_only", "clock"]


class Stopped(NamedTuple):
    """The box does not sign. `since`: when that was noticed (ms). `reopens`: two people can end it by the next generation."""

    reason: Reason | Passing
    words: Words
    step: Words
    technique: Words
    since: int
    reopens: bool


_BACK: Final = words("Get back what is missing, or have two people open the next generation of the log")
_LOOK: Final = words("Find out why, then have two people open the next generation of the log")
_SENTENCES: Final[dict[str, tuple[Words, Words]]] = {
    "restored": (words("The box was restored from a backup, and nobody knows yet what was recorded after it."), _BACK),
    "behind": (words("The box has lost records that had left it: its database is older than what it gave out."), _BACK),
    "forked": (words("The records in the box are not those that it gave out before."), _LOOK),
    "copied": (
        words("This is a copy of a box: two that record under one key would contradict each other."),
        words("Stop this copy; or, when the other one is gone for good, say so with `chibox moved`"),
    ),
    "mark_lost": (words("The box no longer knows what it has given out."), _LOOK),
    "key_lost": (
        words("The key by which the box signs is missing."),
        words("Put the key back from the sealed envelope, or have two people open the next generation of the log"),
    ),
    "writer": (words("The box could not write to its disk, and has stopped recording."), words("Start the box again")),
    "disk_full": (words("The disk of the box is full."), words("Make room on the disk")),
    "read_only": (
        words("The disk of the box cannot be written."),
        words("Have the disk looked at, then start the box again"),
    ),
    "clock": (words("The clock of the box is wrong."), words("Set the clock of the box")),
}
_PASSING: Final = frozenset({"writer", "disk_full", "read_only", "clock"})


def stopped(reason: Reason | Passing, since: int, technique: Words) -> Stopped:
    """The state for a reason."""
    sentence, step = _SENTENCES[reason]
    return Stopped(reason, sentence, step, technique, since, reason not in _PASSING)
