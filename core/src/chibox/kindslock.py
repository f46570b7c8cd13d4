"""The lock of a plugin's kinds: what a kind's fields and declarations were when it was frozen. They never change again."""

from collections.abc import Iterable
from pathlib import Path

from chibox.errors import Refused
from chibox.records.record import Kind, Record

NAME = "kinds.lock"


def read_lock(folder: Path) -> dict[str, str]:
    """Kind -> fingerprint, as frozen in the package that lies in `folder`; empty when there is no lock.

    Raises ValueError for a line that is none of a lock.
    """
    path = folder / NAME
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    found = dict(line.split(" ") for line in lines)
    if len(found) != len(lines):
        raise ValueError(f"a kind stands twice in {path}")
    return found


def changed(folder: Path, records: Iterable[type[Record]]) -> list[str]:
    """The frozen kinds that are no longer declared, or declared otherwise."""
    now = {record.KIND.name: record.KIND.fingerprint() for record in records}
    return sorted(name for name, fingerprint in read_lock(folder).items() if now.get(name) != fingerprint)


def missing(folder: Path, records: Iterable[type[Record]]) -> list[str]:
    """The kinds that are declared and not frozen yet."""
    locked = read_lock(folder)
    return sorted(record.KIND.name for record in records if record.KIND.name not in locked)


def write_lock(folder: Path, records: Iterable[type[Record]]) -> list[str]:
    """Freeze the kinds that are not frozen yet, and return their names.

    Raises Refused, and writes nothing, when a frozen kind was changed or is gone: a kind evolves by a new number.
    """
    kinds: list[Kind] = [record.KIND for record in records]
    others = changed(folder, (kind.record for kind in kinds))
    if others:
        raise Refused("Frozen kinds were changed: {names}. A kind evolves by a new number.", names=", ".join(others))
    added = missing(folder, (kind.record for kind in kinds))
    lines = sorted(f"{kind.name} {kind.fingerprint()}\n" for kind in kinds)
    (folder / NAME).write_text("".join(lines), "utf-8")
    return added
