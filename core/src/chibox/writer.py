"""The writer: one thread that takes everything that has queued into one transaction, and answers after the commit."""

import asyncio
import contextlib
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from chibox.errors import Away, ChiboxError, Fatal, Words, where, words
from chibox.projections.engine import FoldError
from chibox.signing.disk import trouble_in

log = logging.getLogger(__name__)
_STOPPED: Final = words("The box has stopped recording. Nothing that had a receipt number is lost.")
_WORDS: Final = {
    "full": words("The disk of the box is full. Nothing was recorded. Make room, then send it again."),
    "read_only": words(
        "The disk of the box cannot be written. Nothing was recorded. Call whoever looks after the box."
    ),
}
_LARGEST: Final = 512
Job = Callable[[], Any]


class Order:
    """A job that waits for the writer, and where its answer goes. `alone`: in a transaction of its own."""

    __slots__ = ("alone", "answer", "error", "future", "job", "loop")

    def __init__(self, job: Job, future: Any, loop: asyncio.AbstractEventLoop | None, *, alone: bool) -> None:
        self.job, self.future, self.loop, self.alone = job, future, loop, alone
        self.answer: Any = None
        self.error: BaseException | None = None


class Hands:
    """What the writer needs of the box around a batch; see `Batch`, which implements it."""

    def begin(self) -> None:
        """A batch begins: remember what a failure must give back."""
        raise NotImplementedError

    def mark(self) -> None:
        """A job begins inside the batch: from here on `back` gives back what this job did, and nothing of those before it."""
        raise NotImplementedError

    def back(self) -> None:
        """The batch, or the job since `mark`, is rolled back: memory returns to what it was."""
        raise NotImplementedError

    def seal(self) -> bool:
        """The batch is decided: write what is held back, sign. Returns whether there is anything to commit."""
        raise NotImplementedError

    def committed(self) -> None:
        """The batch is durable."""
        raise NotImplementedError


class Writer:
    """Runs jobs in the order of their coming. Nothing is acknowledged before its commit is durable.

    A `ChiboxError` that a job raises is its answer and spoils no batch, for it comes before anything is written. Any other
    error rolls the batch back, and it is run again with a savepoint for each job. A full disk, or one that cannot be written,
    rolls the batch back as well: its jobs are answered Away, and the writer goes on. An error of reading or writing, or a commit
    that fails otherwise, stops the writer (`failed` says why): what is durable is unknown, every waiting job is answered Away,
    and the next start recovers by the usual path.
    """

    def __init__(self, connection: sqlite3.Connection, hands: Hands) -> None:
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self.connection, self.hands = connection, hands
        self.failed: BaseException | None = None
        self.on_failed: Callable[[BaseException], object] | None = None  # whoever runs the process ends it
        self._queue: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._closed = False
        self._door = threading.Lock()  # nothing is queued behind the end

    def start(self) -> None:
        """Begin to take jobs."""
        self._thread.start()

    def submit(self, job: Job, *, alone: bool = False) -> Future[Any]:
        """Queue a job from any thread."""
        future: Future[Any] = Future()
        self._put(Order(job, future, None, alone=alone))
        return future

    async def perform(self, job: Job, *, alone: bool = False) -> Any:
        """Queue a job from an event loop and wait for its answer. A caller that goes away does not undo it."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        self._put(Order(job, future, loop, alone=alone))
        return await future

    @property
    def waiting(self) -> int:
        """About how many jobs wait."""
        return self._queue.qsize()

    def close(self) -> None:
        """Do what has queued, then end. Returns when the thread has ended."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            orders, ended = self._drain(first)
            for batch in _batches(orders):
                if self.failed is None:
                    self._batch(batch)
                else:
                    _refuse(batch)
                _answer(batch)
            if ended:
                return

    def _put(self, order: Order) -> None:
        with self._door:
            if self._closed or self.failed is not None:
                raise Away("The box is stopping. Send it again in a minute: sending twice does not record it twice.")
            self._queue.put(order)

    def _drain(self, first: Order) -> tuple[list[Order], bool]:
        orders = [first]
        with contextlib.suppress(queue.Empty):
            while len(orders) < _LARGEST:
                order = self._queue.get_nowait()
                if order is None:
                    return orders, True
                orders.append(order)
        return orders, False

    def _batch(self, orders: list[Order]) -> None:
        try:
            self._together(orders)
        except Away as error:  # the transaction did not begin
            for order in orders:
                order.error = error
        except BaseException as error:  # noqa: BLE001  whatever it was
            self._after(orders, error)

    def _after(self, orders: list[Order], error: BaseException) -> None:
        """A batch has failed: the disk decides whether it is refused, run again one by one, or the end."""
        trouble = trouble_in(error)
        try:
            if trouble in _WORDS:
                self._roll_back()
                log.error("nothing was recorded: the disk is %s", trouble)
                _refuse(orders, _WORDS[trouble])
            elif trouble is not None or isinstance(error, Fatal):
                self._give_up(orders, error)
            else:
                log.warning("a batch of %d is run again, one by one: %s", len(orders), type(error).__name__)
                self._roll_back()
                self._one_by_one(orders)
        except BaseException as again:  # noqa: BLE001
            if trouble is None and trouble_in(again) in _WORDS:
                self._after(orders, again)
            else:  # the state is unknown
                self._give_up(orders, again)

    def _together(self, orders: list[Order]) -> None:
        self._begin()
        for order in orders:
            try:
                order.answer = order.job()
            except Fatal:
                raise
            except ChiboxError as error:
                order.error = error
        self._commit()

    def _one_by_one(self, orders: list[Order]) -> None:
        self._begin()
        for order in orders:
            self.hands.mark()
            order.answer = order.error = None
            self.connection.execute("SAVEPOINT job")
            try:
                order.answer = order.job()
            except Fatal:
                raise
            except BaseException as error:  # this job's answer; the others go on
                if trouble_in(error) is not None:
                    raise
                self.connection.execute("ROLLBACK TO job")
                self.hands.back()
                order.error = _worded(error)
            self.connection.execute("RELEASE job")
        self._commit()

    def _begin(self) -> None:
        self.hands.begin()
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if trouble_in(error) is not None:
                raise
            log.critical("no transaction can begin: %s", error)
            raise Away("Another program holds the database of the box. Nothing was recorded. Send it again.") from error

    def _commit(self) -> None:
        if not self.hands.seal():
            self._roll_back()
            return
        try:
            self.connection.execute("COMMIT")
            self.hands.committed()
        except Exception as error:  # from here on memory and disk may differ: only a new start tells
            if trouble_in(error) in _WORDS and self.connection.in_transaction:
                raise  # not one page of it is in the log of writes as committed
            raise Fatal("the commit failed: {error}", error=error) from error

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")
        self.hands.back()

    def _give_up(self, orders: list[Order], error: BaseException) -> None:
        log.critical("the writer stops: %s", error if isinstance(error, Fatal | sqlite3.Error) else where(error))
        self.failed = error
        with contextlib.suppress(sqlite3.Error):
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        _refuse(orders)
        if self.on_failed is not None:
            self.on_failed(error)


def _batches(orders: list[Order]) -> list[list[Order]]:
    batches: list[list[Order]] = [[]]
    for order in orders:
        if order.alone:
            batches += [[order], []]
        else:
            batches[-1].append(order)
    return [batch for batch in batches if batch]


def _refuse(orders: list[Order], why: Words = _STOPPED) -> None:
    for order in orders:
        order.answer = None
        order.error = Away(why.msgid, **why.params)


def _worded(error: BaseException) -> BaseException:
    if isinstance(error, FoldError):
        log.error("%s: %s", error, where(error.__cause__ or error))
        return Away("This cannot be recorded now: a table of the box cannot take it. Nothing was changed.")
    if not isinstance(error, ChiboxError):
        log.error("a command failed: %s", where(error))
    return error if isinstance(error, Exception) else RuntimeError(f"a command ended by {type(error).__name__}")


def _answer(orders: list[Order]) -> None:
    loops: dict[asyncio.AbstractEventLoop, list[Order]] = {}
    for order in orders:
        if order.loop is not None:
            loops.setdefault(order.loop, []).append(order)
        elif order.future.set_running_or_notify_cancel():  # not one that its caller has given up
            _resolve([order])
    for loop, some in loops.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_resolve, some)


def _resolve(orders: list[Order]) -> None:
    for order in orders:
        if not order.future.done():
            if order.error is not None:
                order.future.set_exception(order.error)
            else:
                order.future.set_result(order.answer)
