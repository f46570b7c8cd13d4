"""`chibox moved`: the folder was copied or moved here for good, and the box that it was will never run again."""

import argparse
from pathlib import Path

from chibox.box import Box
from chibox.console import Parser, Terminal
from chibox.errors import Refused, words
from chibox.signing import place


def arguments(parser: Parser) -> None:
    """Which box, and that one knows what one says."""
    parser.takes("box", type=Path, metavar="BOX", help=words("The folder of the box, which does not run"))
    help_ = words("Say that you know: two boxes that record under one key contradict each other for ever")
    parser.takes("--the-other-is-gone", action="store_true", help=help_)


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Settle the box here. Refused while it runs, and for one that does not sign for another reason or for none."""
    box = Box.open(asked.box)
    try:
        halted = box.signing.halted
        if halted is None or halted.reason != "copied":
            raise (
                Refused("This box signs, and is no copy: there is nothing to say.")
                if halted is None
                else Refused(halted.words.msgid, **halted.words.params)
            )
        if not asked.the_other_is_gone:
            raise Refused("Add --the-other-is-gone when the box that this is a copy of will never run again.")
        place.settle(asked.box)
    finally:
        box.close()
    terminal.say(words("The box stands in {folder} from now on.", folder=asked.box))
    return 0
