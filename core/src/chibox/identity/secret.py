"""Secrets of people: which may be chosen, how they are kept (argon2id over a keyed digest), how they are compared."""

import base64
import hmac
import re
import secrets
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chibox.errors import Away, Invalid, Words, words

PIN: Final = re.compile(r"[0-9]{6}\Z")
LEAST: Final = 8
MOST: Final = 256
_SAME: Final = 3  # a PIN needs so many different digits
_hasher = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)
_one_at_a_time = threading.Lock()  # each takes 46 MiB and one core while it lasts
_waiting = threading.Semaphore(16)  # who else tries is told to come again: pages need threads too


class Secrets:
    """Keeps and compares secrets. `pepper` stands in a file beside the database: whoever has only that cannot guess a PIN."""

    def __init__(self, pepper: bytes) -> None:
        self._pepper = pepper

    def keep(self, person: str, secret: str) -> str:
        """What may be stored of a secret. Raises Away when too many come at once."""
        with _turn():
            return _hasher.hash(self._keyed(person, secret))

    def is_right(self, person: str, kept: str | None, secret: str) -> bool:
        """Whether it is the person's secret. Takes as long where nothing is kept. Raises Away when too many come at once."""
        with _turn():
            try:
                _hasher.verify(kept or _of_nobody(), self._keyed(person, secret))
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def digest(self, word: str) -> bytes:
        """A keyed digest, for names that were typed: they may hold a secret typed into the wrong field."""
        return hmac.digest(self._pepper, b"typed/v1\0" + word.encode(), "sha256")

    def _keyed(self, person: str, secret: str) -> bytes:
        return hmac.digest(self._pepper, b"secret/v1\0" + person.encode() + b"\0" + _plain(secret).encode(), "sha256")


@contextmanager
def _turn() -> Iterator[None]:
    if not _waiting.acquire(blocking=False):
        raise Away("Too many sign in at this moment. Try again in a minute.")
    try:
        with _one_at_a_time:
            yield
    finally:
        _waiting.release()


def _of_nobody() -> str:
    """What looks like something kept, takes as long to compare, and no secret opens."""
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


def check(secret: str, again: str) -> None:
    """Raises Invalid, field by field, for what may not be chosen as a secret."""
    secret, again = _plain(secret), _plain(again)
    if PIN.match(secret):
        if _easy(secret):
            raise _wrong("secret", words("A PIN such as 123456 or 111111 is guessed at once: choose another one"))
    elif len(secret) < LEAST:
        least = words("Six digits, or at least {least} letters; here there are {count}", least=LEAST, count=len(secret))
        raise _wrong("secret", least)
    elif len(secret) > MOST:
        raise _wrong("secret", words("At most {most} letters; here there are {count}", most=MOST, count=len(secret)))
    elif len(set(secret)) < _SAME:
        raise _wrong("secret", words("One or two letters repeated are guessed at once: choose another password"))
    if secret != again:
        raise _wrong("again", words("This is not what was typed above"))


def is_pin(secret: str) -> bool:
    """Whether it is a PIN."""
    return PIN.match(_plain(secret)) is not None


def _wrong(field: str, reason: Words) -> Invalid:
    return Invalid(reason.msgid, fields={field: reason}, **reason.params)


def _easy(pin: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    most = Counter(pin).most_common(1)[0][1]
    return len(set(pin)) < _SAME or most > _SAME or len(steps) == 1 or pin[:3] == pin[3:]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
