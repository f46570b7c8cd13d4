"""A draft: what one person has begun in one area, with its state."""

from typing import TypeVar

import msgspec

from chibox.errors import Invalid

S = TypeVar("S", bound=msgspec.Struct)


class Draft(msgspec.Struct, frozen=True):
    """A draft as it stood when it was read. Times are ms; `until` None: until it is dropped; `revision` grows with each save."""

    id: str
    kind: str
    owner: str
    made: int
    changed: int
    until: int | None
    revision: int
    text: bytes

    def state(self, shape: type[S]) -> S:
        """The state. Raises Invalid when it was begun by a version of the plugin that kept another one."""
        return decoded(self.text, shape)


class File(msgspec.Struct, frozen=True):
    """A file that somebody sent: its name without any folder, and its bytes."""

    name: str
    data: bytes


def decoded(text: bytes, shape: type[S]) -> S:
    """What was kept as JSON. Raises Invalid when it has another shape."""
    try:
        return msgspec.json.decode(text, type=shape)
    except msgspec.ValidationError:
        raise Invalid("This was begun with another version of the box; begin again.") from None
