"""`chibox init`: the birth of a box, and the first administrator's way in."""

import argparse
from pathlib import Path
from typing import get_args

from chibox.birth import Founding
from chibox.box import Box
from chibox.cli.links import one_time_links
from chibox.console import Parser, Terminal
from chibox.errors import words
from chibox.organisation.records import UnitKind
from chibox.plugins import Plugins


def arguments(parser: Parser) -> None:
    """Where, and for whom."""
    parser.takes("folder", type=Path, metavar="DIR", help=words("The folder of the box: empty, or not there yet"))
    parser.takes("--name", required=True, help=words("The name of its log, for ever, such as xa-sao-mai.lamson"))
    parser.takes("--committee", required=True, help=words("The name of the committee, as it writes itself"))
    kinds = get_args(UnitKind)
    parser.takes("--kind", choices=kinds, default="grassroots_committee", help=words("What kind of committee it is"))
    parser.takes("--above", default="", help=words("The name of the party organisation above it"))
    parser.takes("--sign-in", default="quantri", help=words("The name by which the first administrator signs in"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Make the box; say how it is served, and how the administrator gets in."""
    founding = Founding(
        name=asked.name, committee=asked.committee, kind=asked.kind, above=asked.above, sign_in=asked.sign_in
    )
    administrator = Box.init(asked.folder, founding, plugins=Plugins.discover())
    terminal.say(words("The box stands in {folder}. Serve it: chibox run {folder}", folder=asked.folder))
    terminal.say(words("{name} chooses a password here, once, within 14 days:", name=founding.sign_in))
    terminal.show(*one_time_links(asked.folder, [administrator]))
    return 0
