"""A claim from paper: at this number the log had this root. Held against the log by its tiles, whatever its length."""

import datetime as dt
import re
import sqlite3
from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from chibox.checking.ends import given_up
from chibox.clock import day
from chibox.errors import Invalid, Words, words
from chibox.records.envelope import decode
from chibox.records.log import LogReader
from chibox.records.notes import to_base64
from chibox.records.roots import root_at

LEAST: Final = 10  # signs: 60 bits of the root; nobody finds a second root that begins so by chance
LONGEST: Final = 44  # signs: the whole root
_NUMBER: Final = re.compile(r"([0-9]{1,3}(?:[., \u00a0][0-9]{3})+|[0-9]{1,15})(?:/([1-9][0-9]{0,5}))?\Z", re.ASCII)
_ROOT: Final = re.compile(rf"[A-Za-z0-9+/]{{{LEAST},{LONGEST - 1}}}=?\Z", re.ASCII)
_WRONG: Final = "What was sent cannot be taken yet"


class Claim(msgspec.Struct, frozen=True):
    """What a paper says: the position behind its number, the generation if it names one, the root's first signs."""

    position: int
    generation: int | None
    root: str


class Verdict(msgspec.Struct, frozen=True):
    """What the log says to it.

    `right`: it had this root when its last entry was `position`, of the day `on`; `after` entries came since. `given_up`: it
    did, and this end of the log was left on the day `on`. `wrong`: it had another root there; the first `agreeing` signs agree.
    `lost`: such a number was given out, and given up on the day `on` with entries that are not here. `beyond`: the log has no
    such number. `unknown`: it has no such generation.
    """

    kind: Literal["right", "given_up", "lost", "wrong", "beyond", "unknown"]
    claim: Claim
    position: int = 0
    generation: int = 1
    on: dt.date | None = None
    after: int = 0
    agreeing: int = 0


def read_claim(number: str, root: str) -> Claim:
    """The claim as a person types it: 10.824, 10824/2; the root with or without blanks. Raises Invalid, naming the field."""
    wrong: dict[str, Words] = {}
    found = _NUMBER.match(number.strip())
    if found is None:
        wrong["number"] = words("Write the number as it stands on paper, such as 10.824 or 10824/2")
    signs = re.sub(r"\s", "", root).translate(str.maketrans("-_", "+/"))
    if not _ROOT.match(signs):
        wrong["root"] = words(
            "Write at least the first {least} signs, letters large and small as on paper", least=LEAST
        )
    if found is None or wrong:
        raise Invalid(_WRONG, fields=wrong)
    return Claim(int(re.sub(r"\D", "", found[1])), int(found[2]) if found[2] else None, signs.rstrip("="))


def judge(connection: sqlite3.Connection, claim: Claim) -> Verdict:
    """What the log behind `connection` says to a claim. A few tiles are read for it, and one bundle for the day."""
    current = LogReader(connection)
    heads = [head for head in reversed(current.generations()) if claim.generation in (None, head.generation)]
    if not heads:
        return Verdict("unknown", claim, claim.position, claim.generation or 1)
    best: Verdict | None = None
    for generation, size, root in _roots(connection, [(head.generation, head.size) for head in heads], claim.position):
        agreeing = _agreeing(claim.root, root)
        if agreeing == len(claim.root):
            return _right(connection, claim, generation, size)
        if best is None or agreeing > best.agreeing:
            best = Verdict("wrong", claim, claim.position, generation, agreeing=agreeing)
    return _orphaned(connection, claim) or best or Verdict("beyond", claim, claim.position, heads[0].generation)


def _roots(
    connection: sqlite3.Connection, ends: list[tuple[int, int]], position: int
) -> Iterator[tuple[int, int, str]]:
    """The roots that a number may mean: of the log up to the entry with this number, or of so many entries."""
    for generation, end in ends:
        reader = LogReader(connection, generation=generation)
        for size in (position + 1, position):
            if 0 < size <= end:
                yield generation, size, to_base64(root_at(reader, size))


def _right(connection: sqlite3.Connection, claim: Claim, generation: int, size: int) -> Verdict:
    current = LogReader(connection)
    head = current.head()
    for end in given_up(connection):
        if end.generation == generation and size > end.shared:
            return Verdict("given_up", claim, size - 1, generation, end.on)
    on = day(decode(current.entry(size - 1)).time)
    return Verdict("right", claim, size - 1, generation, on, head.size - size)


def _orphaned(connection: sqlite3.Connection, claim: Claim) -> Verdict | None:
    """What a lost end of the log says: its entries are not here, the checkpoints that were given out of it are."""
    for end in given_up(connection):
        sizes = {mark.size: to_base64(mark.root) for mark in end.orphans}
        if claim.generation not in (None, end.generation) or not sizes:
            continue
        for size in (claim.position + 1, claim.position):
            if sizes.get(size, "").startswith(claim.root):
                return Verdict("given_up", claim, size - 1, end.generation, end.on)
        if end.shared <= claim.position < max(sizes):
            return Verdict("lost", claim, claim.position, end.generation, end.on)
    return None


def _agreeing(claimed: str, root: str) -> int:
    return next((at for at, (one, other) in enumerate(zip(claimed, root, strict=False)) if one != other), len(claimed))
