"""What a verification came to: the faults, each with its place, and the figures of what was read."""

from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from chibox.errors import Words, words

MAX_FINDINGS: Final = 1000
_ALWAYS: Final = frozenset({"checkpoint", "zip", "--key", "--seen"})


class Finding(NamedTuple):
    """A fault: `log` is the generation (or `receipt`, `seen`, `key`), `where` the place in it, `what` a sentence."""

    log: str
    where: str
    what: Words


class Figures(msgspec.Struct):
    """What was read of one log or receipt, and the checkpoint and key it was held against."""

    log: str
    origin: str = ""
    size: int = 0
    root: str = ""
    vkey: str = ""
    fingerprint: str = ""
    key_given: bool = False
    entries: int = 0
    bundles: int = 0
    tiles: int = 0
    parts: int = 0
    parts_not_given: int = 0


class Report:
    """The outcome. Of very many faults the first thousand are kept, and all about checkpoints; `more` counts the others.

    `notes` say what else was looked at and what was not: no fault is among them.
    """

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.figures: list[Figures] = []
        self.notes: list[Words] = []
        self.more = 0

    @property
    def ok(self) -> bool:
        """Whether something was read and no fault was found."""
        return bool(self.figures) and not self.findings

    def fault(self, log: str, where: str, what: Words) -> None:
        """Adds a finding."""
        if len(self.findings) < MAX_FINDINGS or where in _ALWAYS:
            self.findings.append(Finding(log, where, what))
        else:
            self.more += 1

    def lines(self, say: Callable[[Words], str] = str) -> list[str]:
        """The report for a terminal, safe to print whatever names were met; `say` translates a sentence."""
        found = [line for figures in self.figures for line in _figures(figures, say)]
        found += [say(note) for note in self.notes]
        found += [f"{finding.log}: {finding.where}: {say(finding.what)}" for finding in self.findings]
        if self.more:
            found.append(say(words("further faults: {count}", count=self.more)))
        count = len(self.findings) + self.more
        found.append(
            say(words("verified: no fault") if self.ok else words("NOT verified; faults: {count}", count=count))
        )
        return [_printable(line) for line in found]

    def as_json(self) -> dict[str, object]:
        """The report in plain values."""
        return {
            "ok": self.ok,
            "logs": [msgspec.to_builtins(figures) for figures in self.figures],
            "findings": [{"log": one.log, "where": one.where, "what": str(one.what)} for one in self.findings],
            "more": self.more,
            "notes": [str(note) for note in self.notes],
        }


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
        word = (
            words("the key was given to this check")
            if figures.key_given
            else words("nobody gave the key: it is the word of what was checked. Compare its fingerprint")
        )
        found += [say(key), say(word)]
    return found


def _printable(line: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in line)
