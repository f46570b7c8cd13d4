"""The box: born once, opened by one process, changed by `perform` only. The one flow, readable from top to bottom."""

import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec

from chibox import keys
from chibox.batch import Batch
from chibox.birth import Founding, found
from chibox.clock import Clock, SystemClock, day
from chibox.commands import Answer, Asked, Command, Definition
from chibox.database import Database, check_version
from chibox.entering import Random
from chibox.errors import Away, Fatal, NotFound, Refused, Words
from chibox.identity import service
from chibox.identity.permissions import Picture
from chibox.library import declared
from chibox.locking import Lock
from chibox.plugins import Plugins
from chibox.projections import catchup
from chibox.projections.engine import Engine
from chibox.reading import Read
from chibox.records.appending import LogWriter
from chibox.records.lineage import Head
from chibox.records.log import LogReader
from chibox.records.notes import Signer
from chibox.records.stated import Stated
from chibox.replication.children import all_children
from chibox.settings import Settings, load
from chibox.signing import place
from chibox.signing.halt import Stopped
from chibox.signing.mark import HighWater
from chibox.signing.state import Signing, settled
from chibox.signing.succession import Succession
from chibox.signing.tables import announced_since
from chibox.turn import Turns
from chibox.writer import Writer

__all__ = ["Box", "Founding"]


class Box:
    """One box in one folder. `open` takes the lock and begins to record; `close` ends cleanly.

    Everything that `perform` answered is durable. After a crash the next `open` finds the last commit and nothing else.
    """

    def __init__(
        self, folder: Path, plugins: Plugins, clock: Clock, settings: Settings, random: Random = os.urandom
    ) -> None:
        self.folder, self.plugins, self.clock, self.settings, self.random = folder, plugins, clock, settings, random
        self.library, self.commands, self.roles = declared(plugins)
        self._closing = threading.Lock()
        self.lock = Lock(folder / "lock")
        try:
            self.database = Database(folder / "box.db")
        except BaseException:
            self.lock.release()
            raise
        try:
            self._read_log()
        except BaseException:
            self.database.close()
            self.lock.release()
            raise
        self.writer = Writer(self.database.writer, self.batch)

    def _read_log(self) -> None:
        writer = self.database.writer
        check_version(writer)
        self.id, self.name = writer.execute("SELECT id, name FROM box WHERE no=1").fetchone()
        self.log = LogWriter(writer)
        self.signing = Signing(self.folder, self.clock, self.log, self.name)
        self.engine = Engine(writer, self.library.kinds, self.library.projections, self.log, 1)
        self.batch = Batch(self.log, self.engine, (), self.roles)
        self.turns = Turns(self.batch, self.id, keys.pepper(self.folder / "keys"), self.random)
        self.succession = Succession(self.signing, self.batch, self.turns, self.id, self.clock, self.random)

    @classmethod
    def init(
        cls,
        folder: Path,
        founding: Founding,
        *,
        clock: Clock | None = None,
        plugins: Plugins | None = None,
        random: Random = os.urandom,
    ) -> str:
        """The only birth of a log: keys, database, first act, service account, all or nothing. Returns the administrator's id.

        Raises Refused where anything stands in `folder` already, Invalid for a founding that no log can begin with. A crash
        leaves at most a folder `<name>.new…` beside it, to be deleted.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Refused("There is something in {folder} already: a box is born into an empty folder.", folder=folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        clock = clock or SystemClock()
        making = Path(tempfile.mkdtemp(prefix=f"{folder.name}.new", dir=folder.parent))  # nobody else may look into it
        try:
            first, administrator = found(making, founding, day(clock.now()), random)
            box = cls(making, plugins or Plugins.discover(()), clock, Settings(), random)
            try:
                box.catch_up()
                box.writer.start()
                box.writer.submit(lambda: box._born(first)).result()
                place.settle(making)
                for command in service.appointed(box.picture.root, random(16).hex(), day(clock.now())):
                    box.perform_now(Asked(actor=administrator, act=random(16).hex()), command)
                box.publish()
            finally:
                box.close()
            keys.sync_folder(making)
            making.rename(folder)
        except BaseException:
            shutil.rmtree(making, ignore_errors=True)
            raise
        keys.sync_folder(folder.parent)
        return administrator

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        clock: Clock | None = None,
        plugins: Plugins | None = None,
        progress: catchup.Progress = catchup.silent,
        random: Random = os.urandom,
    ) -> "Box":
        """Take the lock, hold the log's end against its signature, bring every projection up to it, begin to record.

        Raises Refused when another process has the box, NotFound when there is none in `folder`, Fatal when its log was changed.
        """
        if not (folder / "box.db").exists():
            if (folder / "keys").exists():
                raise NotFound(
                    "The keys of a box are in {folder}, its database is not. Restore a backup into another folder.",
                    folder=folder,
                )
            raise NotFound("There is no box in {folder}. `chibox init` makes one.", folder=folder)
        settings = load(folder)
        found = plugins or Plugins.discover(settings.allowed)
        try:
            box = cls(folder, found, clock or SystemClock(), settings, random)
            try:
                box.catch_up(progress)
            except BaseException:
                box.close()
                raise
        except sqlite3.Error as error:
            raise Fatal("The database of the box cannot be opened: {error}", error=str(error)) from error
        box.writer.start()
        return box

    async def perform(self, asked: Asked, command: Command) -> Answer:
        """The only way to change anything: the command is decided in its turn, and answered when it is durable.

        Raises Refused (nothing changed), or Away when the box cannot record now. Sent again with the same act: the same answer.
        """
        definition = self.definition(command)
        job = partial(self._turn, asked, command, definition)
        answer: Answer = await self.writer.perform(job, alone=definition.alone)
        return answer

    def perform_now(self, asked: Asked, command: Command) -> Answer:
        """The same for callers without an event loop: seeds, the command line's own acts, tests."""
        return self.submit(asked, command).result()

    def submit(self, asked: Asked, command: Command, *, abreast: bool = False) -> "Future[Answer]":
        """The same without waiting: commands are decided in the order in which they were submitted.

        `abreast`: the actor has seen whatever is recorded before its turn; for seeds, which fill a box that nobody else uses.
        """
        definition = self.definition(command)

        def turn() -> Answer:
            seen = self.log.size - 1 if abreast else asked.seen
            return self._turn(msgspec.structs.replace(asked, seen=seen), command, definition)

        return self.writer.submit(turn, alone=definition.alone)

    def definition(self, command: Command) -> Definition:
        """The rule of a command. Raises NotFound for one that no plugin has, Away while the box may not sign."""
        found = self.commands.get(type(command))
        if found is None:
            raise NotFound("No plugin of this box knows what was asked.")
        if (stopped := self.stopped) is not None:
            raise Away("{why} Nothing is recorded until that has ended. Nothing that had a receipt number is lost.",
                       why=stopped.words)  # fmt: skip
        return found

    @property
    def picture(self) -> Picture:
        """Posts and tree as they are committed."""
        return self.batch.picture

    @property
    def stopped(self) -> Stopped | None:
        """Why the box takes nothing new, or None. Reading works meanwhile."""
        return self.signing.halted or self.signing.passing(self.writer.failed)

    @property
    def mark(self) -> HighWater:
        """The checkpoints that ever left the box."""
        return self.signing.mark

    @property
    def signer(self) -> Signer:
        """Who signs first. Raises Away while nobody can."""
        if not self.batch.signers:
            raise Away("The key by which the box signs is missing.")
        return self.batch.signers[0]

    def look(self) -> None:
        """Hold log, marks, keys and place against each other: does the box sign? After anything that may have changed it."""
        (first,) = self.database.writer.execute("SELECT key FROM box WHERE no=1").fetchone()
        self.key = str(first)  # base64: the public key that signs first
        lineage = self.log.reader.lineage
        later = announced_since(self.database.writer, lineage.first_of(lineage.generation))
        if self.log.head is not None and settled(
            self.folder, self.log.head
        ):  # a crash left the last steps of an opening
            self.succession.settle(first)
        self.signing.look((first, *(row.key for row in later)))
        self.batch.signers = self.signing.signers

    @contextmanager
    def reading(self, actor: str = "") -> Iterator[Read]:
        """A snapshot of what is committed. Keep it short: pages only."""
        with self.database.reading() as connection:
            yield Read(connection, self.library, self.picture, self.clock.now(), actor=actor)

    @property
    def withheld(self) -> Words | None:
        """Why neither checkpoint nor root nor tile may leave the box; None when they may."""
        halted = self.signing.halted
        return None if halted is None or halted.reason not in {"forked", "mark_lost"} else halted.words

    def publish(self) -> Head:
        """The head whose checkpoint may leave the box: the mark is durable when this returns.

        Raises Away where another checkpoint left before than the log here would give.
        """
        if self.withheld is not None:
            raise Away("{why} It gives out no checkpoint until that has ended.", why=self.withheld)
        with self.database.reading() as connection:
            head = LogReader(connection).head()
        self.mark.raise_to(head)
        return head

    def catch_up(self, progress: catchup.Progress = catchup.silent) -> None:
        """Fold what projections have not seen, in one transaction."""
        writer = self.database.writer
        writer.execute("BEGIN IMMEDIATE")
        catchup.prepare(writer, self.library.projections)
        catchup.catch_up(self.engine, self.log.size, progress)
        for child in all_children(writer, self.library):
            catchup.catch_up(child.engine, child.log.size, progress)
        writer.execute("COMMIT")
        self.batch.caught_up()
        self.look()

    def close(self) -> None:
        """Record what has queued, then let go of the database and the lock. May be called twice."""
        with self._closing:
            if self.lock.held:
                self.writer.close()
                self.database.close()
                self.lock.release()

    def _turn(self, asked: Asked, command: Command, definition: Definition) -> Answer:
        return self.turns.take(asked, command, definition, self.read_inside(asked.actor))

    def read_inside(self, actor: str) -> Read:
        """What a job of the writer reads, in its thread and transaction: rows of the jobs before it too."""
        return Read(
            self.database.writer, self.library, self.batch.look(), self.clock.now(), actor=actor, entries=self.log,
            random=self.random,
        )  # fmt: skip

    def _born(self, first: Stated) -> Answer:
        asked = Asked(actor=self.id, act=self.random(16).hex())
        return self.turns.append(asked, [first], self.read_inside(self.id), "core", None, None)
