"""The box tidies up after itself: sessions, links, tries and drafts that are over, digests of commands, old readings."""

import datetime as dt
from typing import Final

from chibox.identity.closing import last_closed
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
        with duty.reading() as read:
            closed = last_closed(read)
            last = position_at(read, read.today - dt.timedelta(days=DIGEST_DAYS))
        office.access.purge(now, office.box.settings.access_months, closed)
        if last is not None:
            office.box.writer.submit(lambda: _drop_digests(office, last), alone=True).result()

    return Task("purge", purge, dt.timedelta(hours=6))


def _drop_digests(office: Office, last: int) -> int:
    """In the writer's thread: acts up to `last` are from now on known by their id alone."""
    batch = office.box.batch
    found = batch.connection.execute(
        "UPDATE act SET digest=NULL WHERE box=1 AND last<=? AND digest IS NOT NULL", (last,)
    )
    batch.changed = batch.changed or found.rowcount > 0
    return found.rowcount
