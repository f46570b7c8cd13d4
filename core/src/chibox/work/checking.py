"""The check of the whole box, when somebody has asked for it: found again after a crash."""

import datetime as dt

from chibox.checking.whole import NAME
from chibox.office import Office
from chibox.work.tasks import Duty, Task


def whole_task(office: Office) -> Task:
    """The task of core. Without a question it does nothing; what was asked and not ended is asked still."""

    def check(_: Duty) -> None:
        office.whole.run()

    return Task(NAME, check, dt.timedelta(hours=1))
