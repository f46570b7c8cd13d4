"""The queue of hints, `jobs.db`, and the threads that follow them, in the process of the box."""

import logging
import threading
from pathlib import Path
from typing import Any, Final

import msgspec
from huey import SqliteHuey, crontab
from huey.consumer import Consumer
from huey.serializer import SignedSerializer

from chibox import keys
from chibox.box import Box
from chibox.drafts.file import DraftFile
from chibox.errors import Refused
from chibox.work.tasks import Duty, Task

log = logging.getLogger(__name__)
_POLL: Final = 2.0  # s; the longest pause before a hint is followed
_END: Final = 3.0  # s; a task that takes longer is left behind when the box ends, and found again
CORE: Final = "core"


class Run(msgspec.Struct):
    """How a task went the last time: when it ended (ms), whether it failed and by which error."""

    ended: int = 0
    failed: str = ""


class _Consumer(Consumer):  # type: ignore[misc]  # huey has no types
    """Threads beside a server: signals belong to whoever runs the process."""

    def _set_signal_handlers(self) -> None:
        """Leaves them alone."""


class Work:
    """The tasks of core and plugins by name (`<plugin>.<task>`). What is lost with a crash is a hint, never work."""

    def __init__(self, box: Box, own: list[Task], *, immediate: bool = False) -> None:
        """Opens `jobs.db` in the box's folder, and drafts, so that a task's long writing holds no page that reads one.

        `immediate`: for tests, a hint is followed at once by who gives it.
        """
        self._box = box
        self._drafts = DraftFile.open(box.folder)
        self.tasks: dict[str, Task] = {f"{CORE}.{task.name}": task for task in own}
        for plugin, tasks in box.plugins.each("tasks"):
            self.tasks.update({f"{plugin}.{task.name}": task for task in tasks})
        self.runs = {name: Run() for name in self.tasks}
        self._huey = _huey(box.folder / "jobs.db", keys.pepper(box.folder / "keys").hex(), immediate=immediate)
        self._run = self._huey.task(name="run")(self.run)
        self._huey.periodic_task(crontab(), name="sweep")(self.sweep)
        self._huey.on_shutdown(name="close")(self._huey.storage.close)  # each thread has a connection of its own
        self._consumer: _Consumer | None = None
        self._running: dict[str, threading.Lock] = {name: threading.Lock() for name in self.tasks}

    def hint(self, name: str) -> None:
        """Something may be there to do for this task. Give it after a commit. Raises KeyError for a task that is not there."""
        if name not in self.tasks:
            raise KeyError(name)
        self._run(name)

    def sweep(self) -> None:
        """Hint at every task whose time has come: all of them after a start."""
        now = self._box.clock.now()
        for name, task in self.tasks.items():
            if task.every is not None and now - self.runs[name].ended >= task.every.total_seconds() * 1000:
                self.hint(name)

    def run(self, name: str) -> None:
        """Run a task now, unless it runs. An error is noted for the health page, and its time comes again."""
        task, run = self.tasks[name], self.runs[name]
        if not self._running[name].acquire(blocking=False):
            return
        try:
            task.run(Duty(self._box, name.partition(".")[0], self._drafts))
            run.failed = ""
        except Refused as refusal:
            log.warning("the task %s was refused: %s", name, refusal.words.msgid)
            run.failed = type(refusal).__name__
        except Exception as error:
            log.exception("the task %s failed", name)
            run.failed = type(error).__name__
        finally:
            run.ended = self._box.clock.now()
            self._running[name].release()

    def start(self) -> None:
        """Begin to follow hints, and to sweep once a minute."""
        self._consumer = _Consumer(
            self._huey, workers=1, max_delay=_POLL, check_worker_health=False, shutdown_timeout=_END
        )
        self._consumer.start()

    @property
    def waiting(self) -> int:
        """How many hints wait."""
        return int(self._huey.pending_count())

    @property
    def alive(self) -> bool:
        """Whether somebody follows them."""
        consumer: Any = self._consumer
        return consumer is not None and all(thread.is_alive() for _, thread in consumer.worker_threads)

    def close(self) -> None:
        """Let the running task end, for a few seconds; then close the files."""
        if self._consumer is not None:
            self._consumer.stop(graceful=True)
            self._consumer = None
        self._huey.storage.close()
        self._drafts.close()


def _huey(path: Path, secret: str, *, immediate: bool) -> SqliteHuey:
    """The queue in a file. huey unpickles what stands there: it is signed, so a file that somebody else wrote runs nothing."""
    signed = SignedSerializer(secret)
    return SqliteHuey(
        "chibox", filename=str(path), fsync=True, immediate=immediate, results=False, utc=True, serializer=signed
    )
