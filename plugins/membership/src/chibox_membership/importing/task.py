"""The background work of imports: files that were laid on a desk are read and tried; what a crash left is found again."""

import datetime as dt
from typing import Final

from chibox.plugin import ChiboxError, Conflict, Draft, Duty, NotFound, Task
from chibox_membership.importing.desk import KIND, go_on, settle
from chibox_membership.importing.held import Desk

TRIAL: Final = "trial"
_LEFT: Final = 30_000
"""Milliseconds: a trial says more often than that how far it is; one that is silent was left by a crash."""
_STUCK: Final = 120_000
"""Milliseconds: an act that was asked longer ago was asked by a process that is no more."""


def run(duty: Duty) -> None:
    """Take every file as far as it goes. Somebody who works on one at this moment is not disturbed."""
    for draft in duty.drafts.all(KIND):
        try:
            _one(duty, draft)
        except (Conflict, NotFound):  # a page was faster, or the clerk threw it away
            continue


def _one(duty: Duty, draft: Draft) -> None:
    try:
        phase = draft.state(Desk).phase
    except ChiboxError:  # of another version of the plugin: its page says so
        return
    idle = duty.now() - draft.changed
    if phase == "reading" or (phase == "checking" and idle > _LEFT):
        go_on(duty.drafts, draft, duty.reading, duty.now)
    elif phase == "recording" and idle > _STUCK:
        with duty.reading() as read:
            settle(duty.drafts, draft, read, duty.now())


TASK: Final = Task(TRIAL, run, dt.timedelta(minutes=1))
