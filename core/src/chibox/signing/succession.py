"""What changes who signs and over what: the next generation of the log, by two people, and the next key."""

from pathlib import Path
from typing import Final

from chibox import keys
from chibox.batch import Batch
from chibox.clock import Clock
from chibox.commands import Answer, Asked
from chibox.entering import Random
from chibox.errors import Fatal, Forbidden, Invalid, Refused, words
from chibox.identity.permissions import Picture
from chibox.identity.tables import Post
from chibox.projections import catchup
from chibox.reading import Read
from chibox.records.checkpoints import origin_of
from chibox.records.notes import Signer, to_base64
from chibox.records.stated import Stated, state
from chibox.signing import asked
from chibox.signing.asked import Ask
from chibox.signing.records import GenerationOpened, KeyAnnounced, KeyRetired, Reason
from chibox.signing.state import Signing
from chibox.signing.tables import announced_since
from chibox.turn import Turns

MAY: Final = ("core.administer", "core.approve")
MOST_AHEAD: Final = 100
PATIENCE: Final = 3 * 86_400_000  # ms that the second person has


class Succession:
    """The acts by which a log goes on under another origin or another key.

    Each is one transaction of the writer's, in its thread. Files are written before it (a key) or after it (marks): a crash in
    between leaves the old state or the new one, and the next start finishes the rest.
    """

    def __init__(self, signing: Signing, batch: Batch, turns: Turns, box: str, clock: Clock, random: Random) -> None:
        self.signing, self.batch, self.turns, self.box = signing, batch, turns, box
        self.log, self.clock, self.random = batch.log, clock, random

    @property
    def folder(self) -> Path:
        """The folder of the box."""
        return self.signing.folder

    @property
    def ask(self) -> Ask | None:
        """What the first of two people has asked for, if the second can still agree to it."""
        found = asked.read(self.folder)
        if found is None or self.clock.now() > found.at + PATIENCE or found.generation < self.next:
            return None
        return found

    def may(self, picture: Picture, person: str, read: Read) -> Post | None:
        """The post by which somebody is one of the two people: who administers the box, or approves for the whole committee."""
        posts = (picture.post_for(person, permission, picture.root, read.today) for permission in MAY)
        return next((post for post in posts if post is not None), None)

    @property
    def next(self) -> int:
        """The smallest number that the next generation may have: above its own, and above whatever left this box."""
        left = self.signing.mark.last
        return max(self.log.generation, 0 if left is None else left.generation) + 1

    def request(self, read: Read, person: str, *, stolen: bool = False, generation: int | None = None) -> Ask:
        """The first of two people asks for the next generation. Durable on return.

        `generation`: its number, where people know of papers with a larger one than this box does.

        Raises Forbidden for who may not, Refused where the box signs and no key was stolen, or nothing agrees with what left.
        """
        if self.may(read.picture, person, read) is None:
            raise Forbidden("You hold no post that may do this here.")
        halted, found = self.signing.halted, self.signing.found
        if found is None or not (halted or stolen):
            raise Refused("The box signs: there is no reason for another generation of its log.")
        if found.size == 0:
            raise Refused("Nothing in this box agrees with what it has given out. Restore it from a backup.")
        reason: Reason = "key_stolen" if stolen else halted.reason  # type: ignore[assignment, union-attr]
        number = self.next if generation is None else generation
        if not self.next <= number < self.next + MOST_AHEAD:
            raise Invalid("The number of the next generation is at least {least}.", least=self.next,
                          fields={"generation": words("A number from {least} on", least=self.next)})  # fmt: skip
        ask = Ask(person, self.clock.now(), number, found.size, found.root.hex(), reason)
        asked.write(self.folder, ask)
        return ask

    def withdraw(self, read: Read, person: str) -> None:
        """Nothing is asked any more. Raises Forbidden for who may not."""
        if self.may(read.picture, person, read) is None:
            raise Forbidden("You hold no post that may do this here.")
        asked.clear(self.folder)

    def open_next(self, read: Read, person: str, key: str) -> Answer:
        """The second of two people agrees: the log goes on as the next generation. In the writer's thread and transaction.

        `key`: the public key that signs from now on (base64), which stands in the folder. Raises Refused when nothing is asked,
        or by the first person, Forbidden for who may not. The caller calls `settle` after the commit.
        """
        ask, halted = self.ask, self.signing.found
        post = self.may(read.picture, person, read)
        if post is None:
            raise Forbidden("You hold no post that may do this here.")
        if ask is None or halted is None or (ask.size, ask.root) != (halted.size, halted.root.hex()):
            raise Refused("Nobody has asked for the next generation, or it was too long ago. Ask again.")
        if ask.by == person:
            raise Refused("The second person has to be another one than the first.")
        record = self._opened(ask, halted.orphans, key)
        self._go_on(ask, key)
        self.batch.signers = keys.signers(self.folder / "keys", self.signing.name, ask.generation, [key])
        return self._state(record, read, person, post)

    def key_to_go_on(self, current: str) -> str:
        """The public key that the next generation is signed by: the current one, unless it is missing or was stolen."""
        ask = self.ask
        if self.signing.signers and (ask is None or ask.reason != "key_stolen"):
            return current
        return self.next_key()

    def next_key(self) -> str:
        """The public key for a generation that may not have the old one; made and durable on return, the same if asked again."""
        path = self.folder / "keys" / keys.NEXT
        if not path.exists():
            keys.make_one(path)
        return self.public(keys.NEXT)

    def public(self, name: str) -> str:
        """The public half (base64) of a key file of the box."""
        origin = origin_of(self.signing.name, self.log.generation)
        return to_base64(Signer(origin, keys.seed(self.folder / "keys", name)).verifier.public_key)

    def announce(self, read: Read, person: str, key: str) -> Answer:
        """A second key signs beside the first from now on. Raises Refused while one is announced already."""
        if announced_since(read.connection, self._first()):
            raise Refused("The next key was announced already. Retire the old one first.")
        answer = self._state(KeyAnnounced(key=key), read, person, None)
        self.batch.signers = keys.signers(
            self.folder / "keys", self.signing.name, self.log.generation, [self._current(), key]
        )
        return answer

    def retire(self, read: Read, person: str) -> Answer:
        """The announced key signs alone from now on. Raises Refused when none is announced, or both have not signed yet."""
        waiting = announced_since(read.connection, self._first())
        head = self.log.head
        if not waiting or head is None or head.size <= waiting[0].position:
            raise Refused("No next key was announced: there is nothing to go on with.")
        after = waiting[0]
        record = KeyRetired(key=self._current(), note=head.note.decode())
        answer = self._state(record, read, person, None, refs=(f"r{after.subject}",))
        self.log.connection.execute("UPDATE box SET key=? WHERE no=1", (after.key,))
        self.batch.signers = keys.signers(self.folder / "keys", self.signing.name, self.log.generation, [after.key])
        return answer

    def settle(self, public: str) -> None:
        """After the commit of an opening: marks and files say what the log says."""
        head = self.log.head
        assert head is not None
        self.signing.reconciled(head)
        self.put_away(public)

    def put_away(self, public: str) -> None:
        """The key that signs alone takes the file of the one before it."""
        keys.settle(self.folder / "keys", public)

    def _opened(self, ask: Ask, orphans: tuple[bytes, ...], key: str) -> GenerationOpened:
        head = self.log.head
        assert head is not None
        notes = dict.fromkeys((*orphans, *((head.note,) if head.size > ask.size else ())))
        return GenerationOpened(
            generation=ask.generation, before=self.log.generation, size=ask.size,
            root=to_base64(bytes.fromhex(ask.root)), reason=ask.reason,
            orphans=tuple(note.decode() for note in notes), asked_by=ask.by, key=key,
        )  # fmt: skip

    def _go_on(self, ask: Ask, key: str) -> None:
        """The log over the common entries; where some are left behind, everything is folded again without them."""
        log, engine = self.log, self.batch.engine
        left_behind = log.size > ask.size
        log.go_on(ask.generation, ask.size, bytes.fromhex(ask.root), self._current())
        run = log.connection
        run.execute("UPDATE box SET key=? WHERE no=1", (key,))
        if left_behind:
            run.execute("DELETE FROM act WHERE box=? AND first>=?", (log.box, ask.size))
            run.execute("DELETE FROM cursor WHERE box=?", (log.box,))
            catchup.catch_up(engine, log.size)
            self.batch.reshaped()

    def _state(
        self, record: GenerationOpened | KeyAnnounced | KeyRetired, read: Read, person: str, post: Post | None,
        refs: tuple[str, ...] = (),
    ) -> Answer:  # fmt: skip
        stated: list[Stated] = [state(record, self.box, read.picture.root, refs)]
        return self.turns.append(Asked(actor=person, act=self.random(16).hex()), stated, read, "core", post, None)

    def _current(self) -> str:
        row = self.log.connection.execute("SELECT key FROM box WHERE no=1").fetchone()
        if row is None:
            raise Fatal("the database does not say by which key the box signs")
        return str(row[0])

    def _first(self) -> int:
        lineage = self.log.reader.lineage
        return lineage.first_of(lineage.generation)
