"""What a log tells of itself: who founded it, where a generation begins, which keys sign which of its checkpoints."""

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from chibox.errors import Words, words
from chibox.records.envelope import FOUNDED
from chibox.records.verify.keys import public_key

OPENED: Final = "core.generation_opened.1"
ANNOUNCED: Final = "core.key_announced.1"
RETIRED: Final = "core.key_retired.1"
TELLING: Final = frozenset({FOUNDED, OPENED, ANNOUNCED, RETIRED})

Key = bytes | None


class Event(NamedTuple):
    """An entry of one of the kinds above. `fields`: what its body states; None where the body is not given."""

    position: int
    kind: str
    fields: dict[str, object] | None


class Era(NamedTuple):
    """From a checkpoint of size `begin` on these keys sign, a line each in this order. None: no body shows the key."""

    begin: int
    keys: tuple[Key, ...]


class Handed(NamedTuple):
    """At the entry `position` the first of two keys was retired. `note`: what is stated as the last checkpoint by both."""

    position: int
    begin: int
    keys: tuple[Key, ...]
    note: str | None


class Telling:
    """The events of one generation, in order. Faults in them go to `fault`, by position."""

    def __init__(self, events: Iterable[Event], fault: Callable[[int, Words], None]) -> None:
        self.eras: list[Era] = []
        self.handed: list[Handed] = []
        self.opened: list[Event] = []
        self.name: str | None = None
        self._fault = fault
        for event in events:
            self._take(event)

    def keys_at(self, size: int) -> tuple[Key, ...]:
        """The keys whose lines stand under the checkpoint of that size; none where nothing tells."""
        return next((era.keys for era in reversed(self.eras) if era.begin <= size), ())

    def retired_at(self, size: int) -> dict[bytes, int]:
        """The keys of this generation that sign no checkpoint of that size any more, and the entries that say so."""
        return {one.keys[0]: one.position for one in self.handed if one.position < size and one.keys[0] is not None}

    @property
    def keys(self) -> frozenset[Key]:
        """Every key that is told."""
        return frozenset(key for era in self.eras for key in era.keys)

    def _take(self, event: Event) -> None:
        position, kind, fields = event
        before = self.eras[-1] if self.eras else Era(0, ())
        key = None if fields is None else public_key(fields.get("key"))
        if fields is not None and key is None and kind != FOUNDED:  # of a founding entry it was said already
            self._fault(position, words("it does not state a public key"))
        if kind == ANNOUNCED:
            if len(before.keys) != 1:
                self._fault(position, words("it announces a key while another one is announced"))
            keys: tuple[Key, ...] = (*before.keys[-1:], key)
        elif kind == RETIRED:
            keys = self._retire(event, before, key)
        else:
            keys = (key,)
            if kind == OPENED:
                self.opened.append(event)
                self.handed.clear()
            elif fields is not None and isinstance(fields.get("name"), str):
                self.name = str(fields["name"])
        self.eras.append(Era(position + 1, keys))

    def _retire(self, event: Event, before: Era, key: Key) -> tuple[Key, ...]:
        position, _, fields = event
        if len(before.keys) != 2 or (key is not None and before.keys[0] not in (None, key)):  # noqa: PLR2004
            self._fault(position, words("it retires a key that no announced one follows"))
        else:
            note = None if fields is None else fields.get("note")
            self.handed.append(Handed(position, before.begin, before.keys, note if isinstance(note, str) else None))
            if fields is not None and not isinstance(note, str):
                self._fault(position, words("it does not state the last checkpoint that both keys signed"))
        return before.keys[1:] or before.keys
