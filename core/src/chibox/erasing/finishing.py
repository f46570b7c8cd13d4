"""The second half of an erasure: journals, drafts and memory hold nothing of it either; until then it is unfinished."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from chibox.backup import copies
from chibox.drafts.draft import Draft
from chibox.erasing.applying import drop_orphans
from chibox.erasing.dropping import drop_drafts
from chibox.erasing.journal import Journal
from chibox.erasing.unfinished import Unfinished, finished, note_finished, unfinished
from chibox.errors import where
from chibox.office import Office
from chibox.records.core import Erased
from chibox.writer import Hands

log = logging.getLogger(__name__)
FILES: Final = ("box.db", "drafts.db", "accounts.db", "access.db", "jobs.db")
START: Final = 60.0
"""Seconds for which a start waits for a process that still reads what was erased; then the box serves and goes on trying."""
_SCRATCH: Final = 1.0  # s between two looks whether a backup or a rehearsal has ended
_REST: Final = 1.0  # s at least between two looks at what was committed
_STILL: Final = 1.0  # s for which readers are waited for while no other one begins
_AGAIN: Final = 30.0  # s; after an error


class Finishing:
    """Finishes every erasure that the log holds. What is unfinished follows from log and `erased` file: a crash loses nothing.

    In this order: drafts that may speak of people, what sessions still say, digests of the acts, ends of closed generations,
    then every file is written anew and its journal emptied, copies that a backup left are removed, memory is let go; last
    it is noted as finished.
    """

    def __init__(self, office: Office) -> None:
        self._office = office
        self._journal = Journal(office.box.folder / FILES[0])
        self._woken, self._ending = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="erasing", daemon=True)

    def start(self, patience: float = START) -> None:
        """Finish what a crash or a restore left, waiting so long for other readers; then watch what is committed."""
        self._try(patience)
        writer = self._office.box.writer
        writer.hands = _Waking(writer.hands, self._woken)
        self._thread.start()

    def close(self) -> None:
        """Stop watching. What is unfinished is finished at the next start."""
        self._ending.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def finish(self, patience: float | None = None) -> bool:
        """Finish what is unfinished; returns whether all of it is. `patience`: seconds to wait for readers, None: for as long.

        A reader that began before the erasure keeps the old pages in the journal; those of the box's own pages end within
        seconds, an export or a backup in minutes. Raises what SQLite and the disk raise.
        """
        box = self._office.box
        with box.database.reading() as connection:
            found = unfinished(connection, box.folder)
        if not found:
            return True
        self._drop(found)
        until = None if patience is None else time.monotonic() + patience
        if not self._empty_journals(until):
            return False
        self._forget()
        note_finished(box.folder, finished(box.folder) | {one.id for one in found})
        log.info("erasures finished: %d", len(found))
        return True

    def _drop(self, found: list[Unfinished]) -> None:
        office, box = self._office, self._office.box
        with office.accounts.store.writing() as run:
            run.execute("UPDATE session SET said=NULL WHERE said IS NOT NULL")
        drop_drafts(office.drafts, self._harmless(found[0].person), box.clock.now())
        records = self._records(found)
        box.writer.submit(lambda: self._drop_digests(records), alone=True).result()

    def _records(self, found: list[Unfinished]) -> frozenset[str]:
        """The ids of all records that these erasures name."""
        with self._office.box.reading() as read:
            bodies = [read.entry(one.position).body for one in found if one.box == read.box]
        return frozenset(rid for body in bodies if isinstance(body, Erased) for rid in body.records)

    def _drop_digests(self, records: frozenset[str]) -> None:
        """In the writer's thread: the digest of a command is made of its content; ends of closed generations hold contents."""
        batch = self._office.box.batch
        run = batch.connection
        for rid in records:
            run.execute(
                "UPDATE act SET digest=NULL WHERE box=1 AND first<=(SELECT position FROM record WHERE box=1 AND rid=?1)"
                " AND last>=(SELECT position FROM record WHERE box=1 AND rid=?1)",
                (rid,),
            )
        drop_orphans(run, records)
        batch.changed = True

    def _harmless(self, person: str) -> dict[str, Callable[[Draft], bool]]:
        """By area, which drafts speak of nobody; of an area whose plugin cannot say: none."""
        found: dict[str, Callable[[Draft], bool]] = {}
        with self._office.box.reading() as read:
            for area, held in self._office.box.plugins.each("held_on"):
                try:
                    found[area] = held(read, person).is_harmless
                except Exception as error:  # noqa: BLE001 - whatever it is: then all its drafts go
                    log.error("%s cannot say what it holds: %s", area, where(error))  # noqa: TRY400
        return found

    def _emptied_box(self) -> float:
        """The box's own journal; when readers of short pages keep it from ending, nobody begins to read for a moment."""
        pause = self._journal.emptied()
        if pause > 0:
            with self._office.box.database.still(_STILL):
                pause = self._journal.emptied()
        return pause

    def _empty_journals(self, until: float | None) -> bool:
        folder = self._office.box.folder
        self._journal = Journal(folder / FILES[0])

        def scratch() -> float:
            return 0 if copies.clear(folder) else _SCRATCH

        for step in (self._emptied_box, *(Journal(folder / name).emptied for name in FILES[1:]), scratch):
            while (pause := step()) > 0:
                if until is not None and time.monotonic() >= until:
                    return False
                if self._ending.wait(pause):
                    return False
        return True

    def _forget(self) -> None:
        """What connections and readers keep in memory."""
        box = self._office.box
        box.database.let_go()

        def writers() -> None:
            box.log.reader.forget()
            box.database.writer.execute("PRAGMA shrink_memory").fetchall()

        box.writer.submit(writers, alone=True).result()

    def _run(self) -> None:
        while not self._ending.is_set():
            self._woken.wait()
            self._woken.clear()
            if self._ending.is_set():
                return
            self._try(None)
            self._ending.wait(_REST)

    def _try(self, patience: float | None) -> None:
        try:
            if not self.finish(patience):
                log.warning("an erasure waits for a reader of its old pages")
                self._woken.set()
        except Exception as error:  # noqa: BLE001 - the state stays unfinished, is shown, and is tried again
            log.error("an erasure could not be finished: %s", where(error))  # noqa: TRY400
            if self._thread.is_alive():
                self._ending.wait(_AGAIN)
            self._woken.set()


class _Waking(Hands):
    """The hands of the box, that wake somebody after each commit."""

    def __init__(self, hands: Hands, woken: threading.Event) -> None:
        self._hands, self._woken = hands, woken

    def begin(self) -> None:
        """See `Hands`."""
        self._hands.begin()

    def mark(self) -> None:
        """See `Hands`."""
        self._hands.mark()

    def back(self) -> None:
        """See `Hands`."""
        self._hands.back()

    def seal(self) -> bool:
        """See `Hands`."""
        return self._hands.seal()

    def committed(self) -> None:
        """See `Hands`."""
        self._hands.committed()
        self._woken.set()
