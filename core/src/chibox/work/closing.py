"""Each day that is over is closed in the access log, and the log states its digest: also days on which the box was off."""

import datetime as dt
from typing import Final

from chibox.clock import day as day_at
from chibox.errors import Away
from chibox.identity.access import AccessLog
from chibox.identity.closing import MOST, CloseReadings, Day, last_closed
from chibox.office import Office
from chibox.work.tasks import Duty, Task

GRACE: Final = 10 * 60_000  # ms after midnight: a page that was begun before stands in its own day
_ONE: Final = dt.timedelta(days=1)


def closing_task(office: Office) -> Task:
    """The task of core: after a start, then every few minutes."""
    return Task("close_readings", lambda duty: close_days(duty, office.access), dt.timedelta(minutes=10))


def close_days(duty: Duty, access: AccessLog) -> int:
    """Close every day that is over and that the log has not closed. Returns how many.

    The rows of a day are closed first, then its digest is stated: a crash between leaves a closed day, and the next run states
    the same. While the box records nothing the days wait.
    """
    now = duty.now()
    first, today = access.begin(day_at(now)), day_at(now - GRACE)
    with duty.reading() as read:
        last = last_closed(read)
    day = first if last is None else last + _ONE
    count = 0
    while day < today:
        end = min(today, day + MOST * _ONE)
        found = [access.close_day(day + number * _ONE) for number in range((end - day).days)]
        days = tuple(Day(day=one.day, count=one.count, digest=one.digest) for one in found if one is not None)
        try:
            if days:
                duty.perform(CloseReadings(days=days))
        except Away:
            return count
        count, day = count + len(days), end
    return count
