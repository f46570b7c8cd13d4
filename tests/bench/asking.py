"""What callers ask of the roll: moves, states and changes of members who stand in it, a third each."""

import asyncio
import time
from collections.abc import Sequence

from tests.bench.seed import TODAY, Seed, Standing, new_id

from chibox.box import Box
from chibox.commands import Asked, Command
from chibox_membership.asking import Change, Move, SetStatus
from chibox_membership.tables import GONE, Member

Asking = Sequence[tuple[Standing, Command, str]]  # about whom, what, and the act that the client made


def members(box: Box) -> list[Standing]:
    """Who can still be moved, and the last position about each."""
    with box.reading() as read:
        rows = read.rows(Member, read.select(Member))
        return [Standing(m.subject, m.cell, m.status, read.last(m.subject) or 0) for m in rows if m.status not in GONE]


def askings(box: Box, seed: Seed, callers: int, number: int) -> list[Asking]:
    """For each caller, what to ask about members of its own: every command changes something, none is refused."""
    standing = members(box)
    found: list[Asking] = []
    for caller in range(callers):
        own = standing[caller::callers]
        found.append([_asking(own[i % len(own)], i + i // len(own), seed) for i in range(number // callers)])
    return found


async def ask(box: Box, clerk: str, asking: Asking, waits: list[float] | None = None) -> None:
    """One caller: asks, waits for the answer, asks the next. `waits` takes how long each waited (s)."""
    for standing, command, act in asking:
        begun = time.perf_counter()
        answer = await box.perform(Asked(actor=clerk, act=act, seen=standing.seen), command)
        standing.seen = answer.last
        if waits is not None:
            waits.append(time.perf_counter() - begun)


async def ask_all(box: Box, clerk: str, all_askings: Sequence[Asking]) -> list[float]:
    """All callers at once; how long each command waited (s)."""
    waits: list[float] = []
    await asyncio.gather(*(ask(box, clerk, asking, waits) for asking in all_askings))
    return waits


def _asking(standing: Standing, turn: int, seed: Seed) -> tuple[Standing, Command, str]:
    command: Command
    if turn % 3 == 0:
        standing.cell = seed.cells[(seed.cells.index(standing.cell) + 1) % len(seed.cells)]
        command = Move(member=standing.subject, cell=standing.cell, day=TODAY)
    elif turn % 3 == 1:
        standing.status = "active" if standing.status == "exempt" else "exempt"
        command = SetStatus(member=standing.subject, status=standing.status, day=TODAY)  # type: ignore[arg-type]
    else:
        command = Change(member=standing.subject, residence_detail=f"Thôn {turn}", day=TODAY)
    return standing, command, new_id()
