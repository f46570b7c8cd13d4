"""The box: born once, opened by one process, changed by `perform` only. The one flow, readable from top to bottom."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from chibox import keys
from chibox.clock import Clock, SystemClock, day
from chibox.commands import Answer, Asked, Command, Definition
from chibox.database import Database, check_version, connect, create
from chibox.entering import Random
from chibox.errors import Away, NotFound, Refused
from chibox.identity.permissions import Picture
from chibox.library import declared
from chibox.locking import Lock
from chibox.mark import HighWater
from chibox.organisation.records import Founded, UnitKind
from chibox.plugins import Plugins
from chibox.projections import catchup, facts, index
from chibox.projections.engine import Engine
from chibox.reading import Read
from chibox.records import log as logs
from chibox.records.appending import LogWriter
from chibox.records.log import Head
from chibox.records.notes import to_base64
from chibox.records.stated import Stated, state
from chibox.settings import Settings, load
from chibox.turn import Turns
from chibox.writer import Hands, Writer

SCHEMA: Final = (*logs.SCHEMA, *index.SCHEMA, *facts.SCHEMA, *catchup.SCHEMA)


class Founding(msgspec.Struct, frozen=True, kw_only=True):
    """What a box must be told at its birth."""

    name: str  # of the log, e.g. xa-sao-mai.lamson; demo boxes begin with `demo.`
    committee: str
    kind: UnitKind = "grassroots_committee"
    above: str = ""
    sign_in: str = "quantri"
    unit: str = ""  # ids, for seeds that must come out the same; made at random when empty
    administrator: str = ""


class Box(Hands):
    """One box in one folder. `open` takes the lock; `start` begins to record; `close` ends cleanly.

    Everything that `perform` answered is durable. After a crash the next `open` finds the last commit and nothing else.
    """

    def __init__(
        self, folder: Path, plugins: Plugins, clock: Clock, settings: Settings, random: Random = os.urandom
    ) -> None:
        self.folder, self.plugins, self.clock, self.settings = folder, plugins, clock, settings
        self.lock = Lock(folder / "lock")
        self.database = Database(folder / "box.db")
        check_version(self.database.writer)
        self.library, self.commands, self.roles = declared(plugins)
        self.id, self.name, self.key = self.database.writer.execute(
            "SELECT id, name, key FROM box WHERE no=1"
        ).fetchone()
        self.log = LogWriter(self.database.writer)
        self.mark = HighWater(folder / "mark")
        self.mark.check(self.log.size)
        self.signer = keys.signer(folder / "keys", self.name, self.log.generation)
        self.engine = Engine(self.database.writer, self.library.kinds, self.library.projections, _Stored(self.log), 1)
        self.picture = Picture((), (), self.roles)
        self._inside: Picture | None = None
        self.turns = Turns(self.log, self.engine, self.id, keys.pepper(folder / "keys"), random)
        self.random = random
        self.writer = Writer(self.database.writer, self)
        self._closing = threading.Lock()

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
        """The only birth of a log: keys, database and first act, complete or not at all. Returns the administrator's id.

        Raises Refused where anything stands in `folder` already. A crash leaves at most a folder `<name>.new` to delete.
        """
        clock = clock or SystemClock()
        if folder.exists() and any(folder.iterdir()):
            raise Refused("There is something in {folder} already: a box is born into an empty folder.", folder=folder)
        making = folder.with_name(folder.name + ".new")
        if making.exists():
            shutil.rmtree(making)
        making.mkdir(parents=True)
        keys.make(making / "keys")
        administrator = founding.administrator or random(16).hex()
        box = cls._found(making, founding, administrator, clock, plugins or Plugins.discover(()), random)
        box.close()
        if folder.exists():
            folder.rmdir()
        making.rename(folder)
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
            raise NotFound("There is no box in {folder}. `chibox init` makes one.", folder=folder)
        settings = load(folder)
        box = cls(folder, plugins or Plugins.discover(settings.allowed), clock or SystemClock(), settings, random)
        try:
            box.catch_up(progress)
        except BaseException:
            box.close()
            raise
        box.writer.start()
        return box

    async def perform(self, asked: Asked, command: Command) -> Answer:
        """The only way to change anything: the command is decided in its turn, and answered when it is durable.

        Raises Refused (nothing changed), or Away when the box cannot record now. Sent again with the same act: the same answer.
        """
        definition = self.definition(command)
        answer: Answer = await self.writer.perform(lambda: self._turn(asked, command, definition))
        return answer

    def perform_now(self, asked: Asked, command: Command) -> Answer:
        """The same for callers without an event loop: seeds, the command line's own acts, tests."""
        definition = self.definition(command)
        answer: Answer = self.writer.submit(lambda: self._turn(asked, command, definition)).result()
        return answer

    def definition(self, command: Command) -> Definition:
        """The rule of a command. Raises NotFound for one that no plugin has, Away while its plugin's tables are stopped."""
        found = self.commands.get(type(command))
        if found is None:
            raise NotFound("No plugin of this box knows what was asked.")
        if any(p.plugin == found.plugin for p in self.engine.stopped):
            raise Away("The tables of {plugin} have stopped: nothing is recorded there now. See the state of the box.",
                       plugin=found.plugin)  # fmt: skip
        return found

    @contextmanager
    def reading(self, actor: str = "") -> Iterator[Read]:
        """A snapshot of what is committed. Keep it short: pages only."""
        with self.database.reading() as connection:
            yield Read(connection, self.library, self.picture, self.clock.now(), actor=actor)

    def publish(self) -> Head:
        """The head whose checkpoint may leave the box: the mark is durable when this returns."""
        with self.database.reading() as connection:
            head = logs.LogReader(connection).head()
        self.mark.raise_to(head)
        return head

    def catch_up(self, progress: catchup.Progress = catchup.silent) -> None:
        """Fold what projections have not seen, in one transaction."""
        writer = self.database.writer
        writer.execute("BEGIN IMMEDIATE")
        for projection in self.library.projections:
            for table in projection.tables.values():
                table.create(writer.execute)
        catchup.catch_up(self.engine, self.log.size, progress)
        writer.execute("COMMIT")
        self.picture = Picture.load(writer, self.roles)

    def close(self) -> None:
        """Record what has queued, then let go of the database and the lock. May be called twice."""
        with self._closing:
            if self.lock.held:
                self.writer.close()
                self.database.close()
                self.lock.release()

    def begin(self) -> None:
        """See `Hands`."""
        self._mark = self.log.mark()
        self._stopped = dict(self.engine.stopped)
        self._inside = self.picture

    def back(self) -> None:
        """See `Hands`."""
        self.log.restore(self._mark)
        self.engine.stopped = dict(self._stopped)
        self.engine.rolled_back()
        self._inside = None

    def seal(self) -> bool:
        """See `Hands`."""
        if self.log.head is not None and self.log.size == self.log.head.size:
            return False
        self.log.flush()
        self._head = self.log.seal(self.signer)
        if self.engine.stopped == self._stopped:
            catchup.move_cursors(self.engine, self.log.size)
        else:
            catchup.write_cursors(self.engine, self.log.size)
        return True

    def committed(self) -> None:
        """See `Hands`."""
        self.log.committed(self._head)
        if self.turns.pictured:
            self._inside = None
        self.picture = self._look()

    def _turn(self, asked: Asked, command: Command, definition: Definition) -> Answer:
        answer = self.turns.take(asked, command, definition, self._read(asked.actor))
        if self.turns.pictured:
            self._inside = None
        return answer

    def _read(self, actor: str) -> Read:
        return Read(
            self.database.writer, self.library, self._look(), self.clock.now(), actor=actor, entries=self.log,
            random=self.random,
        )  # fmt: skip

    def _look(self) -> Picture:
        """Posts and tree as they stand inside the batch; built again after any entry of those kinds."""
        if self._inside is None:
            self._inside = Picture.load(self.database.writer, self.roles)
            self.turns.pictured = False
        return self._inside

    @classmethod
    def _found(
        cls, folder: Path, founding: Founding, administrator: str, clock: Clock, plugins: Plugins, random: Random
    ) -> "Box":
        key = keys.signer(folder / "keys", founding.name, 1).verifier.public_key
        writer = connect(folder / "box.db", write=True)
        create(writer, SCHEMA)
        box_id = random(16).hex()
        writer.execute("INSERT INTO box VALUES(1,?,?,?)", (box_id, founding.name, to_base64(key)))
        writer.close()
        box = cls(folder, plugins, clock, Settings(), random)
        box.catch_up()
        box.writer.start()
        record = Founded(
            name=founding.name, key=to_base64(key), day=day(clock.now()), committee=founding.committee,
            committee_kind=founding.kind, administrator=administrator, sign_in=founding.sign_in, above=founding.above,
        )  # fmt: skip
        first = state(record, box_id, founding.unit or random(16).hex())
        box.writer.submit(lambda: box._born(first)).result()
        return box

    def _born(self, first: Stated) -> Answer:
        asked = Asked(actor=self.id, act=self.random(16).hex())
        return self.turns.append(asked, [first], self._read(self.id), "core", None, None)


class _Stored:
    """The engine's door to the log: what it reads, and where an erased body goes from."""

    def __init__(self, log: LogWriter) -> None:
        self._log = log
        self.entry, self.body = log.entry, log.body

    def drop(self, position: int) -> None:
        self._log.put_parts(position, {})
