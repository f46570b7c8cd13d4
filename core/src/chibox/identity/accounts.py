"""Signing in, apart from who does it: the built-in accounts of a box, or a login server. Both say only who a person is."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from chibox.errors import Refused


class NotSignedIn(Refused):
    """Nobody is signed in, or what was typed proved nothing. One sentence for every reason, so that it tells no secret."""

    status = 401

    def __init__(self, msgid: str, /, *, wait: int = 0, **params: object) -> None:
        super().__init__(msgid, **params)
        self.wait = wait
        """Seconds until the next try makes sense."""


class Proof(msgspec.Struct, frozen=True):
    """Who has proved who they are. Permissions never come from here: they come from posts."""

    person: str


class AccountState(msgspec.Struct, frozen=True):
    """What the page of people shows: whether a secret is set, which kind, until when an unused link works (ms)."""

    secret: bool = False
    pin: bool = False
    link_until: int | None = None


class SignIn(Protocol):
    """How a person proves who they are."""

    def begin(self, back: str) -> str | None:
        """The address of a login server to send the browser to, which sends it back to `back`; None: the box's own form asks."""
        ...

    def finish(self, answer: Mapping[str, str]) -> Proof:
        """Who proved it, by the fields of the form or of the address that the browser came back with. Raises NotSignedIn."""
        ...


class Accounts(Protocol):
    """Who may sign in. A box that uses a province's login server has none of its own."""

    def one_time_link(self, person: str) -> str:
        """A fresh token that lets the person choose a secret, once, within 14 days; older ones end. Durable on return."""
        ...

    def state(self, person: str) -> AccountState:
        """What is known of a person's account."""
        ...

    def close_account(self, person: str) -> None:
        """Nobody signs in as this person any more, until a new link is made; sessions are ended by whoever asks."""
        ...
