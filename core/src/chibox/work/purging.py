"""The box tidies up after itself: sessions, links, tries and drafts that are over, digests of commands, old readings."""

import datetime as dt
from typing import Final

from chibox.errors import Away
from chibox.identity.closing import DropReadings, dropped_days, is_droppable, last_closed
from chibox.office import Office
from chibox.reading import position_at
from chibox.work.tasks import Duty, Task

DIGEST_DAYS: Final = 30  # as long as a command may be sent again with its body compared


def purge_task(office: Office) -> Task:
    """The task of core."""

    def purge(duty: Duty) -> None:
        now = office.box.clock.now()
        office.sessions.purge(now)
        office.accounts.purge(now)
        office.drafts.purge(now)
        drop_readings(duty, office)
        with duty.reading() as read:
            last = position_at(read, read.today - dt.timedelta(days=DIGEST_DAYS))
        if last is not None:
            office.box.writer.submit(lambda: _drop_digests(office, last), alone=True).result()

    return Task("purge", purge, dt.timedelta(hours=6))


def drop_readings(duty: Duty, office: Office) -> int:
    """Drop the days of the access log that are older than the box keeps them. Returns how many rows.

    The log states it first: a crash between leaves rows that it says are dropped, and the next run drops them. What was
    dropped and the log has lost again, by a restore, it states anew. While the box records nothing rows stay.
    """
    now, months = duty.now(), office.box.settings.access_months
    with duty.reading() as read:
        days = office.access.old_days(now, months, last_closed(read))
        lost = [day for day in office.access.dropped() if is_droppable(read, day, months)]
        said = dropped_days(read)
    new = tuple(day for day in sorted({*days, *lost}) if day not in said)
    try:
        if new:
            duty.perform(DropReadings(days=new, months=months))
    except Away:
        return 0
    return office.access.drop(days, now, months) if days else 0


def _drop_digests(office: Office, last: int) -> int:
    """In the writer's thread: acts up to `last` are from now on known by their id alone."""
    batch = office.box.batch
    found = batch.connection.execute(
        "UPDATE act SET digest=NULL WHERE box=1 AND last<=? AND digest IS NOT NULL", (last,)
    )
    batch.changed = batch.changed or found.rowcount > 0
    return found.rowcount
