"""`chibox kinds-lock`: for who writes a plugin: freeze its new kinds, before the first record of them is stated."""

import argparse
from importlib.resources import files
from pathlib import Path

from chibox.console import Parser, Terminal
from chibox.errors import NotFound, words
from chibox.kindslock import NAME, write_lock
from chibox.plugins import Plugins


def arguments(parser: Parser) -> None:
    """Of which plugin."""
    parser.takes("plugin", metavar="PLUGIN", help=words("The name of the plugin"))


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Add the new kinds to the lock beside the plugin's modules. Refused when a frozen kind was changed."""
    found = Plugins.discover()
    if asked.plugin not in found.names:
        why = next((broken.why for broken in found.broken if broken.name == asked.plugin), "")
        if why:
            raise NotFound("{name} does not work: {why}", name=asked.plugin, why=why)
        raise NotFound("No plugin {name} is installed.", name=asked.plugin)
    folder = Path(str(files(found.package(asked.plugin))))
    records = dict(found.each("kinds")).get(asked.plugin, ())
    for name in write_lock(folder, records):
        terminal.show(name)
    terminal.say(words("{file} holds {count} kinds.", file=folder / NAME, count=len(records)))
    return 0
