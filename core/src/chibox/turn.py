"""One command's turn: known act, authorise, seen, decide, append, fold. Runs in the writer's thread, inside its transaction."""

import hashlib
import os
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from chibox.batch import Batch
from chibox.commands import Answer, Asked, Command, Definition
from chibox.entering import Random, enter, seal
from chibox.errors import Away, Conflict, Invalid, Refused, words
from chibox.identity.permissions import SHAPING
from chibox.identity.tables import Post
from chibox.reading import Read
from chibox.records.envelope import FOUNDED, MAX_REFS, is_id, is_ref
from chibox.records.record import Kind
from chibox.records.stated import Stated
from chibox.signing.clock import is_wrong
from chibox.text import Unclean

_CORE: Final = "core"
_command = msgspec.json.Encoder(order="sorted")


class Turns:
    """Takes commands one after another. What it appends is in memory and rows of the open transaction until the commit."""

    def __init__(self, batch: Batch, box: str, pepper: bytes, random: Random = os.urandom) -> None:
        self.batch, self.log, self.engine, self.box = batch, batch.log, batch.engine, box
        self._pepper, self._random = pepper, random

    def take(self, asked: Asked, command: Command, definition: Definition, read: Read) -> Answer:
        """Do what is asked, or answer what was answered before. Raises Refused or Away before anything is written.

        Raises FoldError when a fold of the command's own plugin does; the caller then rolls back.
        """
        digest = self._digest(asked, command, definition)
        known = self._known(asked, digest)
        if known is not None:
            return known
        self._check_folded(definition.plugin)
        try:
            post = read.picture.check(asked.actor, definition.needs(command, read), read.today)
            if definition.about is not None:
                self._check_seen(asked, getattr(command, definition.about), read)
            stated = definition.decide(command, read)
        except Unclean as unclean:
            raise Invalid(unclean.words.msgid, **unclean.words.params) from None
        return self.append(asked, stated, read, definition.plugin, post, digest)

    def append(
        self, asked: Asked, stated: Sequence[Stated], read: Read, plugin: str, post: Post | None, digest: bytes | None
    ) -> Answer:
        """Append the records of one act, index and fold them. All of the act is open, or all of it opaque and shuffled.

        Raises like `take`. Any error from the first appended entry on is not a refusal: the caller must roll back.
        """
        opaque = self._check_stated(stated, plugin)
        self._check_clock(read.now)
        context = _context(asked, post, read)
        first = self.log.size
        time = max(read.now, self.log.last_time)
        if opaque:
            root = read.picture.root
            entries = seal(self.log, asked, stated, context, time, self._random, box=self.box, root=root)
        else:
            entries = enter(self.log, asked, stated, context, time, self._random)
        self.log.last_time = time
        last = self.log.size - 1
        try:
            self.engine.connection.execute(
                "INSERT INTO act VALUES(?,?,?,?,?,?)", (self.log.box, asked.act, first, last, asked.actor, digest)
            )
            self.engine.apply(entries, read.fresh, plugin, read.known)
        except (Refused, Away) as error:  # would be taken for a refusal, and the entries would stay
            raise RuntimeError("an error after something was appended") from error
        if not SHAPING.isdisjoint({entry.kind for entry in entries}):
            self.batch.reshaped()
        return Answer(asked.act, first, last)

    def _digest(self, asked: Asked, command: Command, definition: Definition) -> bytes:
        """What tells whether an act comes again with the same content: everything but `seen`, which a resent form may renew."""
        if not is_id(asked.act) or not is_id(asked.actor) or not (asked.on_behalf is None or is_id(asked.on_behalf)):
            raise Invalid("Acts and people are named by 32 hex characters.")
        said = (definition.plugin, definition.name, asked.on_behalf, asked.from_paper, command)
        try:
            return hashlib.sha256(self._pepper + _command.encode(said)).digest()
        except UnicodeEncodeError:
            raise Invalid("This cannot be recorded as it stands. Type it again, without special signs.") from None

    def _known(self, asked: Asked, digest: bytes) -> Answer | None:
        row = self.engine.connection.execute(
            "SELECT first, last, by, digest FROM act WHERE box=? AND act=?", (self.log.box, asked.act)
        ).fetchone()
        if row is None:
            return None
        first, last, by, before = row
        if by != asked.actor or (before is not None and before != digest):
            raise Invalid("This act was done before, with other content. Open the form again.")
        return Answer(asked.act, first, last)

    def _check_folded(self, plugin: str) -> None:
        """Nothing is decided on rows that lag behind."""
        if self.engine.stopped and any(projection.plugin == plugin for projection in self.engine.stopped):
            raise Away("The tables of {plugin} have stopped: nothing is recorded there now. See the state of the box.",
                       plugin=plugin)  # fmt: skip

    def _check_seen(self, asked: Asked, subject: str, read: Read) -> None:
        last = read.last(subject)
        if last is None or subject in read.fresh:
            return
        if asked.seen is None:
            raise Invalid("The last position that you saw is missing.", fields={"seen": words("Missing.")})
        if not last <= asked.seen < self.log.size:
            raise Conflict("Meanwhile somebody else recorded something here. Look at it, then decide again.", last=last)

    def _check_clock(self, now: int) -> None:
        if is_wrong(now, self.log.last_time):
            raise Away("The clock of the box is wrong. Nothing is recorded until it is set.")

    def _check_stated(self, stated: Sequence[Stated], plugin: str) -> bool:
        if not stated:
            raise Refused("Nothing would change.")
        opaque = stated[0].record.KIND.opaque
        for each in stated:
            kind: Kind = each.record.KIND
            if kind.opaque is not opaque:
                raise Refused("An act is wholly open or wholly sealed.")
            if kind.plugin not in (plugin, _CORE) or self.engine.kinds.get(kind.name) is not kind:
                raise Refused("The plugin {plugin} may not state {kind}.", plugin=plugin, kind=kind.name)
            if (kind.name == FOUNDED) is not (self.log.size == 0):
                raise Refused("The founding stands first in a log, and only there.")
            _check_ids(each)
        return opaque


def _check_ids(stated: Stated) -> None:
    ids = (stated.subject, stated.unit) if stated.case is None else (stated.subject, stated.unit, stated.case)
    if not all(map(is_id, ids)) or not all(map(is_ref, stated.refs)):
        raise Refused("A record stands about an id, in a unit, and refers to records and acts.")
    if len(stated.refs) > MAX_REFS or len(set(stated.refs)) != len(stated.refs):
        raise Refused("A record refers to at most 64 others, to each once.")


def _context(asked: Asked, post: Post | None, read: Read) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if post is not None:
        context["post"] = post.subject
    if asked.on_behalf is not None:
        context["on_behalf"] = asked.on_behalf
    if asked.from_paper:
        context["from_paper"] = True
    if read.rules_used:
        context["rules"] = [
            {"name": r.name, "document": r.document, "edition": r.issued.isoformat()}
            for r in sorted(read.rules_used.values(), key=lambda r: r.name)
        ]
    return context
