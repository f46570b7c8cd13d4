"""Commands: what someone asks to do; each is decided by a plain function into records."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_type_hints

import msgspec

from chibox.identity.permissions import Need
from chibox.records.stated import Stated

if TYPE_CHECKING:
    from chibox.reading import Read


LARGEST: Final = 1 << 20
"""Bytes of a command as JSON; an import says that it has more."""


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of every command: its fields are the body of `POST /api/<plugin>/<command>`, and of its form."""


C = TypeVar("C", bound=Command)


def name_of(command: type[Command]) -> str:
    """The name by which a command is asked for: `CreateUnit` -> `create_unit`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", command.__name__).lower()


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks, by which act (an id made by the client: sent again, it is done once), and what they had seen.

    `seen`: the last position about the command's subject that the actor knew. `on_behalf`: for whom it is entered.
    `from_paper`: it is entered from a paper.
    """

    actor: str
    act: str
    seen: int | None = None
    on_behalf: str | None = None
    from_paper: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What the log says of an act: its first and last position. The last is the receipt number that people see."""

    act: str
    first: int
    last: int


class Definition(msgspec.Struct, frozen=True):
    """A command with its rule: what it needs, on which field its subject stands, how it is decided, how large it may be."""

    plugin: str
    name: str
    command: type[Command]
    needs: Callable[[Any, "Read"], Sequence[Need]]
    decide: Callable[[Any, "Read"], list[Stated]]
    about: str | None = None
    largest: int = LARGEST
    alone: bool = False


class Commands:
    """The commands of one plugin."""

    def __init__(self, plugin: str) -> None:
        self.plugin = plugin
        self.definitions: dict[type[Command], Definition] = {}

    def decides(
        self,
        *,
        needs: Callable[[Any, "Read"], Sequence[Need]],
        about: str | None = None,
        largest: int = LARGEST,
        alone: bool = False,
    ) -> Callable[[Callable[[C, "Read"], list[Stated]]], Callable[[C, "Read"], list[Stated]]]:
        """Declare `(command, read) -> list[Stated]` as the decision on its command; it raises Refused with words for a person.

        It runs in the writer's thread, sees the rows of every command before it, and its only sources are `command` and
        `read`. `needs` gives the (permission, unit) pairs that the actor's posts must meet. `about` names the field with the
        existing subject: such a command carries `seen`, and is refused when a colleague was faster. `largest`: how many
        bytes it may have as JSON, at the interface. `alone` is for commands of thousands of records, such as an import: a
        transaction of its own, so that an error in it costs nobody else time.
        """

        def declare(decide: Callable[[C, "Read"], list[Stated]]) -> Callable[[C, "Read"], list[Stated]]:
            hint = next(iter(get_type_hints(decide).values()))
            self.definitions[hint] = Definition(self.plugin, name_of(hint), hint, needs, decide, about, largest, alone)
            return decide

        return declare
