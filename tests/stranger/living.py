"""What a box does in a process of its own, with or without the garden: `python -m tests.stranger.living WHAT FOLDER`.

Prints what it found as JSON.
"""

import json
import sys
from pathlib import Path
from typing import Any

from chibox.box import Box
from chibox.clock import GivenClock
from chibox.commands import Asked
from chibox.core_commands import CreateUnit
from chibox.plugins import Plugins
from chibox.testing.boxes import TODAY, Sandbox, act
from chibox.verifying import verify_box

CLOCK = GivenClock.on(TODAY)


def use(folder: Path) -> dict[str, Any]:
    """Found a box, plant and watch, look at the page."""
    from chibox_garden.plugin import Plant, Watch  # noqa: PLC0415

    from chibox.testing.sites import site  # noqa: PLC0415  this process may have no garden

    made = Sandbox(folder, Plugins.discover(("garden",)), CLOCK, 1)
    clerk = made.someone("clerk")
    answer = made.ask(Plant(unit=made.root, what="Bưởi"), actor=clerk)
    made.ask(Watch(plots=(made.subject(answer),), seen="mưa"), actor=clerk)
    with site(made.box) as signed_in:
        shown = signed_in(clerk).get("/garden")
    found = state(made.box, answer.first)
    made.box.close()
    return {**found, "status": shown.status_code, "shown": "Bưởi" in shown.text, "position": answer.first}


def go_on(folder: Path) -> dict[str, Any]:
    """Open the box with every plugin that is there, record something of core's, and say how all stands."""
    box = Box.open(folder, clock=CLOCK, plugins=Plugins.discover(("garden",)))
    with box.reading() as read:
        administrator = read.entry(0).body.administrator  # type: ignore[union-attr]
    command = CreateUnit(parent=box.picture.root, name=f"Chi bộ {box.log.size}", kind="cell", day=TODAY)
    box.perform_now(Asked(actor=administrator, act=act()), command)
    found = state(box, int(sys.argv[3]))
    box.close()
    return found


def state(box: Box, position: int) -> dict[str, Any]:
    """Which plugins work and which are broken; the planted record; whether all verifies."""
    with box.reading() as read:
        entry = read.entry(position)
        tables = [
            name for (name,) in read.connection.execute("SELECT name FROM sqlite_schema WHERE name='garden_plot_1'")
        ]
        rows = read.connection.execute("SELECT what, seen FROM garden_plot_1").fetchall()
    report = verify_box(box.folder, plugins=box.plugins)
    return {
        "names": box.plugins.names,
        "broken": {broken.name: broken.why for broken in box.plugins.broken},
        "kind": entry.kind,
        "body": entry.body is not None,
        "kept": box.log.body(position) is not None,
        "tables": tables,
        "rows": rows,
        "ok": report.ok,
        "faults": [] if report.ok else report.lines(),
    }


if __name__ == "__main__":
    print(json.dumps({"use": use, "go_on": go_on}[sys.argv[1]](Path(sys.argv[2]))))  # noqa: T201
