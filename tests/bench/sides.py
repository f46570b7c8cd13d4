"""The sides that goals hold against each other. Each measures once on a fresh copy of the seed, and names what it found."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from functools import cached_property
from statistics import quantiles
from typing import Final

from tests.bench.asking import ask_all, askings
from tests.bench.desks import Desks
from tests.bench.disk import sync
from tests.bench.idle import memory
from tests.bench.lists import paged, read
from tests.bench.peers import saving
from tests.bench.posting import posted
from tests.bench.practice import ACCOUNT, practice
from tests.bench.raw import Rehearsal
from tests.bench.restoring import Lost
from tests.bench.seed import Seed, crowd
from tests.bench.served import running
from tests.bench.sheets import imported
from tests.bench.starting import started
from tests.bench.trees import Trees, stored
from tests.bench.verifying import Verifying
from tests.bench.watch import Watch
from tests.bench.weighing import weights

from chibox import demo
from chibox.box import Box
from chibox.projections import catchup

MANY: Final = 8192  # commands of 64 callers in a round
FEW: Final = 512  # commands of one caller, and saves of the peer
CALLERS: Final = 64
KB: Final = 1000


class Sides:
    """All sides over one seed."""

    def __init__(self, seed: Seed) -> None:
        self.seed = seed
        self._desks = Desks(seed)
        self._verifying = Verifying(seed.place)
        self._trees = Trees(seed.place)
        self.all: Mapping[str, Callable[[Watch], dict[str, float]]] = {
            "append64": self._append64,
            "raw64": lambda watch: {"raw64": self._many.again(watch)},
            "append1": self._append1,
            "raw1": lambda watch: {"raw1": self._few.again(watch)},
            "eventsourcing": lambda watch: {"eventsourcing": saving(seed.place, FEW, watch)},
            "stored": lambda _: self._stored,
            "grown": self._trees.grown,
            "proofs": self._trees.proofs,
            "http": lambda watch: posted(seed, watch),
            "sheet": lambda watch: imported(seed, watch),
            "openpyxl": self._desks.bare,
            "preview": self._desks.preview,
            "bounds": lambda _: self._bounds,
            "pages": lambda watch: paged(self._crowd, watch),
            "lists": lambda watch: read(self._crowd, watch),
            "verify": self._verifying.ours,
            "bare verify": self._verifying.bare,
            "fsck": self._verifying.fsck,
            "memory": self._memory,
            "restore": self._restored,
            "start": lambda watch: started(seed, watch),
            "weights": lambda _: self._weights,
            "sync": lambda _: {"sync": sync(seed.place)},
        }

    def _append64(self, watch: Watch) -> dict[str, float]:
        """Appends, and then the roll's table from nothing over that log: 2,100 members and what was just asked."""
        with self.seed.opened() as box:
            appended, wait = self._appended(box, CALLERS, MANY, watch)
            box.writer.submit(lambda: _rebuild(box, watch)).result()
            return {"append64": appended, "wait64": wait, "rebuild": box.log.size / watch.seconds}

    def _append1(self, watch: Watch) -> dict[str, float]:
        with self.seed.opened() as box:
            appended, wait = self._appended(box, 1, FEW, watch)
            return {"append1": appended, "wait1": wait}

    def _appended(self, box: Box, callers: int, number: int, watch: Watch) -> tuple[float, float]:
        """Commands a second, and the wait (s) that one in a hundred exceeds."""
        all_askings = askings(box, self.seed, callers, number)
        with watch.timed(f"append, {callers} callers", box):
            waits = asyncio.run(ask_all(box, self.seed.clerk, all_askings))
        return number / watch.seconds, quantiles(waits, n=100)[-1]

    def _memory(self, watch: Watch) -> dict[str, float]:
        with self.seed.copied() as folder:
            return {"memory": memory(folder)}

    def _restored(self, watch: Watch) -> dict[str, float]:
        return self._lost.restored(watch)

    @cached_property
    def _stored(self) -> dict[str, float]:
        """A box with the roll and 8,192 commands on it: nothing of it changes from round to round."""
        with self.seed.opened() as box:
            self._appended(box, CALLERS, MANY, Watch())
            return stored(box.folder / "box.db")

    @cached_property
    def _crowd(self) -> Seed:
        return crowd(self.seed.place / "crowd")

    @cached_property
    def _lost(self) -> Lost:
        return Lost(self.seed.place / "lost")

    @cached_property
    def _bounds(self) -> dict[str, float]:
        return self._desks.bounds()

    @cached_property
    def _weights(self) -> dict[str, float]:
        """The heaviest page of a practice box, first and later, in KB; nothing of it changes from round to round."""
        folder = self.seed.place / "practice"
        practice(folder)
        with running(folder) as served:
            clerk = served.signed_in(ACCOUNT, demo.password(folder))
            pages = [*weights(served, begin="/sign-in"), *weights(served, clerk)]
        shutil.rmtree(folder)
        usual = [page for page in pages if not page.for_rows]
        heaviest = max(page.html for page in usual), max(page.html + page.files for page in usual)
        return {"later page": heaviest[0] / KB, "first page": heaviest[1] / KB}

    @cached_property
    def _many(self) -> Rehearsal:
        return Rehearsal(self.seed, CALLERS, MANY)

    @cached_property
    def _few(self) -> Rehearsal:
        return Rehearsal(self.seed, 1, FEW)


def _rebuild(box: Box, watch: Watch) -> None:
    """As a job of the writer, which then finds nothing to commit and rolls it back."""
    (roll,) = (p for p in box.library.projections if p.name == "membership.members")
    with watch.timed("rebuild"):
        catchup.rebuild(box.engine, roll, box.log.size)
