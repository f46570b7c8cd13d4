"""A backup each night, where the settings name a folder for them."""

import datetime as dt
from pathlib import Path
from typing import Final

from chibox.backup import care
from chibox.backup.taking import take
from chibox.clock import local
from chibox.office import Office
from chibox.work.tasks import Duty, Task

_HOUR: Final = dt.time(2)  # o'clock in Viet Nam


def backup_task(office: Office) -> Task:
    """The task of core: whenever an hour has passed it looks whether last night's backup is there, and makes it if not.

    One that failed is tried again an hour later, and shows in health.
    """

    def back_up(duty: Duty) -> None:
        settings = office.box.settings
        if not settings.backup or not is_due(care.read(office.box.folder), duty.now()):
            return
        target = Path(settings.backup)
        take(office.box.folder, target, keep=settings.backup_keep, plugins=office.box.plugins, clock=office.box.clock)

    return Task("backup", back_up, dt.timedelta(hours=1))


def is_due(known: care.Care, now: int) -> bool:
    """Whether no backup was made since the last two o'clock at night."""
    at = local(now)
    night = dt.datetime.combine(at.date(), _HOUR, at.tzinfo)
    night = night if night <= at else night - dt.timedelta(days=1)
    return known.backup is None or local(known.backup.at) < night
