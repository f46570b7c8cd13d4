"""What can go wrong, in words that a person can read; one handler turns these into a page or a problem document."""

import traceback
from pathlib import Path
from typing import Any, ClassVar, NamedTuple


class Words(NamedTuple):
    """A sentence for a person: an English msgid with `{named}` parameters, translated where it is shown."""

    msgid: str
    params: dict[str, Any]

    def __str__(self) -> str:
        """The English sentence."""
        return self.msgid.format(**self.params)


def words(msgid: str, /, **params: Any) -> Words:
    """The sentence `msgid` with its parameters."""
    return Words(msgid, params)


class ChiboxError(Exception):
    """Every error that chibox raises on purpose. `status` is the HTTP status that answers it."""

    status: ClassVar[int] = 500

    def __init__(self, msgid: str, /, **params: Any) -> None:
        self.words = Words(msgid, params)
        super().__init__(str(self.words))


class Refused(ChiboxError):
    """A rule says no. Raised before anything is written; nothing has changed."""

    status = 409


class Invalid(Refused):
    """The input itself cannot be taken; `fields` says which field and why."""

    status = 422

    def __init__(self, msgid: str, /, *, fields: dict[str, Words] | None = None, **params: Any) -> None:
        super().__init__(msgid, **params)
        self.fields: dict[str, Words] = fields or {}


class Forbidden(Refused):
    """The actor holds no post that may do this."""

    status = 403


class NotFound(Refused):
    """What was asked for is not there, or not for the one who asks."""

    status = 404


class Conflict(Refused):
    """Someone was faster: the subject has moved since the actor saw it."""

    status = 409


class Away(ChiboxError):
    """The box cannot do this now (stopping, a projection catching up); later it can."""

    status = 503


class Fatal(ChiboxError):
    """The state is unknown (a failed sync, a broken log). The process stops; the next start recovers by the usual path."""

    status = 500


def where(error: BaseException) -> str:
    """What was raised and where, for a log line. Not its message: that may hold a person's name."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(
        [type(error).__name__, *(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))]
    )
