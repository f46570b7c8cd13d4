"""`chibox plugins`: which plugins are installed, what each brings along, which one is broken and why."""

import argparse
from importlib.metadata import entry_points
from pathlib import Path

from chibox.console import Parser, Terminal
from chibox.errors import words
from chibox.plugins import CORE, GROUP, Plugins
from chibox.settings import load


def arguments(parser: Parser) -> None:
    """As this installation has them, or as a box loads them."""
    parser.takes("--box", type=Path, metavar="DIR", help=words("Only those that the settings of this box allow"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """A line for each plugin, one for each command that it adds here; 1 when one is broken."""
    allowed = None if asked.box is None else load(asked.box).allowed
    found = Plugins.discover(allowed)
    versions = {p.name: p.dist.version for p in entry_points(group=GROUP) if p.dist is not None}
    terminal.speak_for([found.package(name) for name in found.names])
    commands = dict(found.each("cli"))
    for name in found.names:
        if name != CORE:
            terminal.show(f"{name} {versions.get(name, '')}".rstrip())
            for command in commands.get(name, ()):
                terminal.show(f"  chibox {command.name:<12}{terminal.said(command.help)}")
    for broken in found.broken:
        terminal.say(words("{name} does not work: {why}", name=broken.name, why=broken.why))
    return 1 if found.broken else 0
