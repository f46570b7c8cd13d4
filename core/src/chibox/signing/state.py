"""Whether a box may sign: looked at when it opens, and asked before every command and on every page."""

import json
import logging
from pathlib import Path
from typing import Final

import msgspec

from chibox import keys
from chibox.clock import Clock
from chibox.errors import Words, words
from chibox.records.appending import LogWriter
from chibox.records.checkpoints import split_origin
from chibox.records.lineage import Head
from chibox.records.notes import Signer
from chibox.signing import asked, disk, place
from chibox.signing.clock import is_wrong
from chibox.signing.halt import Passing, Stopped, stopped
from chibox.signing.mark import HighWater
from chibox.signing.records import Reason
from chibox.signing.survey import Survey, survey

log = logging.getLogger(__name__)
RESTORED: Final = "restored"
_SINCE: Final = "stopped.json"


class _Since(msgspec.Struct, frozen=True):
    reason: str
    at: int


class Signing:
    """Mark, keys and state of one box. `halted` is what only people end; `stopped` also what passes by itself.

    Nothing is written while a box is looked at but the time since when it does not sign.
    """

    def __init__(self, folder: Path, clock: Clock, log: LogWriter, name: str) -> None:
        self.folder, self.name = folder, name
        self._clock, self._log = clock, log
        self.mark = HighWater(folder / "mark")
        self.signers: tuple[Signer, ...] = ()
        self.halted: Stopped | None = None
        self.found: Survey | None = None
        self._key_fault: Words | None = None

    def look(self, public: tuple[str, ...]) -> None:
        """Hold the log against the marks, the keys against `public` (base64, the first signer first), folder against place."""
        try:
            self.signers = keys.signers(self.folder / "keys", self.name, self._log.generation, public)
            self._key_fault = None
        except keys.KeyMissing as missing:
            self.signers, self._key_fault = (), missing.words
        head = self._log.head
        self.found = None if head is None else survey(self._log.reader, self.mark)
        self.halted = None if head is None else self._halted(head)

    def passing(self, failed: BaseException | None) -> Stopped | None:
        """What stops the box now and passes by itself: a full disk, a wrong clock, a writer that has stopped."""
        now, last = self._clock.now(), self._log.last_time
        if failed is not None:
            return stopped("writer", now, words("The writer stopped: {error}", error=type(failed).__name__))
        if (trouble := disk.trouble_at(self.folder)) is not None:
            reason: Passing = "disk_full" if trouble == "full" else "read_only"
            return stopped(reason, now, words("The file system of {folder}", folder=str(self.folder)))
        if is_wrong(now, last):
            return stopped("clock", now, words("It says {now} ms, the last entry {last} ms.", now=now, last=last))
        return None

    def reconciled(self, head: Head) -> None:
        """Two people have opened the generation of `head`: its checkpoint may leave, and the box stands where it stands."""
        if self.mark.damaged or self.mark.missing:
            self.mark.begin(head)
        self.mark.raise_to(head)
        place.settle(self.folder)
        (self.folder / RESTORED).unlink(missing_ok=True)
        (self.folder / _SINCE).unlink(missing_ok=True)
        asked.clear(self.folder)

    def _halted(self, head: Head) -> Stopped | None:
        found = self._reason(head)
        if found is None:
            return None
        reason, technique = found
        return stopped(reason, self._since(reason), technique)

    def _reason(self, head: Head) -> tuple[Reason, Words] | None:
        """The gravest reason: what people must know first."""
        assert self.found is not None
        fork, lost = self.found.forked, self.found.behind
        if fork is not None:
            what = words(
                "The checkpoint of {size} entries that left has another root than the log here.", size=fork.size
            )
            return "forked", what
        if lost is not None:
            what = words("Of {mark} entries that left this box only {size} are here.", mark=lost.size, size=head.size)
            return "behind", what
        return self._unsettled(head)

    def _unsettled(self, head: Head) -> tuple[Reason, Words] | None:
        """What stands around the log is not as it was left."""
        if (self.folder / RESTORED).exists():
            return "restored", words("Restored with {size} entries.", size=head.size)
        if self.mark.missing or self.mark.damaged:
            why = self.mark.damaged or "the file is missing"
            return "mark_lost", words("The file {file}: {why}", file=str(self.mark.path), why=why)
        if not place.is_here(self.folder):
            return "copied", words(
                "The folder {folder} was copied, or moved to another machine.", folder=str(self.folder)
            )
        return None if self._key_fault is None else ("key_lost", self._key_fault)

    def _since(self, reason: str) -> int:
        """When this reason was noticed first. The note of it is for people only: where it cannot be written, it is now."""
        path, now = self.folder / _SINCE, self._clock.now()
        try:
            known = msgspec.json.decode(path.read_bytes(), type=_Since)
            if known.reason == reason:
                return known.at
        except (OSError, msgspec.MsgspecError):
            pass
        try:
            path.write_text(json.dumps({"reason": reason, "at": now}))
        except OSError as error:
            log.warning("%s cannot be written: %s", path.name, error.strerror)
        return now


def settled(folder: Path, head: Head) -> bool:
    """Whether the opening that was asked for has been committed, and only its last steps are missing."""
    ask = asked.read(folder)
    return ask is not None and ask.generation == head.generation == split_origin(_origin(head))[1]


def _origin(head: Head) -> str:
    return head.note.decode("utf-8", "replace").partition("\n")[0]
