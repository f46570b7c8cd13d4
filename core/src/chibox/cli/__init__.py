"""The command line: one module a command, read when it is asked for; plugins add their own by the hook `cli`."""

import importlib
import os
import sqlite3
import sys
from collections.abc import Sequence
from typing import Final, cast

from chibox import __version__
from chibox.console import CliCommand, Parser, Terminal, language_of
from chibox.errors import ChiboxError, Words, words

REFUSED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130

# Module and help of each: the list is shown without reading any of them.
COMMANDS: Final[dict[str, tuple[str, Words]]] = {
    "demo": ("demo", words("Serve a practice box; make and fill it the first time")),
    "init": ("init", words("Make a new box: its keys, its log, its first administrator")),
    "run": ("run", words("Serve a box until Ctrl-C")),
    "link": ("link", words("A one-time link by which somebody chooses a password")),
    "verify": ("verify", words("Verify an exported log, a box or a receipt, and name every fault")),
    "export-log": ("export_log", words("Write the log of a box into a folder that anyone can verify")),
    "sheet": ("sheet", words("Make the sealed sheet: the keys that open backups, to print; or check a print")),
    "backup": ("backup", words("Back up a box into one encrypted file, also while it serves")),
    "restore": ("restore", words("Restore a box from a backup, or rehearse it")),
    "receipt": ("receipt", words("Write the receipt of a record or an act into a file")),
    "reader": ("reader", words("Make, list or end addresses by which others read the log over the network")),
    "moved": ("moved", words("This box has moved here for good (the other one will never run again)")),
    "key": ("key", words("Show the key of a box's log and its fingerprint")),
    "health": ("health", words("Show the state of a box")),
    "plugins": ("plugins", words("List the plugins of this installation, and their commands")),
    "kinds-lock": ("kinds_lock", words("Freeze the kinds of a plugin in its kinds.lock")),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments (those of the process, if None) ask. Returns the state in which the process ends.

    0: done, or found good; 1: refused, each reason on a line; 2: the command line itself was not understood.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    terminal = Terminal(language_of(given, os.environ))
    try:
        return _run(given, terminal)
    except SystemExit as ended:  # argparse has said what there is to say
        return ended.code if isinstance(ended.code, int) else USAGE
    except ChiboxError as error:
        terminal.refuse(error)
    except sqlite3.Error as error:  # of a store beside the log: a disk that cannot be written, a file that was damaged
        terminal.complain(words("A file of the box cannot be read or written: {why}", why=str(error)))
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            terminal.hung_up()
        else:
            terminal.complain(words("{what}: {why}", what=error.filename or "", why=error.strerror or str(error)))
    except KeyboardInterrupt:
        return INTERRUPTED
    return REFUSED


def _run(given: list[str], terminal: Terminal) -> int:
    parser = Parser("chibox", words("The box of a party committee, from the command line."), terminal)
    parser.takes("--version", action="version", version=f"chibox {__version__}", help=words("Show the version"))
    listed = "\n".join(f"  {name:<12}{terminal.said(help_)}" for name, (_, help_) in COMMANDS.items())
    parser.listed = f"{terminal.said(words('Commands:'))}\n{listed}\n"
    parser.closing = words("Plugins add commands of their own: `chibox plugins` lists them.")
    parser.takes("command", nargs="?", help=words("What to do; `chibox COMMAND --help` tells more"))
    parser.takes("rest", nargs="...", help=words("Its arguments"))
    asked = parser.parse_args(given)
    if asked.command is None:
        parser.print_help()
        return USAGE
    command = _command(asked.command, terminal)
    if command is None:
        parser.error_in_words(words("There is no command {name}.", name=asked.command))
    own = Parser(f"chibox {command.name}", command.help, terminal)
    command.arguments(own)
    return command.run(own.parse_args(asked.rest), terminal)


def _command(name: str, terminal: Terminal) -> CliCommand | None:
    """The command of that name: core's first, then those of plugins, which are read only now, with their words."""
    if name in COMMANDS:
        module, help_ = COMMANDS[name]
        found = importlib.import_module(f"chibox.cli.{module}")
        return CliCommand(name, help_, found.arguments, found.run)
    discovered = importlib.import_module("chibox.plugins").Plugins.discover()
    for plugin, commands in discovered.each("cli"):
        for command in commands:
            if command.name == name:
                terminal.speak_for(["chibox", discovered.package(plugin)])
                return cast("CliCommand", command)
    return None
