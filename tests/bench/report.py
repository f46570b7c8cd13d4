"""What was measured, as a table on screen and as build/bench.json; and why a goal was not met, as a profile."""

import datetime as dt
import importlib.metadata
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

import msgspec
from tests.bench.goals import Measured, Rounds

VERSIONS: Final = ("chibox", "chibox-membership", "msgspec", "cryptography", "zstandard", "eventsourcing", "litestar")


def table(found: Sequence[Measured], rounds: Rounds) -> str:
    """One line a goal; under it the rates behind the ratios."""
    lines = [("id", "goal", "measured", "min..max", "met", "what")]
    lines += [
        (
            m.goal.id, m.goal.wanted, f"{m.counted:.2f}{m.goal.unit}", f"{m.low:.2f}..{m.high:.2f}",
            {True: "yes", False: "NO", None: "-"}[m.met], m.goal.what,
        )
        for m in found
    ]  # fmt: skip
    widths = [max(len(line[i]) for line in lines) for i in range(5)]
    text = [
        "  ".join([*(word.ljust(width) for word, width in zip(line[:5], widths, strict=True)), line[5]])
        for line in lines
    ]
    rates = ", ".join(f"{name} {value:,.4g}" for name, value in medians(rounds).items())
    return "\n".join([*text, "", f"medians of {len(rounds)} rounds (a second; seconds; MB): {rates}"])


def medians(rounds: Rounds) -> dict[str, float]:
    """Each measure's median."""
    return {name: median(each[name] for each in rounds) for name in rounds[0]}


def machine() -> dict[str, Any]:
    """Where it ran: no name of a host."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        named = (
            line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if line[:10] == "model name"
        )
        model = next(named, "")
    return {
        "processor": model or platform.processor(), "cores": os.cpu_count(), "system": platform.system(),
        "kernel": platform.release(), "load": os.getloadavg()[0],
    }  # fmt: skip


def versions() -> dict[str, str]:
    """What it ran on."""
    found = {name: importlib.metadata.version(name) for name in VERSIONS}
    return {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version, **found}


def write(path: Path, found: Sequence[Measured], rounds: Rounds) -> None:
    """Everything, for whoever compares two runs."""
    goals = [
        {
            "id": m.goal.id, "what": m.goal.what, "goal": m.goal.wanted, "measured": m.counted, "min": m.low, "max": m.high,
            "met": m.met, "rounds": m.values,
        }
        for m in found
    ]  # fmt: skip
    report = {
        "date": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), "machine": machine(), "versions": versions(),
        "goals": goals, "measures": [dict(each) for each in rounds],
    }  # fmt: skip
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")


def write_profiles(folder: Path, goal: str, profiles: Mapping[str, str]) -> Path:
    """Why a goal was not met: where the time went, by function."""
    path = folder / f"bench-profile-{goal}.txt"
    path.write_text("\n\n".join(f"== {what}\n{text}" for what, text in profiles.items()))
    return path
