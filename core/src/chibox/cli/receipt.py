"""`chibox receipt`: the proof of one record or act, for the one who asks at the counter."""

import argparse
import re
from pathlib import Path
from typing import Final

from chibox.beside import Beside, beside
from chibox.console import Parser, Terminal
from chibox.errors import NotFound, words
from chibox.receipting import act_receipt, record_receipt

_NUMBER: Final = re.compile(r"([0-9][0-9.]*)(?:/([1-9][0-9]*))?")


def arguments(parser: Parser) -> None:
    """Which one, and into which file."""
    parser.takes("box", type=Path, metavar="BOX", help=words("The folder of the box"))
    parser.takes("number", metavar="NUMBER", help=words("The number of the receipt, as pages show it"))
    parser.takes("file", type=Path, metavar="FILE", help=words("The file to write; it may not be there yet"))
    parser.takes("--act", action="store_true", help=words("For the whole act, without content"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Write the receipt. Nobody has signed in here: content that says something about a person stays in the box."""
    with beside(asked.box) as box:
        position = _position(asked.number, box)
        head = box.publish()
        data = (act_receipt if asked.act else record_receipt)(box.read, head, position)
    with asked.file.open("xb") as file:
        file.write(data)
    terminal.say(words("The receipt stands in {file}.", file=asked.file))
    terminal.say(words("Verify it: chibox verify --receipt {file} --key KEY", file=asked.file))
    return 0


def _position(number: str, box: Beside) -> int:
    match = _NUMBER.fullmatch(number)
    if match is None or int(match[2] or 1) != box.head.generation:
        raise NotFound("There is no receipt number {number} in this log.", number=number)
    return int(match[1].replace(".", ""))
