"""A process that erases in a box and is killed after the commit: `python -m tests.core.erasing.ending FOLDER ASKED ACTOR`."""

import os
import signal
import sys
from pathlib import Path

from tests.core.toys import toy_plugins

from chibox.box import Box
from chibox.clock import GivenClock
from chibox.commands import Asked
from chibox.erasing.commands import Erase
from chibox.testing.boxes import TODAY

if __name__ == "__main__":
    box = Box.open(Path(sys.argv[1]), clock=GivenClock.on(TODAY), plugins=toy_plugins())
    box.perform_now(Asked(actor=sys.argv[3], act=os.urandom(16).hex()), Erase(asked=sys.argv[2]))
    os.kill(os.getpid(), signal.SIGKILL)
