"""`chibox health`: the state of a box that runs, as its own page shows it, for whoever sits at a terminal."""

import argparse
from pathlib import Path
from typing import Final

from chibox.calling import Running
from chibox.console import Parser, Terminal
from chibox.errors import Words, words

_STATES: Final[dict[str, Words]] = {
    "good": words("Good"),
    "attention": words("Needs attention"),
    "trouble": words("Trouble"),
    "off": words("Off"),
}


def arguments(parser: Parser) -> None:
    """Of which box."""
    parser.takes("box", type=Path, metavar="BOX", help=words("The folder of the box"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """A line for each check, worst first, and the next step below it; 1 when something is in trouble or nobody answers."""
    state, checks = Running(asked.box, terminal.language).health()
    for check in checks:
        terminal.show(f"{terminal.said(_STATES[check['state']])}: {check['name']}: {check['sentence']}")
        for more in ("technique", "step"):
            if more in check:
                terminal.show(f"    {check[more]}")
    return 1 if state == "trouble" else 0
