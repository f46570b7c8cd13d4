"""An import of 5,000 rows and its undo, with small commands beside them: how long they take, and how long those wait."""

import asyncio
import time
from collections.abc import Awaitable
from typing import Final

from tests.bench.asking import Asking, ask, askings
from tests.bench.files import strange
from tests.bench.seed import Seed, new_id
from tests.bench.watch import Watch

from chibox.box import Box
from chibox.commands import Asked
from chibox.core_commands import Undo
from chibox_membership.importing.command import ImportSheet

EVERY: Final = 0.05
_MANY: Final = 1024  # small commands that are ready: more than will be sent


def imported(seed: Seed, watch: Watch) -> dict[str, float]:
    """Seconds of the import, of its undo, and the longest wait beside each."""
    with seed.opened() as box:
        small = askings(box, seed, 1, _MANY)[0]
        whole = Asked(actor=seed.clerk, act=new_id())
        sheet = ImportSheet(rows=strange(seed), as_of=box.log.size)
        back = Asked(actor=seed.clerk, act=new_id())
        with watch.timed("import", box):
            waits, seconds = asyncio.run(_beside(box, seed.clerk, small[: _MANY // 2], box.perform(whole, sheet)))
        with watch.timed("undo", box):
            undoing = box.perform(back, Undo(act=whole.act))
            undo_waits, undo_seconds = asyncio.run(_beside(box, seed.clerk, small[_MANY // 2 :], undoing))
        return {"import": seconds, "import wait": waits, "undo": undo_seconds, "undo wait": undo_waits}


async def _beside(box: Box, clerk: str, small: Asking, large: Awaitable[object]) -> tuple[float, float]:
    """The longest wait of commands sent every 50 ms, whoever is still waiting, while `large` is done; and its seconds."""
    waiting: list[asyncio.Task[float]] = []

    async def timed(asking: Asking, sent: float) -> float:
        await ask(box, clerk, asking)
        return time.perf_counter() - sent

    async def send() -> None:
        begun = time.perf_counter()
        for number, each in enumerate(small):
            due = begun + number * EVERY
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            waiting.append(asyncio.create_task(timed([each], due)))

    sending = asyncio.create_task(send())
    await asyncio.sleep(2 * EVERY)
    begun = time.perf_counter()
    await large
    seconds = time.perf_counter() - begun
    sending.cancel()
    return max(await asyncio.gather(*waiting)), seconds
