"""`chibox link`: a one-time link for whoever lost the password, or never had one."""

import argparse

from chibox.beside import beside
from chibox.cli.links import one_time_links
from chibox.console import Parser, Terminal
from chibox.errors import NotFound, words
from chibox.identity.tables import Person
from chibox.text import clean


def arguments(parser: Parser) -> None:
    """For whom, in which box."""
    parser.takes("person", metavar="PERSON", help=words("The name to sign in by, or the id of the person"))
    parser.takes_box()


def run(asked: argparse.Namespace, terminal: Terminal) -> int:
    """Print the link. Refused for someone whom the box does not know."""
    wanted = clean(asked.person).lower()
    with beside(asked.box) as box:
        table = box.read.table(Person)
        query = box.read.select(Person).where((table.sign_in == wanted) | (table.subject == wanted)).limit(1)
        found = box.read.rows(Person, query)
    if not found or not wanted:
        raise NotFound("Nobody signs in by the name {name} here.", name=asked.person)
    terminal.say(words("{name} chooses a password here, once, within 14 days:", name=found[0].sign_in))
    terminal.show(*one_time_links(asked.box, [found[0].subject]))
    return 0
