"""A process that imports and is killed: FOLDER TIME OWNER DRAFT WHAT POINT are its arguments.

It kills itself (kill -9) at the POINT-th time that it is about to write to the drafts, so that each moment between two
writes is tried. Where it comes to its end, it tells "done".
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from plugins.membership.tests.importing.house import Clerk, House

from chibox.box import Box
from chibox.clock import GivenClock
from chibox.drafts.drafts import Drafts
from chibox.plugins import Plugins
from chibox_membership.importing.desk import KIND

_WRITING: Final = ("save", "put", "amend", "keep")


def kill_at(point: int) -> None:
    """From now on the `point`-th writing to a draft is the end of this process, before anything of it is written."""
    count = 0

    def watched(write: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **named: Any) -> Any:
            nonlocal count
            count += 1
            if count == point:
                os.kill(os.getpid(), signal.SIGKILL)
            return write(*given, **named)

        return wrapped

    for name in _WRITING:
        setattr(Drafts, name, watched(getattr(Drafts, name)))


def main() -> None:
    """Open the box, and do what is asked until the end comes."""
    folder, time, owner, draft, what, point = sys.argv[1:]
    box = Box.open(Path(folder), clock=GivenClock(int(time)), plugins=Plugins.discover(("membership",)))
    house = House(box)
    clerk = Clerk(house, owner)
    kill_at(int(point))
    if what == "try":
        house.work()
    else:
        clerk.record(clerk.drafts.get(draft, KIND))
    os.write(1, b"done\n")
    house.close()
    box.close()


if __name__ == "__main__":
    main()
