"""One-time links, as the command line hands them out."""

from pathlib import Path

from chibox.calling import Running
from chibox.identity.built_in import BuiltIn


def one_time_link(folder: Path, person: str) -> str:
    """A fresh link of a person, to where the box is served or will be; older links of that person end."""
    address = Running(folder).address
    accounts = BuiltIn.open(folder)
    try:
        return f"{address}/link/{accounts.one_time_link(person)}"
    finally:
        accounts.close()
