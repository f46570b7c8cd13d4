"""The goals of speed: what is held against what, and how far it must reach."""

from collections.abc import Callable, Mapping, Sequence
from math import isnan
from statistics import median
from typing import Final

import msgspec

Rounds = Sequence[Mapping[str, float]]  # what each round measured, by name


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table. `value` computes it from the measures of one round; `least` or `most` must hold of it.

    Without either it is reported and has no goal. `worst`: the largest value of all rounds counts, not the median.
    """

    id: str
    what: str
    sides: tuple[str, ...]
    value: Callable[[Mapping[str, float]], float]
    least: float | None = None
    most: float | None = None
    aim: float | None = None
    unit: str = "x"
    worst: bool = False

    def measured(self, rounds: Rounds) -> "Measured":
        """What the rounds say of it."""
        values = [self.value(each) for each in rounds]
        counted = max(values) if self.worst else median(values)
        met = (self.least is None or counted >= self.least) and (self.most is None or counted <= self.most)
        has_goal = (self.least is not None or self.most is not None) and not isnan(counted)
        return Measured(self, counted, min(values), max(values), values, met if has_goal else None)

    @property
    def wanted(self) -> str:
        """The goal in words."""
        if self.least is not None:
            return f">= {self.least:g}{self.unit}" + (f" (aim {self.aim:g})" if self.aim is not None else "")
        return "none" if self.most is None else f"<= {self.most:g}{self.unit}"


class Measured(msgspec.Struct, frozen=True):
    """A goal and what was measured; `met` is None where there is no goal."""

    goal: Goal
    counted: float
    low: float
    high: float
    values: list[float]
    met: bool | None


SHEET: Final = 5000
WRONG: Final = 150

GOALS: Final = (
    Goal(
        id="G1", sides=("append64", "raw64"), least=0.45, aim=0.6, value=lambda m: m["append64"] / m["raw64"],
        what="append, 64 callers / raw sqlite3, the same rows, 64 commands a transaction",
    ),
    Goal(
        id="G2", sides=("append1", "raw1"), least=0.75, value=lambda m: m["append1"] / m["raw1"],
        what="append, one caller / raw sqlite3, the same rows, one command a transaction",
    ),
    Goal(
        id="G3", sides=("append64", "append1"), most=6, aim=3, value=lambda m: m["wait64"] / m["wait1"],
        what="the wait that one command in a hundred exceeds, 64 callers / one caller",
    ),
    Goal(
        id="G5", sides=("append64", "eventsourcing"), least=8, value=lambda m: m["append64"] / m["eventsourcing"],
        what="append, 64 callers / eventsourcing's save, one event a transaction",
    ),
    Goal(
        id="G7", sides=("http",), least=0.5, aim=0.7, value=lambda m: m["HTTP append"] / m["HTTP echo"],
        what="HTTP append / HTTP echo of the same body on the same server, 64 connections",
    ),
    Goal(
        id="G13", sides=("append64",), least=3, value=lambda m: m["rebuild"] / m["append64"],
        what="records a second: the roll folded from nothing / append, 64 callers",
    ),
    Goal(
        id="G14", sides=("stored",), most=0.35, aim=0.25, value=lambda m: m["stored"] / m["raw record"],
        what="bytes a record of the log as stored, hashes among them / its envelope and body raw, 2,100 members and their moves",
    ),
    Goal(
        id="G15", sides=("grown",), least=5, aim=8, value=lambda m: m["merkle"] / m["pymerkle"],
        what="Merkle append in memory, entry by entry / pymerkle's append in memory (it keeps the leaves as well)",
    ),
    Goal(
        id="G16", sides=("proofs",), most=0.05, value=lambda m: m["proof"] / m["plain proof"],
        what="inclusion proof at 1e5 from stored tiles, nothing kept before / by a plain reader of level 0 at 2e4 (time)",
    ),
    Goal(
        id="G17", sides=("proofs",), most=2, value=lambda m: m["proof of many"] / m["proof"],
        what="inclusion proof at 1e7 / at 1e5, nothing kept before (time)",
    ),
    Goal(
        id="import", sides=("append64", "sheet"), most=3, value=lambda m: m["import"] * m["append64"] / SHEET,
        what="a good sheet of 5,000 rows / as many appends, 64 callers (time)",
    ),
    Goal(
        id="import-wait", sides=("sheet",), most=1, value=lambda m: m["import wait"], unit=" s", worst=True,
        what="the longest wait of a small command beside that import",
    ),
    Goal(id="undo", sides=("sheet",), value=lambda m: m["undo"], unit=" s", what="undo of that import"),
    Goal(
        id="undo-wait", sides=("sheet",), value=lambda m: m["undo wait"], unit=" s", worst=True,
        what="the longest wait of a small command beside that undo",
    ),
    Goal(
        id="preview", sides=("openpyxl", "preview"), most=8, value=lambda m: m["preview"] / m["openpyxl"],
        what="preview of 5,000 rows, 3 % wrong / openpyxl's bare reading of the same file (time)",
    ),
    Goal(
        id="preview-time", sides=("preview",), most=20, value=lambda m: m["preview"], unit=" s", worst=True,
        what="that preview, from the file's coming to the last row's trial",
    ),
    Goal(
        id="commit", sides=("append64", "preview"), most=3, value=lambda m: m["commit"] * m["append64"] / (SHEET - WRONG),
        what="recording what is right of that file, from the desk / as many appends, 64 callers (time)",
    ),
    Goal(
        id="child", sides=("bounds",), most=200, unit=" MB", worst=True,
        value=lambda m: max(m["child"], m["child of many"]),
        what="memory of the process that reads a file, of 5,000 rows or of 50,000",
    ),
    Goal(
        id="many", sides=("bounds",), most=20, value=lambda m: m["refusal"], unit=" s", worst=True,
        what="50,000 rows, more than are taken at once, are refused",
    ),
    Goal(
        id="pages", sides=("pages",), most=4, value=lambda m: m["page p99"] / m["page p50"],
        what="25 members of 30,000 as a page, all sorts, states, cells, first to last: p99 / p50",
    ),
    Goal(
        id="G21", sides=("lists",), most=3, value=lambda m: m["list"] / m["list rows"],
        what="25 members of 30,000, first page to last, and their count / the rows alone by raw sqlite3 (time)",
    ),
    Goal(
        id="search", sides=("lists",), most=2, value=lambda m: m["search"] / m["search rows"],
        what="searching 30,000 members, and their count / the bare LIKE query for the rows alone (time)",
    ),
    Goal(
        id="start", sides=("start",), most=2, value=lambda m: m["start killed"] / m["start clean"],
        what="opening a box after kill -9 amid 64 callers / opening it after a clean end (time)",
    ),
    Goal(
        id="restore", sides=("restore",), most=3, value=lambda m: m["restore"] / m["restore copy"],
        what="restore of a usual box of three years, everything checked / copying its bytes, each file synced (time)",
    ),
    Goal(
        id="verify", sides=("verify", "bare verify"), most=4, value=lambda m: m["verify"] / m["bare verify"],
        what="verifying an exported log of 30,000 entries / a bare loop that reads, parses and hashes them (time)",
    ),
    Goal(
        id="verify-fsck", sides=("verify", "fsck"), most=2, value=lambda m: m["verify cpu"] / m["fsck cpu"],
        what="the same, contents included / Tessera's fsck, which reads no contents (time of the processor)",
    ),
    Goal(
        id="memory", sides=("memory",), most=300, value=lambda m: m["memory"], unit=" MB", worst=True,
        what="memory of a box that is served and idles",
    ),
    Goal(
        id="first-page", sides=("weights",), most=30, value=lambda m: m["first page"], unit=" KB", worst=True,
        what="the heaviest page of a practice box, opened first: HTML, styles, font, script, pictures, as sent",
    ),
    Goal(
        id="later-page", sides=("weights",), most=8, value=lambda m: m["later page"], unit=" KB", worst=True,
        what="the heaviest page of a practice box, opened later: HTML, as sent",
    ),
    Goal(id="sync", sides=("sync",), value=lambda m: m["sync"], unit=" ms", what="the disk keeps 4 KiB (fdatasync)"),
)  # fmt: skip
