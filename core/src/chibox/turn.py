"""One command's turn: known act, authorise, seen, decide, append, fold. Runs in the writer's thread, inside its transaction."""

import hashlib
import os
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from chibox.commands import Answer, Asked, Command, Definition
from chibox.entering import Random, enter, seal
from chibox.errors import Away, Conflict, Invalid, Refused, words
from chibox.identity.tables import Post
from chibox.projections.engine import Engine
from chibox.reading import Read
from chibox.records.appending import LogWriter
from chibox.records.envelope import MAX_REFS, is_id, is_ref
from chibox.records.record import Kind
from chibox.records.stated import Stated
from chibox.text import Unclean

_BACK: Final = 3_600_000  # a clock so far behind its last entry is wrong
_AHEAD: Final = 366 * 86_400_000
_FIRST: Final = 1_735_689_600_000  # 2025: no box is older
_CORE: Final = "core"
_command = msgspec.json.Encoder(order="sorted")


class Turns:
    """Takes commands one after another. What it appends is in memory and rows of the open transaction until the commit."""

    def __init__(self, log: LogWriter, engine: Engine, box: str, pepper: bytes, random: Random = os.urandom) -> None:
        self.log, self.engine, self.box = log, engine, box
        self._pepper, self._random = pepper, random
        self.pictured = False  # something was appended that posts or tree may rest on

    def take(self, asked: Asked, command: Command, definition: Definition, read: Read) -> Answer:
        """Do what is asked, or answer what was answered before. Raises Refused before anything is written.

        Raises FoldError when a fold of the command's own plugin does; the caller then rolls back.
        """
        digest = hashlib.sha256(self._pepper + definition.name.encode() + _command.encode(command)).digest()
        known = self._known(asked, digest)
        if known is not None:
            return known
        try:
            post = read.picture.check(asked.actor, definition.needs(command, read), read.today)
            if definition.about is not None:
                self._check_seen(asked, getattr(command, definition.about), read)
            stated = definition.decide(command, read)
        except Unclean as unclean:
            raise Invalid(unclean.words.msgid, **unclean.words.params) from None
        if not stated:
            raise Refused("Nothing would change.")
        self._check_clock(read.now)
        return self.append(asked, stated, read, definition.plugin, post, digest)

    def append(
        self, asked: Asked, stated: Sequence[Stated], read: Read, plugin: str, post: Post | None, digest: bytes | None
    ) -> Answer:
        """Append the records of one act, index and fold them. All of the act is open, or all of it opaque and shuffled."""
        opaque = self._check_stated(stated, plugin)
        context = _context(asked, post, read)
        first = self.log.size
        time = self.log.last_time = max(read.now, self.log.last_time)
        if opaque:
            root = read.picture.root
            entries = seal(self.log, asked, stated, context, time, self._random, box=self.box, root=root)
        else:
            entries = enter(self.log, asked, stated, context, time, self._random)
        self.pictured = self.pictured or any(e.kind.startswith("core.") for e in entries)
        last = self.log.size - 1
        self.engine.connection.execute(
            "INSERT INTO act VALUES(?,?,?,?,?,?)", (self.log.box, asked.act, first, last, asked.actor, digest)
        )
        self.engine.apply(entries, read.fresh, plugin)
        return Answer(asked.act, first, last)

    def _check_stated(self, stated: Sequence[Stated], plugin: str) -> bool:
        opaque = stated[0].record.KIND.opaque
        for each in stated:
            kind: Kind = each.record.KIND
            if kind.opaque is not opaque:
                raise Refused("An act is wholly open or wholly sealed.")
            if kind.plugin not in (plugin, _CORE) or self.engine.kinds.get(kind.name) is not kind:
                raise Refused("The plugin {plugin} may not state {kind}.", plugin=plugin, kind=kind.name)
            if not is_id(each.subject) or not is_id(each.unit) or not all(map(is_ref, each.refs)):
                raise Refused("A record stands about an id, in a unit, and refers to records and acts.")
            if len(each.refs) > MAX_REFS or len(set(each.refs)) != len(each.refs):
                raise Refused("A record refers to at most 64 others, to each once.")
        return opaque

    def _known(self, asked: Asked, digest: bytes) -> Answer | None:
        if not is_id(asked.act):
            raise Invalid("An act is named by 32 hex characters.")
        row = self.engine.connection.execute(
            "SELECT first, last, by, digest FROM act WHERE box=? AND act=?", (self.log.box, asked.act)
        ).fetchone()
        if row is None:
            return None
        first, last, by, before = row
        if by != asked.actor or (before is not None and before != digest):
            raise Invalid("This act was done before, with other content. Open the form again.")
        return Answer(asked.act, first, last)

    def _check_seen(self, asked: Asked, subject: str, read: Read) -> None:
        last = read.last(subject)
        if last is None or subject in read.fresh:
            return
        if asked.seen is None:
            raise Invalid("The last position that you saw is missing.", fields={"seen": words("Missing.")})
        if asked.seen < last:
            raise Conflict("Meanwhile somebody else recorded something here. Look at it, then decide again.", last=last)

    def _check_clock(self, now: int) -> None:
        last = self.log.last_time
        if now < _FIRST or now < last - _BACK or (last and now > last + _AHEAD):
            raise Away("The clock of the box is wrong. Nothing is recorded until it is set.")


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
