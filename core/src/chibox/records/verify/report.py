"""What a verification came to: the faults, each with its place, and the figures of what was read."""

from collections.abc import Callable
from typing import Final, Literal, NamedTuple

import msgspec

from chibox.errors import Words, words

MAX_FINDINGS: Final = 1000
_ALWAYS: Final = frozenset({"checkpoint", "zip", "mark"})


class Finding(NamedTuple):
    """A fault: `log` is the generation (or `receipt`, `seen`, `key`), `where` the place in it, `what` a sentence.

    `at`: the first position that it is about, None where it is about no entry.
    """

    log: str
    where: str
    what: Words
    at: int | None = None


class Pile:
    """Faults of one log on their way into a report: of very many the first thousand."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, Words, int | None]] = []
        self.more = 0

    def add(self, where: str, what: Words, at: int | None = None) -> None:
        """Adds a fault; `at` is the first position that it is about."""
        if len(self.faults) < MAX_FINDINGS:
            self.faults.append((where, what, at))
        else:
            self.more += 1

    def first(self, where: str, what: Words) -> None:
        """Adds a fault in front of all others: the one that explains them."""
        self.faults.insert(0, (where, what, None))


Trust = Literal["given", "vouched", "own", "none"]
"""The key was given; it was led to from the one that was given; it is the log's own word; no signature was verified."""


class Figures(msgspec.Struct):
    """What was read of one log or receipt, and the checkpoint and key it was held against."""

    log: str
    origin: str = ""
    size: int = 0
    root: str = ""
    vkey: str = ""
    fingerprint: str = ""
    next_vkey: str = ""
    trust: Trust = "none"
    entries: int = 0
    bundles: int = 0
    tiles: int = 0
    parts: int = 0
    parts_not_given: int = 0


class Report:
    """The outcome. Of very many faults the first thousand are kept, and all about checkpoints; `more` counts the others.

    `notes` say what else was looked at and what was not: no fault is among them. `since`: since when the faults are there.
    """

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.figures: list[Figures] = []
        self.notes: list[Words] = []
        self.since: list[Words] = []
        self.more = 0

    @property
    def ok(self) -> bool:
        """Whether something was read and no fault was found."""
        return bool(self.figures) and not self.findings

    def fault(self, log: str, where: str, what: Words, at: int | None = None) -> None:
        """Adds a finding; `at` is the first position that it is about."""
        if len(self.findings) < MAX_FINDINGS or where in _ALWAYS or where.startswith("--"):
            self.findings.append(Finding(log, where, what, at))
        else:
            self.more += 1

    def take(self, log: str, pile: Pile) -> None:
        """Adds what was piled up."""
        for where, what, at in pile.faults:
            self.fault(log, where, what, at)
        self.more += pile.more

    def lines(self, say: Callable[[Words], str] = str) -> list[str]:
        """The report for a terminal, safe to print whatever names were met; `say` translates a sentence."""
        found = [line for figures in self.figures for line in _figures(figures, say)]
        found += [say(note) for note in self.notes]
        found += [f"{finding.log}: {finding.where}: {say(finding.what)}" for finding in self.findings]
        if self.more:
            found.append(say(words("further faults: {count}", count=self.more)))
        found += [say(one) for one in self.since]
        count = len(self.findings) + self.more
        found.append(
            say(words("verified: no fault") if self.ok else words("NOT verified; faults: {count}", count=count))
        )
        return [_printable(line) for line in found]

    def as_json(self, say: Callable[[Words], str] = str) -> dict[str, object]:
        """The report in plain values. Sentences stand twice: `what` in English, for programs, and `said` by `say`."""
        return {
            "ok": self.ok,
            "logs": [msgspec.to_builtins(figures) for figures in self.figures],
            "findings": [
                {"log": one.log, "where": one.where, "at": one.at} | _twice(one.what, say) for one in self.findings
            ],
            "more": self.more,
            "since": [_twice(one, say) for one in self.since],
            "notes": [_twice(one, say) for one in self.notes],
        }


def _twice(sentence: Words, say: Callable[[Words], str]) -> dict[str, object]:
    return {"what": str(sentence), "said": say(sentence)}


def _figures(figures: Figures, say: Callable[[Words], str]) -> list[str]:
    read = words(
        "{origin}: read entries {entries} of {size}, bundles {bundles}, tiles {tiles}, parts {parts}; parts not given {away}",
        origin=figures.origin or figures.log,
        entries=figures.entries,
        size=figures.size,
        bundles=figures.bundles,
        tiles=figures.tiles,
        parts=figures.parts,
        away=figures.parts_not_given,
    )
    root = words("signed checkpoint: size {size}, root {root}", size=figures.size, root=figures.root)
    found = [say(read), say(root)]
    if figures.vkey:
        key = words("key {vkey}, fingerprint {print}", vkey=figures.vkey, print=figures.fingerprint)
        found += [say(key), say(_TRUST[figures.trust])]
    if figures.next_vkey:
        found.append(say(words("next key, which signs beside it: {vkey}", vkey=figures.next_vkey)))
    return found


_TRUST: Final[dict[Trust, Words]] = {
    "given": words("the key was given to this check"),
    "vouched": words("the key was not given, but the one that was given has signed beside it: it vouches for this one"),
    "own": words("nobody gave the key: it is the word of what was checked. Compare its fingerprint"),
    "none": words("no signature was verified"),
}


def _printable(line: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in line)
