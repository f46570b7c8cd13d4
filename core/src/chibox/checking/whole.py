"""The whole box checked by itself, when somebody asks: in a process of its own, its result kept in a small file."""

import subprocess
import sys
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from chibox.clock import Clock
from chibox.errors import Words
from chibox.keys import write_over

NAME: Final = "check"  # of the task: core.check
_FILE: Final = "check.json"
SHOWN: Final = 50  # findings that are kept; the others are counted
PROGRESS: Final = "progress"
RESULT: Final = "result"


class Said(msgspec.Struct, frozen=True):
    """A sentence as the file keeps it: it is translated for whoever reads it later."""

    msgid: str
    params: dict[str, Any] = {}

    @classmethod
    def of(cls, sentence: Words) -> "Said":
        """The sentence, whatever its parameters are."""
        return cls(sentence.msgid, {name: _plain(value) for name, value in sentence.params.items()})

    @property
    def words(self) -> Words:
        """The sentence again."""
        return Words(self.msgid, {name: _worded(value) for name, value in self.params.items()})


class Fault(msgspec.Struct, frozen=True):
    """A fault: the log or part of the box, the place in it, the sentence."""

    log: str
    where: str
    what: Said


class Result(msgspec.Struct, frozen=True):
    """What the child reports."""

    ok: bool
    size: int
    faults: tuple[Fault, ...] = ()
    more: int = 0
    notes: tuple[Said, ...] = ()
    since: tuple[Said, ...] = ()  # since when the faults are there


class Whole(msgspec.Struct, frozen=True):
    """A check: asked (ms), begun, ended; done of how many; its result, or by which error it broke off."""

    asked: int
    state: Literal["asked", "running", "done", "failed"] = "asked"
    began: int = 0
    ended: int = 0
    done: int = 0
    total: int = 0
    result: Result | None = None
    error: str = ""


class WholeCheck:
    """The check of one box. The file is replaced whole; what was asked and not done when the box ended is done by the next start.

    `last` is the newest that ended: asking again keeps it until the new one is done.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder, self._clock = folder, clock

    def read(self) -> tuple[Whole | None, Whole | None]:
        """The one that is asked for or runs, if one does, and the last that ended. A file that cannot be read is none."""
        try:
            kept = msgspec.json.decode((self._folder / _FILE).read_bytes(), type=_Kept)
        except (OSError, msgspec.MsgspecError):
            return None, None
        return kept.now, kept.last

    def ask(self) -> None:
        """Have one made, unless one is on its way. Durable on return."""
        now, last = self.read()
        if now is None:
            self._write(Whole(self._clock.now()), last)

    def run(self) -> None:
        """Make the one that was asked for; nothing for none. A child that breaks off is told as such."""
        now, last = self.read()
        if now is None:
            return
        now = msgspec.structs.replace(now, state="running", began=self._clock.now(), done=0)
        self._write(now, last)
        try:
            result = self._child(now, last)
        except (OSError, ValueError, msgspec.MsgspecError) as error:
            ended = msgspec.structs.replace(now, state="failed", ended=self._clock.now(), error=type(error).__name__)
        else:
            ended = msgspec.structs.replace(now, state="done", ended=self._clock.now(), result=result)
        self._write(None, ended)

    def _child(self, now: Whole, last: Whole | None) -> Result:
        command = [sys.executable, "-m", "chibox.checking.child", str(self._folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:  # noqa: S603 - ours
            assert child.stdout is not None
            result: Result | None = None
            for line in child.stdout:
                name, _, rest = line.partition(b" ")
                if name == RESULT.encode():
                    result = msgspec.json.decode(rest, type=Result)
                elif name == PROGRESS.encode():
                    done, total = (int(number) for number in rest.split())
                    self._write(msgspec.structs.replace(now, done=done, total=total), last)
        if result is None:
            raise ValueError("the child has ended without a result")
        return result

    def _write(self, now: Whole | None, last: Whole | None) -> None:
        write_over(self._folder / _FILE, msgspec.json.encode(_Kept(now, last)))


class _Kept(msgspec.Struct, frozen=True):
    now: Whole | None = None
    last: Whole | None = None


def _plain(value: Any) -> Any:
    if isinstance(value, Words):
        return {"msgid": value.msgid, "params": {name: _plain(inner) for name, inner in value.params.items()}}
    return value if isinstance(value, int | str) and not isinstance(value, bool) else str(value)


def _worded(value: Any) -> Any:
    if isinstance(value, dict):
        return Words(str(value["msgid"]), {name: _worded(inner) for name, inner in value["params"].items()})
    return value
