"""Lines of log without personal data: places and kinds of errors, never their messages, which may hold a name."""

import json
import logging
import sys
import time
import traceback
from typing import IO, Any, Final

_FRAMES: Final = 12
_QUIET: Final = ("huey", "_granian", "granian.access", "asyncio")


class Lines(logging.Formatter):
    """One line an event: time (UTC), level, logger, message."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - its name
        """UTC, to the millisecond."""
        return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03}Z"

    def format(self, record: logging.LogRecord) -> str:
        """The line; an error among the arguments is told by its class only."""
        line = f"{self.formatTime(record)} {record.levelname.lower()} {record.name}: {message(record)}"
        raised = _raised(record)
        return f"{line} [{raised}]" if raised else line


class Objects(Lines):
    """One JSON object an event."""

    def format(self, record: logging.LogRecord) -> str:
        """The object on one line."""
        found: dict[str, Any] = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message(record),
        }
        if raised := _raised(record):
            found["error"] = raised
        return json.dumps(found, ensure_ascii=False)


def configure(form: str = "lines", stream: IO[str] | None = None) -> None:
    """Send every logger of the process to stderr in this form; called once, by whoever runs the process."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Objects() if form == "json" else Lines())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def message(record: logging.LogRecord) -> str:
    """What the record says, errors among its arguments replaced by their classes, on one line."""
    args = record.args
    if isinstance(args, tuple):
        args = tuple(type(a).__name__ if isinstance(a, BaseException) else a for a in args)
    text = str(record.msg)
    return " ".join((text % args if args else text).split())


def _raised(record: logging.LogRecord) -> str:
    error: BaseException | None = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    chain: list[str] = []
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        places = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        chain.append(f"{type(error).__module__}.{type(error).__qualname__} at {places}")
        error = error.__cause__ or error.__context__
    return "; caused by ".join(chain)
