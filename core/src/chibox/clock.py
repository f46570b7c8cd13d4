"""What time it is: the one source of time in a box, and the one that tests and demo boxes replace."""

import datetime as dt
import time
from typing import Protocol

VIETNAM = dt.timezone(dt.timedelta(hours=7))  # Asia/Ho_Chi_Minh: no daylight saving since 1975
_DAY = 86_400_000
_OFFSET = 7 * 3_600_000
_EPOCH = dt.date(1970, 1, 1).toordinal()


class Clock(Protocol):
    """Milliseconds since 1970, UTC."""

    def now(self) -> int:
        """The present, in ms."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> int:
        """The present, in ms."""
        return time.time_ns() // 1_000_000


class GivenClock:
    """A clock that stands where it was set: for tests, demo boxes and seeds."""

    def __init__(self, now: int) -> None:
        self.at = now

    @classmethod
    def on(cls, day: dt.date, hour: int = 8) -> "GivenClock":
        """A clock that stands at `hour` o'clock in Viet Nam on `day`."""
        return cls(int(dt.datetime(day.year, day.month, day.day, hour, tzinfo=VIETNAM).timestamp() * 1000))

    def now(self) -> int:
        """The given time, in ms."""
        return self.at


def ordinal(ms: int) -> int:
    """The day in Viet Nam at `ms`, as a proleptic ordinal (`date.toordinal`)."""
    return (ms + _OFFSET) // _DAY + _EPOCH


def day(ms: int) -> dt.date:
    """The day in Viet Nam at `ms`."""
    return dt.date.fromordinal(ordinal(ms))


def local(ms: int) -> dt.datetime:
    """The wall clock in Viet Nam at `ms`."""
    return dt.datetime.fromtimestamp(ms / 1000, VIETNAM)
