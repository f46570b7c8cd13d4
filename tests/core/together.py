"""Commands that the writer finds in its queue at once: they make one batch."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.core.toys import Make

from chibox.commands import Answer, Asked, Command
from chibox.testing.boxes import Sandbox, act

Outcome = Answer | BaseException


def make(made: Sandbox, *names: str, **more: Any) -> Make:
    """The command that makes toys in the committee."""
    return Make(unit=made.root, names=names, **more)


def together(made: Sandbox, *asked: tuple[str, Command], acts: tuple[str, ...] = ()) -> list[Outcome]:
    """Have (actor, command) decided in one batch, in this order; what each was answered, or the error that it met."""
    futures = []
    with held(made):
        for number, (actor, command) in enumerate(asked):
            who = Asked(actor=actor, act=acts[number] if acts else act(), seen=_seen(made, command))
            futures.append(made.box.writer.submit(_turn(made, who, command)))
    return [future.exception(10) or future.result(10) for future in futures]


@contextmanager
def held(made: Sandbox) -> Iterator[threading.Event]:
    """Keep the writer busy, until the event is set at the latest at the end: whatever is queued meanwhile is found at once."""
    begun, gate = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        gate.wait(10)

    first = made.box.writer.submit(wait, alone=True)
    begun.wait(0.5)  # not for ever: where no transaction can begin, the job never runs
    yield gate
    gate.set()
    first.exception(10)


def _seen(made: Sandbox, command: Command) -> int | None:
    about = made.box.definition(command).about
    return None if about is None else made.last(getattr(command, about))


def _turn(made: Sandbox, asked: Asked, command: Command) -> Any:
    definition = made.box.definition(command)
    return lambda: made.box._turn(asked, command, definition)


class Statements:
    """Counts what the writer's connection is told, by the first words of a statement."""

    def __init__(self, made: Sandbox) -> None:
        self.told: list[str] = []
        made.box.database.writer.set_trace_callback(self.told.append)

    def count(self, words: str) -> int:
        """How many statements began so."""
        return sum(statement.startswith(words) for statement in self.told)


class Failing:
    """A connection on which one statement fails."""

    def __init__(self, connection: sqlite3.Connection, statement: str) -> None:
        self._connection, self._statement = connection, statement

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, statement: str, *arguments: Any) -> sqlite3.Cursor:
        """Fail, or do it."""
        if statement == self._statement:
            raise sqlite3.OperationalError("disk I/O error")
        return self._connection.execute(statement, *arguments)
