"""One-time links, as the command line hands them out."""

from collections.abc import Sequence
from pathlib import Path

from chibox.calling import Running
from chibox.identity.built_in import BuiltIn


def one_time_links(folder: Path, people: Sequence[str]) -> list[str]:
    """A fresh link of each, to where the box is served or will be; older links of these people end."""
    address = Running(folder).address
    accounts = BuiltIn.open(folder)
    try:
        return [f"{address}/link/{accounts.one_time_link(person)}" for person in people]
    finally:
        accounts.close()
